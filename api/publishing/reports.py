"""Keeping what the gate said: one report beside each revision; every finding keeps the moment it was first seen."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from api.articles.derived import GateReport
from api.gate import findings
from api.rows import inserting
from api.sql import rows, sql

if TYPE_CHECKING:
    from datetime import datetime

    from api.articles.models import Revision


EARLIER = """
SELECT found ->> 'rule' AS rule, found ->> 'fingerprint' AS fingerprint, found ->> 'since' AS since
  FROM gate_report CROSS JOIN LATERAL jsonb_array_elements(findings) AS found WHERE revision_id = ?
"""
ANEW = """
ON CONFLICT (revision_id) DO UPDATE SET policy_version = excluded.policy_version, computed_at = excluded.computed_at,
  findings = excluded.findings
"""


async def keep(revision: Revision, report: findings.GateReport, at: datetime) -> None:
    """Keep a report in place of the one before."""
    known = await _since(revision) if report.findings else {}
    found = [
        plain(one) | {"since": known.get((one.rule, one.fingerprint)) or at.isoformat()} for one in report.findings
    ]
    row = GateReport(revision_id=revision.id, policy_version=report.policy_version, computed_at=at, findings=found)
    await rows(inserting(row, ANEW))


async def _since(revision: Revision) -> dict[tuple[str, str], str | None]:
    """When each finding of the report before was first seen."""
    earlier = await rows(sql(EARLIER, revision.id))
    return {(one["rule"], one["fingerprint"]): one["since"] for one in earlier}


def plain(finding: findings.Finding) -> dict[str, Any]:
    """A finding as JSON."""
    waiver = finding.waiver
    told = {name: value for name, value in asdict(finding).items() if name != "waiver"}
    return told | {"waiver": asdict(waiver) | {"until": waiver.until and waiver.until.isoformat()} if waiver else None}


def plain_report(report: findings.GateReport) -> dict[str, Any]:
    """A whole report as JSON."""
    return {
        "passes": report.passes,
        "passes_for_review": report.passes_for_review,
        "policy_version": report.policy_version,
        "findings": [plain(one) for one in report.findings],
    }


def report_from(kept: dict[str, Any]) -> findings.GateReport:
    """The report that `plain_report` was made of."""
    return findings.GateReport(**kept | {"findings": tuple(_finding(one) for one in kept["findings"])})


def _finding(kept: dict[str, Any]) -> findings.Finding:
    waiver = kept["waiver"]
    if waiver:
        until = waiver["until"] and date.fromisoformat(waiver["until"])
        waiver = findings.Waiver(**waiver | {"until": until})
    return findings.Finding(**kept | {"severity": findings.Severity(kept["severity"]), "waiver": waiver})
