"""A command's way to the database: the one that is named, else the embedded one, started when nobody did."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator

from api import database, postgres
from api.settings import Settings


def connected(configured: Settings, act: Callable[[], Awaitable[int | None]]) -> int:
    """Run something with Tortoise connected; its exit code, 0 when it gives none."""

    async def acting(url: str) -> int:
        await database.connect(url)
        try:
            return await act() or 0
        finally:
            await database.disconnect()

    with address(configured) as url:
        return asyncio.run(acting(url))


@contextlib.contextmanager
def address(configured: Settings) -> Iterator[str]:
    """The address of the database, which is there for as long as the block lasts."""
    if configured.database_url:
        yield configured.database_url
        return
    with postgres.running(configured.data_dir) as url:
        yield url
