"""Pages by keyset: a page begins behind the last row seen, so inserts neither repeat nor hide a row.

One statement serves a single list and the same list below many parents (a lateral join), so a nested page costs the
same number of statements for 2 parents and for 20.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from api import sealing
from api.errors import Invalid, Refused
from api.sql import Sql, both, read, sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PURPOSE = "meridian/cursor"
"""For which the key of every cursor is derived."""
LARGEST = 100
USUAL = 20


class BadCursor(Refused):
    """The cursor is not one of this list's: start again without it."""


@dataclass(frozen=True)
class Key:
    """A column or expression that orders a list, and the type that its value has in a cursor."""

    expression: str
    type: str


@dataclass(frozen=True)
class Listing:
    """An ordered list of ids: where its rows come from, what they must satisfy, and how they are ordered.

    The last key is unique. All keys run the same way, so that one row comparison finds the place. `parent` is the
    column that tells below which parent a row stands, when the list is one of many. `counted` is an expression for how
    many rows the whole list has, where that need not be found out by counting them.
    """

    name: str
    source: Sql
    where: tuple[Sql, ...]
    keys: tuple[Key, ...]
    descending: bool = False
    parent: str = ""
    counted: str = ""

    @property
    def id(self) -> str:
        return self.keys[-1].expression


@dataclass(frozen=True)
class Window:
    """Which part of a list is wanted; `backward` counts from the end."""

    size: int
    cursor: str | None = None
    backward: bool = False


@dataclass(frozen=True)
class Entry:
    """A row of a page: its id, and the cursor from which the next page may start."""

    id: str
    cursor: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Some rows in their order, and whether there are more on either side; `goes_on` when not behind the last row."""

    entries: tuple[Entry, ...] = ()
    has_next: bool = False
    has_previous: bool = False
    goes_on: str | None = None


def window(
    first: int | None = None, after: str | None = None, last: int | None = None, before: str | None = None
) -> Window:
    """Relay's four arguments as one window; both directions at once, or a size outside 1 to 100, are refused."""
    backward = last is not None or (first is None and before is not None)
    if backward and (first is not None or after is not None):
        raise Invalid("Ask for the first rows after a cursor or for the last rows before one, not for both.")
    if not backward and before is not None:
        raise Invalid("Use `before` together with `last`, and `after` together with `first`.")
    size = last if backward else first
    if size is not None and not 1 <= size <= LARGEST:
        raise Invalid(f"A page holds 1 to {LARGEST} rows; you asked for {size}.")
    return Window(size or USUAL, before if backward else after, backward)


async def page(listing: Listing, wanted: Window, key: bytes) -> Page:
    """One page of one list. `key` seals the cursors."""
    query = _slice(listing, wanted, key, ())
    return _page(listing, wanted, key, await read(query))


async def pages(listing: Listing, parents: Sequence[str], wanted: Window, key: bytes) -> list[Page]:
    """The same page below each of the parents, by one statement."""
    below = (Sql(f"{listing.parent} = parent.id"),)
    query = (
        sql(
            "SELECT parent.id AS parent, slice.* FROM unnest(?::text[]) AS parent (id) CROSS JOIN LATERAL (",
            list(parents),
        )
        + _slice(listing, wanted, key, below)
        + ") AS slice"
    )
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in await read(query):
        grouped[row["parent"]].append(row)
    return [_page(listing, wanted, key, grouped[parent]) for parent in parents]


async def count(listing: Listing) -> int:
    """How many rows the whole list has."""
    found = await read("SELECT " + total(listing) + " AS n")
    return int(found[0]["n"])


def total(listing: Listing, *more: Sql) -> Sql:
    """The expression for how many rows the list has, or has that satisfy more than it asks."""
    if listing.counted and not more:
        return Sql(listing.counted)
    return "(SELECT count(*) FROM " + listing.source + " WHERE " + both((*listing.where, *more)) + ")"


async def counts(listing: Listing, parents: Sequence[str]) -> list[int]:
    """How many rows stand below each of the parents, by one statement."""
    below = sql(f"{listing.parent} = ANY(?::text[])", list(parents))
    query = f"SELECT {listing.parent} AS parent, count(*) AS n FROM " + listing.source
    found = await read(query + " WHERE " + both((*listing.where, below)) + f" GROUP BY {listing.parent}")
    totals = {row["parent"]: int(row["n"]) for row in found}
    return [totals.get(parent, 0) for parent in parents]


def _slice(listing: Listing, wanted: Window, key: bytes, more: tuple[Sql, ...]) -> Sql:
    beyond = None if wanted.cursor is None else opened(listing, wanted.cursor, key)
    return sliced(listing, backward=wanted.backward, beyond=beyond, more=more) + sql(" LIMIT ?", wanted.size + 1)


def sliced(
    listing: Listing,
    *,
    backward: bool = False,
    beyond: Sequence[object] | None = None,
    more: tuple[Sql, ...] = (),
    whole: str = "",
) -> Sql:
    """The statement for a list's ids and keys (`id`, `k0`, `k1`, …) from one end, or from behind a row's keys, on.

    `whole` is a table of the list whose rows are wanted with all their columns.
    """
    downward = listing.descending != backward
    columns = ", ".join(f"({item.expression})::text AS k{place}" for place, item in enumerate(listing.keys))
    order = ", ".join(f"{item.expression}{' DESC' if downward else ''}" for item in listing.keys)
    row = f"{whole}.*" if whole else f"{listing.id} AS id"
    return (
        f"SELECT {row}, {columns} FROM "
        + listing.source
        + " WHERE "
        + both((*listing.where, *more, *_beyond(listing, beyond, downward=downward)))
        + f" ORDER BY {order}"
    )


def _beyond(listing: Listing, values: Sequence[object] | None, *, downward: bool) -> tuple[Sql, ...]:
    if values is None:
        return ()
    columns = ", ".join(item.expression for item in listing.keys)
    places = ", ".join(f"?::text::{item.type}" for item in listing.keys)
    return (sql(f"({columns}) {'<' if downward else '>'} ({places})", *values),)


def _page(listing: Listing, wanted: Window, key: bytes, found: Sequence[Mapping[str, Any]]) -> Page:
    more = len(found) > wanted.size
    kept = list(found[: wanted.size])
    if wanted.backward:
        kept.reverse()
    entries = tuple(Entry(row["id"], _sealed(listing, row, key)) for row in kept)
    came_from = wanted.cursor is not None
    return Page(entries, came_from if wanted.backward else more, more if wanted.backward else came_from)


def _sealed(listing: Listing, row: Mapping[str, Any], key: bytes) -> str:
    return sealing.seal(key, orjson.dumps([listing.name, *(row[f"k{place}"] for place in range(len(listing.keys)))]))


def opened(listing: Listing, cursor: str, key: bytes) -> list[str]:
    """The keys of the row that a cursor of this list names."""
    content = sealing.unseal(key, cursor)
    name, *values = orjson.loads(content) if content else ("",)
    if name != listing.name or len(values) != len(listing.keys):
        raise BadCursor
    return values
