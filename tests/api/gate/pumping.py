"""Texts that a pattern may take too long for: every way into it, and then one sign again and again."""

from __future__ import annotations

import re._constants as said
import re._parser as reader
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

WAYS: Final = 24
"""Ways through a part of a pattern that are followed on; a list of words is tried with its first ones only."""
_WORDLIKE: Final = ("a", "A", "1")
_CLASSES: Final = {
    said.CATEGORY_SPACE: (" ",),
    said.CATEGORY_DIGIT: ("1",),
    said.CATEGORY_WORD: _WORDLIKE,
    said.CATEGORY_NOT_SPACE: ("a", "."),
    said.CATEGORY_NOT_DIGIT: ("a", " "),
    said.CATEGORY_NOT_WORD: (" ", "."),
}
_BESIDE: Final = tuple(" aA1.,-('")


def pumped(pattern: re.Pattern[str], size: int) -> Iterator[str]:
    """Yield texts of about this size: a beginning that the pattern takes, a run, and no end."""
    tree = reader.parse(pattern.pattern, pattern.flags & ~said.SRE_FLAG_UNICODE)
    seen: set[tuple[str, str]] = set()
    for before, run in (*[("", sign) for sign in _BESIDE], *_runs(tree)):
        if (before, run) in seen or not run:
            continue
        seen.add((before, run))
        yield before + run * (size // len(run)) + "\x01"
        if before:
            yield (before + run * 2) * (size // len(before + run * 2)) + "\x01"


def _runs(tree: Iterable[Any], before: tuple[str, ...] = ("",)) -> Iterator[tuple[str, str]]:
    """Yield what leads to each repetition with what it repeats, in the order of the pattern."""
    for kind, value in tree:
        if kind in {said.MAX_REPEAT, said.MIN_REPEAT, said.POSSESSIVE_REPEAT}:
            once = _texts(value[2])
            if value[1] > 1:
                yield from product(before, once)
            yield from _runs(value[2], before)
        elif kind is said.BRANCH:
            for branch in value[1]:
                yield from _runs(branch, before[:2])
        elif kind is said.SUBPATTERN:
            yield from _runs(value[3], before)
        elif kind is said.ATOMIC_GROUP:
            yield from _runs(value, before)
        elif kind in {said.ASSERT, said.ASSERT_NOT} and value[0] > 0:
            yield from _runs(value[1], before)
        before = _joined(before, _one((kind, value)))


def _joined(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(islice((f"{one}{two}" for two in after for one in before), WAYS)))


def _texts(tree: Iterable[Any]) -> tuple[str, ...]:
    found: tuple[str, ...] = ("",)
    for node in tree:
        found = _joined(found, _one(node))
    return found


def _one(node: tuple[Any, Any]) -> tuple[str, ...]:  # noqa: PLR0911 - one line per kind of node
    kind, value = node
    match kind:
        case said.LITERAL:
            return (chr(value),)
        case said.NOT_LITERAL | said.ANY:
            return ("a", " ")
        case said.IN:
            return tuple(dict.fromkeys(_of_class(value)))
        case said.BRANCH:
            return tuple(dict.fromkeys(islice((text for each in value[1] for text in _texts(each)[:2]), WAYS)))
        case said.SUBPATTERN:
            return _texts(value[3])
        case said.ATOMIC_GROUP:
            return _texts(value)
        case said.MAX_REPEAT | said.MIN_REPEAT | said.POSSESSIVE_REPEAT:
            once = _texts(value[2])
            return tuple(text * max(value[0], 1) for text in once) + (() if value[0] else ("",))
        case _:
            return ("",)


def _of_class(members: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    members = tuple(members)
    if members and members[0][0] is said.NEGATE:
        shut = {chr(value) for kind, value in members if kind is said.LITERAL}
        yield from (sign for sign in "a .(" if sign not in shut)
        return
    for kind, value in members:
        if kind is said.LITERAL:
            yield chr(value)
        elif kind is said.RANGE:
            yield chr(value[0])
        elif kind is said.CATEGORY:
            yield from _CLASSES[value]
