"""`kill -9` of each process in turn, PostgreSQL's too, and a PostgreSQL that is away for a while, under load.

The full rounds: `python -m pytest -m soak tests/chaos/test_killed_and_away.py -s` prints its figures.
"""

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from api import database as db
from api import postgres
from api.accounts.viewer import Role
from api.sample import loading
from tests import people
from tests.chaos.standing import House, Load, standing
from tests.conftest import SITE

PAGES = ("/", "/articles")
QUERY = "/graphql?query=" + quote("{ articles(first: 3) { nodes { title } } }")
CREATE = """
mutation ($input: CreateArticleInput!) { createArticle(input: $input) { article { id } userErrors { code } } }
"""


class Database:
    """An embedded PostgreSQL that can be ended and started again under one address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        self.running = contextlib.ExitStack()
        self.server = self.running.enter_context(postgres.serving(self.folder))
        self.url = self.server.url

    def stop(self) -> None:
        self.running.close()

    def kill(self) -> None:
        assert self.server.process
        self.server.process.kill()
        self.server.process.wait(30)
        self.running.close()


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


async def _filled(url: str, media: Path) -> str:
    """The sample clinic, and an editor's token."""
    await db.migrate(url)
    await db.connect(url)
    try:
        await loading.load(media, SITE)
        return await people.token(await people.member(Role.EDITOR, password=None))
    finally:
        await db.disconnect()


async def _there(url: str) -> set[str]:
    connection = await asyncpg.connect(**db.credentials(url))
    try:
        return {row["id"] for row in await connection.fetch("SELECT id FROM article")}
    finally:
        await connection.close()


@contextlib.contextmanager
def lived_in(folder: Path) -> Iterator[tuple[Database, House, Writer]]:
    stopped = Database(folder / "database")
    try:
        token = asyncio.run(_filled(stopped.url, folder / "media"))
        with standing(stopped.url, folder, each=1) as house:
            yield stopped, house, Writer(house, token)
    finally:
        stopped.stop()


def killed(folder: Path, rounds: int) -> None:
    with lived_in(folder) as (postgresql, house, writer):
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


def away(folder: Path, seconds: float) -> None:
    with lived_in(folder) as (postgresql, house, writer):
        for page in PAGES:
            httpx.get(house.url + page, trust_env=False)
        with Load(house, (*PAGES, QUERY), readers=2, per_second=40) as load, writer.at_work():
            time.sleep(2)
            left = time.monotonic()
            postgresql.stop()
            time.sleep(seconds)
            postgresql.start()
            back = time.monotonic()
            time.sleep(6)
    during = [one for one in load.answered if left < one[0] < back]
    pages = [one for one in during if one[1] in PAGES]
    recovered = (
        max((began + waited for began, _, status, waited in load.answered if status != 200), default=back) - back
    )
    slowest = max([*(one[3] for one in load.answered), *(waited for *_, waited in writer.refused)])
    print(f"away for {seconds:.0f} s: {sum(one[2] == 200 for one in pages)} of {len(pages)} kept pages were 200, "  # noqa: T201 - figures
          f"{sum(one[2] == 200 for one in during) - sum(one[2] == 200 for one in pages)} of {len(during) - len(pages)} "
          f"queries; {len(writer.refused)} mutations refused; the slowest answer took {slowest:.2f} s; "
          f"the last refusal came {max(recovered, 0):.2f} s after it was back")  # fmt: skip
    assert load.failed == []
    assert {one[2] for one in pages} == {200}
    assert {(status, retry) for status, retry, _ in writer.refused} == {(503, "2")}
    assert slowest < 5
    assert recovered <= 3


def test_nothing_that_was_acknowledged_is_lost_when_each_process_is_killed(tmp_path):
    killed(tmp_path, 1)


def test_a_database_that_is_away_leaves_readers_their_pages_and_writers_a_plain_refusal(tmp_path):
    away(tmp_path, 4)


@pytest.mark.soak
def test_twenty_rounds_of_kills_lose_nothing_either(tmp_path):
    killed(tmp_path, 20)


@pytest.mark.soak
def test_a_database_that_is_away_for_ten_seconds(tmp_path):
    away(tmp_path, 10)
