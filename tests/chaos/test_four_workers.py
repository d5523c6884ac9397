"""Four worker processes and a heap of schedules that have come due: each is settled once, and none of them early."""

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.articles.models import Article, ArticleKind, Stage
from api.audit import AuditEntry
from api.changes import Change
from tests import builders, people

ROOT = Path(__file__).parents[2]
WORKERS = 4
PATIENCE = 600  # seconds, on a machine that does other things beside


def worker(database: str, folder: Path, number: int) -> subprocess.Popen[bytes]:
    said = {"DATABASE_URL": database, "DATA_DIR": str(folder), "SECRET_KEY": people.SECRET_KEY}
    with (folder / f"worker-{number}").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "api", "worker"], cwd=ROOT, stderr=log, stdout=log, env={**os.environ, **said}
        )


async def settled(database: str, folder: Path, due: int, later: int) -> None:
    now = datetime.now(UTC)
    author = await builders.practitioner()
    sound = {"kind": ArticleKind.NEWS, "authors": (author,)}  # the gate, asked anew, takes no such schedule back
    for number in range(due):
        await builders.schedule(await builders.draft(f"Due {number}", **sound), now - timedelta(minutes=number + 1))
    for number in range(later):
        ahead = now + timedelta(hours=1, minutes=number)
        await builders.schedule(await builders.draft(f"Later {number}", **sound), ahead)
    workers = [worker(database, folder, number) for number in range(WORKERS)]
    try:
        end = time.monotonic() + PATIENCE
        while await Article.filter(scheduled_for__lte=datetime.now(UTC)).exists():
            assert time.monotonic() < end
            await asyncio.sleep(0.2)
    finally:
        for each in workers:
            each.terminate()
        codes = [each.wait(30) for each in workers]
    assert codes == [0] * WORKERS
    told = await Change.all().values_list("article_id", flat=True)
    assert len(told) == len(set(told)), "an article was settled twice"
    live = await Article.filter(live_id__isnull=False).values_list("id", "version")
    assert sorted(live) == sorted((article, 1) for article in told)
    assert len(told) == due
    assert await Article.filter(live_id=None, stage=Stage.SCHEDULED, scheduled_for__gt=now).count() == later
    assert await AuditEntry.all().values_list("verb", flat=True) == ["settleSchedule"] * due


async def test_four_processes_settle_each_schedule_once_and_none_early(database: str, tmp_path: Path):
    await settled(database, tmp_path, due=100, later=10)


@pytest.mark.soak
async def test_four_processes_settle_two_thousand_schedules_once_and_none_early(database: str, tmp_path: Path):
    await settled(database, tmp_path, due=2_000, later=100)
