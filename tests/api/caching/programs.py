"""The whole program in this process with its line standing, and a twin of it that keeps nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson

from api import app, settings
from api.caching import Line
from api.web.application import Front
from api.web.graphql import Answers
from tests.people import SECRET_KEY

ACCEPT = {"accept": "application/graphql-response+json", "accept-encoding": "identity"}


@dataclass
class Running:
    """A program that keeps answers (`client`), and one on the same database that does not (`plain`)."""

    client: httpx.AsyncClient
    plain: httpx.AsyncClient
    front: Front
    headers: dict[str, str] = field(default_factory=lambda: dict(ACCEPT))

    @property
    def answers(self) -> Answers:
        return self.front.answers

    @property
    def hot(self) -> int:
        """How many answers were sent as they were kept."""
        return sum(self.counted(status) for status in ("200", "304"))

    def counted(self, status: str) -> int:
        told = {"kind": "query", "temperature": "hot", "method": "GET", "status": status}
        return int(self.front.metrics.registry.get_sample_value("meridian_requests_total", told) or 0)

    @property
    def line(self) -> Line:
        return self.answers.cache.line

    async def settled(self) -> None:
        """Until what was written before this has been heard, and the cache is believed."""
        await self.line.caught_up()
        for _ in range(500):
            if self.line.stands:
                return
            await asyncio.sleep(0.01)
        raise TimeoutError

    async def get(
        self, document: str, *, plain: bool = False, more: dict[str, str] | None = None, **said: Any
    ) -> httpx.Response:
        asked = {"query": document} | ({"variables": orjson.dumps(said).decode()} if said else {})
        client = self.plain if plain else self.client
        return await client.get("/graphql", params=asked, headers=self.headers | (more or {}))

    async def post(self, document: str, *, token: str = "", **said: Any) -> httpx.Response:
        more = {"authorization": f"Bearer {token}"} if token else {}
        return await self.client.post(
            "/graphql", json={"query": document, "variables": said}, headers=self.headers | more
        )


@contextlib.asynccontextmanager
async def running(database: str, folder: Path, **configured: Any) -> AsyncIterator[Running]:
    """Tortoise is connected already; the line and the readers are the programs' own."""
    given = {"data_dir": folder, "secret_key": SECRET_KEY, "cost_per_minute": 0} | configured
    built, _ = app.build(settings.Settings(**given), database)
    plain, _ = app.build(settings.Settings(**given | {"cache_bytes": 0}), database)
    assert isinstance(built, Front)
    async with contextlib.AsyncExitStack() as stack:
        for each in (built, plain):
            await stack.enter_async_context(_opened(each))
        await stack.enter_async_context(built.answers.cache.line.held())
        await stack.enter_async_context(built.answers.cache.replicas.held())
        both = [
            await stack.enter_async_context(
                httpx.AsyncClient(transport=httpx.ASGITransport(each), base_url="http://clinic.test")
            )
            for each in (built, plain)
        ]
        found = Running(*both, built)
        await found.settled()
        yield found


@contextlib.asynccontextmanager
async def _opened(program: Any) -> AsyncIterator[None]:
    """As when it starts: what only reads goes over readers that are open, and buckets are given back."""
    parts: app.Parts = program.edge.app.router.lifespan_context.args[2]
    await parts.readers.open()
    await parts.row_readers.open()
    try:
        yield
    finally:
        await parts.buckets.close()
        await parts.row_readers.close()
        await parts.readers.close()
