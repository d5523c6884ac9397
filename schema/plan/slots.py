"""Values that are known only when a plan is run: what a plan is made of, and what it waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from api.paging import LARGEST
from schema.plan.selection import Unplanned

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

Read = Callable[[Any], Any]


@dataclass(frozen=True)
class Slot:
    """A place among the variables, and what is made of the value that stands there."""

    path: tuple[str, ...]
    reads: tuple[Read, ...] = ()

    def then(self, read: Read) -> Slot:
        """The same place; this is made of its value, too."""
        return replace(self, reads=(*self.reads, read))

    def value(self, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a parameter is whatever the driver takes
        """What is sent to the database for these variables."""
        found: Any = variables
        for name in self.path:
            found = found[name]
        for read in self.reads:
            found = read(found)
        return found


def made_of(value: Any, read: Read) -> Any:  # noqa: ANN401 - a value, or a slot for one
    """What is made of a value, now or when it is known."""
    return value.then(read) if isinstance(value, Slot) else read(value)


def shape(variables: Mapping[str, Any]) -> tuple[Hashable, dict[str, Any]]:
    """What a plan must know of the variables, and the variables with a slot for everything else.

    A plan depends on what is null, absent or empty, on truth values and on names of enums; not on texts, numbers of
    rows and moments.
    """
    found = {name: _shape(value, (name,)) for name, value in variables.items()}
    key = tuple((name, each[0]) for name, each in sorted(found.items()))
    return key, {name: each[1] for name, each in found.items()}


def _shape(value: Any, path: tuple[str, ...]) -> tuple[Hashable, Any]:  # noqa: ANN401 - as graphql-core coerced it
    if isinstance(value, dict):
        inner = {name: _shape(each, (*path, name)) for name, each in value.items()}
        key = tuple((name, each[0]) for name, each in sorted(inner.items()))
        return key, {name: each[1] for name, each in inner.items()}
    if value is None or isinstance(value, bool | Enum) or value == "":
        return (type(value).__name__, value), value
    if isinstance(value, int) and not 1 <= value <= LARGEST:
        raise Unplanned("a number of rows that is refused")
    if isinstance(value, str | int | datetime | date):
        return type(value).__name__, Slot(path)
    raise Unplanned("a variable of an unusual type")
