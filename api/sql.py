"""Pieces of SQL that carry their parameters with them, so that no value is ever pasted into a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tortoise.connection import get_connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MARK = "?"


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
