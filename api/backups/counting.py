"""What is in the tables, in numbers: rows and a digest of each, the same before a dump and after it was restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.backups.manifest import Table

if TYPE_CHECKING:
    import asyncpg

# What is unlogged is meant to be forgotten (the views of a day that is not counted yet), and so is the day's salt,
# without which nobody can make the keys of that day again: they enter no backup.
TABLES = """
SELECT relname AS name, relpersistence = 'u' OR relname = 'abuse_salt' AS passing FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
COUNT = """
SELECT count(*) AS rows, coalesce(sum(('x' || left(md5(row_of::text), 15))::bit(60)::bigint), 0)::text AS digest
  FROM {} AS row_of
"""


async def names(connection: asyncpg.Connection, *, passing: bool = False) -> list[str]:
    """The tables that a backup holds or, `passing`, those that it leaves out."""
    return [row["name"] for row in await connection.fetch(TABLES) if row["passing"] is passing]


async def count(connection: asyncpg.Connection) -> dict[str, Table]:
    """Each table's rows and digest, as this connection's snapshot sees them."""
    found = {}
    for name in await names(connection):
        row = await connection.fetchrow(COUNT.format('"' + name.replace('"', '""') + '"'))
        found[name] = Table(row["rows"], row["digest"])
    return found
