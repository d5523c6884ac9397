"""`kill -9` of each process in turn, PostgreSQL's too, and a PostgreSQL that is away for a while, under load.

The full rounds: `python -m pytest -m soak tests/chaos/test_killed_and_away.py -s` prints its figures.
"""

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from api import database as db
from tests.chaos.living import Database, lived_in
from tests.chaos.standing import House, Load

PAGES = ("/", "/articles")
QUERY = "/graphql?query=" + quote("{ articles(first: 3) { nodes { title } } }")
CREATE = """
mutation ($input: CreateArticleInput!) { createArticle(input: $input) { article { id } userErrors { code } } }
"""


@dataclass
class Writer:
    """An editor who creates one article after the other, and remembers which were acknowledged."""

    house: House
    token: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[tuple[int, str, float]] = field(default_factory=list)
    lost_contact: int = 0
    sent: int = 0

    @contextlib.contextmanager
    def at_work(self) -> Iterator["Writer"]:
        over = threading.Event()
        thread = threading.Thread(target=self._write, args=(over,))
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join(60)

    def _write(self, over: threading.Event) -> None:
        headers = {"authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.house.url, headers=headers, trust_env=False, timeout=30) as client:
            while not over.wait(0.05):
                self.sent += 1
                said = {"title": f"Article {self.sent}", "idempotencyKey": f"key-{self.sent}"}
                began = time.monotonic()
                try:
                    answer = client.post("/graphql", json={"query": CREATE, "variables": {"input": said}})
                except httpx.HTTPError:
                    self.lost_contact += 1
                    continue
                if answer.status_code == 200:
                    self.acknowledged.append(answer.json()["data"]["createArticle"]["article"]["id"])
                else:
                    waited = time.monotonic() - began
                    self.refused.append((answer.status_code, answer.headers.get("retry-after", ""), waited))


async def _there(url: str) -> set[str]:
    connection = await asyncpg.connect(**db.credentials(url))
    try:
        return {row["id"] for row in await connection.fetch("SELECT id FROM article")}
    finally:
        await connection.close()


def killed(folder: Path, rounds: int) -> None:
    with lived_in(folder) as (postgresql, house, token):
        writer = Writer(house, token)
        for _ in range(rounds):
            for name in ("api-0", "worker", "site-0", "postgres"):
                with writer.at_work():
                    time.sleep(1)
                    if name == "postgres":
                        postgresql.kill()
                        postgresql.start()
                    else:
                        house[name].end(signal.SIGKILL)
                        house[name].start()
                    before, end = len(writer.acknowledged), time.monotonic() + 30
                    while len(writer.acknowledged) < before + 3:
                        assert time.monotonic() < end, f"nothing was written after {name} had come back"
                        time.sleep(0.1)
        there = asyncio.run(_there(postgresql.url))
        site = httpx.get(f"{house.url}/", trust_env=False).status_code
    lost = set(writer.acknowledged) - there
    print(f"{rounds} rounds: {len(writer.acknowledged)} acknowledged, {len(lost)} lost, "  # noqa: T201 - figures
          f"{len(writer.refused)} refused, {writer.lost_contact} without an answer")  # fmt: skip
    assert (lost, site) == (set(), 200)
    assert len(writer.acknowledged) == len(set(writer.acknowledged))
    assert {status for status, *_ in writer.refused} <= {502, 503, 504}


@dataclass
class Absence:
    """What was answered before, while and after a database was away, from `left` to `back`."""

    load: Load
    writer: Writer
    left: float
    back: float

    def judge(self, what: str) -> None:
        """Print the figures, and hold them against the bar."""
        during = [one for one in self.load.answered if self.left < one[0] < self.back]
        pages = [one for one in during if one[1] in PAGES]
        late = [began + waited for began, _, status, waited in self.load.answered if status != 200]
        recovered = max([*late, self.back]) - self.back
        waited = max([waited for *_, waited in self.writer.refused], default=0.0)
        queries, refused = len(during) - len(pages), len(self.writer.refused)
        print(f"{what}: {_well(pages)} of {len(pages)} kept pages were 200, {_well(during) - _well(pages)} of "  # noqa: T201 - figures
              f"{queries} queries, the slowest in {self.load.slowest():.2f} s; {refused} mutations refused, "
              f"the slowest in {waited:.2f} s; the last refusal came {recovered:.2f} s after it was back")  # fmt: skip
        assert self.load.failed == []
        assert {one[2] for one in pages} == {200}
        assert {(status, bool(retry)) for status, retry, _ in self.writer.refused} <= {(503, True)}
        assert self.load.slowest() < 5
        assert recovered <= 3


def _well(answered: list[tuple[float, str, int, float]]) -> int:
    return sum(status == 200 for _, _, status, _ in answered)


def away(folder: Path, seconds: float, leaving: Callable[[Database], AbstractContextManager[None]]) -> Absence:
    with lived_in(folder) as (postgresql, house, token):
        writer = Writer(house, token)
        for page in PAGES:
            httpx.get(house.url + page, trust_env=False)
        with Load(house, (*PAGES, QUERY), readers=2, per_second=40) as load, writer.at_work():
            time.sleep(2)
            left = time.monotonic()
            with leaving(postgresql):
                time.sleep(seconds)
            back = time.monotonic()
            time.sleep(6)
    return Absence(load, writer, left, back)


def stopped(folder: Path, seconds: float) -> None:
    absence = away(folder, seconds, Database.stopped)
    absence.judge(f"stopped for {seconds:.0f} s")
    assert {retry for _, retry, _ in absence.writer.refused} == {"2"}
    assert all(waited < 5 for *_, waited in absence.writer.refused)


def frozen(folder: Path, seconds: float) -> None:
    """Nothing is refused that can wait; only what an editor had under way may wait for the 10 s that a token gives."""
    absence = away(folder, seconds, Database.frozen)
    absence.judge(f"frozen for {seconds:.0f} s")
    assert sorted(waited for *_, waited in absence.writer.refused)[-1:] < [11]
    assert all(waited < 5 for *_, waited in absence.writer.refused[1:])


def test_nothing_that_was_acknowledged_is_lost_when_each_process_is_killed(tmp_path):
    killed(tmp_path, 1)


def test_a_database_that_is_away_leaves_readers_their_pages_and_writers_a_plain_refusal(tmp_path):
    stopped(tmp_path, 4)


def test_a_database_that_answers_nothing_leaves_readers_their_pages(tmp_path):
    frozen(tmp_path, 4)


@pytest.mark.soak
def test_twenty_rounds_of_kills_lose_nothing_either(tmp_path):
    killed(tmp_path, 20)


@pytest.mark.soak
def test_a_database_that_is_away_for_ten_seconds(tmp_path):
    stopped(tmp_path, 10)


@pytest.mark.soak
def test_a_database_that_answers_nothing_for_ten_seconds(tmp_path):
    frozen(tmp_path, 10)
