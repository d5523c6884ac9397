"""The one database: PostgreSQL, reached through Tortoise on asyncpg."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.connection import get_connection, get_connections
from tortoise.exceptions import DBConnectionError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.transactions import in_transaction

from api.errors import Invalid, TooLong, Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

APP = "meridian"
MODELS = [
    "api.accounts.models",
    "api.attempts",
    "api.audit",
    "api.changes",
    "api.heartbeats",
    "api.mail",
    "api.evidence.models",
    "api.media.models",
    "api.clinic",
    "api.practitioners",
    "api.conditions",
    "api.treatments",
    "api.statements",
    "api.articles.models",
    "api.articles.derived",
    "api.comments.models",
    "api.syndication.models",
    "api.views",
    "api.syndication.webhooks.models",
    "api.syndication.websub.models",
    "api.idempotency",
    "api.publishing.models",
    "api.letters",
]
GUARDS = {
    "statement_timeout": "10000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "15000",
    "timezone": "UTC",
    "random_page_cost": "1.1",  # what is read is in memory or on a disk without arms
}
# A change of a table waits for nobody longer than readers can; once it has its lock it may take its time.
PATIENCE = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}
# What a database that cannot be reached, or is going down, is told by.
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientResourcesError,  # a full disk, too many connections
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that broke in the middle of a statement
    DBConnectionError,
)
MIGRATING = "SELECT pg_advisory_lock(hashtext('meridian.migrate'))"


patience: ContextVar[float | None] = ContextVar("patience", default=None)
"""How many seconds one statement may take for whoever is being answered; the server's own guard is wider."""


class Connection(asyncpg.Connection):  # type: ignore[misc] # asyncpg ships no types
    """Cancels a statement, in the server too, once `patience` is at its end."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> Any:  # noqa: ANN401, ASYNC109 - as asyncpg has it
        return await _patient(super().execute(query, *args, timeout=timeout or patience.get()), timeout)

    async def executemany(self, command: str, args: Any, *, timeout: float | None = None) -> Any:  # noqa: ANN401, ASYNC109 - likewise
        return await _patient(super().executemany(command, args, timeout=timeout or patience.get()), timeout)

    async def fetch(self, query: str, *args: Any, timeout: float | None = None, **further: Any) -> Any:  # noqa: ANN401, ASYNC109 - likewise
        return await _patient(super().fetch(query, *args, timeout=timeout or patience.get(), **further), timeout)

    async def fetchrow(self, query: str, *args: Any, timeout: float | None = None, **further: Any) -> Any:  # noqa: ANN401, ASYNC109 - likewise
        return await _patient(super().fetchrow(query, *args, timeout=timeout or patience.get(), **further), timeout)


async def _patient(answer: Awaitable[Any], timeout: float | None) -> Any:  # noqa: ANN401, ASYNC109 - whatever the driver answers
    try:
        return await answer
    except TimeoutError as error:
        if timeout is None and patience.get():
            raise TooLong from error
        raise


def credentials(url: str, setting: str = "DATABASE_URL") -> dict[str, Any]:
    """What asyncpg needs to know of a URL: `postgresql://user:password@host:5432/name`, or `…/name?host=/socket`."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        port = int(query.get("port") or parts.port or 5432)
    except ValueError:
        port = 0
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or not port:
        raise Invalid(f"{setting} is not understood: give postgresql://user:password@host:5432/name.")
    return {
        "host": query.get("host") or parts.hostname or "localhost",
        "port": port,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.strip("/")),
        **({"ssl": query["sslmode"]} if "sslmode" in query else {}),
    }


def configuration(url: str, *, connections: int = 10) -> dict[str, Any]:
    """Tortoise's configuration for this database."""
    return {
        "connections": {
            "default": {
                "engine": "tortoise.backends.asyncpg",
                "credentials": credentials(url) | _pool(connections),
            },
        },
        "apps": {APP: {"models": MODELS, "default_connection": "default", "migrations": "api.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def client(url: str, setting: str, *, connections: int = 10) -> AsyncpgDBClient:
    """A pool beside the one of `connect`, for another server of the same tables; it connects when it is first asked."""
    return AsyncpgDBClient(**credentials(url, setting), **_pool(connections), connection_name="default")


@contextlib.contextmanager
def instead(other: AsyncpgDBClient) -> Iterator[None]:
    """Whatever is asked within this block, by rooms and by Tortoise alike, is asked of this one."""
    token = get_connections().set("default", other)
    try:
        yield
    finally:
        get_connections().reset(token)


async def connect(url: str, *, connections: int = 10) -> None:
    """Open the pool; every room's tables are usable until `disconnect`."""
    await Tortoise.init(config=configuration(url, connections=connections), _enable_global_fallback=True)


async def disconnect() -> None:
    await Tortoise.close_connections()


async def migrate(url: str) -> None:
    """Bring the tables up to date, wholly or not at all; of several processes that try, one works and others wait.

    Killed in the middle it has done nothing: all changes, and the note that they were made, are one transaction.
    """
    try:
        guard = await asyncpg.connect(**credentials(url))
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable(f"The database cannot be reached ({error}): check DATABASE_URL.") from error
    try:
        await guard.execute(MIGRATING)
        await _apply_migrations(url)
    except asyncpg.LockNotAvailableError as error:
        raise Unavailable(
            "The tables are in use and nothing was changed: run this again, or stop what holds them for long."
        ) from error
    finally:
        await disconnect()
        await guard.close()


def _pool(connections: int) -> dict[str, Any]:
    return {
        "minsize": 1,
        "maxsize": connections,
        "server_settings": dict(GUARDS),
        "reset": _as_it_came,
        "connection_class": Connection,
    }


async def _as_it_came(_connection: object) -> None:
    """Give a connection back without asyncpg's reset, which is one more round trip for each statement.

    What is set here is set within a transaction (`SET LOCAL`, `pg_advisory_xact_lock`), which asyncpg ends itself.
    """


async def _apply_migrations(url: str) -> None:
    config = configuration(url)
    config["connections"]["default"]["credentials"]["server_settings"] = GUARDS | PATIENCE
    await Tortoise.init(config=config, _enable_global_fallback=True)
    outside = get_connection("default")
    await MigrationRecorder(outside).ensure_schema(AsyncpgSchemaEditor(outside, atomic=False))
    async with in_transaction() as connection:
        await MigrationExecutor(connection, config["apps"]).migrate()
