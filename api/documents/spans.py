"""Flat text with marks seen as nested spans: what both writers, Markdown's and HTML's, walk over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from api.documents.inline import Citation, EntityLink, HardBreak, Link, Style, Text

Leaf: TypeAlias = Text | Citation | HardBreak
AnyMark: TypeAlias = Style | Link | EntityLink
Marks: TypeAlias = tuple[AnyMark, ...]


@dataclass(frozen=True, slots=True)
class Span:
    mark: AnyMark
    pieces: tuple["Span | Leaf", ...]


def nested(nodes: Sequence[Leaf]) -> tuple[Span | Leaf, ...]:
    """Group neighbours that share a mark, so that a link with a bold word in it stays one link."""
    return tuple(_grouped(list(zip(nodes, _marks(nodes), strict=True))))


def _grouped(run: Sequence[tuple[Leaf, Marks]]) -> Iterator[Span | Leaf]:
    for mark, group in groupby(run, key=lambda pair: pair[1][0] if pair[1] else None):
        members = list(group)
        if mark is None:
            yield from (node for node, _ in members)
        else:
            yield Span(mark, tuple(_grouped([(node, marks[1:]) for node, marks in members])))


def _marks(nodes: Sequence[Leaf]) -> list[Marks]:
    """Let a citation or line break stand inside the bold or italic text around it, though it carries no mark itself."""
    before = list(_last_marks(nodes))
    after = list(_last_marks(nodes[::-1]))[::-1]
    return [
        node.marks if isinstance(node, Text) else _shared(left, right)
        for node, left, right in zip(nodes, before, after, strict=True)
    ]


def _last_marks(nodes: Sequence[Leaf]) -> Iterator[Marks]:
    """Yield, for each node, the marks of the latest text so far."""
    latest: Marks = ()
    for node in nodes:
        latest = node.marks if isinstance(node, Text) else latest
        yield latest


def _shared(left: Marks, right: Marks) -> Marks:
    if not all(mark.type in {"bold", "italic"} for mark in (*left, *right)):
        return ()
    return tuple(mark for mark, other in zip(left, right, strict=False) if mark == other)
