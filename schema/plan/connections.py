"""Pages of lists within the one statement: rows, cursors, what lies on either side, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from api import paging
from api.sql import Sql, sql
from schema.plan import holes
from schema.plan.selection import TYPENAME, Asked
from schema.plan.slots import Slot, made_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.paging import Listing
    from schema.plan.compiler import Compiler, Level
    from schema.plan.model import Connected

ROWS = frozenset({"nodes", "totalCount", TYPENAME})
"""Fields of a connection that need nothing but the page's rows."""
COUNTED = frozenset({"totalCount", TYPENAME})


@dataclass(frozen=True)
class Page:
    """One page of a list: how many rows at most, from which end, and behind which keys; `numbered` tells their places.

    `cursor` is the expression for the cursor of a row.
    """

    listing: Listing
    size: Any
    backward: bool
    beyond: Sequence[Any] | None
    below: tuple[Sql, ...]
    numbered: bool

    @property
    def cursor(self) -> str:
        return holes.cursor(self.listing.name, len(self.listing.keys))

    @property
    def kept(self) -> Sql:
        """The rows of the page: the one more that is read only tells that there is more."""
        return " FILTER (WHERE " + sql("place <= ?::int)", self.size) if self.numbered else Sql("")

    def at(self, *, start: bool) -> Sql:
        """The cursor of the page's first row, or of its last."""
        where = Sql("place = 1") if start != self.backward else sql("place = least(?::int, whole)", self.size)
        return f"max({self.cursor}) FILTER (WHERE " + where + ")"

    def more(self, *, ahead: bool) -> Sql:
        """Whether there are rows behind the page, or before it."""
        if ahead == self.backward:
            return Sql("TRUE" if self.beyond is not None else "FALSE")
        return sql("coalesce(max(place) > ?::int, FALSE)", self.size)


def page(compiler: Compiler, fact: Connected, asked: Asked, level: Level) -> Sql:
    """The JSON of a connection."""
    names = {each.name for each in asked.fields}
    wanted = _page(compiler, fact, asked, level, plain=names <= ROWS)
    writer = _Writer(compiler, fact, wanted, compiler.level())
    parts = writer.parts(asked)
    if names <= COUNTED:
        return parts
    # HAVING makes one row of them all, also where nothing that is asked for adds them up.
    return (
        "(SELECT "
        + parts
        + " FROM ("
        + _rows(wanted, fact)
        + f") AS {writer.level.row}"
        + writer.joins()
        + " HAVING TRUE)"
    )


def _page(compiler: Compiler, fact: Connected, asked: Asked, level: Level, *, plain: bool) -> Page:
    listing = fact.listing(asked.arguments)
    given = asked.arguments
    first, after, last, before = (given.get(name) for name in ("first", "after", "last", "before"))
    window = paging.window(_allowed(first), after, _allowed(last), before)
    size = next((number for number in (first, last) if isinstance(number, Slot)), window.size)
    below = (level.named(f"{listing.parent} = {fact.below}"),) if fact.below else ()
    beyond = _beyond(compiler, listing, window.cursor)
    return Page(listing, size, window.backward, beyond, below, numbered=not plain or window.backward)


def _allowed(number: Any) -> int | None:  # noqa: ANN401 - or a slot
    """A number of rows; a slot stands for one that is allowed."""
    return 1 if isinstance(number, Slot) else number


def _beyond(compiler: Compiler, listing: Listing, cursor: Any) -> Sequence[Any] | None:  # noqa: ANN401 - or a slot
    if cursor is None:
        return None
    keys = made_of(cursor, partial(_opened, listing, compiler.cursor_key))
    if not isinstance(keys, Slot):
        return list(keys)
    compiler.checks.append(keys)
    return [keys.then(itemgetter(place)) for place in range(len(listing.keys))]


def _opened(listing: Listing, key: bytes, cursor: str) -> list[str]:
    return paging.opened(listing, cursor, key)


def _rows(wanted: Page, fact: Connected) -> Sql:
    """The page's rows, or their ids, and their keys; numbered, there is one more."""
    whole = fact.row if isinstance(fact.row, str) else ""
    sliced = paging.sliced(
        wanted.listing, backward=wanted.backward, beyond=wanted.beyond, more=wanted.below, whole=whole
    )
    if not wanted.numbered:
        return sliced + sql(" LIMIT ?::int", wanted.size)
    numbered = "SELECT *, row_number() OVER () AS place, count(*) OVER () AS whole FROM ("
    order = " ORDER BY place DESC" if wanted.backward else ""
    return numbered + sliced + sql(" LIMIT ?::int + 1", wanted.size) + ") AS slice" + order


@dataclass(frozen=True)
class _Writer:
    """Writes the parts of one connection; `level` is a row of the page, and `nodes` are what is made of it."""

    compiler: Compiler
    fact: Connected
    page: Page
    level: Level
    nodes: list[Sql] = field(default_factory=list)

    def parts(self, asked: Asked) -> Sql:
        return _pairs([(each.key, self._part(each)) for each in asked.fields])

    def _part(self, asked: Asked) -> Sql:
        if asked.name == TYPENAME:
            return Sql(f"'{asked.of}'")
        if asked.name == "totalCount":
            return paging.total(self.page.listing, *self.page.below)
        if asked.name == "pageInfo":
            return _pairs([(each.key, self._info(each)) for each in asked.fields])
        made = self._node(asked) if asked.name == "nodes" else self._edge(asked)
        return "coalesce(json_agg(" + made + ")" + self.page.kept + ", '[]'::json)"

    def _edge(self, asked: Asked) -> Sql:
        values = {
            TYPENAME: lambda each: Sql(f"'{each.of}'"),
            "cursor": lambda _each: Sql(self.page.cursor),
            "node": self._node,
        }
        return _pairs([(each.key, values[each.name](each)) for each in asked.fields])

    def joins(self) -> Sql:
        """What stands beside a row of the page: what its fields need, then the things that are made of them."""
        return sum(self.nodes, Sql(self.level.joins()))

    def _node(self, asked: Asked) -> Sql:
        row = self.fact.row
        if not isinstance(row, str):
            return self.compiler.object(asked.type, asked.fields, row(Sql(f"{self.level.row}.id")))
        alias = self.compiler.alias()
        columns = self.compiler.columns(asked.type, asked.fields, self.level)
        self.nodes.append(" CROSS JOIN LATERAL (SELECT " + columns + f") AS {alias}")
        return Sql(f"row_to_json({alias})")

    def _info(self, asked: Asked) -> Sql:
        values = {
            TYPENAME: Sql("'PageInfo'"),
            "hasNextPage": self.page.more(ahead=True),
            "hasPreviousPage": self.page.more(ahead=False),
            "startCursor": self.page.at(start=True),
            "endCursor": self.page.at(start=False),
        }
        return values[asked.name]


def _pairs(pairs: Sequence[tuple[str, Sql]]) -> Sql:
    made = Sql("json_build_object(")
    for place, (key, value) in enumerate(pairs):
        made = made + (", " if place else "") + f"'{key}', " + value
    return made + ")"
