"""An editor's morning: everything that waits for somebody, each kind for whom it concerns, as one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api.articles import reading
from api.comments import problems
from api.comments.models import Comment, CommentStatus
from api.paging import Key, Listing
from api.publishing.desk import DUE, readable
from api.sql import Sql, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer

DUE_SOON_DAYS = 30


class WorklistKind(StrEnum):
    """What waits."""

    TO_REVIEW = "TO_REVIEW"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    READY = "READY"
    REVIEW_OVERDUE = "REVIEW_OVERDUE"
    REVIEW_DUE_SOON = "REVIEW_DUE_SOON"
    NEW_FINDING = "NEW_FINDING"
    SOURCE_CHANGED = "SOURCE_CHANGED"
    COMMENT = "COMMENT"
    PROBLEM_REPORTED = "PROBLEM_REPORTED"


@dataclass(frozen=True)
class Waiting:
    """Something that waits: what it is, for what, and since when."""

    kind: WorklistKind
    item: Any
    since: datetime


LIVE = f"({reading.LIVE})"
STAGES = {WorklistKind.TO_REVIEW: "IN_REVIEW", WorklistKind.CHANGES_REQUESTED: "CHANGES_REQUESTED",
          WorklistKind.READY: "APPROVED"}  # fmt: skip
# A draft came to its stage by the last act that moves stages.
SINCE_STAGE = """coalesce(
  (SELECT max(at) FROM audit_entry WHERE thing = article.id
     AND verb IN ('submitArticle', 'reviewArticle', 'cancelSchedule')), article.created_at)"""
STAGE = f"SELECT ?::text AS kind, article.id, {SINCE_STAGE} AS since FROM article WHERE article.stage = ? AND "
DUE_ON = f"article CROSS JOIN LATERAL ({DUE}) AS due (day)"
OVERDUE = f"""
SELECT 'REVIEW_OVERDUE', article.id, (due.day + 1)::timestamptz FROM {DUE_ON}
 WHERE due.day < current_date AND """
SOON = f"""
SELECT 'REVIEW_DUE_SOON', article.id, (due.day - {DUE_SOON_DAYS})::timestamptz FROM {DUE_ON}
 WHERE due.day BETWEEN current_date AND current_date + {DUE_SOON_DAYS} AND """
# A draft goes live only when every finding is waived: what is open now has come since. The kinds above and below tell
# of overdue reviews and of sources themselves.
FINDING = f"""
SELECT 'NEW_FINDING', article.id, coalesce(min((found ->> 'since')::timestamptz), min(gate_report.computed_at))
  FROM article JOIN gate_report ON gate_report.revision_id = {LIVE}
 CROSS JOIN jsonb_array_elements(gate_report.findings) AS found
 WHERE found ->> 'waiver' IS NULL AND found ->> 'rule' NOT LIKE 'REV-%' AND found ->> 'rule' <> 'CIT-006' AND """
# Bound to key and status, as the waivers of CIT-006 are: see `gate.findings.fingerprint`.
FINGERPRINT = """left(encode(sha256(
  'CIT-006'::bytea || '\\x00'::bytea || convert_to(source.key || ' ' || source.status, 'UTF8')), 'hex'), 24)"""
SOURCE = f"""
SELECT 'SOURCE_CHANGED', article.id, min(coalesce(source.status_checked_at::timestamptz, source.updated_at))
  FROM article JOIN revision_citation cited ON cited.revision_id = coalesce({LIVE},
       CASE WHEN article.stage = 'SCHEDULED' THEN article.draft_id END)
  JOIN source ON source.key = cited.key AND source.status <> 'OK'
 WHERE NOT EXISTS (SELECT FROM waiver WHERE waiver.article_id = article.id AND waiver.rule = 'CIT-006'
                   AND waiver.fingerprint = {FINGERPRINT} AND waiver.until >= current_date) AND """
COMMENT = f"SELECT 'COMMENT', comment.id, comment.at FROM comment WHERE comment.status = '{CommentStatus.PENDING}'"
PROBLEM = "SELECT 'PROBLEM_REPORTED', report.id, report.at FROM problem_report report WHERE report.closed_at IS NULL"
NOTHING = "SELECT NULL::text, NULL::text, NULL::timestamptz WHERE false"
GROUPED = " GROUP BY article.id"


def listing(viewer: Viewer) -> Listing:
    """What waits for the viewer, longest first: authors see their own, editors and reviewers all."""
    source = Sql("(")
    for place, part in enumerate(_parts(viewer)):
        source = source + (" UNION ALL " if place else "") + part
    keys = (
        Key("waiting.since", "timestamptz"),
        Key("waiting.kind || ' ' || waiting.id || ' ' || waiting.since", "text"),
    )
    return Listing("worklist", source + ") AS waiting (kind, id, since)", (), keys)


async def items(wanted: Sequence[str], viewer: Viewer) -> dict[str, Waiting]:
    """What stands behind each id of the listing; nothing for what is gone meanwhile."""
    named = {key: key.split(" ", 2) for key in wanted}
    about = [key for _, key, _ in named.values()]
    found: dict[str, Any] = dict(await reading.by_id(about, viewer))
    found |= {row.id: row for row in await Comment.filter(id__in=about)}
    found |= await problems.by_id(about, viewer)
    return {
        key: Waiting(WorklistKind(kind), found[item], datetime.fromisoformat(since))
        for key, (kind, item, since) in named.items()
        if item in found
    }


def _parts(viewer: Viewer) -> list[Sql]:
    own = readable(viewer)
    parts = []
    if viewer.sees_drafts or viewer.sees_own_drafts:
        parts += [sql(STAGE, str(kind), stage) + own for kind, stage in STAGES.items()]
        parts += [Sql(OVERDUE) + own, Sql(SOON) + own, Sql(FINDING) + own + GROUPED, Sql(SOURCE) + own + GROUPED]
    if viewer.moderates:
        parts += [Sql(COMMENT), Sql(PROBLEM)]
    return parts or [Sql(NOTHING)]
