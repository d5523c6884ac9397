"""Rows as objects of their models, read and written by statements of ours: Tortoise would put each together anew."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from tortoise.fields import DateField, DatetimeField, JSONField
from tortoise.models import Model

from api.sql import MARK, Sql, read, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Row = TypeVar("Row", bound=Model)
AS_THEY_COME = (DateField, DatetimeField)
"""The driver gives these as Tortoise would: every connection speaks UTC."""


class Late:
    """A column of JSON, read when it is first asked for: most of those who load a row never do."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = f"_{name}_as_text"

    def __get__(self, row: Model | None, model: type[Model]) -> Any:  # noqa: ANN401 - JSON is anything
        held = vars(row) if row is not None else {}
        if self.text not in held:
            raise AttributeError(f"{model.__name__} has no {self.name}.")
        text = held[self.text]
        value = held[self.name] = None if text is None else orjson.loads(text)
        return value


@dataclass(frozen=True)
class Shape:
    """What makes a row of one table an object, whose attributes are named as its columns are."""

    columns: str
    selected: str
    late: tuple[Late, ...]
    read: tuple[tuple[str, Callable[[Any], Any]], ...]
    generated: bool


def columns(model: type[Model]) -> str:
    """All columns of the model's table, as a statement names them."""
    return _shape(model).columns


def made(model: type[Row], found: Mapping[str, Any]) -> Row:
    """The object of a row that holds all columns of its table."""
    shape = _shape(model)
    row = model.__new__(model)
    held = vars(row)
    held.update(found.items())
    for column in shape.late:
        held[column.text] = held.pop(column.name)
    for name, understood in shape.read:
        held[name] = understood(held[name])
    held.update(_partial=False, _saved_in_db=True, _custom_generated_pk=not shape.generated, _await_when_save={})
    return row


def partly(model: type[Row], found: Mapping[str, Any]) -> Row:
    """The object of a row of which only some columns were read, or more than its columns, or that JSON tells of."""
    return model._init_from_db(**found)  # noqa: SLF001 - Tortoise's own


async def those(model: type[Row], rest: Sql) -> list[Row]:
    """The rows of the model's table that are named by the rest of the statement, from WHERE on."""
    return [made(model, found) for found in await read(_shape(model).selected + rest)]


def inserting(row: Model, source: str = "") -> Sql:
    """INSERT of a row, once for each row of `source`, such as `FROM made`: never, where that has none."""
    said = _said(row)
    into = f"INSERT INTO {row._meta.db_table} ({', '.join(said)}) SELECT "  # noqa: SLF001 - its table
    return sql(into + ", ".join(MARK * len(said)) + f" {source}", *said.values())


def updating(row: Model) -> Sql:
    """UPDATE of a row that was read, with all that it says now."""
    said = _said(row)
    key = row._meta.db_pk_column  # noqa: SLF001 - its table
    told = ", ".join(f"{name} = {MARK}" for name in said if name != key)
    values = [value for name, value in said.items() if name != key]
    return sql(f"UPDATE {row._meta.db_table} SET {told} WHERE {key} = {MARK}", *values, row.pk)  # noqa: SLF001 - its


def _said(row: Model) -> dict[str, Any]:
    """What the database is to be told of a row that is written, by column; it numbers rows by itself where it does."""
    meta = row._meta  # noqa: SLF001 - Tortoise's own
    return {
        column: meta.fields_map[name].to_db_value(getattr(row, name), row)
        for name, column in meta.fields_db_projection.items()
        if not (name == meta.pk_attr and meta.pk.generated)
    }


@functools.cache
def _shape(model: type[Model]) -> Shape:
    meta = model._meta  # noqa: SLF001 - Tortoise's own description of the table
    of_json = [name for _column, name, kind in meta.db_complex_fields if isinstance(kind, JSONField)]
    late = tuple(Late(name) for name in of_json)
    for column in late:
        setattr(model, column.name, column)
    named = ", ".join(f"{meta.db_table}.{column}" for column in meta.fields_db_projection.values())
    return Shape(
        named,
        f"SELECT {named} FROM {meta.db_table} ",
        late,
        tuple(
            (name, kind.to_python_value)
            for _column, name, kind in meta.db_complex_fields
            if not isinstance(kind, (JSONField, *AS_THEY_COME))
        ),
        meta.db_pk_column in meta.generated_db_fields,
    )
