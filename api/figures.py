"""What waits, how long it has waited, and when a sign of life was last seen: read from the tables, for a monitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api import backups
from api.sql import Sql, rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECALLS = ("PENDING", "NOTIFIED", "BREACHED")
SEVERITIES = ("BLOCK", "WARN")
# What is due for a minute is late: every duty of the worker comes round sooner.
WAITING = """
SELECT
  (SELECT count(*) FROM article WHERE scheduled_for < clock_timestamp() - interval '60 seconds')
    AS schedules_overdue,
  (SELECT count(*) FROM delivery WHERE state = 'PENDING') AS deliveries_pending,
  (SELECT count(*) FROM delivery JOIN webhook ON webhook.id = delivery.webhook_id
    WHERE state = 'PENDING' AND disabled_at IS NULL
      AND greatest(due_at, paused_until, leased_until) < clock_timestamp() - interval '60 seconds')
    AS deliveries_overdue,
  (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(delivery.created_at)), 0)::float FROM delivery
    WHERE state = 'PENDING') AS deliveries_oldest_seconds,
  (SELECT count(*) FROM letter WHERE sent_at IS NULL AND refused_at IS NULL) AS letters_waiting,
  (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float FROM letter
    WHERE sent_at IS NULL AND refused_at IS NULL) AS letters_oldest_seconds,
  (SELECT extract(epoch FROM clock_timestamp() - max(at))::float FROM heartbeat) AS worker_seconds
"""
OPEN_RECALLS = """
SELECT status, count(*) AS many FROM recall WHERE NOT is_rehearsal AND status IN ('PENDING', 'NOTIFIED', 'BREACHED')
 GROUP BY status
"""
FINDINGS = """
SELECT finding ->> 'severity' AS severity, count(*) AS many
  FROM article JOIN gate_report ON gate_report.revision_id = article.live_id,
       jsonb_array_elements(gate_report.findings) AS finding
 GROUP BY 1
"""


@dataclass(frozen=True)
class Figures:
    """Counts and seconds; None where there never was a worker, or there is no backup."""

    schedules_overdue: int
    deliveries_pending: int
    deliveries_overdue: int
    deliveries_oldest_seconds: float
    letters_waiting: int
    letters_oldest_seconds: float
    worker_seconds: float | None
    backup_seconds: float | None
    recalls: Mapping[str, int]
    findings: Mapping[str, int]


async def read(backup_dir: Path) -> Figures:
    """Look at the tables and the newest backup; the database must be connected."""
    (waiting,) = await rows(Sql(WAITING))
    recalls = {row["status"]: row["many"] for row in await rows(Sql(OPEN_RECALLS))}
    findings = {row["severity"]: row["many"] for row in await rows(Sql(FINDINGS))}
    return Figures(
        **waiting,
        backup_seconds=backup_age(backup_dir),
        recalls={status: recalls.get(status, 0) for status in RECALLS},
        findings={severity: findings.get(severity, 0) for severity in SEVERITIES},
    )


def backup_age(backup_dir: Path) -> float | None:
    """How many seconds ago the newest backup was made."""
    try:
        place = backups.newest(backup_dir)
        return (datetime.now(UTC) - backups.read(place).at).total_seconds() if place else None
    except OSError:  # not ours to read
        return None
