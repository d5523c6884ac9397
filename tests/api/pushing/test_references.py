"""Bibliographies in the formats that reference managers and PubMed write."""

import json

import pytest

from api.pushing import references
from api.pushing.pages import Unreadable
from api.pushing.references import bibtex

RIS = """TY  - JOUR
AU  - Irnich, Dominik
AU  - Schöps, Peter, Jr.
TI  - Randomised trial of acupuncture
JO  - BMJ
VL  - 322
IS  - 7302
SP  - 1574
EP  - 1578
PY  - 2001
DA  - 2001/06/30
DO  - 10.1136/BMJ.322.7302.1574
SN  - 0959-8138
ER  -

TY  - BOOK
ID  - Ernst_2008
AU  - Ernst, Edzard
TI  - Trick or Treatment
PB  - Bantam
PY  - 2008///
SN  - 978-0-593-06129-9
ER  -
"""
NBIB = """
PMID- 11428474
OWN - NLM
DP  - 2001 Jun 30
TI  - Randomised trial of acupuncture compared with conventional massage and "sham"
      laser acupuncture for treatment of chronic neck pain.
PG  - 1574-8
LID - S0959-8138(01)1 [pii]
AID - 10.1136/bmj.322.7302.1574 [doi]
FAU - Irnich, D
AU  - Irnich D
PT  - Journal Article
PT  - Randomized Controlled Trial
TA  - BMJ
JT  - BMJ (Clinical research ed.)
PMC - PMC33515
"""


def test_ris_becomes_csl():
    article, book = (each.said for each in references.read(".ris", RIS))
    assert (article["key"], book["key"]) == ("irnich2001", "ernst_2008")
    assert article["csl"] == {
        "type": "article-journal",
        "title": "Randomised trial of acupuncture",
        "author": [
            {"family": "Irnich", "given": "Dominik"},
            {"family": "Schöps", "given": "Peter", "suffix": "Jr."},
        ],
        "container-title": "BMJ",
        "volume": "322",
        "issue": "7302",
        "page": "1574-1578",
        "issued": {"date-parts": [[2001, 6, 30]]},
        "DOI": "10.1136/bmj.322.7302.1574",
        "ISSN": "0959-8138",
    }
    assert (book["csl"]["type"], book["csl"]["ISBN"]) == ("book", "9780593061299")
    assert book["csl"]["issued"] == {"date-parts": [[2008]]}


def test_pubmed_tells_the_design_too():
    (found,) = references.read(".nbib", NBIB)
    record = found.said["csl"]
    assert (found.adds, found.said["key"], found.said["studyDesign"]) == (True, "irnich2001", "RCT")
    assert record["title"].endswith('"sham" laser acupuncture for treatment of chronic neck pain')
    assert (record["PMID"], record["PMCID"], record["DOI"]) == ("11428474", "PMC33515", "10.1136/bmj.322.7302.1574")


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        ('K{\\"o}nig and Sch\\"{o}ps', "König and Schöps"),
        ("\\'Eric {\\O}stergaard \\v{S}imek \\c{c}a", "Éric Østergaard Šimek ça"),
        ("10--20\\,\\% of {P}atients", "10–20 % of Patients"),
        ("\\emph{Nature} \\& co", "Nature & co"),
        ("stra{\\ss}e", "straße"),
    ],
)
def test_tex_becomes_text(tex: str, text: str):
    assert bibtex.plain(tex) == text


def test_bibtex_knows_strings_joins_and_comments():
    text = """@comment{nothing} @string{pain = "Pain"}
    @article(a2020, title = "One " # {two}, journal = pain # " Reports", date = {2020-06-01},
      author = "Li, A and others")
    """
    (found,) = references.read(".bib", text)
    assert found.said["csl"] == {
        "type": "article-journal",
        "title": "One two",
        "container-title": "Pain Reports",
        "issued": {"date-parts": [[2020, 6, 1]]},
        "author": [{"family": "Li", "given": "A"}],
    }


def test_plain_csl_json_adds_and_ours_says_all():
    item = {"id": "a", "type": "book", "title": "A"}
    plain, whole = references.read(".json", json.dumps([item, item | {"id": "b", "custom": {"studyDesign": "OTHER"}}]))
    assert (plain.adds, whole.adds) == (True, False)
    assert references.read(".json", references.written(whole.said)) == [whole]


@pytest.mark.parametrize(
    ("suffix", "text", "why"),
    [
        (".json", "[\n{]", "Line 2: this is not JSON that can be read."),
        (".json", '[{"id": "a", "type": "song", "title": "A"}]', "Record 1 (a): “type” has to be one of"),
        (".bib", "\n@article{a, title = {open", "Line 2: this is not BibTeX that can be read; is a brace open?"),
        (".ris", "nothing", "It holds no record that can be read as .ris."),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(suffix: str, text: str, why: str):
    with pytest.raises(Unreadable) as refused:
        references.read(suffix, text)
    assert refused.value.message.startswith(why)
