"""A flood of comments: none is published, the queue stays short, the database and the memory too, and readers read on.

The small round is part of `make test`; the long one, 10,000 comments over 20 connections, of `make soak`. The reader is
a process of its own, so that the flood's senders do not stand in its way, and reads on while the flood comes and goes:
idle and flooded requests are of the same seconds of the same machine.
"""

import asyncio
import hmac
import itertools
import json
import secrets
import statistics
import subprocess
import sys
import time
from collections import Counter
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from api import sealing
from api.comments import submitting
from api.comments.models import Comment, CommentStatus
from api.sql import Sql, rows
from tests import builders, people, talking
from tests.api.web.edge_server import WHOLE, Server

SIZE = "SELECT pg_database_size(current_database()) AS bytes"
HELD = "SELECT article_id, status, count(*) AS n FROM comment GROUP BY article_id, status"
READ = "{ articles(first: 5) { nodes { title comments { totalCount } } } }"
SEND = "mutation ($input: SubmitCommentInput!) { submitComment(input: $input) { status userErrors { code } } }"
CONNECTIONS = 20
ROUNDS = 4
WINDOW = 2.0
READER = """
import http.client, sys, time
host, port, path = sys.argv[1:]
connection = http.client.HTTPConnection(host, int(port), timeout=30)
while True:
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    print(began, time.perf_counter() - began, flush=True)
    time.sleep(0.02)
"""


class Reader:
    """Reads one request after the other, and knows when it was flooded."""

    def __init__(self, server: Server) -> None:
        path = "/graphql?" + urlencode({"query": READ})
        command = [sys.executable, "-c", READER, "127.0.0.1", str(server.port), path]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.windows: dict[str, list[tuple[float, float]]] = {"idle": [], "flooded": []}

    def mark(self, name: str, began: float) -> None:
        """What began since then was of this kind."""
        self.windows[name].append((began, time.perf_counter()))

    def p95(self) -> dict[str, float]:
        """The 95th of a hundred requests of each kind, in seconds; the reader stops."""
        still = self.process.poll() is None
        self.process.terminate()
        told, wrong = self.process.communicate()
        assert still, wrong
        whole, _, _ = told.rpartition("\n")  # the reader may have been stopped within a line
        taken = [tuple(map(float, line.split())) for line in whole.splitlines()]
        return {
            name: statistics.quantiles([t for at, t in taken if any(a <= at < b for a, b in windows)], n=20)[18]
            for name, windows in self.windows.items()
        }


class Flood:
    """So many comments over the connections, each from another address if wanted; it can be held up."""

    def __init__(self, url: str, article: str, comments: int, *, addresses: bool = False) -> None:
        self.url, self.article, self.comments, self.addresses = url, article, comments, addresses
        self.told: Counter[str] = Counter()
        self.numbers = itertools.count()
        self.under_way = 0
        self.flows, self.calm = asyncio.Event(), asyncio.Event()
        self.flows.set()
        self.token = talking.form(article, minutes=5).token

    async def run(self) -> Counter[str]:
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as client:
            await asyncio.gather(*(self._connection(client) for _ in range(CONNECTIONS)))
        return self.told

    async def pause(self) -> None:
        """Hold it up; what is on its way is answered first."""
        self.flows.clear()
        await self.calm.wait()

    async def _connection(self, client: httpx.AsyncClient) -> None:
        while (number := next(self.numbers)) < self.comments:
            await self.flows.wait()
            self.under_way += 1
            self.calm.clear()
            sent = {"article": self.article, "body": f"Buy {number} pills, {number * 7919} of them.",
                    "displayName": "Spam", "consent": talking.GIVEN, "formToken": self.token}  # fmt: skip
            self.told[await submit(client, sent, number if self.addresses else None)] += 1
            self.under_way -= 1
            if self.under_way == 0:
                self.calm.set()


async def submit(client: httpx.AsyncClient, sent: dict[str, Any], number: int | None = None) -> str:
    """What is told of a comment, sent by the site for a reader at the address of this number, or by nobody."""
    body = json.dumps({"query": SEND, "variables": {"input": sent}}).encode()
    headers = {"content-type": "application/json"} | ({} if number is None else {"meridian-site": signed(number, body)})
    payload = (await client.post("/graphql", content=body, headers=headers)).json()["data"]["submitComment"]
    return str(payload["status"] or payload["userErrors"][0]["code"])


