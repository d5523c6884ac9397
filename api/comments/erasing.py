"""Erasing comments for good, and telling what is kept of one: for its writer, on request, when its time is up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tortoise.transactions import in_transaction

from api import erasures
from api.articles.models import Article
from api.audit import AuditEntry
from api.comments import abuse, learning
from api.comments.models import Comment, CommentStatus, ProblemReport
from api.comments.submitting import forget_proofs
from api.errors import NotFound
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from api.sql import Sql

UNDECIDED_KEPT: Final = timedelta(days=30)
SPAM_KEPT: Final = timedelta(days=7)
CLOSED_REPORTS_KEPT: Final = timedelta(days=30)
READER: Final = "reader"
ALLOW: Final = "SELECT set_config('meridian.erasing', ?, true)"
BLANK_AUDIT: Final = "UPDATE audit_entry SET before = NULL, after = NULL WHERE thing = ?"
FORGET_ANSWERS: Final = "DELETE FROM idempotency_key WHERE answer::text LIKE ?"
DUE: Final = """
SELECT id, status FROM comment
 WHERE (status = 'SPAM' AND at < ?) OR (status = 'PENDING' AND at < ?)
    OR (status IN ('REJECTED', 'REMOVED') AND coalesce(decided_at, at) < ?)
 ORDER BY at LIMIT 500
"""


class NoSuchComment(NotFound):
    """There is no such comment: it may have been erased."""


async def erase(comment_id: str, actor: str, secret: str, verb: str = erasures.COMMENT) -> None:
    """Remove a comment with all that hangs on it; that one was erased, when and by whom is all that stays."""
    async with in_transaction():
        if not await _remove(comment_id, secret):
            raise NoSuchComment
        await _tell(actor, verb, comment_id)


async def erase_report(report_id: str, actor: str) -> None:
    """Remove what somebody reported, with how they wanted to be reached."""
    async with in_transaction():
        if not await ProblemReport.filter(id=report_id).delete():
            raise NoSuchComment("There is no such report: it may have been erased.")
        await _forget_traces(report_id)
        await _tell(actor, erasures.REPORT, report_id)


async def export(comment_id: str) -> dict[str, Any]:
    """Everything that is kept of a comment, for whoever wrote it."""
    comment = await Comment.get_or_none(id=comment_id)
    if comment is None:
        raise NoSuchComment
    article = await Article.get(id=comment.article_id)
    reports = await ProblemReport.filter(comment_id=comment_id).count()
    return {
        "id": comment.id,
        "article": f"/articles/{article.slug}",
        "displayName": comment.display_name,
        "body": comment.body,
        "sentAt": comment.at.isoformat(),
        "consent": comment.consent,
        "status": comment.status.value,
        "flags": comment.flags,
        "decidedAt": comment.decided_at.isoformat() if comment.decided_at else None,
        "reason": comment.reason.value if comment.reason else None,
        "isRedacted": comment.is_redacted,
        "score": comment.score,
        "reply": comment.reply,
        "repliedAt": comment.replied_at.isoformat() if comment.replied_at else None,
        "problemsReported": reports,
    }


async def forget(now: datetime, secret: str) -> int:
    """Erase what has been kept for as long as it may be, and the keys of the days before today."""
    limits = (now - SPAM_KEPT, now - UNDECIDED_KEPT, now - UNDECIDED_KEPT)
    due = await rows(sql(DUE, *limits))
    for row in due:
        async with in_transaction():
            if await _remove(row["id"], secret) and row["status"] == CommentStatus.REMOVED:
                await _tell("system", erasures.COMMENT, row["id"])  # in an older dump everybody may read it still
    closed = await ProblemReport.filter(closed_at__lt=now - CLOSED_REPORTS_KEPT).values_list("id", flat=True)
    for report_id in closed:
        await erase_report(str(report_id), "system")
    return len(due) + len(closed) + await abuse.forget(now) + await forget_proofs(now)


async def _tell(actor: str, verb: str, thing: str) -> None:
    """Say in the audit log and beside the dumps that it is gone."""
    await AuditEntry.create(actor=actor, verb=verb, thing=thing)
    await erasures.note([thing])


async def _remove(comment_id: str, secret: str) -> bool:
    """Remove it with what it taught, while its words are still there to tell what that was."""
    comment = await Comment.select_for_update().get_or_none(id=comment_id)
    if comment is None:
        return False
    reports = await ProblemReport.filter(comment_id=comment_id).values_list("id", flat=True)
    taught = learning.taught_by(comment)
    if taught:
        await Comment.filter(id=comment_id).update(lesson=None, lesson_of=None)
    await comment.delete()
    for thing in (comment_id, *map(str, reports)):
        await _forget_traces(thing)
    await learning.take_back([taught], secret)
    return True


async def _forget_traces(thing: str) -> None:
    for statement in _traces(thing):
        await rows(statement)


def _traces(thing: str) -> Iterable[Sql]:
    return sql(ALLOW, thing), sql(BLANK_AUDIT, thing), sql(FORGET_ANSWERS, f"%{thing}%")
