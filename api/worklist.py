"""An editor's morning: everything that waits for somebody, each kind for whom it concerns, as one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api import ids
from api.accounts.viewer import Role
from api.articles import reading
from api.comments import problems
from api.comments.models import Comment, CommentStatus
from api.paging import Key, Listing
from api.publishing.catalogue import proposals
from api.publishing.desk import DUE, readable
from api.sql import Sql, rows, sql
from api.syndication import recalls
from api.syndication.recalls import IS_OPEN

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
    SCHEDULE_CANCELLED = "SCHEDULE_CANCELLED"
    COMMENT = "COMMENT"
    RECALL_OPEN = "RECALL_OPEN"
    PROBLEM_REPORTED = "PROBLEM_REPORTED"


@dataclass(frozen=True)
class Waiting:
    """Something that waits: what it is, for what, since when, and why where a reviewer or the program said so."""

    kind: WorklistKind
    item: Any
    since: datetime
    why: str | None = None


@dataclass(frozen=True)
class Pending:
    """The same by id; `about` is what it is at the moment, and another thing as soon as something new has come."""

    kind: WorklistKind
    id: str
    about: str


LIVE = f"({reading.LIVE})"
STAGES = {WorklistKind.TO_REVIEW: "IN_REVIEW", WorklistKind.CHANGES_REQUESTED: "CHANGES_REQUESTED",
          WorklistKind.READY: "APPROVED"}  # fmt: skip
# A draft came to its stage by the last act that moves stages.
SINCE_STAGE = """coalesce(
  (SELECT max(at) FROM audit_entry WHERE thing = article.id
     AND verb IN ('submitArticle', 'reviewArticle', 'cancelSchedule')), article.created_at)"""
# A schedule that the program took back: nothing has been done to the draft since.
TAKEN_BACK = """
  SELECT last.at, last.after ->> 'why' AS why FROM (
    SELECT verb, at, after FROM audit_entry WHERE thing = article.id AND verb IN (
      'cancelSchedule', 'scheduleArticle', 'submitArticle', 'reviewArticle', 'reviseArticle', 'restoreRevision')
     ORDER BY id DESC LIMIT 1) last
   WHERE last.verb = 'cancelSchedule' AND last.after ->> 'why' IS NOT NULL"""
STAGE = f"""
SELECT ?::text AS kind, article.id, {SINCE_STAGE} AS since FROM article
 WHERE article.stage = ? AND NOT EXISTS ({TAKEN_BACK}) AND """
CANCELLED = f"""
SELECT 'SCHEDULE_CANCELLED', article.id, back.at FROM article CROSS JOIN LATERAL ({TAKEN_BACK}) AS back
 WHERE article.draft_id IS NOT NULL AND """
PROPOSAL = "SELECT 'TO_REVIEW', proposal.id, proposal.proposed_at FROM proposal WHERE proposal.decided_at IS NULL"
WHY = f"""
SELECT article.id, back.why FROM article CROSS JOIN LATERAL ({TAKEN_BACK}) AS back WHERE article.id = ANY(?::text[])"""
NOTE = """
SELECT article.id, asked.note AS why FROM article CROSS JOIN LATERAL (
  SELECT note FROM review WHERE review.revision_id = article.draft_id AND review.outcome = 'CHANGES_REQUESTED'
   ORDER BY review.at DESC, review.id DESC LIMIT 1) AS asked
 WHERE article.id = ANY(?::text[])"""
REASONS = {WorklistKind.SCHEDULE_CANCELLED: WHY, WorklistKind.CHANGES_REQUESTED: NOTE}
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
CITED = f"""
  FROM article JOIN revision_citation cited ON cited.revision_id = coalesce({LIVE},
       CASE WHEN article.stage = 'SCHEDULED' THEN article.draft_id END)
  JOIN source ON source.key = cited.key AND source.status <> 'OK'
 WHERE NOT EXISTS (SELECT FROM waiver WHERE waiver.article_id = article.id AND waiver.rule = 'CIT-006'
                   AND waiver.fingerprint = {FINGERPRINT} AND waiver.until >= current_date) AND """
SOURCE = f"""
SELECT 'SOURCE_CHANGED', article.id, min(coalesce(source.status_checked_at::timestamptz, source.updated_at)) {CITED}"""
EACH_SOURCE = f"SELECT 'SOURCE_CHANGED', article.id, source.key || ' ' || source.status {CITED}"
COMMENT = f"SELECT 'COMMENT', comment.id, comment.at FROM comment WHERE comment.status = '{CommentStatus.PENDING}'"
RECALL = f"SELECT 'RECALL_OPEN', recall.id, recall.opened_at FROM recall WHERE {IS_OPEN} AND NOT recall.is_rehearsal"
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
    found = await _found([item for _, item, _ in named.values()], viewer)
    why: dict[tuple[str, str], str | None] = {}
    for told, query in REASONS.items():
        if about := [item for kind, item, _ in named.values() if kind == told]:
            why |= {(told, row["id"]): row["why"] for row in await rows(sql(query, about))}
    return {
        key: Waiting(
            WorklistKind(kind),
            found[item],
            datetime.fromisoformat(since),
            why.get((kind, item)),
        )
        for key, (kind, item, since) in named.items()
        if item in found
    }


async def pending(viewer: Viewer) -> list[Pending]:
    """What waits for the viewer of reviews and sources, each source for itself; for letters, which tell each once."""
    own = readable(viewer)
    listed = [sql(STAGE, "TO_REVIEW", "IN_REVIEW") + own, Sql(OVERDUE) + own, Sql(SOON) + own, Sql(CANCELLED) + own]
    listed += [Sql(PROPOSAL)] if viewer.sees_drafts else []
    query = Sql("SELECT kind, id, since::text AS about FROM (")
    for place, part in enumerate(listed):
        query = query + (" UNION ALL " if place else "") + part
    query = query + ") AS waiting (kind, id, since) UNION ALL (" + EACH_SOURCE + own + ") ORDER BY 1, 2, 3"
    return [Pending(WorklistKind(row["kind"]), row["id"], row["about"]) for row in await rows(query)]


async def _found(wanted: Sequence[str], viewer: Viewer) -> dict[str, Any]:
    """Articles, proposals, comments, recalls and problems by id, each kind asked for only where there is one."""
    mine = {
        prefix: [key for key in wanted if ids.prefix_of(key) == prefix]
        for prefix in ("art", "pro", "cmt", "rcl", "prb")
    }
    found: dict[str, Any] = {}
    if mine["art"]:
        found |= await reading.by_id(mine["art"], viewer)
    if mine["pro"]:
        found |= await proposals.by_id(mine["pro"], viewer)
    if mine["cmt"]:
        found |= {row.id: row for row in await Comment.filter(id__in=mine["cmt"])}
    if mine["rcl"]:
        found |= await recalls.by_id(mine["rcl"], viewer)
    if mine["prb"]:
        found |= await problems.by_id(mine["prb"], viewer)
    return found


def _parts(viewer: Viewer) -> list[Sql]:
    own = readable(viewer)
    parts = []
    if viewer.sees_drafts or viewer.sees_own_drafts:
        parts += [sql(STAGE, str(kind), stage) + own for kind, stage in STAGES.items()]
        parts += [Sql(CANCELLED) + own]
        parts += [Sql(OVERDUE) + own, Sql(SOON) + own, Sql(FINDING) + own + GROUPED, Sql(SOURCE) + own + GROUPED]
    if viewer.sees_drafts:
        parts.append(Sql(PROPOSAL))
    if Role.EDITOR in viewer.roles:
        parts.append(Sql(RECALL))
    if viewer.moderates:
        parts += [Sql(COMMENT), Sql(PROBLEM)]
    return parts or [Sql(NOTHING)]
