"""Taking a live article down: at every stage of its draft, for a take-down cannot wait."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tortoise.transactions import in_transaction

from api.articles.models import Article, Revision, Severity, Stage, UnpublishKind
from api.changes import record
from api.errors import Invalid, WrongStage
from api.publishing import schedule
from api.publishing.acting import Acting, close, locked, now, removal, take_down
from api.publishing.workflow import check_explanation

TARGET = re.compile(r"(?:https?://[^\s/\\]+|/(?![/\\]))[^\s\\]*")
"""A path of the site, or an address of the web."""


class NotLive(WrongStage):
    """The article is not live, so there is nothing to take down."""


class NeedsTarget(Invalid):
    """Say where it moved: give a path such as /articles/sleep, or an address."""


@dataclass(frozen=True)
class TakeDown:
    """What is said of a take-down."""

    kind: UnpublishKind
    explanation: str
    severity: Severity = Severity.ROUTINE
    moved_to: str | None = None


async def unpublish(article_id: str, expected: int | None, said: TakeDown, doing: Acting) -> Article:
    """Take the live revision down: a tombstone answers in its place, and whoever holds copies is told.

    A schedule that has come due is settled first, since readers see it; one that lies ahead is cancelled, or the
    article would come back by itself.
    """
    check_explanation(said.explanation, "explanation")
    if (said.kind is UnpublishKind.MOVED and not said.moved_to) or not TARGET.fullmatch(said.moved_to or "/"):
        raise NeedsTarget(path=("moved_to",))
    async with in_transaction() as transaction:
        article = await locked(article_id, doing, expected)
        due = article.scheduled_for is not None and article.scheduled_for <= await now()
        changes = [await schedule.settled(article, doing.site)] if due else []
        if article.live_id is None:
            raise NotLive
        if article.stage is Stage.SCHEDULED:
            await schedule.take_back(article, doing, "The article was taken down.")
        revision = await Revision.get(id=article.live_id)
        take_down(article, revision)
        article.unpublished_kind, article.unpublished_at = said.kind, doing.at
        article.unpublished_severity, article.unpublished_title = said.severity, revision.title
        article.explanation, article.moved_to = said.explanation.strip(), said.moved_to
        await close(article, "unpublishArticle", doing, {"kind": said.kind, "explanation": said.explanation})
        for change in (*changes, removal(article, revision, doing)):
            await record(change, transaction)
    return article