def signed(number: int, body: bytes) -> str:
    address = f"10.{number // 62_500}.{number // 250 % 250}.{number % 250}"
    now = int(time.time())
    told = f"{now}\n{address}\nPOST\n/graphql\n{sha256(body).hexdigest()}".encode()
    key = sealing.derive(people.SECRET_KEY, "meridian/site")
    return f"t={now},ip={address},v1={hmac.new(key, told, sha256).hexdigest()}"


async def rain(server: Server, flood: Flood) -> dict[str, float]:
    """The reader's figures while the flood comes and goes, and then comes down to the end."""
    reader = Reader(server)
    raining = asyncio.create_task(flood.run())
    for _ in range(ROUNDS):
        flood.flows.set()
        began = time.perf_counter()
        await asyncio.sleep(WINDOW)
        reader.mark("flooded", began)
        await flood.pause()
        began = time.perf_counter()
        await asyncio.sleep(WINDOW)
        reader.mark("idle", began)
    flood.flows.set()
    began = time.perf_counter()
    await raining
    reader.mark("flooded", began)
    return reader.p95()


async def weather(database: str, tmp_path, comments: int, *, addresses: bool = False) -> str:
    """A flood and a reader; the figures of both."""
    article = await builders.live()
    environment = {"DATABASE_URL": database, "SECRET_KEY": people.SECRET_KEY, "DATA_DIR": str(tmp_path)}
    server = Server(tmp_path / "log", WHOLE, **environment)
    try:
        await Flood(server.url, article.id, 60).run()
        before = (await rows(Sql(SIZE)))[0]["bytes"], server.memory
        flood = Flood(server.url, article.id, comments, addresses=addresses)
        taken = await rain(server, flood)
        grown = (await rows(Sql(SIZE)))[0]["bytes"] - before[0], server.memory - before[1]
    finally:
        server.stop()
    kept = {(row["article_id"], row["status"]): row["n"] for row in await rows(Sql(HELD))}
    figures = f"p95 {taken} s; grown by {grown} bytes; told {flood.told}; kept {kept}"
    assert {status for _, status in kept} <= {CommentStatus.PENDING, CommentStatus.SPAM}, figures
    assert all(count <= submitting.MOST_HELD for count in kept.values()), figures
    assert flood.told.total() == comments
    assert await Comment.filter(status=CommentStatus.APPROVED).count() == 0
    assert grown[0] < 2_000_000, figures
    assert grown[1] < 50_000_000, figures
    assert taken["flooded"] < 2 * taken["idle"], figures
    return figures


async def test_a_small_flood_publishes_nothing_and_stays_small(database, tmp_path):
    await weather(database, tmp_path, 300)


@pytest.mark.soak
async def test_ten_thousand_comments_over_twenty_connections(database, tmp_path):
    await weather(database, tmp_path, 10_000)


@pytest.mark.soak
async def test_ten_thousand_comments_from_as_many_addresses(database, tmp_path):
    await weather(database, tmp_path, 10_000, addresses=True)


@pytest.mark.soak
async def test_many_addresses_that_prove_their_work_fill_one_queue_and_no_more(database, tmp_path):
    article, other = await builders.live(), await builders.live()
    environment = {"DATABASE_URL": database, "SECRET_KEY": people.SECRET_KEY, "DATA_DIR": str(tmp_path)}
    server = Server(tmp_path / "log", WHOLE, **environment)
    told: Counter[str] = Counter()
    many = submitting.MOST_HELD + 20
    try:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            for number in range(many):
                words = " ".join(secrets.token_hex(4) for _ in range(12))
                told[await submit(client, talking.proven(article.id, words), number)] += 1
            assert await submit(client, talking.proven(other.id), many) == "PENDING"
    finally:
        server.stop()
    assert told == {"PENDING": submitting.MOST_HELD, "RATE_LIMITED": 20}
    kept = {(row["article_id"], row["status"]): row["n"] for row in await rows(Sql(HELD))}
    assert kept == {(article.id, "PENDING"): submitting.MOST_HELD, (other.id, "PENDING"): 1}
