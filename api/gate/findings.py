"""What the gate says: findings, each with its place and what to write instead, and the report of them all."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

LONGEST_EXCERPT: Final = 300


class Severity(StrEnum):
    BLOCK = "BLOCK"
    WARN = "WARN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A colleague's word that a finding may stand.

    `who` is the practitioner's id, empty for somebody who is none; `until` is the last day on which it holds, if any.
    """

    rule: str
    fingerprint: str
    who: str
    why: str
    until: date | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a rule sees: where it is, what is wrong and what to write instead.

    `about` is what a waiver is bound to, the excerpt by default: when it changes, the waiver no longer holds.
    `severity` and `lexical` are the rule's own unless given.
    """

    path: str
    message: str
    help: str
    excerpt: str | None = None
    about: str | None = None
    severity: Severity | None = None
    lexical: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`fingerprint` stays the same while the words in question do, wherever in the text they move."""

    rule: str
    severity: Severity
    message: str
    path: str
    excerpt: str | None
    help: str
    lexical: bool = False
    fingerprint: str = ""
    waiver: Waiver | None = field(default=None)

    @property
    def is_waivable(self) -> bool:
        """A structural BLOCK is not; what rests on language, and what only warns, is."""
        return self.severity is Severity.WARN or self.lexical

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCK and self.waiver is None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """`passes`: may go live. `passes_for_review`: may be submitted; only a review is missing, or a warning is open."""

    passes: bool
    passes_for_review: bool
    findings: tuple[Finding, ...]
    policy_version: str


def report_of(findings: tuple[Finding, ...], policy_version: str) -> GateReport:
    return GateReport(
        passes=all(finding.waiver for finding in findings),
        passes_for_review=not any(finding.blocks and not finding.rule.startswith("REV-") for finding in findings),
        findings=findings,
        policy_version=policy_version,
    )


def fingerprint(rule: str, about: str) -> str:
    return sha256(f"{rule}\0{' '.join(about.split())}".encode(errors="replace")).hexdigest()[:24]


def excerpt_of(text: str | None) -> str | None:
    """Return at most so much as fits beside a message; None stays None."""
    if text is None or len(text) <= LONGEST_EXCERPT:
        return text
    return f"{text[: LONGEST_EXCERPT - 1].rstrip()}…"
