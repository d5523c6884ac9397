"""A document as plain text, without citation marks and calls to action."""

from collections.abc import Iterator, Sequence

from api.documents.blocks import (
    BulletList,
    CareAdvice,
    CellParagraph,
    Figure,
    Heading,
    ListItem,
    OrderedList,
    Paragraph,
    Table,
)
from api.documents.care import care_heading
from api.documents.inline import Node
from api.documents.model import Document
from api.documents.plain import plain
from api.documents.readability import words_in


def to_text(document: Document) -> str:
    """Write blocks with an empty line between, list items one to a line, a table's cells with `|` between."""
    return _blocks(document.content)


def words(document: Document) -> int:
    return words_in(to_text(document))


def _blocks(blocks: Sequence[Node]) -> str:
    return "\n\n".join(text for text in map(_block, blocks) if text)


def _block(block: Node) -> str:  # noqa: PLR0911 - one line per kind of block
    match block:
        case Heading() | Paragraph() | CellParagraph():
            return plain(block.content).text.strip()
        case BulletList():
            return "\n".join(f"- {_item(item)}" for item in block.content)
        case OrderedList():
            first = 1 if block.attrs.start is None else block.attrs.start
            return "\n".join(f"{number}. {_item(item)}" for number, item in enumerate(block.content, start=first))
        case Table():
            return "\n".join(" | ".join(map(_blocks, (cell.content for cell in row.content))) for row in block.content)
        case CareAdvice():
            return "\n\n".join((care_heading(block), *filter(None, map(_block, block.content))))
        case Figure():
            return block.attrs.caption or ""
        case _:
            return _blocks(getattr(block, "content", ()))


def _item(item: ListItem) -> str:
    return "\n".join(_lines(item))


def _lines(item: ListItem) -> Iterator[str]:
    """Yield an item's lines, those after its first paragraph indented below it."""
    for at, block in enumerate(item.content):
        lines = _block(block).split("\n")
        yield from (f"  {line}" if line and (at or turn) else line for turn, line in enumerate(lines))
