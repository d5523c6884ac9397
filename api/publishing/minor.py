"""Small changes: what makes a change too big to be MINOR, and whether a text was only cut (invariant 5)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from api import documents

if TYPE_CHECKING:
    from api.articles.editing import Content
    from api.documents import Document

MOST = 0.05
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
RELATIONS = ("authors", "conditions", "treatments", "disclaimers")


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
    if _share_changed(ours, theirs) > MOST:
        differ.append("more than 5 % of the words")
    return tuple(differ)


def only_deletes(before: Document, after: Document) -> bool:
    """Whether every word of the new text stood in the old one, in the same order, and something is gone."""
    old, new = documents.to_text(before).split(), documents.to_text(after).split()
    rest = iter(old)
    return len(new) < len(old) and all(word in rest for word in new)


def _words(content: Content) -> list[str]:
    return f"{content.title} {content.summary} {documents.to_text(content.body)}".split()


def _numbers(words: list[str]) -> list[str]:
    return NUMBER.findall(" ".join(words))


def _citations(tree: Document) -> list[tuple[str, str | None]]:
    return [(item.key, item.locator) for item in documents.cited(tree)]


def _care(tree: Document) -> list[str]:
    return [passage.text for passage in documents.passages(tree) if passage.care]


def _share_changed(before: list[str], after: list[str]) -> float:
    same = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    longest = max(len(before), len(after))
    return 1 - same / longest if longest else 0.0
