"""The worker's duties, each on a real database."""

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api import background, idempotency
from api.articles.derived import GateReport, Rendering
from api.articles.models import Article, Revision
from api.background import Duty
from api.changes import Change
from api.publishing import rechecking, rerendering, schedule
from api.publishing.catalogue import articles
from api.settings import Settings
from tests import builders
from tests.asking import SITE

pytestmark = pytest.mark.usefixtures("database")


async def test_a_schedule_that_has_come_due_is_settled_once_by_four_workers():
    await builders.clinic()
    for number in range(6):
        article = await builders.draft(f"Article {number}")
        await builders.schedule(article, builders.ahead(hours=1))
    await Article.all().update(scheduled_for=builders.ago(seconds=1))
    settled = await asyncio.gather(*(schedule.settle_due(SITE) for _ in range(4)))
    assert sum(settled) == 6
    assert await Change.all().count() == 6
    assert await Article.filter(live_id__isnull=False, stage__isnull=True).count() == 6


async def test_what_is_live_is_asked_about_again_once_a_day():
    await builders.clinic()
    article = await builders.live("Sleep")
    assert await rechecking.recheck() == 1
    assert await rechecking.recheck() == 0
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert sum(await asyncio.gather(*(rechecking.recheck(now=tomorrow) for _ in range(3)))) == 1
    report = await GateReport.get(revision_id=article.live_id)
    assert report.computed_at == tomorrow
    assert {finding["rule"] for finding in report.findings} >= {"REV-001", "AUT-001"}


async def test_drafts_are_not_asked_about():
    await builders.clinic()
    await builders.draft("Sleep")
    assert await rechecking.recheck() == 0


async def test_an_older_renderers_work_is_done_anew_and_the_revision_stays():
    await builders.clinic()
    article = await builders.live("Sleep", "Sleep **well**.")
    before = await Revision.get(id=article.live_id)
    await Rendering.filter(revision_id=article.live_id).update(renderer_version=0, html="old")
    assert await rerendering.renew(SITE) == 1
    assert (await Rendering.get(revision_id=article.live_id)).html == "<p>Sleep <strong>well</strong>.</p>"
    assert (await Revision.get(id=article.live_id)).content_hash == before.content_hash


async def test_partners_are_told_of_what_a_newer_renderer_shows_otherwise_and_of_nothing_else():
    await builders.clinic()
    other, same = await builders.live("Sleep", "Sleep **well**."), await builders.live("Rest", "Rest.")
    draft = await builders.draft("Draft")
    await Rendering.all().update(renderer_version=0)
    await Rendering.filter(revision_id=other.live_id).update(html="<p>As it was once.</p>")
    await Rendering.filter(revision_id=draft.draft_id).update(html="<p>As it was once.</p>")
    assert await rerendering.renew(SITE) == 3
    (told,) = await Change.all()
    assert (told.article_id, told.kind, told.reason, told.severity) == (other.id, "UPSERT", "UPDATED", "ROUTINE")
    assert told.content_hash == (await articles.shown([other.id], SITE))[other.id]
    assert same.id != other.id


async def test_what_is_kept_for_a_while_is_forgotten():
    old = datetime.now(UTC) - timedelta(hours=25)
    for age, key in ((old, "old"), (datetime.now(UTC), "new")):
        await idempotency.IdempotencyKey.create(viewer="mbr", key=key, input_hash="0" * 64, created_at=age)
    assert await background.forget() == 1
    assert await idempotency.IdempotencyKey.all().values_list("key", flat=True) == ["new"]


async def test_a_duty_that_fails_is_tried_again_and_holds_up_no_other(tmp_path: Path):
    tries: list[str] = []

    async def fail() -> int:
        tries.append("fail")
        raise RuntimeError("It broke.")

    async def succeed() -> int:
        tries.append("succeed")
        if tries.count("fail") >= 2 and tries.count("succeed") >= 2:
            signal.raise_signal(signal.SIGTERM)
        return 1

    await asyncio.wait_for(background.work((Duty("a", 0.01, fail), Duty("b", 0.01, succeed))), timeout=10)
    assert tries.count("fail") >= 2
    names = [duty.name for duty in background.duties(Settings(tmp_path, "s" * 32))]
    assert len(set(names)) == len(names)
    assert {"schedules_settled", "gate_asked_again", "forgotten"} <= set(names)
