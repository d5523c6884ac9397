"""The composition root: settings → database → schema → routes. The only importer of `schema`."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from starlette.routing import Route
from tortoise.exceptions import DBConnectionError

from api import database, sealing
from api.accounts.viewer import ANONYMOUS, Viewer
from api.errors import Forbidden, Unavailable
from api.media.intake import Intake
from api.media.workshop import Workshop
from api.paging import BadCursor
from api.publishing.bearers import authenticate
from api.readers import Readers
from api.sql import Sql, rows
from api.web.application import application
from api.web.callers import Callers, networks
from api.web.codes import REFUSALS, Code
from api.web.graphiql import Page
from api.web.graphql import Asker, Documents, Execution, GraphQL, Trusted
from api.web.graphql.trusted import load
from api.web.health import Health
from api.web.media import Media
from api.web.uploads import Uploads
from schema import files, limits
from schema.context import Context
from schema.plan import Plans
from schema.root import schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from api.settings import Settings

__all__ = ["MigrationsMissing", "build", "files"]

# What a database that cannot be reached, or is going down, is told by.
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    DBConnectionError,
)
OPERATIONS = Path(__file__).parents[1] / "schema" / "operations.json"


class MigrationsMissing(Unavailable):
    """The database's tables are not up to date: run `python -m api migrate`."""


def build(configured: Settings, database_url: str) -> tuple[ASGIApp, Health]:
    """The whole program as one ASGI callable, and its health."""
    health = Health({"database": _database_answers, "migrations": _migrations_applied})
    uploads, readers = _uploads(configured), Readers(database_url)
    app = application(
        graphql=_endpoint(configured, readers),
        media=Media(configured.media_dir),
        health=health,
        lifespan=functools.partial(_lifespan, database_url, readers, uploads),
        routes=[Route("/media", uploads, methods=["POST"])],
    )
    return app, health


def _uploads(configured: Settings) -> Uploads:
    return Uploads(
        authenticate=functools.partial(authenticate, configured.secret_key),
        intake=Intake(configured.media_dir, Workshop()),
        site=configured.public_site_url,
        away=AWAY,
    )


def _endpoint(configured: Settings, readers: Readers) -> GraphQL:
    trusted = Trusted(load(OPERATIONS), only=configured.trusted_documents_only)
    return GraphQL(
        execution=Execution(schema, _context_maker(configured)),
        documents=Documents(
            schema._schema,  # noqa: SLF001 - graphql-core's own schema
            checks=(limits.once_per_document,),
            committed=frozenset(trusted.operations),
        ),
        callers=Callers(sealing.derive(configured.secret_key, "meridian/site"), networks(configured.trusted_proxies)),
        authenticate=functools.partial(authenticate, configured.secret_key),
        anonymous=ANONYMOUS,
        page=Page(),
        codes={
            **REFUSALS,
            BadCursor: Code.BAD_CURSOR,
            Forbidden: Code.FORBIDDEN,
            **dict.fromkeys(AWAY, Code.UNAVAILABLE),
        },
        trusted=trusted,
        plan=_plans(configured, readers).answer,  # type: ignore[arg-type] # the edge knows a viewer by one property
    )


def _plans(configured: Settings, readers: Readers) -> Plans:
    return Plans(
        schema._schema,  # noqa: SLF001 - graphql-core's own schema
        readers.fetch,
        site=configured.public_site_url,
        cursor_key=sealing.derive(configured.secret_key, "meridian/cursor"),
    )


def _context_maker(configured: Settings) -> functools.partial[Context]:
    return functools.partial(
        _context,
        configured,
        sealing.derive(configured.secret_key, "meridian/cursor"),
        sealing.derive(configured.secret_key, "meridian/hash"),
    )


def _context(configured: Settings, cursor_key: bytes, hash_key: bytes, asker: Asker) -> Context:
    viewer: Viewer = asker.viewer  # type: ignore[assignment] # the edge knows a viewer by one property
    return Context(
        viewer,
        site=configured.public_site_url,
        api=configured.public_api_url,
        cursor_key=cursor_key,
        hash_key=hash_key,
        address_prefix=asker.caller.address_prefix,
        secret=configured.secret_key,
        from_site=asker.caller.site,
    )


@contextlib.asynccontextmanager
async def _lifespan(database_url: str, readers: Readers, uploads: Uploads, _app: object) -> AsyncIterator[None]:
    await database.connect(database_url)
    await readers.open()
    try:
        with uploads.opened():
            yield
    finally:
        await readers.close()
        await database.disconnect()


async def _database_answers() -> None:
    await rows(Sql("SELECT 1"))


async def _migrations_applied() -> None:
    known = {path.stem for path in (Path(__file__).parent / "migrations").glob("[0-9]*.py")}
    applied = {row["name"] for row in await rows(Sql("SELECT name FROM tortoise_migrations"))}
    if known - applied:
        raise MigrationsMissing
