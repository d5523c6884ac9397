"""Going live at a moment: readers see it from then on, worker or no worker, and its Change is written once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from tortoise.transactions import in_transaction

from api import attempts
from api.articles.models import Article, Revision, Stage
from api.changes import record
from api.errors import Invalid, WrongStage
from api.publishing import gating, reports
from api.publishing.acting import Acting, close, freeze, locked, make_live, note, upsert, write_out
from api.publishing.workflow import publishable
from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from api.changes import Change

LAPSES = {"CIT-006", "REV-001", "REV-002"}
"""What comes to be found in a text that stays as it is: of a source, and of a review."""
FURTHEST = timedelta(days=366)
FAILING = "not_settled"
"""What the log calls it when one could not be settled."""
DUE = Sql("SELECT id FROM article WHERE scheduled_for <= now() AND NOT ") + attempts.rests("'settle ' || article.id")
IS_DUE = "SELECT id FROM article WHERE id = ? AND scheduled_for <= now()"
CLAIM = "SELECT id FROM article WHERE id = ? AND scheduled_for <= now() FOR UPDATE SKIP LOCKED"

log = structlog.get_logger(__name__)


class NotAhead(Invalid):
    """Give a moment that lies ahead, at most a year away."""


class NotScheduled(WrongStage):
    """This article is not scheduled."""


async def schedule(article_id: str, expected: int | None, at: datetime, doing: Acting) -> Article:
    """Let the draft go live at a moment; the gate is asked as of then."""
    if not doing.at < at <= doing.at + FURTHEST:
        raise NotAhead(path=("at",))
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        revision = await publishable(article)
        await gating.require(article, revision, at)
        await freeze(revision, doing.at)
        await write_out(revision)
        article.stage, article.scheduled_for = Stage.SCHEDULED, at
        await close(article, "scheduleArticle", doing, {"revision": revision.number, "at": at.isoformat()})
    return article


async def cancel(article_id: str, expected: int | None, doing: Acting) -> Article:
    """Take a schedule back; the draft is where it was before."""
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        article.version += 1
        await take_back(article, doing)
    return article


async def take_back(article: Article, doing: Acting, why: str | None = None) -> None:
    """Take back the schedule of a locked article inside the caller's transaction; `why` when nobody asked for it."""
    if article.stage is not Stage.SCHEDULED or article.draft_id is None:
        raise NotScheduled
    revision = await Revision.get(id=article.draft_id)
    article.stage, article.scheduled_for = await gating.stage_of(revision), None
    await article.save()
    await note(article, "cancelSchedule", doing, {"revision": revision.number} | ({"why": why} if why else {}))


async def take_back_unless_sound(article: Article, doing: Acting) -> bool:
    """Ask the gate anew, as of the moment of going live, and take the schedule back when it would not let it pass.

    For a locked article whose schedule lies ahead, inside the caller's transaction; whether it was taken back.
    """
    assert article.scheduled_for is not None and article.draft_id is not None  # noqa: S101, PT018 - the caller's
    revision = await Revision.get(id=article.draft_id)
    report = await gating.report_of(article, revision, article.scheduled_for)
    await reports.keep(revision, report, datetime.now(UTC))
    if report.passes:
        return False
    opened = [each for each in report.findings if not each.waiver]
    found = next((each for each in opened if each.rule in LAPSES), opened[0])
    await take_back(article, doing, f"{found.rule}: {found.message}")
    return True


async def settle_due(site: str, most: int = 100) -> int:
    """Write what has come due: pointer, audit entry and Change, once each, whoever comes first; how many there were.

    What fails is told of in the log and rests, for longer each time: those behind it do not wait for it.
    """
    due = await rows(DUE + sql(" ORDER BY scheduled_for, id LIMIT ?", most))
    acts = {f"settle {row['id']}": partial(settle, row["id"], site) for row in due}
    return sum([await attempts.tried(work, act, FAILING, attempts.patiently) for work, act in acts.items()])


async def settle_first(article_id: str, site: str) -> None:
    """Settle what somebody is about to act on, if it is due; where that fails, what they want may be the way out."""
    try:
        await settle(article_id, site)
    except Exception as error:
        log.warning(FAILING, work=f"settle {article_id}", exc_info=error)


async def settle(article_id: str, site: str) -> bool:
    """Settle one article; False when it is not due, or somebody else has done so, or is doing so."""
    if not await rows(sql(IS_DUE, article_id)):
        return False
    async with in_transaction() as transaction:
        if not await rows(sql(CLAIM, article_id)):
            return False
        await record(await settled(await Article.get(id=article_id), site), transaction)
    return True


async def settled(article: Article, site: str) -> Change:
    """Move the pointer of a locked article that is due; the Change that the caller must record as its last act."""
    at = article.scheduled_for
    assert at is not None and article.draft_id is not None  # noqa: S101, PT018 - a check in the database
    doing = Acting(site, at=at)
    reason = await make_live(article, await Revision.get(id=article.draft_id), at)
    await article.save()
    await note(article, "settleSchedule", doing, {"live": article.live_id, "at": at.isoformat()})
    return await upsert(article, reason, doing)
