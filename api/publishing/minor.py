"""Small changes: what makes a change too big to be MINOR, and whether a text was only cut (invariant 5)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from api import documents
from api.articles import editing
from api.articles.models import Revision, UpdateType
from api.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.articles.editing import Content
    from api.documents import Document

MOST = 0.05
MOST_WORDS = 500
"""More words than these are no small change however long the text is; it also bounds the time of the comparison."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|\w+|[^\w\s]")
RELATIONS = ("authors", "conditions", "treatments", "disclaimers")


class TooBig(Invalid):
    """This change is too big to be MINOR: make it MAJOR."""


async def check(revision: Revision) -> None:
    """Refuse a MINOR revision that differs from what it is to replace in more than small mends, and say in what."""
    if revision.update_type is not UpdateType.MINOR or revision.predecessor_id is None:
        return
    before = await editing.content_of(await Revision.get(id=revision.predecessor_id))
    if differ := too_big(before, await editing.content_of(revision)):
        said = f"A MINOR change leaves these as they are, and here differ: {', '.join(differ)}. Make it MAJOR."
        raise TooBig(said, path=("update_type",))


def too_big(before: Content, after: Content) -> tuple[str, ...]:
    """What differs that a MINOR change may not touch; empty when the change is minor."""
    differ = [name for name in RELATIONS if getattr(before, name) != getattr(after, name)]
    if _citations(before.body) != _citations(after.body):
        differ.append("citations")
    if _care(before.body) != _care(after.body):
        differ.append("care advice")
    ours, theirs = _words(before), _words(after)
    if _numbers(ours) != _numbers(theirs):
        differ.append("numbers in the text")
    if _changed_much(ours, theirs):
        differ.append("more than 5 % of the words")
    return tuple(differ)


def only_deletes(before: Content, after: Content) -> bool:
    """Whether all that the new text says, shows, cites and links to stood in the old one, and something is gone."""
    same = all(getattr(before, name) == getattr(after, name) for name in (*RELATIONS, "hero_image"))
    old, new = list(_tokens(before)), list(_tokens(after))
    rest = iter(old)
    return same and bool(after.title) and len(new) < len(old) and all(token in rest for token in new)


def _tokens(content: Content) -> Iterator[str]:
    """Words and signs one by one, each block and inline thing with what it says of itself, in reading order."""
    for name in ("title", "summary"):
        yield f"<{name}>"
        yield from _pieces(getattr(content, name), "")
    yield from _of_node(content.body.dump())


def _of_node(node: dict[str, Any]) -> Iterator[str]:
    if node["type"] == "text":
        yield from _pieces(node["text"], _plain(node.get("marks")))
        return
    yield f"<{node['type']} {_plain(node.get('attrs'))}>"
    for child in node.get("content", ()):
        yield from _of_node(child)


def _pieces(text: str, marks: str) -> Iterator[str]:
    yield from (f"{piece} {marks}" for piece in TOKEN.findall(text.lower()))


def _plain(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if value else ""


def _words(content: Content) -> list[str]:
    return f"{content.title} {content.summary} {documents.to_text(content.body)}".split()


def _numbers(words: list[str]) -> list[str]:
    return NUMBER.findall(" ".join(words))


def _citations(tree: Document) -> list[tuple[str, str | None]]:
    return [(item.key, item.locator) for item in documents.cited(tree)]


def _care(tree: Document) -> list[str]:
    return [passage.text for passage in documents.passages(tree) if passage.care]


def _changed_much(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether more than 5 % of the longer text's words do not stand in the other one in the same order."""
    longest = max(len(before), len(after))
    most = min(int(longest * MOST), MOST_WORDS)
    differing = 2 * most - abs(len(before) - len(after))  # words taken out and words put in, at most so many of both
    unlike = Counter(before)
    unlike.subtract(Counter(after))
    return sum(abs(count) for count in unlike.values()) > differing or not _within(before, after, differing)


def _within(before: Sequence[str], after: Sequence[str], most: int) -> bool:
    """Whether at most so many insertions and deletions lead from one to the other (Myers 1986, greedily)."""
    furthest = {1: 0}
    for edits in range(most + 1):
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while x < len(before) and x - diagonal < len(after) and before[x] == after[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            if x >= len(before) and x - diagonal >= len(after):
                return True
    return False
