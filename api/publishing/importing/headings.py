"""Puts headings in order: the title once, levels from 2 to 4 without gaps."""

from collections.abc import Iterator

from api.publishing.importing.nodes import Node, words
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import counted, listed, same, shown

_FIRST_LEVEL, _LAST_LEVEL = 2, 4
# A bold paragraph of no more words than this reads like a heading.
_SHORT = 14


def without_title(blocks: list[Node], title: str, notes: Notes) -> list[Node]:
    """Remove lines that only repeat the title, which an article carries beside its body."""
    kept = []
    for node in blocks:
        if node["type"] in ("heading", "paragraph") and same(words(node), title):
            notes.drop("lines that repeat the title", words(node))
        else:
            kept.append(node)
    return kept


def levelled(blocks: list[Node], notes: Notes) -> list[Node]:
    """Give the levels in use, in their order, the numbers 2, 3 and 4."""
    used = sorted(set(_levels(blocks)))
    new = {level: min(_FIRST_LEVEL + place, _LAST_LEVEL) for place, level in enumerate(used)}
    if moved := [level for level in used if new[level] != level]:
        notes.say(
            f"Heading levels shifted: {listed([f'{level} became {new[level]}' for level in moved])}; "
            "an article's headings run from 2 to 4 without gaps.",
        )
    return [_with_level(node, new) for node in blocks]


def _levels(blocks: list[Node]) -> Iterator[int]:
    for node in blocks:
        if node["type"] == "heading":
            yield node["attrs"]["level"]
        elif node["type"] != "paragraph":
            yield from _levels(node.get("content", []))


def _with_level(node: Node, new: dict[int, int]) -> Node:
    if node["type"] == "heading":
        return node | {"attrs": {"level": new[node["attrs"]["level"]]}}
    if node["type"] == "paragraph" or "content" not in node:
        return node
    return node | {"content": [_with_level(inner, new) for inner in node["content"]]}


def note_bold_paragraphs(blocks: list[Node], notes: Notes) -> None:
    """Point out paragraphs that are bold throughout: on old sites these were the headings."""
    bold = [words(node) for node in blocks if node["type"] == "paragraph" and _is_bold(node)]
    if bold:
        quotes = listed([shown(text) for text in bold])
        notes.say(f"{counted(len(bold), 'paragraph is', 'paragraphs are')} bold throughout, as headings are: {quotes}.")


def _is_bold(paragraph: Node) -> bool:
    texts = [node for node in paragraph["content"] if node["type"] == "text"]
    is_bold = all({"type": "bold"} in node.get("marks", ()) for node in texts)
    return bool(texts) and is_bold and len(words(paragraph).split()) <= _SHORT
