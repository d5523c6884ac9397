"""From what is asked to one statement: a tree of subqueries, each of which makes the JSON of its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from graphql import is_non_null_type

from api.sql import Sql
from schema.plan import connections
from schema.plan.facts import TYPES
from schema.plan.model import Column, Connected, Many, One, Same, Written
from schema.plan.selection import TYPENAME, Asked, Unplanned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.plan.model import Fact

ABSENT = "plan_absent()"
"""Refuses to answer: what is missing must be there, and Strawberry says so better."""
MOST_PAIRS = 50
BESIDE = {
    "rendering": "(SELECT * FROM rendering WHERE rendering.revision_id = {row}.revision_id LIMIT 1)",
    "review": "shown_review({row}.revision_id)",
    "clinic": "(SELECT * FROM clinic LIMIT 1)",
}
"""Rows that stand beside a row and are joined once, however many fields need them; each is one row or none."""
NAMED = re.compile(r"\{(row|" + "|".join(BESIDE) + r")\}")


@dataclass
class Level:
    """The row that fields are read from, and what was joined beside it so far."""

    row: str
    beside: dict[str, str] = field(default_factory=dict)

    def named(self, piece: Sql | str) -> Sql:
        """The piece with this row's names."""
        whole = piece if isinstance(piece, Sql) else Sql(piece)
        return Sql(NAMED.sub(self._name, whole.text), whole.values)

    def joins(self) -> str:
        return "".join(
            f" LEFT JOIN LATERAL {BESIDE[part].replace('{row}', self.row)} AS {alias} ON TRUE"
            for part, alias in self.beside.items()
        )

    def _name(self, found: re.Match[str]) -> str:
        part = found[1]
        return self.row if part == "row" else self.beside.setdefault(part, f"{self.row}_{part}")


class Compiler:
    """Compiles one operation; `checks` are slots that must have a value even where the statement needs none."""

    def __init__(self, cursor_key: bytes) -> None:
        self.cursor_key = cursor_key
        self.checks: list[Any] = []
        self._numbers = count(1)

    def statement(self, root: Sequence[Asked]) -> Sql:
        """The statement for the whole answer."""
        level = Level("nothing")
        return "SELECT row_to_json(o) FROM (SELECT " + self.columns("Query", root, level) + ") AS o"

    def alias(self) -> str:
        return f"r{next(self._numbers)}"

    def level(self) -> Level:
        """A row under a name of its own."""
        return Level(self.alias())

    def object(self, of: str, fields: Sequence[Asked], source: Sql) -> Sql:
        """The JSON of the row that the statement gives, or null."""
        return "(SELECT row_to_json(o) FROM (" + self._rows(of, fields, source) + ") AS o)"

    def _list(self, of: str, fields: Sequence[Asked], source: Sql) -> Sql:
        return (
            "(SELECT coalesce(json_agg(row_to_json(o)), '[]'::json) FROM (" + self._rows(of, fields, source) + ") AS o)"
        )

    def _rows(self, of: str, fields: Sequence[Asked], source: Sql) -> Sql:
        level = self.level()
        columns = self.columns(of, fields, level)
        return "SELECT " + columns + " FROM (" + source + f") AS {level.row}" + level.joins()

    def columns(self, of: str, fields: Sequence[Asked], level: Level) -> Sql:
        """The values that are asked of a row, each by the key that it has in the answer."""
        columns = Sql("")
        for place, asked in enumerate(fields):
            value = self._value(of, asked, level)
            columns = columns + (", " if place else "") + value + f' AS "{asked.key}"'
        return columns

    def _pairs(self, of: str, fields: Sequence[Asked], level: Level) -> Sql:
        """An object of values that are in the row already."""
        if len(fields) > MOST_PAIRS:
            raise Unplanned("more than 50 fields of one thing")
        pairs = Sql("json_build_object(")
        for place, asked in enumerate(fields):
            pairs = pairs + (", " if place else "") + f"'{asked.key}', " + self._value(of, asked, level)
        return pairs + ")"

    def _value(self, of: str, asked: Asked, level: Level) -> Sql:
        if asked.name == TYPENAME:
            return Sql(f"'{asked.of}'::text")
        known = TYPES.get(of, {})
        fact = known.get(asked.name)
        if fact is None:
            raise Unplanned(f"{of}.{asked.name}")
        value = self._of(fact, asked, level)
        needed = fact.needed if isinstance(fact, Column) else isinstance(fact, One) and _always(asked)
        if not needed:
            return value
        return "coalesce(" + value + f", {ABSENT}::{fact.type if isinstance(fact, Column) else 'json'})"

    def _of(self, fact: Fact, asked: Asked, level: Level) -> Sql:
        if isinstance(fact, Column):
            return level.named(fact.sql)
        if isinstance(fact, Written):
            return fact.write(self, asked)
        if isinstance(fact, Connected):
            return connections.page(self, fact, asked, level)
        if isinstance(fact, Same):
            inner = self._pairs(fact.facts or asked.type, asked.fields, level)
            return level.named(f"CASE WHEN {fact.when} THEN ") + inner + " END" if fact.when else inner
        source = level.named(fact.source(asked.arguments))
        made = self._list if isinstance(fact, Many) else self.object
        return made(asked.type, asked.fields, source)


def _always(asked: Asked) -> bool:
    return asked.definition is not None and is_non_null_type(asked.definition.type)
