"""A command's way to the database: the one that is named, else the embedded one, started when nobody did."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator

from api import database, doctor, erasures, postgres
from api.errors import Unavailable
from api.settings import Settings
from api.sql import Sql, rows


class NoTables(Unavailable):
    """There are no tables in this database yet: run `python -m api migrate`."""


def connected(configured: Settings, act: Callable[[], Awaitable[int | None]]) -> int:
    """Run something with Tortoise connected; its exit code, 0 when it gives none."""

    async def acting(url: str) -> int:
        if unreachable := await doctor.reach(url):
            raise Unavailable(unreachable.sentence)
        await database.connect(url)
        erasures.keep_in(configured.erasures_dir)
        try:
            await _check_tables(configured)
            return await act() or 0
        finally:
            await database.disconnect()

    with address(configured) as url:
        return asyncio.run(acting(url))


async def _check_tables(configured: Settings) -> None:
    (found,) = await rows(Sql("SELECT to_regclass('article') AS tables"))
    if found["tables"] is None:
        where = "DATABASE_URL" if configured.database_url else f"DATA_DIR ({configured.data_dir})"
        raise NoTables(
            f"There are no tables in this database yet: check that {where} is the one that `make run` had, "
            "or run `python -m api migrate`."
        )


@contextlib.contextmanager
def address(configured: Settings) -> Iterator[str]:
    """The address of the database, which is there for as long as the block lasts."""
    if configured.database_url:
        yield configured.database_url
        return
    with postgres.running(configured.data_dir) as url:
        yield url
