"""Pieces of SQL that carry their parameters with them, so that no value is ever pasted into a text."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

Ask: TypeAlias = "Callable[[str, Sequence[Any]], Awaitable[Sequence[Mapping[str, Any]]]]"
MARK = "?"
asking: ContextVar[Ask | None] = ContextVar("asking", default=None)
"""A shorter way to the database for whoever is being answered, on connections that only read."""


@dataclass(frozen=True)
class Sql:
    """A text with one `?` for each value."""

    text: str
    values: tuple[Any, ...] = ()

    def __add__(self, other: Sql | str) -> Sql:
        piece = other if isinstance(other, Sql) else Sql(other)
        return Sql(self.text + piece.text, self.values + piece.values)

    def __radd__(self, other: str) -> Sql:
        return Sql(other) + self

    def numbered(self) -> tuple[str, list[Any]]:
        """The text with `$1`, `$2`, … as PostgreSQL wants it, and the values."""
        first, *rest = self.text.split(MARK)
        return first + "".join(f"${number}{piece}" for number, piece in enumerate(rest, 1)), list(self.values)


def sql(text: str, *values: Any) -> Sql:  # noqa: ANN401 - a parameter is whatever the driver takes
    """A piece of SQL; `?` stands for each value."""
    return Sql(text, values)


def both(conditions: Iterable[Sql]) -> Sql:
    """All of the conditions at once; true when there is none."""
    joined = Sql("TRUE")
    for condition in conditions:
        joined = joined + " AND (" + condition + ")"
    return joined


async def rows(query: Sql) -> Sequence[Mapping[str, Any]]:
    """Run a reading statement on the default connection."""
    text, values = query.numbered()
    return await get_connection("default").execute_query_dict(text, values)


async def read(query: Sql) -> Sequence[Mapping[str, Any]]:
    """The same for a statement that changes nothing: by the shorter way, except within a transaction."""
    text, values = query.numbered()
    connection, ask = get_connection("default"), asking.get()
    if ask and not isinstance(connection, TransactionalDBClient):
        return await ask(text, values)
    return await connection.execute_query_dict(text, values)


async def together(queries: Mapping[str, Sql]) -> dict[str, list[dict[str, Any]]]:
    """What several reading statements find, by one statement and so as of one moment: rows as JSON has them."""
    asked = Sql("SELECT ")
    for number, (name, query) in enumerate(queries.items()):
        comma = ", " if number else ""
        asked = asked + comma + "(SELECT coalesce(json_agg(found), '[]') FROM (" + query + f") AS found) AS {name}"
    (row,) = await rows(asked)
    return {name: orjson.loads(row[name]) for name in queries}
