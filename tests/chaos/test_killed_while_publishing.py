"""`kill -9` of the API while it publishes: what was acknowledged is there, nothing is half done, no retry acts twice.

Each round starts a real `python -m api serve`, lets several editors create, publish, take down and publish again over
HTTP, each step with a key of its own, and kills the process amid it. Then the rows are held against the answers; and
the next process is sent every step of the round once more, answered or not.
"""

import asyncio
import contextlib
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts.viewer import Role
from api.sql import Sql, rows, sql
from tests import builders, people
from tests.api.web.edge_server import WHOLE, Server

EDITORS = 4
LATEST = 0.6  # seconds after the first answer
VERBS = ("createArticle", "publishArticle", "unpublishArticle", "publishArticle")
TOLD = {"publishArticle": "UPSERT", "unpublishArticle": "REMOVE"}
SEED = 20261122
FIELDS = "article { id slug } userErrors { code }"
STATE = """
SELECT article.id, article.version, article.live_id IS NOT NULL AS live,
       (SELECT array_agg(verb ORDER BY id) FROM audit_entry WHERE thing = article.id) AS audit,
       (SELECT array_agg(kind ORDER BY id) FROM change WHERE article_id = article.id) AS changes,
       (SELECT count(*) FROM revision WHERE article_id = article.id) AS revisions,
       (SELECT count(*) FROM revision JOIN revision_author ON revision_id = revision.id
         WHERE article_id = article.id) AS authors
  FROM article WHERE slug = ?
"""
KEYS = "SELECT key, answer IS NOT NULL AS answered FROM idempotency_key WHERE key LIKE ?"

