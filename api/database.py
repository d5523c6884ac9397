"""The one database: PostgreSQL, reached through Tortoise on asyncpg."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api.migrate import migrate as apply_migrations

from api.errors import Invalid, Unavailable

APP = "meridian"
MODELS = [
    "api.accounts.models",
    "api.audit",
    "api.changes",
    "api.evidence.models",
    "api.media.models",
    "api.clinic",
    "api.practitioners",
    "api.conditions",
    "api.treatments",
    "api.statements",
    "api.articles.models",
    "api.comments.models",
    "api.syndication.models",
    "api.syndication.webhooks.models",
    "api.idempotency",
    "api.publishing.models",
]
GUARDS = {
    "statement_timeout": "10000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "15000",
    "timezone": "UTC",
}
MIGRATING = "SELECT pg_advisory_lock(hashtext('meridian.migrate'))"


def credentials(url: str) -> dict[str, Any]:
    """What asyncpg needs to know of a URL: `postgresql://user:password@host:5432/name`, or `…/name?host=/socket`."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        port = int(query.get("port") or parts.port or 5432)
    except ValueError:
        port = 0
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or not port:
        raise Invalid("DATABASE_URL is not understood: give postgresql://user:password@host:5432/name.")
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
    pool = {"minsize": 1, "maxsize": connections, "server_settings": GUARDS}
    return {
        "connections": {
            "default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials(url) | pool},
        },
        "apps": {APP: {"models": MODELS, "default_connection": "default", "migrations": "api.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str, *, connections: int = 10) -> None:
    """Open the pool; every room's tables are usable until `disconnect`."""
    await Tortoise.init(config=configuration(url, connections=connections), _enable_global_fallback=True)


async def disconnect() -> None:
    await Tortoise.close_connections()


async def migrate(url: str) -> None:
    """Bring the tables up to date; of several processes that try at once, one works and the others wait for it."""
    try:
        guard = await asyncpg.connect(**credentials(url))
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable(f"The database cannot be reached ({error}): check DATABASE_URL.") from error
    try:
        await guard.execute(MIGRATING)
        await apply_migrations(config=configuration(url))
    finally:
        await disconnect()  # Tortoise leaves the connection open by which it migrated
        await guard.close()
