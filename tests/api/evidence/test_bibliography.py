from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.evidence.bibliography import authors, short_name, vancouver
from api.evidence.csl import CslItem, parse

DASH = "\u2013"
ADA = {"family": "Example", "given": "Ada Marie"}
BO = {"family": "Sample", "given": "Bo"}
GROUP = {"literal": "Neck Trial Group"}


def item(**fields: Any) -> CslItem:
    return parse({"type": "article-journal", "title": "Needles and necks"} | fields)


def people(count: int) -> list[dict[str, str]]:
    return [{"family": f"Name{number}", "given": "A"} for number in range(1, count + 1)]


def issued(*parts: int) -> dict[str, Any]:
    return {"issued": {"date-parts": [list(parts)]}}


JOURNAL = {"author": [ADA, BO], "container-title": "Journal of Necks", **issued(2009, 3, 4)}
BOOK = {"title": "The neck", "publisher": "Example Press", "publisher-place": "London", **issued(2011)}


@pytest.mark.parametrize(
    ("fields", "reference"),
    [
        (
            JOURNAL | {"volume": "15", "issue": "2", "page": "133-145"},
            f"Example AM, Sample B. Needles and necks. Journal of Necks. 2009;15(2):133{DASH}45.",
        ),
        (
            JOURNAL | {"container-title-short": "J Necks", "volume": "15", "page": "e6064"},
            "Example AM, Sample B. Needles and necks. J Necks. 2009;15:e6064.",
        ),
        (
            JOURNAL | {"issue": "5", "page": "CD004870"},
            "Example AM, Sample B. Needles and necks. Journal of Necks. 2009;(5):CD004870.",
        ),
        (JOURNAL, "Example AM, Sample B. Needles and necks. Journal of Necks. 2009 Mar 4."),
        (
            JOURNAL | {"page": "116-123"},
            f"Example AM, Sample B. Needles and necks. Journal of Necks. 2009 Mar 4:116{DASH}23.",
        ),
        ({"title": "Do needles help?", "author": [BO]}, "Sample B. Do needles help?"),
        ({"title": "Only a title"}, "Only a title."),
        (
            {"type": "book", "author": [ADA], "edition": "2"} | BOOK,
            "Example AM. The neck. 2nd ed. London: Example Press; 2011.",
        ),
        (
            {"type": "book", "editor": [ADA, BO], "edition": "Revised"} | BOOK,
            "Example AM, Sample B, editors. The neck. Revised ed. London: Example Press; 2011.",
        ),
        (
            {"type": "chapter", "author": [BO], "editor": [ADA], "container-title": "The neck", "page": "93-113"}
            | BOOK
            | {"title": "Needles", "edition": "11"},
            (
                "Sample B. Needles. In: Example AM, editor. The neck. 11th ed. London: Example Press; 2011. "
                f"p. 93{DASH}113."
            ),
        ),
        (
            {"type": "chapter", "author": [BO], "container-title": "The neck", **issued(2011)},
            "Sample B. Needles and necks. In: The neck. 2011.",
        ),
        (
            {
                "type": "report",
                "title": "Neck pain: management",
                "author": [{"literal": "Institute of Necks"}],
                "publisher": "Institute of Necks",
                "number": "Guideline N1",
                **issued(2016, 11, 30),
            },
            "Institute of Necks. Neck pain: management. 2016. Guideline N1.",
        ),
        (
            {"type": "report", "author": [BO], "publisher": "Example Press", "number": 12, **issued(2016)},
            "Sample B. Needles and necks. Example Press; 2016. Report No.: 12.",
        ),
        (
            {
                "type": "webpage",
                "title": "Ruling on needles.",
                "author": [{"literal": "Standards Board"}],
                "URL": "https://example.org/ruling",
                "accessed": {"date-parts": [[2026, 11, 22]]},
                **issued(2017, 5),
            },
            "Standards Board. Ruling on needles [Internet]. 2017 May [cited 2026 Nov 22].",
        ),
        (
            {"type": "thesis", "author": [ADA], "publisher": "Example University", **issued(2001)},
            "Example AM. Needles and necks [dissertation]. Example University; 2001.",
        ),
    ],
)
def test_a_work_of_each_type_reads_as_nlm_writes_it(fields, reference):
    assert vancouver(item(**fields)) == reference


