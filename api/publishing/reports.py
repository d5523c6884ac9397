"""Keeping what the gate said: one report beside each revision; every finding keeps the moment it was first seen."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from api.articles.derived import GateReport
from api.gate import findings

if TYPE_CHECKING:
    from datetime import datetime

    from api.articles.models import Revision


async def keep(revision: Revision, report: findings.GateReport, at: datetime) -> None:
    """Keep a report in place of the one before."""
    earlier = await GateReport.get_or_none(revision_id=revision.id)
    known = {(one["rule"], one["fingerprint"]): one.get("since") for one in earlier.findings} if earlier else {}
    found = [
        plain(one) | {"since": known.get((one.rule, one.fingerprint)) or at.isoformat()} for one in report.findings
    ]
    kept = {"policy_version": report.policy_version, "computed_at": at, "findings": found}
    row = GateReport(revision_id=revision.id, **kept)
    await GateReport.bulk_create([row], on_conflict=["revision_id"], update_fields=list(kept))


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
