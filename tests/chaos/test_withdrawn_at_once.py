"""Two site processes behind one address, while news is withdrawn and published: nobody sees it a second later.

Nobody is refused meanwhile, also when the worker is killed and when every process loses what the database tells it.
The full round: `python -m pytest -m soak tests/chaos/test_withdrawn_at_once.py -s` prints its figures.
"""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import asyncpg
import pytest

from api.accounts.viewer import Role
from api.caching import line
from tests import people
from tests.asking import ROOT
from tests.chaos.standing import House, node, standing

PROGRAM = ROOT / "frontend" / "quality" / "bars" / "coherence.ts"
START = 2  # seconds that the first word of the worker may take
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1
"""


def measuring(house: House, token: str, seconds: int, rate: int) -> subprocess.Popen[str]:
    """The program that reads, withdraws, publishes and watches; it fails when somebody saw what was wrong too late."""
    sites = ",".join(house[name].url for name in ("site-0", "site-1"))
    given = {"SITE_URLS": sites, "FRONT": house.url, "API_URL": house["api-0"].url, "EDITOR_TOKEN": token,
             "SECONDS": str(seconds), "RATE": str(rate)}  # fmt: skip
    command = [node(), "--disable-warning=ExperimentalWarning", str(PROGRAM)]
    return subprocess.Popen(
        command, env=os.environ | given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


async def disturb(house: House, database: str) -> None:
    """Kill the worker, cut what the database tells everybody, and start the worker again."""
    house["worker"].end(signal.SIGKILL)
    connection = await asyncpg.connect(database)
    try:
        cut = await connection.fetch(CUT, line.NAME)
    finally:
        await connection.close()
    assert cut, "nobody listened"
    await asyncio.sleep(1)
    house["worker"].start()


async def withdrawn_in_time(database: str, folder: Path, seconds: int, rate: int, *, every: float) -> None:
    token = await people.token(await people.member(Role.EDITOR))
    with standing(database, folder) as house:
        await asyncio.sleep(START)
        with measuring(house, token, seconds, rate) as process:
            try:
                end = time.monotonic() + seconds - every
                while process.poll() is None and time.monotonic() < end:
                    await asyncio.sleep(every)
                    await disturb(house, database)
                told, _ = process.communicate(timeout=seconds + 60)
            finally:
                process.kill()
        print(told)  # noqa: T201 - figures
        assert process.returncode == 0, told
        assert "0 withdrawals" not in told


async def test_a_withdrawn_article_is_gone_within_a_second_whatever_is_lost(sample, tmp_path):
    await withdrawn_in_time(sample, tmp_path, seconds=6, rate=50, every=2)


@pytest.mark.soak
async def test_two_hundred_requests_a_second_for_a_minute(sample, tmp_path):
    await withdrawn_in_time(sample, tmp_path, seconds=60, rate=200, every=60)


@pytest.mark.soak
async def test_the_same_while_the_worker_dies_and_the_listening_is_cut(sample, tmp_path):
    await withdrawn_in_time(sample, tmp_path, seconds=60, rate=200, every=5)
