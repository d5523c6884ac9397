"""Entries as they lie in their tables: under a lock, as a snapshot of all that they say, and written from one."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from api.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.publishing.catalogue.nouns import Noun, Rows

Said = dict[str, Any]
"""What is said of an entry, by the names of its noun's columns and rows, as JSON has it."""
KEPT = ("is_published", "first_published_at", "version")


async def locked(noun: Noun, entry_id: str, expected: int | None) -> Any:  # noqa: ANN401 - the noun's row
    """The entry under its row's lock; refused when it is not there, or when the version is stale."""
    row = await noun.model.select_for_update(no_key=True).get_or_none(id=entry_id)
    if row is None:
        raise missing(noun)
    if expected is not None and row.version != expected:
        raise stale(noun, row, expected)
    return row


def missing(noun: Noun, path: tuple[str, ...] = ("id",)) -> NotFound:
    return NotFound(f"There is no such {noun.words}: check its id.", path=path)


def stale(noun: Noun, row: Any, expected: int) -> Conflict:  # noqa: ANN401 - as above
    refusal = Conflict(
        f"This {noun.words} is at version {row.version} and you sent version {expected}: "
        "read it again and repeat your change.",
        path=("expected_version",),
    )
    refusal.thing = row.id
    return refusal


async def said_by(noun: Noun, row: Any) -> Said:  # noqa: ANN401 - as above
    """All that an entry says, its rows included."""
    said = {name: plain(getattr(row, noun.column(name))) for name in noun.columns}
    return said | {name: await _rows_of(below, row.id) for name, below in noun.rows.items()}


async def snapshot(noun: Noun, row: Any) -> Said:  # noqa: ANN401 - as above
    """What the audit log keeps of an entry: all that it says, whether it is public, and its version."""
    kept = {name: plain(getattr(row, name)) for name in KEPT if hasattr(row, name)}
    return kept | await said_by(noun, row)


async def insert(noun: Noun, said: Mapping[str, Any], derived: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    """Write a new entry with its rows; it is not public."""
    columns = {noun.column(name): said[name] for name in noun.columns if name in said}
    row = await noun.model.create(**columns, **derived)
    await _write_rows(noun, row, said)
    return row


async def write(noun: Noun, row: Any, said: Mapping[str, Any], derived: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Write what is said over what the entry says, and count its version up."""
    columns = {noun.column(name): said[name] for name in noun.columns if name in said}
    row.update_from_dict(columns | dict(derived) | {"version": row.version + 1})
    await row.save()
    await _write_rows(noun, row, said)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """A column's value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


async def _rows_of(below: Rows, owner: str) -> list[Any]:
    order = ("position",) if below.ordered else below.columns
    rows = await below.model.filter(**{f"{below.owner}_id": owner}).order_by(*order)
    said = [{name: plain(getattr(row, below.column(name))) for name in below.names} for row in rows]
    return [each[below.link] for each in said] if below.link else said


async def _write_rows(noun: Noun, row: Any, said: Mapping[str, Any]) -> None:  # noqa: ANN401 - as above
    for name, below in noun.rows.items():
        if name in said:
            await below.model.filter(**{f"{below.owner}_id": row.id}).delete()
            await below.model.bulk_create(_made(below, row.id, place, each) for place, each in enumerate(said[name]))


def _made(below: Rows, owner: str, place: int, said: Any) -> Any:  # noqa: ANN401 - a row, made of JSON
    facts = {below.link: said} if below.link else said
    columns = {below.column(name): value for name, value in facts.items()}
    position = {"position": place} if below.ordered else {}
    return below.model(**columns, **position, **{f"{below.owner}_id": owner})