UNDER_WAY = """
SELECT count(*) AS n FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


@dataclass
class Life:
    """One article: the steps that were sent, and the answers that came."""

    slug: str
    author: str
    id: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    def next(self) -> dict[str, Any]:
        """The input of the next step; it counts as sent from here on."""
        place = len(self.sent)
        said: dict[str, Any] = {"id": self.id, "expectedVersion": place}
        if place == 0:
            said = {"title": self.slug, "slug": self.slug, "kind": "NEWS", "summary": "We are closed today.",
                    "body": {"markdown": "We are open again tomorrow."}, "authors": [self.author]}  # fmt: skip
        if VERBS[place] == "unpublishArticle":
            said |= {"kind": "GONE", "explanation": "It was a mistake."}
        self.sent.append(said | {"idempotencyKey": f"{self.slug}/{place}"})
        return self.sent[-1]

    @property
    def is_over(self) -> bool:
        return len(self.sent) == len(VERBS)


class Editor:
    """Leads one article after the other through its steps, until the server is gone."""

    def __init__(self, name: str, token: str, author: str) -> None:
        self.name, self.author = name, author
        self.headers = {"authorization": f"Bearer {token}"}
        self.lives: list[Life] = []

    def work(self, url: str, answered: threading.Event) -> None:
        with httpx.Client(base_url=url, headers=self.headers, timeout=20) as client:
            for number in range(1_000):
                life = Life(f"{self.name}-{number}", self.author)
                self.lives.append(life)
                while not life.is_over:
                    try:
                        answer = step(client, VERBS[len(life.sent)], life.next())
                    except httpx.TransportError:
                        return
                    life.answers.append(answer)
                    life.id = answer["article"]["id"]
                    answered.set()


def step(client: httpx.Client, verb: str, said: dict[str, Any]) -> Any:
    name = verb[0].upper() + verb[1:]
    document = f"mutation ($input: {name}Input!) {{ {verb}(input: $input) {{ {FIELDS} }} }}"
    answer = client.post("/graphql", json={"query": document, "variables": {"input": said}}).json()
    assert "errors" not in answer, answer
    assert answer["data"][verb]["userErrors"] == [], answer
    return answer["data"][verb]


class Rounds:
    """The database, who works in it, and how it went."""

    def __init__(self, url: str, folder: Path, token: str, author: str) -> None:
        self.environment = {"DATABASE_URL": url, "DATA_DIR": str(folder), "SECRET_KEY": people.SECRET_KEY}
        self.folder, self.token, self.author = folder, token, author
        self.chance = random.Random(SEED)  # noqa: S311 - when a process dies is no secret
        self.acknowledged = self.in_doubt = self.done_unanswered = 0

    @contextlib.contextmanager
    def served(self) -> Iterator[Server]:
        server = Server(self.folder / "log", WHOLE, **self.environment)
        try:
            yield server
        finally:
            server.process.kill()
            server.process.wait(30)

    async def go(self, count: int) -> None:
        before: list[Life] = []
        for number in range(count):
            editors = [Editor(f"round-{number}-editor-{each}", self.token, self.author) for each in range(EDITORS)]
            with self.served() as server:
                await self._again(server, before)
                self._killed_amid_it(server, editors)
            await transactions_over()
            before = [life for editor in editors for life in editor.lives]
            for life in before:
                await self._check(life)
        with self.served() as server:
            await self._again(server, before)

    def _killed_amid_it(self, server: Server, editors: list[Editor]) -> None:
        answered = threading.Event()
        threads = [threading.Thread(target=editor.work, args=(server.url, answered)) for editor in editors]
        for thread in threads:
            thread.start()
        assert answered.wait(20)
        time.sleep(self.chance.uniform(0, LATEST))
        server.process.kill()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()

    async def _check(self, life: Life) -> None:
        """All that was answered is there; the step that was not is there whole, or not at all."""
        self.acknowledged += len(life.answers)
        found, done = await state(life), len(life.answers)
        if len(life.sent) > done:
            self.in_doubt += 1
            assert found in (wanted(life, done), wanted(life, done + 1)), life
            done += found == wanted(life, done + 1)
            self.done_unanswered += done - len(life.answers)
        assert found == wanted(life, done)
        assert await keys(life) == done

    async def _again(self, server: Server, lives: list[Life]) -> None:
        """Send every step once more: what was answered is answered alike, and each has been done once in the end."""
        headers = {"authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=20) as client:
            for life in lives:
                again = [step(client, verb, said) for verb, said in zip(VERBS, life.sent, strict=False)]
                assert again[: len(life.answers)] == life.answers
        for life in lives:
            assert await state(life) == wanted(life, len(life.sent))
            assert await keys(life) == len(life.sent)


async def transactions_over() -> None:
    """Wait until the database has ended what the dead process had begun."""
    while (await rows(Sql(UNDER_WAY)))[0]["n"]:  # noqa: ASYNC110 - another program's event
        await asyncio.sleep(0.02)


async def state(life: Life) -> dict[str, Any] | None:
    """What is in the database about an article."""
    found = await rows(sql(STATE, life.slug))
    assert len(found) <= 1
    if not found:
        return None
    row = dict(found[0])
    assert life.id in {"", row.pop("id")}
    return row


def wanted(life: Life, steps: int) -> dict[str, Any] | None:
    """What must be there after so many steps."""
    if not steps:
        return None
    done = VERBS[:steps]
    told = [TOLD[verb] for verb in done if verb in TOLD] or None
    live = done[-1] == "publishArticle"
    return {"version": steps, "live": live, "audit": list(done), "changes": told, "revisions": 1, "authors": 1}


async def keys(life: Life) -> int:
    """How many keys of an article are kept; each with its answer."""
    found = await rows(sql(KEYS, f"{life.slug}/%"))
    assert all(row["answered"] for row in found)
    return len(found)


@pytest.fixture
async def rounds(database: str, tmp_path: Path) -> Rounds:
    await builders.clinic()
    author = await builders.practitioner()
    await author.update_from_dict({"is_published": True}).save()
    token = await people.token(await people.member(Role.EDITOR, password=None))
    return Rounds(database, tmp_path, token, author.id)


async def survived(rounds: Rounds, count: int) -> None:
    await rounds.go(count)
    (numbers,) = await rows(Sql("SELECT count(*) AS kept, count(DISTINCT id) AS told FROM change"))
    assert rounds.acknowledged > count * EDITORS
    assert rounds.in_doubt > 0
    print(  # noqa: T201 - the figures are the point
        f"{count} rounds: {rounds.acknowledged} acknowledged, {rounds.in_doubt} cut off, of which "
        f"{rounds.done_unanswered} were done whole; {numbers['kept']} changes"
    )


async def test_five_kills_lose_nothing_that_was_acknowledged_and_leave_nothing_half_done(rounds: Rounds):
    await survived(rounds, 5)


@pytest.mark.soak
async def test_fifty_kills_lose_nothing_either(rounds: Rounds):
    await survived(rounds, 50)
