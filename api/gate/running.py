"""Runs the rules over a revision and puts what they see into a report, in an order that never changes by chance."""

from collections.abc import Iterable, Iterator
from typing import Final

from api.gate.case import Case, open_case
from api.gate.findings import Finding, GateReport, Severity, Waiver, excerpt_of, fingerprint, report_of
from api.gate.model import GatedRevision
from api.gate.policy import ClaimPolicy
from api.gate.rules import RULES, Rule
from api.gate.waivers import waived

RULES_VERSION: Final = 1
"""Grows whenever a rule or a list of words changes what is found, so that old reports can be told."""


def run(
    revision: GatedRevision,
    policy: ClaimPolicy,
    waivers: Iterable[Waiver] = (),
    *,
    rules: tuple[Rule, ...] = RULES,
) -> GateReport:
    """Report on a revision: what blocks first, then by rule, then in reading order. Never raises, whatever the text."""
    case = open_case(revision, policy)
    found = [finding for rule in rules if revision.kind in rule.kinds for finding in _findings(rule, case)]
    found.sort(key=lambda finding: finding.severity is not Severity.BLOCK)
    return report_of(waived(found, waivers, revision), version_of(policy))


def version_of(policy: ClaimPolicy) -> str:
    return f"{policy.name} {policy.version}, rules {RULES_VERSION}"


def _findings(rule: Rule, case: Case) -> Iterator[Finding]:
    for hit in rule.check(case):
        about = hit.about if hit.about is not None else hit.excerpt or hit.path
        yield Finding(
            rule=rule.id,
            severity=hit.severity or rule.severity,
            message=hit.message,
            path=hit.path,
            excerpt=excerpt_of(hit.excerpt),
            help=hit.help,
            lexical=rule.lexical if hit.lexical is None else hit.lexical,
            fingerprint=fingerprint(rule.id, about),
        )
