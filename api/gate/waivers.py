"""Which waivers hold, and who may give one: language is not arithmetic, but structure is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from api.errors import NotIndependent, Refused
from api.gate.findings import Finding, Severity, Waiver
from api.gate.model import GatedRevision


class NotWaivable(Refused):
    """This finding cannot be waived: put right what it says."""


class NotTheirs(NotIndependent):
    """Only a reviewer who is not an author of the text may waive this finding."""


class WaiverWithoutReason(Refused):
    """Say why the finding may stand."""


def check_waiver(finding: Finding, waiver: Waiver, revision: GatedRevision, *, is_reviewer: bool) -> None:
    """Refuse a waiver that may not be given: of a structural BLOCK, without a reason, by the wrong person."""
    if not finding.is_waivable:
        raise NotWaivable
    if not waiver.why.strip():
        raise WaiverWithoutReason
    if finding.severity is Severity.BLOCK and (not is_reviewer or waiver.who in _authors(revision)):
        raise NotTheirs


def waived(findings: Iterable[Finding], waivers: Iterable[Waiver], revision: GatedRevision) -> tuple[Finding, ...]:
    """Put to each finding the waiver that holds for it on the revision's day, if there is one."""
    given: dict[tuple[str, str], list[Waiver]] = defaultdict(list)
    for waiver in waivers:
        given[waiver.rule, waiver.fingerprint].append(waiver)
    return tuple(_waived(finding, given[finding.rule, finding.fingerprint], revision) for finding in findings)


def _waived(finding: Finding, given: list[Waiver], revision: GatedRevision) -> Finding:
    holding = (waiver for waiver in given if _holds(waiver, finding, revision))
    return replace(finding, waiver=next(holding, None)) if given else finding


def _holds(waiver: Waiver, finding: Finding, revision: GatedRevision) -> bool:
    own_work = finding.severity is Severity.BLOCK and waiver.who in _authors(revision)
    return finding.is_waivable and not own_work and not _is_over(waiver, revision.as_of)


def _is_over(waiver: Waiver, day: date) -> bool:
    return waiver.until is not None and waiver.until < day


def _authors(revision: GatedRevision) -> frozenset[str]:
    return frozenset(author.id for author in revision.authors)
