"""Erasing an article for good, because privacy or the law asks for it; nothing else removes what was frozen."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api import erasures
from api.articles.models import Article
from api.changes import DEADLINES, Change, ChangeKind, ChangeReason, record
from api.publishing.acting import Acting, locked, note
from api.sql import rows, sql

if TYPE_CHECKING:
    from datetime import datetime

    from api.sql import Sql


class EraseReason(StrEnum):
    """Why something must go for good."""

    PERSONAL_DATA = "PERSONAL_DATA"
    LEGAL = "LEGAL"


# Words that only this article showed are forgotten as suggestions; the index of what else is public tells which.
FORGET_WORDS = """
DELETE FROM search_word USING (
  SELECT DISTINCT lower(found[1]) AS word
    FROM revision LEFT JOIN rendering ON rendering.revision_id = revision.id
   CROSS JOIN regexp_matches(concat_ws(' ', revision.title, revision.summary, rendering.text),
                             '[[:alpha:]]{4,30}', 'g') AS found
   WHERE revision.article_id = ?) AS ours
 WHERE search_word.word = ours.word AND NOT EXISTS (
   SELECT FROM (
     SELECT search_vector FROM rendering JOIN article ON article.live_id = rendering.revision_id WHERE article.id <> ?
     UNION ALL SELECT search_vector FROM condition WHERE is_published
     UNION ALL SELECT search_vector FROM treatment WHERE is_published
     UNION ALL SELECT search_vector FROM practitioner WHERE is_published) AS shown
    WHERE shown.search_vector @@ plainto_tsquery('english', ours.word))
"""
ALLOW = "SELECT set_config('meridian.erasing', ?, true)"
BLANK_AUDIT = "UPDATE audit_entry SET before = NULL, after = NULL WHERE thing = ?"
BLANK_CHANGES = """
UPDATE change SET slug = '', url = '', explanation = NULL, moved_to = NULL, content_hash = NULL WHERE article_id = ?
"""
FORGET_ANSWERS = "DELETE FROM idempotency_key WHERE answer::text LIKE ?"


async def erase(article_id: str, expected: int | None, reason: EraseReason, doing: Acting) -> str:
    """Remove the article with all that hangs on it; that it was erased, when, by whom and why is all that stays."""
    async with in_transaction() as transaction:
        article = await locked(article_id, doing, expected)
        was_public = article.first_published_at is not None
        await Article.filter(id=article_id).update(live_id=None, draft_id=None, stage=None, scheduled_for=None)
        for statement in _statements(article_id):
            await rows(statement)
        await Article.filter(id=article_id).delete()
        await note(article, erasures.ARTICLE, doing, {"reason": reason})
        if was_public:
            await record(_erased(article_id, doing.at), transaction)
        await erasures.note([article_id])
    return article_id


def _statements(article_id: str) -> tuple[Sql, ...]:
    return (
        sql(ALLOW, article_id),
        sql(FORGET_WORDS, article_id, article_id),
        sql(BLANK_AUDIT, article_id),
        sql(BLANK_CHANGES, article_id),
        sql(FORGET_ANSWERS, f"%{article_id}%"),
    )


def _erased(article_id: str, at: datetime) -> Change:
    """What those who hold copies are told: the id, and nothing of what it was."""
    return Change(
        at=at, article_id=article_id, slug="", url="", kind=ChangeKind.REMOVE, reason=ChangeReason.ERASED,
        acknowledge_by=at + DEADLINES["ROUTINE"],
    )  # fmt: skip
