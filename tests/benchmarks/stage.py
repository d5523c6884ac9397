"""What is measured: databases of so many articles on one cluster, and the servers in front of them."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import asyncpg
import httpx

from api import database as db
from api.sample import loading
from tests import builders, people
from tests.api.web.edge_server import ROOT, WHOLE, Server
from tests.asking import SITE
from tests.benchmarks.questions import LIST, MANY
from tests.benchmarks.seeding import seed
from tests.conftest import named

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.questions import Question

ACCEPT = {"accept": "application/graphql-response+json", "accept-encoding": "identity"}
TRIES = 100
STARTS = 5
ENDS = "query Ends($first: Int) { articles(first: $first, orderBy: NEWEST) { pageInfo { endCursor } } }"


@dataclass
class Stage:
    """A cluster with its databases by the number of articles, and what was started in front of them."""

    cluster: str
    folder: Path
    process: int
    databases: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    async def prepare(self, sizes: list[int]) -> None:
        """Make every database: migrated once, the sample clinic loaded once, then copied and filled."""
        await self.statement('CREATE DATABASE "migrated"')
        await db.migrate(named(self.cluster, "migrated"))
        await self.copy("migrated", "sampled")
        await db.connect(named(self.cluster, "sampled"))
        await loading.load(self.folder / "media", SITE)
        await db.disconnect()
        for size in sizes:
            began = time.monotonic()
            await self.fill(size)
            say(f"{size:,} articles in {time.monotonic() - began:.0f} s")

    async def fill(self, size: int) -> None:
        self.databases[size] = url = await self.copy("sampled", f"of_{size}")
        connection = await asyncpg.connect(**db.credentials(url))
        await seed(connection, size)
        await connection.close()
        await db.connect(url)
        self.keys[size] = await builders.key(await builders.partner(quota=1_000_000_000))
        await db.disconnect()

    async def copy(self, template: str, name: str) -> str:
        await self.statement(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return named(self.cluster, name)

    async def statement(self, statement: str) -> None:
        connection = await asyncpg.connect(**db.credentials(self.cluster))
        await connection.execute(statement)
        await connection.close()

    def api(self, url: str, *, keeps: bool) -> Server:
        """The API in one process, with or without its response cache."""
        name = f"api-{len(list(self.folder.glob('*.log')))}.log"
        return self.started(Server(self.folder / name, WHOLE, **self.settings(url, keeps=keeps)))

    def settings(self, url: str, *, keeps: bool) -> dict[str, str]:
        plain = {"DATABASE_URL": url, "SECRET_KEY": people.SECRET_KEY, "DATA_DIR": str(self.folder)}
        return plain | {"LOG_FORMAT": "json", "COST_PER_MINUTE": "0", "CACHE_BYTES": "64000000" if keeps else "0"}

    def started(self, server: Server) -> Server:
        self.running.callback(server.stop)
        return server

    def starts(self, url: str) -> tuple[float, int]:
        """The median seconds from a start to being ready, and what the last one takes of memory when idle."""
        taken, idle = [], 0
        for number in range(STARTS):
            began = time.perf_counter()
            given = self.settings(url, keeps=True) | {"PYTHONDONTWRITEBYTECODE": ""}  # the first start leaves bytecode
            server = Ready(self.folder / f"start-{number}.log", WHOLE, **given)
            taken.append(time.perf_counter() - began)
            time.sleep(0.5)
            idle = server.memory
            server.stop()
        return statistics.median(taken), idle


class Ready(Server):
    """Waits until it may be sent readers."""

    def _wait(self) -> None:
        with httpx.Client() as client:
            for _ in range(6_000):
                with contextlib.suppress(httpx.TransportError):
                    if client.get(f"{self.url}/readyz").status_code == httpx.codes.OK:
                        return
                time.sleep(0.005)
        raise TimeoutError


class Bare(Server):
    """The bare route that answers with these bytes; it has no health to ask for."""

    def __init__(self, folder: Path, body: bytes) -> None:
        self.body = folder / "bare"
        self.body.write_bytes(body)
        super().__init__(folder / "bare.log", ("-c", "pass"))

    def _wait(self) -> None:
        self.process.wait()
        command = [sys.executable, "-m", "tests.benchmarks.bare", str(self.port), str(self.body)]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        super()._wait()


async def asked(server: Server, each: list[Question], token: str = "", *, hot: bool = False) -> bytes:
    """An answer of the usual length, once each question was answered from where it is to come from."""
    headers = ACCEPT | ({"authorization": f"Bearer {token}"} if each[0].with_key else {})
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as client:
        found = [await _answer(client, question, hot=hot) for question in each]
    return sorted(found, key=len)[len(found) // 2]


async def _answer(client: httpx.AsyncClient, question: Question, *, hot: bool) -> bytes:
    for _ in range(TRIES):
        if question.text:
            sent = {"query": question.text, "variables": question.variables}
            answer = await client.post("/graphql", json=sent)
        else:
            answer = await client.get(question.target)
        if answer.status_code != httpx.codes.OK or b'"errors":' in answer.content[:20]:
            raise SystemExit(f"{question.name}: {answer.status_code} {answer.text[:500]}")
        if (answer.headers.get("server-timing") == "hot") is hot:
            return answer.content
        await asyncio.sleep(0.1)
    raise SystemExit(f"{question.name}: the answer never came {'' if hot else 'not '}from the cache.")


async def listed(server: Server) -> Question:
    """The list of 20 from the newest article on, and from each of the next ones."""
    cursors = await ends(server, ENDS, "articles")
    return replace(LIST, others=tuple({**LIST.variables, "after": cursor} for cursor in cursors))


async def ends(server: Server, document: str, name: str) -> list[str]:
    """The cursor after each of the first articles."""
    found = []
    async with httpx.AsyncClient(timeout=60) as client:
        for number in range(1, MANY):
            sent = {"query": document, "variables": {"first": number}}
            data = (await client.post(f"{server.url}/graphql", json=sent)).json()["data"]
            found.append(data[name]["pageInfo"]["endCursor"])
    return found


def say(sentence: str) -> None:
    """One line of progress."""
    print(f"{time.strftime('%H:%M:%S')}  {sentence}", flush=True)
