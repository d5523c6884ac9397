"""Asking the gate again, about what is live and what is to be: the world changes while a text stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api.articles.models import Article, Revision
from api.attempts import tried
from api.publishing import gating, reports, schedule
from api.publishing.acting import Acting
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

AGE = timedelta(hours=20)
FAILING = "gate_not_asked"
"""What the log calls it when the gate could not be asked about one."""
STALE = """
SELECT article.id FROM article LEFT JOIN gate_report ON gate_report.revision_id = article.live_id
 WHERE article.live_id IS NOT NULL AND (gate_report.computed_at IS NULL OR gate_report.computed_at < ?)
 ORDER BY gate_report.computed_at NULLS FIRST, article.id LIMIT ?
"""
SAVED = """
SELECT article.draft_id AS id, rendering.computed_at AS saved
  FROM article JOIN rendering ON rendering.revision_id = article.draft_id
  LEFT JOIN gate_report ON gate_report.revision_id = article.draft_id
 WHERE gate_report.computed_at IS NULL OR gate_report.computed_at < rendering.computed_at
 ORDER BY rendering.computed_at LIMIT ?
"""
"""A rendering is written with every save of its revision."""
TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0)) AS taken"
BEFORE = timedelta(hours=1)
AHEAD = """
SELECT article.id FROM article LEFT JOIN gate_report ON gate_report.revision_id = article.draft_id
 WHERE article.scheduled_for > ? AND (gate_report.computed_at IS NULL OR gate_report.computed_at < ?)
 ORDER BY article.scheduled_for, article.id LIMIT ?
"""
CLAIM = "SELECT revision_id FROM gate_report WHERE revision_id = ? AND computed_at < ? FOR UPDATE SKIP LOCKED"


async def recheck(most: int = 20, now: datetime | None = None) -> int:
    """Ask anew about the live articles whose report is the oldest; how many were asked about.

    Several workers may do so at once: a report that another one has in hand is passed over.
    """
    moment = now or datetime.now(UTC)
    stale = [row["id"] for row in await rows(sql(STALE, moment - AGE, most))]
    return sum([await tried(f"recheck {article}", partial(_recheck, article, moment), FAILING) for article in stale])


async def judge_drafts(most: int = 200) -> int:
    """Ask about the drafts that were saved since the gate was last asked; how many there were.

    Several workers may do so at once: a draft that another one has in hand is passed over.
    """
    found = await rows(sql(SAVED, most))
    judged = {f"judge {row['id']} {row['saved']}": partial(_judge, row["id"]) for row in found}
    return sum([await tried(work, judge, FAILING) for work, judge in judged.items()])


async def _judge(revision_id: str) -> bool:
    async with in_transaction():
        (mine,) = await rows(sql(TRY, f"meridian.judge {revision_id}"))
        revision = await Revision.get_or_none(id=revision_id).select_related("article") if mine["taken"] else None
        if revision is None:
            return False
        now = datetime.now(UTC)
        await reports.keep(revision, await gating.report_of(revision.article, revision, now), now)
    return True


async def recheck_schedules(site: str, most: int = 20, now: datetime | None = None) -> int:
    """Ask about what is to go live, as of that moment, every hour: a review or a credential may have lapsed meanwhile.

    A schedule that the gate would not let pass is cancelled, and the worklist says why; how many were.
    """
    moment = now or datetime.now(UTC)
    stale = [row["id"] for row in await rows(sql(AHEAD, moment, moment - BEFORE, most))]
    checks = {article: partial(_recheck_schedule, article, moment, Acting(site)) for article in stale}
    return sum([await tried(f"look ahead {article}", check, FAILING) for article, check in checks.items()])


async def _recheck_schedule(article_id: str, moment: datetime, doing: Acting) -> bool:
    async with in_transaction():
        ahead = Article.filter(id=article_id, scheduled_for__gt=moment)
        article = await ahead.select_for_update(skip_locked=True).first()
        return article is not None and await schedule.take_back_unless_sound(article, doing)


async def _recheck(article_id: str, moment: datetime) -> bool:
    article = await Article.get_or_none(id=article_id)
    revision = await Revision.get_or_none(id=article.live_id) if article and article.live_id else None
    if article is None or revision is None:
        return False
    async with in_transaction():
        claimed = await rows(sql(CLAIM, revision.id, moment - AGE))
        if not claimed and await _reported(revision.id):
            return False
        await reports.keep(revision, await gating.report_of(article, revision, moment), moment)
    return True


async def _reported(revision: str) -> Sequence[object]:
    return await rows(sql("SELECT 1 FROM gate_report WHERE revision_id = ?", revision))