def test_six_authors_are_named_and_of_seven_the_first_six():
    six, seven = item(author=people(6)), item(author=people(7))

    assert authors(six) == "Name1 A, Name2 A, Name3 A, Name4 A, Name5 A, Name6 A"
    assert authors(seven) == "Name1 A, Name2 A, Name3 A, Name4 A, Name5 A, Name6 A, et al"
    assert authors(seven, most=1) == "Name1 A, et al"
    assert vancouver(seven).startswith("Name1 A, Name2 A, Name3 A, Name4 A, Name5 A, Name6 A, et al. Needles")


def test_an_organisation_beside_persons_stands_behind_a_semicolon():
    assert authors(item(author=[ADA, GROUP, BO])) == "Example AM; Neck Trial Group; Sample B"
    assert authors(item(author=[GROUP])) == "Neck Trial Group"


def test_a_list_that_its_source_left_open_stays_open():
    assert authors(item(author=[ADA, {"literal": "et al."}])) == "Example AM, et al"


@pytest.mark.parametrize(
    ("given_names", "initials"),
    [
        ("Dominik", "D"),
        ("Li-Min", "LM"),
        ("Xiang-yun", "XY"),
        ("Andrew J.", "AJ"),
        ("Simon KC", "SK"),
        ("C.M.", "CM"),
        ("B. Evan", "BE"),
        ("Dani\u00eblle AWM", "DA"),
        ("\u00c9milie", "\u00c9"),
    ],
)
def test_given_names_become_at_most_two_initials(given_names, initials):
    assert authors(item(author=[{"family": "Example", "given": given_names}])) == f"Example {initials}"


def test_particles_and_generations_stay_with_the_name():
    names = [
        {"family": "Windt", "given": "Ada", "non-dropping-particle": "van der"},
        {"family": "Sample", "given": "Bo", "suffix": "III"},
        {"family": "Sample", "given": "Cy", "suffix": "Jr."},
    ]

    assert authors(item(author=names)) == "van der Windt A, Sample B 3rd, Sample C Jr"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("1574-1578", f"1574{DASH}8"),
        ("133-145", f"133{DASH}45"),
        ("100-101", f"100{DASH}1"),
        ("99-101", f"99{DASH}101"),
        ("1574-8", f"1574{DASH}8"),
        (f"1574{DASH}1578", f"1574{DASH}8"),
        ("S31-S39", f"S31{DASH}9"),
        ("S31-T39", f"S31{DASH}T39"),
        ("915-921C", f"915{DASH}921C"),
        ("iv-xi", f"iv{DASH}xi"),
        ("174", "174"),
        ("7-7", "7"),
        ("123-125, 130-138", f"123{DASH}5, 130{DASH}8"),
    ],
)
def test_the_last_page_says_only_what_differs(page, shown):
    assert vancouver(item(page=page)) == f"Needles and necks. {shown}."


def test_a_short_name_is_the_first_name_and_the_year():
    assert short_name(item(author=[ADA, BO, GROUP], **issued(2001))) == "Example 2001"
    assert short_name(item(author=[GROUP], **issued(2001))) == "Neck Trial Group 2001"
    assert short_name(item(editor=[BO], **issued(2001))) == "Sample 2001"
    assert short_name(item(author=[ADA])) == "Example"
    assert short_name(item(**issued(2001))) == "Needles and necks 2001"


def test_a_long_title_is_cut_between_words_for_the_short_name():
    assert short_name(item(title="word " * 20)) == "word " * 11 + "word\u2026"


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).filter(
    str.strip
)


@given(
    st.fixed_dictionaries(
        {
            "title": words,
            "type": st.sampled_from(["article-journal", "book", "chapter", "report", "webpage", "thesis"]),
        },
        optional={
            "author": st.lists(st.fixed_dictionaries({"family": words}, optional={"given": words}), max_size=9),
            "container-title": words,
            "page": words,
            "volume": words,
            "edition": words,
            "number": words,
            "publisher": words,
        },
    )
)
def test_any_item_becomes_one_closed_line(fields):
    reference = vancouver(item(**fields))

    assert "\n" not in reference
    assert reference.endswith((".", "?", "!"))
