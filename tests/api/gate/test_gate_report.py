"""Running and waiving: one report, in one order, whatever the document."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from drafts import AUTHOR, FAIR, POLICY, REVIEWER, TODAY, draft, found, report, source

from api import gate
from api.documents import from_markdown
from api.evidence.enums import SourceStatus
from api.gate.model import GatedRevision

RULES = [
    "CIT-001", "CIT-002", "CIT-003", "CIT-004", "CIT-005", "CIT-006",
    "CLM-001", "CLM-002", "CLM-003", "CLM-004", "CLM-005",
    "SAF-001", "SAF-002", "SAF-003", "REV-001", "REV-002", "AUT-001", "ADV-001",
    "ACC-001", "ACC-002", "RDB-001", "PRV-001", "LNK-001",
]  # fmt: skip
ABSOLUTE = "It cures."


def waiver(finding: gate.Finding, who: str = REVIEWER.id, **changes: object) -> gate.Waiver:
    given = gate.Waiver(rule=finding.rule, fingerprint=finding.fingerprint, who=who, why="It is a song's title.")
    return replace(given, **changes)  # type: ignore[arg-type]


def test_the_table_names_every_rule_of_the_contract_once() -> None:
    assert [rule.id for rule in gate.RULES] == RULES
    assert [rule.id for rule in gate.RULES if rule.severity is gate.Severity.WARN] == [
        "CIT-003", "CIT-004", "CLM-001", "CLM-005", "RDB-001",
    ]  # fmt: skip
    assert [rule.id for rule in gate.RULES if rule.lexical] == ["CLM-003", "CLM-004", "SAF-003", "PRV-001"]
    assert all(rule.title and rule.why.endswith(".") for rule in gate.RULES)


def test_every_finding_says_what_to_do() -> None:
    findings = report(_everything_wrong()).findings

    assert {finding.rule for finding in findings} == set(RULES) - {"CIT-002", "CLM-002", "CLM-005", "REV-002"}
    assert all(finding.message.endswith((".", "?")) and finding.help.endswith((".", ".”")) for finding in findings)
    assert all(len(finding.excerpt or "") <= 300 for finding in findings)


def test_what_blocks_comes_first_then_rules_in_their_order() -> None:
    findings = report(_everything_wrong()).findings
    order = [(finding.severity != "BLOCK", RULES.index(finding.rule)) for finding in findings]

    assert order == sorted(order)


def test_the_same_revision_gives_the_same_report() -> None:
    assert report(_everything_wrong()) == report(_everything_wrong())


def test_the_report_names_the_policy_and_the_rules_that_made_it() -> None:
    assert report(draft()).policy_version == "uk-cap 2026-11-22, rules 1"


def test_a_waived_lexical_block_lets_the_article_pass() -> None:
    revision = draft(f"{FAIR} {ABSOLUTE}")
    [finding] = report(revision).findings

    after = report(revision, waiver(finding))

    assert not report(revision).passes
    assert (after.passes, after.passes_for_review) == (True, True)
    assert [each.waiver for each in after.findings] == [waiver(finding)]


def test_an_open_warning_keeps_an_article_from_going_live_and_not_from_review() -> None:
    revision = draft("Acupuncture may ease neck pain in the short term.")
    [finding] = report(revision).findings

    assert (report(revision).passes, report(revision).passes_for_review) == (False, True)
    assert report(revision, waiver(finding, who=AUTHOR.id)).passes


def test_a_structural_block_cannot_be_waived() -> None:
    revision = draft("Words [@gone].")
    [finding] = report(revision).findings

    with pytest.raises(gate.NotWaivable):
        gate.check_waiver(finding, waiver(finding), revision, is_reviewer=True)
    assert not report(revision, waiver(finding)).passes


@pytest.mark.parametrize(("who", "is_reviewer"), [(AUTHOR.id, True), ("prc_somebody", False)])
def test_a_lexical_block_is_waived_by_a_reviewer_who_is_no_author(who: str, *, is_reviewer: bool) -> None:
    revision = draft(ABSOLUTE)
    [finding] = report(revision).findings

    with pytest.raises(gate.NotTheirs):
        gate.check_waiver(finding, waiver(finding, who=who), revision, is_reviewer=is_reviewer)


def test_a_reviewer_may_waive_a_lexical_block_and_anybody_a_warning() -> None:
    revision = draft("It cures. Acupuncture may ease neck pain in the short term.")
    block, warning = report(revision).findings

    gate.check_waiver(block, waiver(block), revision, is_reviewer=True)
    gate.check_waiver(warning, waiver(warning, who=AUTHOR.id), revision, is_reviewer=False)


def test_a_waiver_by_an_author_does_not_hold() -> None:
    revision = draft(ABSOLUTE)
    [finding] = report(revision).findings

    assert not report(revision, waiver(finding, who=AUTHOR.id)).passes


def test_a_waiver_gives_its_reason() -> None:
    revision = draft(ABSOLUTE)
    [finding] = report(revision).findings

    with pytest.raises(gate.WaiverWithoutReason):
        gate.check_waiver(finding, waiver(finding, why="  "), revision, is_reviewer=True)


@pytest.mark.parametrize(("until", "passes"), [(None, True), (TODAY, True), (TODAY - timedelta(days=1), False)])
def test_a_waiver_ends_after_its_last_day(until: object, *, passes: bool) -> None:
    revision = draft(ABSOLUTE)
    [finding] = report(revision).findings

    assert report(revision, waiver(finding, until=until)).passes is passes


def test_a_waiver_follows_its_sentence_and_no_other() -> None:
    [finding] = report(draft(ABSOLUTE)).findings

    assert report(draft(f"More words.\n\n- {ABSOLUTE}"), waiver(finding)).passes
    assert not report(draft("It cures everything."), waiver(finding)).passes
    assert not report(draft(ABSOLUTE), replace(waiver(finding), rule="CLM-003")).passes


def test_a_waiver_of_a_status_ends_with_that_status() -> None:
    corrected = draft("Words [@trial].", sources={"trial": source(status=SourceStatus.CORRECTED)})
    superseded = draft("Words [@trial].", sources={"trial": source(status=SourceStatus.SUPERSEDED)})
    [finding] = report(corrected).findings

    assert report(corrected, waiver(finding)).passes
    assert not report(superseded, waiver(finding)).passes


def test_a_file_alone_is_judged_by_its_words() -> None:
    revision = GatedRevision(title="Notes", body=from_markdown(f"{ABSOLUTE} And more [@gone]."), as_of=TODAY)

    findings = gate.run(revision, POLICY, rules=gate.text_rules()).findings

    assert [finding.rule for finding in findings] == ["CIT-001", "CLM-004", "SAF-003"]


def test_an_entry_of_the_catalogue_is_judged_by_the_clinical_rules_only() -> None:
    advice = gate.FieldText("careAdvice[0].items[1]", "Stop taking your tablets.")
    revision = replace(_everything_wrong(), kind=gate.Kind.ENTRY, texts=(advice,))

    findings = report(revision).findings

    assert {finding.rule[:3] for finding in findings} == {"CIT", "CLM", "SAF", "ACC", "PRV"}
    assert [finding.path for finding in findings if finding.rule == "SAF-003"] == [
        "body.content[5]",
        "careAdvice[0].items[1]",
    ]


def test_an_article_of_2000_words_takes_less_than_a_tenth_of_a_second() -> None:
    text = "\n\n".join(
        f"## Part {number}\n\nAcupuncture may ease neck pain in the short term, says one study of many [@trial]. "
        "There is no cure, and nobody can guarantee a result; a sham did nearly as well after eight weeks [@trial]. "
        "Ask your doctor before you stop taking a medicine, and call 111 if the pain comes with a fever or a rash."
        for number in range(35)
    )
    revision = draft(text)
    gate.run(revision, POLICY)

    assert min(_seconds(revision) for _ in range(5)) < 0.1


@pytest.mark.parametrize(
    "piece",
    [
        "not ",
        "no cure and ",
        "the best of cure ",
        "“",
        "'a ",
        "A B ",
        "Example A, ",
        "1 2 ",
        "had a ",
        "acupuncture eases ",
    ],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    short, long = draft(piece * (4_000 // len(piece))), draft(piece * (40_000 // len(piece)))
    _seconds(short)

    assert _seconds(long) < 40 * max(_seconds(short), 0.01)


def test_the_excerpt_of_an_endless_sentence_is_cut() -> None:
    [finding] = found("CLM-004", draft("It cures " + "and goes on " * 200))

    assert finding.excerpt is not None
    assert len(finding.excerpt) == 300
    assert finding.excerpt.endswith("…")


def _seconds(revision: GatedRevision) -> float:
    start = time.process_time()
    gate.run(revision, POLICY)
    return time.process_time() - start


def _everything_wrong() -> GatedRevision:
    body = """\
#### What was found

Example (2001) read the EMG. Acupuncture relieves hay fever. It cures [here](/nowhere). Book now!

::: figure med_1
:::

Her number is 943 476 5919 [@gone; @bad].

## Sources

Stop taking your tablets.
"""
    return draft(
        body,
        listed=("other",),
        sources={"bad": source("bad", status=SourceStatus.RETRACTED, pmid="x")},
        treatments=(gate.Treatment(id="trt_1", name="Reiki"),),
        conditions=(gate.Condition(id="cnd_1", name="Hay fever"),),
        pictures={"med_1": gate.Picture()},
        authors=(),
        disclaimers=(),
        review=None,
    )
