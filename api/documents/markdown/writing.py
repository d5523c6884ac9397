"""Document → Markdown, so that reading it again gives the same document."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from api.documents.blocks import (
    Blockquote,
    BulletList,
    Callout,
    CallToAction,
    CareAdvice,
    Figure,
    Heading,
    HorizontalRule,
    ListItem,
    OrderedList,
    Paragraph,
    Table,
    TableRow,
    is_header,
)
from api.documents.inline import Node
from api.documents.markdown.lines import written
from api.documents.markdown.reading import unbracketed
from api.documents.model import Document

_BULLETS: Final = "-*"
_ENUMERATORS: Final = ".)"
_RULE: Final = "___"  # dashes or stars after a list's own marker would read as one long rule


def to_markdown(document: Document) -> str:
    text = _blocks(document.content)
    return f"{text}\n" if text else ""


def _blocks(blocks: Sequence[Node]) -> str:
    """Write blocks with an empty line between; neighbouring lists take turns with their markers, to stay apart."""
    parts = []
    for kind, group in groupby(blocks, key=type):
        parts += [
            _block(block, turn % 2 if kind in {BulletList, OrderedList} else 0) for turn, block in enumerate(group)
        ]
    return "\n\n".join(parts)


def _block(block: Node, turn: int) -> str:  # noqa: PLR0911 - one line per kind of block
    match block:
        case Heading():
            return f"{'#' * block.attrs.level} {written(block.content)}"
        case Paragraph():
            return written(block.content)
        case BulletList():
            return _items(block.content, [_BULLETS[turn]] * len(block.content))
        case OrderedList():
            first = 1 if block.attrs.start is None else block.attrs.start
            return _items(block.content, [f"{first + at}{_ENUMERATORS[turn]}" for at in range(len(block.content))])
        case Blockquote():
            return _prefixed(_blocks(block.content), "> ")
        case Table():
            return _table(block)
        case HorizontalRule():
            return _RULE
        case _:
            return _container(block)


def _items(items: Sequence[ListItem], markers: Sequence[str]) -> str:
    """Write a list close together when every item is one paragraph, with empty lines between items otherwise."""
    gap = "\n" if all(len(item.content) == 1 and isinstance(item.content[0], Paragraph) for item in items) else "\n\n"
    return gap.join(_item(item, marker) for item, marker in zip(items, markers, strict=True))


def _item(item: ListItem, marker: str) -> str:
    indent = " " * (len(marker) + 1)
    return f"{marker} {_prefixed(_blocks(item.content), indent)[len(indent) :]}"


def _prefixed(text: str, prefix: str) -> str:
    return "\n".join(f"{prefix}{line}".rstrip(" ") if not line else f"{prefix}{line}" for line in text.split("\n"))


def _table(table: Table) -> str:
    """Write the header row, or an empty one for a table that has none."""
    rows = table.content
    width = len(rows[0].content)
    head = _row(rows[0]) if is_header(rows[0]) else "|" + "  |" * width
    body = [_row(row) for row in rows if not is_header(row)]
    return "\n".join([head, "|" + " --- |" * width, *body])


def _row(row: TableRow) -> str:
    return "".join(f"| {written(cell.content[0].content, in_cell=True)} " for cell in row.content) + "|"


def _container(block: Node) -> str:
    """Fence a block with colons, one more than any fence inside it."""
    inside = _blocks(block.content) if isinstance(block, Callout | CareAdvice) else ""
    fence = ":::" if ":::" not in inside else "::::"
    return "\n".join(part for part in (f"{fence} {_title(block)}", inside, fence) if part)


def _title(block: Node) -> str:
    match block:
        case Callout():
            return block.attrs.tone.value
        case CareAdvice():
            return _named(block.attrs.level.value.lower().replace("_", "-"), block.attrs.heading)
        case Figure():
            return _named(f"figure {block.attrs.asset_id}", block.attrs.caption)
        case CallToAction():
            return _named(f"call-to-action {block.attrs.target}", block.attrs.text)
        case _:
            raise TypeError(type(block))


def _named(start: str, words: str | None) -> str:
    """Put brackets around words that stand in brackets already: one pair is taken off when they are read."""
    if not words:
        return start
    return f"{start} [{words}]" if unbracketed(words) != words else f"{start} {words}"
