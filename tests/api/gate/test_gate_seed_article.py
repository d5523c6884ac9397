"""The article that started it all, as it was: what the gate says of it was checked by hand, hit by hit."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from drafts import ACUPUNCTURE, NECK_PAIN, POLICY, TODAY

from api import gate
from api.gate.model import GatedRevision
from api.publishing.importing import ImportedArticle, read

ROOT = Path(__file__).parents[3]
SEED = [
    path for above in ROOT.parents if (path := above / "shared" / "seed" / "acupuncture-for-neck-pain.txt").is_file()
]

pytestmark = pytest.mark.skipif(not SEED, reason="the seed article (shared/seed) is not beside the repository")


@cache
def seed() -> ImportedArticle:
    return read(SEED[0].name, SEED[0].read_bytes())


def imported(condition: gate.Condition, treatment: gate.Treatment) -> GatedRevision:
    """The article with its relations, and nothing that the text does not say."""
    article = seed()
    return GatedRevision(
        title=article.title,
        summary=article.summary,
        body=article.body,
        as_of=TODAY,
        conditions=(condition,),
        treatments=(treatment,),
    )


def report() -> gate.GateReport:
    """On the day of import: the catalogue knows no more than the two names."""
    bare = gate.Condition(id="cnd_1", name="Neck pain"), gate.Treatment(id="trt_1", name="Acupuncture")
    return gate.run(imported(*bare), POLICY)


def test_the_findings_by_rule_and_count() -> None:
    assert Counter((finding.rule, finding.severity.value) for finding in report().findings) == {
        ("CIT-001", "BLOCK"): 3,
        ("CIT-002", "BLOCK"): 1,
        ("CIT-004", "WARN"): 3,
        ("CLM-001", "WARN"): 9,
        ("CLM-003", "BLOCK"): 11,
        ("CLM-004", "BLOCK"): 3,
        ("SAF-001", "BLOCK"): 1,
        ("SAF-002", "BLOCK"): 1,
        ("SAF-003", "BLOCK"): 1,
        ("REV-001", "BLOCK"): 1,
        ("AUT-001", "BLOCK"): 1,
        ("ADV-001", "BLOCK"): 4,
        ("RDB-001", "WARN"): 5,
    }


def test_the_places_by_rule() -> None:
    places: dict[str, list[str]] = {}
    for finding in report().findings:
        places.setdefault(finding.rule, []).append(finding.path.removeprefix("body.content"))

    assert places == {
        "CIT-001": ["[1]", "[11]", "[12]"],
        "CIT-002": ["[18]"],
        "CIT-004": ["[9].content[0].content[0]", "[12]", "[13]"],
        "CLM-001": ["[2]", "[2]", "[8]", "[11]", "[12]", "[13]", "[13]", "[14]", "[14]"],
        "CLM-003": ["[2]", "[2]", "[3]", "[8]", "[11]", "[12]", "[12]", "[13]", "[13]", "[14]", "[14]"],
        "CLM-004": ["[2]", "[2]", "[9].content[0].content[0]"],
        "SAF-001": ["treatments[0]"],
        "SAF-002": ["conditions[0]"],
        "SAF-003": ["disclaimers"],
        "REV-001": ["review"],
        "AUT-001": ["authors"],
        "ADV-001": ["[16]", "[16]", "[16]", "[19]"],
        "RDB-001": ["body", "[1]", "[9].content[0].content[0]", "[12]", "[17]"],
    }


def test_the_words_that_are_absolute_and_the_grade() -> None:
    messages = [finding.message for finding in report().findings]

    assert [message for message in messages if "absolute" in message] == [
        "“safe and effective” is absolute wording (safe and effective).",
        "“the best” is absolute wording (the best).",
        "“proves” is absolute wording (prove).",
    ]
    assert "The text asks for reading grade 13.5, above 9." in messages


def test_it_may_neither_be_published_nor_submitted() -> None:
    assert not report().passes
    assert not report().passes_for_review


def test_a_complete_catalogue_takes_away_what_is_the_catalogues_and_nothing_else() -> None:
    complete = gate.run(imported(NECK_PAIN, ACUPUNCTURE), POLICY)

    gone = Counter(finding.rule for finding in report().findings)
    gone.subtract(finding.rule for finding in complete.findings)
    assert {rule: count for rule, count in gone.items() if count} == {"SAF-001": 1, "SAF-002": 1}


def test_every_finding_that_has_words_is_printed_with_its_line() -> None:
    from_file = list(gate.report_lines(SEED[0].read_text("utf-8"), report()))
    headers = [line for line in from_file if line.startswith(("BLOCK", "WARN"))]

    assert len(headers) == 44
    assert sum("  line " in line for line in headers) == 38
