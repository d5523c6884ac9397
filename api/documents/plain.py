"""A line's plain words without its citation marks, and where in them each mark stood."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.documents.inline import Citation, HardBreak, Node, Text


@dataclass(frozen=True, slots=True)
class CitedAt:
    """A key, and how many characters of the plain words come before its mark."""

    offset: int
    key: str


@dataclass(frozen=True, slots=True)
class Plain:
    text: str
    citations: tuple[CitedAt, ...] = ()


def plain(nodes: Sequence[Node]) -> Plain:
    """Take the marks out with the space before them: `pain [@a].` becomes `pain.`, with `a` after `pain`."""
    words, citations, marked = "", [], False
    for node in nodes:
        if isinstance(node, Citation):
            words = words.rstrip(" ")
            citations += [CitedAt(len(words), item.key) for item in node.attrs.items]
        elif isinstance(node, Text | HardBreak):
            added = node.text if isinstance(node, Text) else "\n"
            words += f" {added}" if marked and added[:1].isalnum() else added
        marked = isinstance(node, Citation)
    return Plain(words, tuple(citations))
