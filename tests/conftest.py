"""A real PostgreSQL for every test that asks for one: migrated once, copied for each test."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from api import database as db
from api import ids, postgres
from api.sample import loading
from tests import builders

SITE = "https://clinic.example"
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder is this process's own
ROOM = 3_000_000_000
ACCOUNTS = ("audit_entry", "idempotency_key", "sign_in_failure", "invitation", "token", "member", "practitioner")
# As a replica would: the triggers that keep the audit log as it is are silent.
EMPTY = "SET session_replication_role = replica; " + "; ".join(f"DELETE FROM {table}" for table in ACCOUNTS)


@pytest.fixture(autouse=True)
def the_moment_of_this_test() -> None:
    """What is `ahead` stays ahead, however long the whole run takes."""
    builders.NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of our own, in memory where there is room.

    A disk takes 0.2 s to copy a database and drop it again, and two thousand tests have one of their own. What must
    survive is tried on servers whose files are on the disk.
    """
    with _in_memory() as folder, postgres.running(folder or tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(server: str) -> str:
    """The name of a database whose tables are up to date."""
    asyncio.run(_statement(server, 'CREATE DATABASE "migrated"'))
    asyncio.run(db.migrate(named(server, "migrated")))
    return "migrated"


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def sampled(server: str, migrated: str, media: Path) -> str:
    """The name of a database that holds the sample clinic."""
    asyncio.run(_statement(server, f'CREATE DATABASE "sampled" TEMPLATE "{migrated}"'))
    asyncio.run(_load(named(server, "sampled"), media))
    return "sampled"


@pytest.fixture
async def database(server: str, migrated: str) -> AsyncIterator[str]:
    """An empty, migrated database of the test's own; Tortoise is connected to it."""
    async for url in _copy(server, migrated):
        yield url


@pytest.fixture(scope="session")
def shared(server: str, migrated: str) -> str:
    """The address of a database that tests about accounts share, one after the other."""
    asyncio.run(_statement(server, f'CREATE DATABASE "shared" TEMPLATE "{migrated}"'))
    return named(server, "shared")


@pytest.fixture
def emptied(shared: str) -> Iterator[str]:
    """The address of a database without members, tokens and what they did."""
    yield shared
    asyncio.run(_statement(shared, EMPTY))


@pytest.fixture
async def accounts(emptied: str) -> AsyncIterator[str]:
    """The same database; Tortoise is connected to it."""
    await db.connect(emptied)
    try:
        yield emptied
    finally:
        await db.disconnect()


@pytest.fixture
async def sample(server: str, sampled: str) -> AsyncIterator[str]:
    """The sample clinic in a database of the test's own; Tortoise is connected to it."""
    async for url in _copy(server, sampled):
        yield url


@contextlib.contextmanager
def _in_memory() -> Iterator[Path | None]:
    """A folder of this process's own, gone at its end; what processes left behind that were killed goes, too."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield None
        return
    for left in MEMORY.glob("meridian-tests-*"):
        if not Path("/proc", left.name.rpartition("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = MEMORY / f"meridian-tests-{os.getpid()}"
    folder.mkdir(mode=0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def named(server: str, name: str) -> str:
    """The address of another database on the same server."""
    return server.replace(urlsplit(server).path, f"/{name}", 1)


async def _copy(server: str, template: str) -> AsyncIterator[str]:
    name = ids.new("test")
    await _statement(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = named(server, name)
    await db.connect(url)
    try:
        yield url
    finally:
        await db.disconnect()
        await _statement(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _load(url: str, media: Path) -> None:
    await db.connect(url)
    try:
        await loading.load(media, SITE)
    finally:
        await db.disconnect()


async def _statement(server: str, statement: str) -> None:
    connection = await asyncpg.connect(**db.credentials(server))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
