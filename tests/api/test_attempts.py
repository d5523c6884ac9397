"""Work that ends the worker in the middle keeps no other work waiting for ever."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from api import attempts
from api.articles.derived import GateReport
from api.attempts import Attempt, attempt, tried
from tests import builders
from tests.asking import ROOT

POISONED = """
import asyncio, os, sys
from api import database
from api.publishing import gating, rechecking
real = gating.report_of
async def report_of(article, revision, *further):
    if revision.title == "Poison":
        os._exit(9)
    return await real(article, revision, *further)
gating.report_of = report_of
async def main():
    await database.connect(sys.argv[1])
    print(await rechecking.judge_drafts(), flush=True)
    os._exit(0)
asyncio.run(main())
"""
HANGING = """
import asyncio, time
from api import background
from api.background import Duty
background.LONGEST_STRETCH = 0.5
async def hang():
    time.sleep(60)
    return 0
asyncio.run(background.work((Duty("hanging", 1, hang),)))
"""


async def run(program: str, *arguments: str) -> tuple[int | None, bytes, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, said = await process.communicate()
    return process.returncode, told, said


async def test_a_draft_that_ends_three_workers_is_passed_over_by_the_fourth(database):
    await builders.clinic()
    await builders.draft("Poison")
    await builders.draft("Sleep")

    died = [(await run(POISONED, database))[0] for _ in range(3)]
    code, judged, _said = await run(POISONED, database)

    assert died == [9, 9, 9]
    assert (code, judged) == (0, b"1\n")
    assert await GateReport.all().count() == 1
    assert [row.tries for row in await Attempt.all()] == [3]


async def _failing() -> None:
    async with attempt("work") as may_be_done:
        assert may_be_done
        raise ValueError("failed")


@pytest.mark.usefixtures("database")
async def test_a_failure_is_no_death_and_is_tried_again():
    for _ in range(5):
        with pytest.raises(ValueError, match="failed"):
            await _failing()

    assert await Attempt.all().count() == 0


@pytest.mark.usefixtures("database")
async def test_work_that_fails_is_told_of_and_keeps_no_other_waiting():
    async def succeed() -> bool:
        return True

    async def fail() -> bool:
        raise ValueError("failed")

    with capture_logs() as told:
        done = [await tried(work, act, "not_done") for work, act in (("a", succeed), ("b", fail), ("c", succeed))]

    assert done == [True, False, True]
    assert [(line["event"], line["work"], line["log_level"]) for line in told] == [("not_done", "b", "warning")]
    assert await Attempt.all().count() == 0


@pytest.mark.usefixtures("database")
async def test_what_was_passed_over_is_tried_once_a_day():
    await Attempt.create(key="work", tries=3, since=datetime.now(UTC))
    async with attempt("work") as at_once:
        pass
    await Attempt.all().update(since=datetime.now(UTC) - attempts.REST - timedelta(seconds=1))
    async with attempt("work") as a_day_later, attempt("work") as another_worker:
        pass

    assert (at_once, a_day_later, another_worker) == (False, True, False)


@pytest.mark.usefixtures("database")
async def test_several_workers_at_the_same_work_leave_no_count():
    async def turn() -> None:
        async with attempt("work"):
            await asyncio.sleep(0.01)

    await asyncio.gather(*(turn() for _ in range(5)))

    assert await Attempt.all().count() == 0


@pytest.mark.usefixtures("database")
async def test_what_was_begun_long_ago_is_forgotten():
    await Attempt.create(key="work", tries=3, since=datetime.now(UTC))

    assert await attempts.forget(datetime.now(UTC)) == 0
    assert await attempts.forget(datetime.now(UTC) + attempts.KEPT) == 1


async def test_a_worker_whose_duty_hangs_ends_and_tells_where_it_hung():
    code, _told, said = await run(HANGING)

    assert code == 1
    assert b"in hang" in said


async def test_what_succeeds_has_proved_harmless(database):
    await Attempt.create(key="recheck art_1", tries=2, since=datetime.now(UTC))

    async with attempt("recheck art_1") as may_be_done:
        assert may_be_done

    assert not await Attempt.filter(key="recheck art_1").exists()


async def test_what_fails_in_an_ordinary_way_is_not_held_against_it(database):
    await Attempt.create(key="recheck art_1", tries=1, since=datetime.now(UTC))

    with pytest.raises(ValueError, match=r"^as it may$"):
        async with attempt("recheck art_1"):
            raise ValueError("as it may")

    assert (await Attempt.get(key="recheck art_1")).tries == 1
