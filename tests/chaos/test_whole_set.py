"""PostgreSQL, API, worker, site and Caddy together in 1 GB, read and worked in: no error, no restart, memory flat.

The full round: `python -m pytest -m soak tests/chaos/test_whole_set.py -s` prints its figures.
"""

import asyncio
import json
import statistics
import time
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from api import database as db
from tests.chaos.desk import Desk
from tests.chaos.living import Database, lived_in
from tests.chaos.memory import bounded, descendants, held
from tests.chaos.standing import House, Load

GIGABYTE = 1_000_000_000
PER_SECOND = 50
LOOKS = 2.0  # seconds between two looks at the memory
GROWTH = 1.1  # of the last quarter, beside the second: the first fills what is kept
PATHS = (
    "/", "/articles", "/articles/neck-pain-and-acupuncture", "/articles/sham-treatments-explained", "/conditions",
    "/treatments", "/about", "/search?q=neck", "/feeds/articles.atom",
    "/graphql?query=" + quote("{ articles(first: 3) { nodes { title } } }"),
    "/graphql?query=" + quote('{ search(query: "pain", first: 5) { totalCount } }'),
)  # fmt: skip
OPEN = "SELECT id FROM article WHERE comment_policy = 'ON' AND live_id IS NOT NULL"
AUTHOR = "SELECT id FROM practitioner WHERE is_published ORDER BY id LIMIT 1"


async def _found(url: str) -> tuple[list[str], str]:
    """The articles that take comments, and somebody who writes."""
    connection = await asyncpg.connect(**db.credentials(url))
    try:
        return [row["id"] for row in await connection.fetch(OPEN)], await connection.fetchval(AUTHOR)
    finally:
        await connection.close()


def worked(folder: Path, seconds: float, asked: float) -> tuple[list[int], float]:
    """The memory of all, as it was at each look; and how many were answered in a second."""
    with bounded(GIGABYTE) as bound, lived_in(folder, bound, direct=True) as (postgresql, house, token):
        articles, author = asyncio.run(_found(postgresql.url))
        before = {name: program.process for name, program in house.programs.items()}
        desk = Desk(house, token, author, articles)
        for path in PATHS:
            httpx.get(house.url + path, trust_env=False, timeout=30)
        with Load(house, PATHS, readers=max(2, int(asked / 10)), per_second=asked) as load, desk.at_work():
            memory = _looked_at(postgresql, house, seconds)
        alive = [name for name, program in house.programs.items() if program.process is before[name]
                 and program.process and program.process.poll() is None]  # fmt: skip
        server = postgresql.server.process
        assert (alive, server and server.poll(), bound.ended()) == (list(house.programs), None, 0)
        faults = [line for name in ("api-0", "worker") for line in _faults(house[name].log)]
    how = "bounded by the kernel" if bound.group else "measured only"
    print(f"{seconds:.0f} s, {how}: {len(load.answered)} answered, {len(load.failed)} failed, "  # noqa: T201 - figures
          f"{len(load.bad())} not 200, the slowest in {load.slowest():.2f} s; done: {desk.done}; "
          f"memory {min(memory) / 1e6:.0f} to {max(memory) / 1e6:.0f} MB")  # fmt: skip
    assert (load.failed, load.bad(), desk.wrong, faults) == ([], [], [], [])
    assert min(desk.done[verb] for verb in ("publishArticle", "importArticle", "moderateComments")) > 0
    assert max(memory) < GIGABYTE
    return memory, len(load.answered) / seconds


def _looked_at(postgresql: Database, house: House, seconds: float) -> list[int]:
    memory, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(LOOKS)
        roots = [program.process.pid for program in house.programs.values() if program.process]
        memory.append(held([*postgresql.processes(), *descendants(roots)]))
    return memory


def _faults(log: Path) -> list[dict]:
    """What a process wrote down as an error."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("level") in {"error", "critical"} or line["event"] == "request_failed"]


def test_the_whole_set_works_in_a_gigabyte(tmp_path):
    worked(tmp_path, 10, asked=10)


@pytest.mark.soak
def test_the_whole_set_works_for_ten_minutes_and_its_memory_stays_flat(tmp_path):
    memory, per_second = worked(tmp_path, 600, asked=PER_SECOND)
    quarter = len(memory) // 4
    assert per_second > 0.95 * PER_SECOND
    assert statistics.mean(memory[-quarter:]) <= GROWTH * statistics.mean(memory[quarter : 2 * quarter])
