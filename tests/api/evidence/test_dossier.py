import json
from pathlib import Path
from typing import Any

import pytest

from api.evidence import csl
from api.evidence.bibliography import short_name, vancouver
from api.evidence.enums import Comparator, Direction, SourceStatus, StudyDesign, Timepoint

ROOT = Path(__file__).parents[3]
FOUND = [path for above in ROOT.parents if (path := above / "shared" / "evidence" / "sources.json").is_file()]

pytestmark = pytest.mark.skipif(not FOUND, reason="the evidence dossier (shared/evidence) is not beside the repository")


@pytest.fixture(scope="module")
def dossier() -> list[dict[str, Any]]:
    return json.loads(FOUND[0].read_text("utf-8"))


def test_all_59_works_of_the_dossier_are_read_and_come_back_equal(dossier):
    items = [csl.parse(work["csl"]) for work in dossier]

    assert len(items) == 59
    assert all(csl.parse(item.dump()) == item for item in items)
    assert [item.id for item in items] == [work["key"] for work in dossier]


def test_every_word_of_the_dossier_is_in_our_closed_sets(dossier):
    for work in dossier:
        assert work["studyDesign"] in set(StudyDesign)
        assert work["status"] in set(SourceStatus)
        for finding in work["findings"]:
            assert finding["comparator"] in set(Comparator)
            assert finding["timepoint"] in set(Timepoint)
            assert finding["direction"] in set(Direction)


@pytest.mark.parametrize(
    ("key", "name", "end"),
    [
        ("irnich2001", "Irnich 2001", "chronic neck pain. BMJ. 2001;322(7302):1574\u20138."),
        ("kavoussi2007", "Kavoussi 2007", "Acupuncture. Integrative Cancer Therapies. 2007;6(3):251\u20137."),
        ("rubinstein2019", "Rubinstein 2019", "controlled trials. BMJ. 2019;364:l689."),
        ("vickers2012", "Vickers", "individual patient data meta-analysis."),
        (
            "nice-ng59",
            "National Institute for Health and Care Excellence 2016",
            "management. 2016. NICE guideline NG59.",
        ),
        ("asa-a17-387447", "Advertising Standards Authority 2017", "(A17-387447) [Internet]. 2017."),
    ],
)
def test_works_of_the_dossier_read_as_nlm_writes_them(dossier, key, name, end):
    item = next(csl.parse(work["csl"]) for work in dossier if work["key"] == key)

    assert short_name(item) == name
    assert vancouver(item).endswith(end)


def test_no_reference_of_the_dossier_has_an_empty_part(dossier):
    references = [vancouver(csl.parse(work["csl"])) for work in dossier]

    assert len(set(references)) == 59
    assert [text for text in references if ".." in text or " ." in text or "  " in text or "None" in text] == []
