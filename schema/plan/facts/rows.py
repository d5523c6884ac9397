"""Statements for the rows of the things that other things point at, as readers see them.

Every viewer whose reads are planned sees what an anonymous one sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import catalogue
from api.accounts.viewer import ANONYMOUS
from api.articles import reading
from api.sql import Sql
from schema.plan.model import Connected, Many, One

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.paging import Listing
    from schema.plan.model import Arguments

VIEWER = ANONYMOUS


def article(key: Sql) -> Sql:
    """The article with the id that the expression gives."""
    return reading.selected("article.id = " + key, VIEWER)


def entry(table: str) -> Callable[[Sql], Sql]:
    """The way to an entry of the catalogue by the expression for its id."""
    return lambda key: catalogue.selected(VIEWER, table, f"{table}.id = " + key)


def one(table: str, key: str) -> One:
    """The visible entry whose id stands in a column."""
    return One(lambda _: entry(table)(Sql(key)))


def picture(column: str) -> One:
    """The picture whose id stands in a column of the row; whoever shows a thing shows its pictures."""
    return One(lambda _: Sql(f"SELECT media_asset.* FROM media_asset WHERE media_asset.id = {{row}}.{column}"))


def linked(through: str, owner: str, target: str, *, key: str = "{row}.id", order: str = "") -> Many:
    """The visible entries to which the row is linked."""
    return Many(lambda _: catalogue.selected_through(VIEWER, through, owner, target, key=key, order=order))


def below(table: str, owner: str, order: str = "position") -> Many:
    """The rows that belong to the row, and are as visible as it is."""
    return Many(lambda _: Sql(f"SELECT {table}.* FROM {table} WHERE {table}.{owner}_id = {{row}}.id ORDER BY {order}"))


def articles(listing: Callable[[Arguments], Listing], below: str = "{row}.id") -> Connected:
    """A list of articles below the row."""
    return Connected(listing, article, below)


def entry_by(table: str, column: str, value: Sql | str) -> Sql:
    """The visible entry whose column has the value that the expression gives."""
    return catalogue.selected(VIEWER, table, f"{table}.{column} = " + (value if isinstance(value, Sql) else Sql(value)))
