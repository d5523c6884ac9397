from dataclasses import replace

from drafts import REVIEWER, draft, report

from api import gate
from api.documents import from_markdown

TEXT = """\
---
title: A made-up title
summary: It cures.
---

First words.

It **cures** [many](https://example.org/cures) people [@trial].

- It cures.
- It cures.
"""


def printed(text: str, rep: gate.GateReport) -> list[str]:
    return list(gate.report_lines(text, rep))


def body_of(text: str) -> str:
    return text.split("---\n")[2]


def test_each_finding_stands_with_its_line_its_words_and_its_help() -> None:
    revision = draft(from_markdown(body_of(TEXT)), summary="It cures.")

    lines = printed(TEXT, report(revision))

    assert [line for line in lines if "CLM-004" in line] == [
        "BLOCK   CLM-004  line 3  Wording is absolute",
        "BLOCK   CLM-004  line 8  Wording is absolute",
        "BLOCK   CLM-004  line 10  Wording is absolute",
        "BLOCK   CLM-004  line 11  Wording is absolute",
    ]
    assert lines[5:11] == [
        "BLOCK   CLM-004  line 8  Wording is absolute",
        "          “cures” is absolute wording (cure).",
        "          | It cures many people.",
        "          → Say what was measured, such as “may ease … in the short term [@key]”.",
        "",
        "BLOCK   CLM-004  line 10  Wording is absolute",
    ]
    assert lines[-2:] == [
        "4 blocks, 0 warnings, 0 waived · uk-cap 2026-11-22, rules 1",
        "This may be neither submitted nor published yet.",
    ]


def test_what_stands_on_no_line_comes_last_with_its_path() -> None:
    lines = printed(TEXT, report(draft(from_markdown(body_of(TEXT)), review=None)))

    assert [line for line in lines if line.startswith("BLOCK")][-1] == (
        "BLOCK   REV-001  review  No review stands behind this content"
    )


def test_a_waived_finding_says_by_whom_and_why() -> None:
    revision = draft("It cures.")
    [finding] = report(revision).findings
    given = gate.Waiver(rule=finding.rule, fingerprint=finding.fingerprint, who=REVIEWER.id, why="A song.")

    lines = printed("It cures.", report(revision, given))

    assert lines[0] == "WAIVED  CLM-004  line 1  Wording is absolute"
    assert "          ✓ Waived by prc_reviewer: A song." in lines
    assert lines[-2:] == ["0 blocks, 0 warnings, 1 waived · uk-cap 2026-11-22, rules 1", "This may be published."]


def test_a_clean_text_may_be_published_and_one_without_a_review_submitted() -> None:
    clean = draft()

    assert printed("Words.", report(clean))[-1] == "This may be published."
    assert printed("Words.", report(replace(clean, review=None)))[-1] == (
        "This may be submitted for review, and not published yet."
    )


def test_long_findings_are_folded() -> None:
    revision = draft("It cures " + "and goes on and on " * 30)

    assert all(len(line) <= 100 for line in printed("It cures", report(revision)))
