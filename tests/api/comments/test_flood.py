"""A flood of comments: none is published, the queue stays short, the database and the memory too, and readers read on.

The small round is part of `make test`; the long one, 10,000 comments over 20 connections, of `make soak`.
"""

import asyncio
import itertools
import statistics
import time

import httpx
import pytest

from api.comments import submitting
from api.comments.models import Comment, CommentStatus
from api.sql import Sql, rows
from tests import builders, people, talking
from tests.api.web.edge_server import WHOLE, Server

SIZE = "SELECT pg_database_size(current_database()) AS bytes"
READ = "{ articles(first: 5) { nodes { title comments { totalCount } } } }"
SEND = "mutation ($input: SubmitCommentInput!) { submitComment(input: $input) { status userErrors { code } } }"
CONNECTIONS = 20


async def p95_of_reading(url: str, seconds: float) -> float:
    """The 95th of a hundred reader's requests, in seconds, one after the other."""
    taken = []
    ends = time.perf_counter() + seconds
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        while time.perf_counter() < ends:
            began = time.perf_counter()
            answer = await client.get("/graphql", params={"query": READ})
            assert answer.status_code == 200, answer.text
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)
    return statistics.quantiles(taken, n=20)[18]


async def flood(url: str, article: str, comments: int) -> dict[str, int]:
    """Send so many over the connections; how often each answer came."""
    numbers = itertools.count()
    told: dict[str, int] = {}
    token = talking.form(article, minutes=5).token

    async def one(client: httpx.AsyncClient) -> None:
        for number in numbers:
            if number >= comments:
                return
            sent = {"article": article, "body": f"Buy {number} pills, {number * 7919} of them.", "displayName": "Spam",
                    "consent": talking.GIVEN, "formToken": token}  # fmt: skip
            answer = await client.post("/graphql", json={"query": SEND, "variables": {"input": sent}})
            payload = answer.json()["data"]["submitComment"]
            key = payload["status"] or payload["userErrors"][0]["code"]
            told[key] = told.get(key, 0) + 1

    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        await asyncio.gather(*(one(client) for _ in range(CONNECTIONS)))
    return told


async def weather(database: str, tmp_path, comments: int) -> str:
    """Idle readers, then the same readers in a flood; the figures of both."""
    article = await builders.live()
    environment = {"DATABASE_URL": database, "SECRET_KEY": people.SECRET_KEY, "DATA_DIR": str(tmp_path)}
    server = Server(tmp_path / "log", WHOLE, **environment)
    try:
        await flood(server.url, article.id, 60)
        idle = await p95_of_reading(server.url, 3)
        before = (await rows(Sql(SIZE)))[0]["bytes"], server.memory
        flooding = asyncio.create_task(flood(server.url, article.id, comments))
        busy = await p95_of_reading(server.url, 3)
        told = await flooding
        grown = (await rows(Sql(SIZE)))[0]["bytes"] - before[0], server.memory - before[1]
    finally:
        server.stop()
    states = {
        row["status"]: row["n"] for row in await rows(Sql("SELECT status, count(*) n FROM comment GROUP BY status"))
    }
    figures = f"p95 idle {idle:.4f} s, flooded {busy:.4f} s; grown by {grown} bytes; told {told}; kept {states}"
    assert set(states) <= {CommentStatus.PENDING, CommentStatus.SPAM}
    assert all(count <= submitting.MOST_HELD for count in states.values())
    assert sum(told.values()) == comments
    assert await Comment.filter(status=CommentStatus.APPROVED).count() == 0
    assert grown[0] < 2_000_000
    assert grown[1] < 50_000_000
    assert busy < 2 * idle, figures
    return figures


async def test_a_small_flood_publishes_nothing_and_stays_small(database, tmp_path):
    await weather(database, tmp_path, 300)


@pytest.mark.soak
async def test_ten_thousand_comments_over_twenty_connections(database, tmp_path):
    await weather(database, tmp_path, 10_000)
