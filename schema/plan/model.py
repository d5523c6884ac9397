"""Facts: where a field of a type comes from in SQL. `{row}` stands for the row of the thing that has the field.

`{site}` is the address of the clinic's site, `{nonce}` the mark of what Python finishes (see `holes`); other names in
braces are rows that stand beside `{row}` and are joined when a fact names them (see BESIDE in `compiler`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from api.paging import Listing
from api.sql import Sql

if TYPE_CHECKING:
    from schema.plan.compiler import Compiler
    from schema.plan.selection import Asked

Arguments: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A value; where it is missing and `needed`, Strawberry says what is wrong. `type` is that of a needed value."""

    sql: Sql | str
    needed: bool = False
    type: str = "text"


@dataclass(frozen=True)
class One:
    """A thing: the statement for its row, or for none."""

    source: Callable[[Arguments], Sql]


@dataclass(frozen=True)
class Many:
    """Things: the statement for their rows, in order."""

    source: Callable[[Arguments], Sql]


@dataclass(frozen=True)
class Same:
    """More of the same row; null unless `when` holds. `facts` names what is known of it, if not its type."""

    when: str = ""
    facts: str = ""


@dataclass(frozen=True)
class Connected:
    """A page of a list; `below` is the parent's column by which the list is parted.

    `row` is the table of which the list has the rows themselves, or the statement for the row of an id in it.
    """

    listing: Callable[[Arguments], Listing]
    row: str | Callable[[Sql], Sql]
    below: str = ""


@dataclass(frozen=True)
class Written:
    """Anything else: what writes its JSON."""

    write: Callable[[Compiler, Asked], Sql]


Fact: TypeAlias = "Column | One | Many | Same | Connected | Written"
Facts: TypeAlias = "Mapping[str, Fact]"
NULL = Column("NULL")
"""What readers are never told."""


def own(*names: str, **spelled: str) -> dict[str, Fact]:
    """Columns of the row by their GraphQL names, which are those of the table in camel case unless spelled out."""
    plain: dict[str, Fact] = {name: Column(f"{{row}}.{snake(name)}") for name in names}
    return plain | {name: Column(sql) for name, sql in spelled.items()}


def moment(expression: str) -> str:
    """A moment as the DateTime scalar writes it: in UTC, with milliseconds where there are parts of a second."""
    whole, parts = 'YYYY-MM-DD"T"HH24:MI:SS"Z"', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
    form = f"CASE WHEN {expression} = date_trunc('second', {expression}) THEN '{whole}' ELSE '{parts}' END"
    return f"to_char({expression} AT TIME ZONE 'UTC', {form})"


def link(expression: str) -> str:
    """An address of which a path belongs to the clinic's site, made absolute."""
    return f"CASE WHEN left({expression}, 1) = '/' THEN {{site}} || {expression} ELSE nullif({expression}, '') END"


def snake(name: str) -> str:
    """The name of a field as Python and the tables spell it."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
