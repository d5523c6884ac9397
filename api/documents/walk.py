"""Every block in reading order, with its path, what stands around it, and the heading that it stands under."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from api.documents.blocks import CareAdvice, CellParagraph, Heading, Paragraph
from api.documents.care import care_heading
from api.documents.inline import Node
from api.documents.model import Document
from api.documents.plain import plain
from api.documents.refusals import Path

TEXT_BLOCKS: Final = (Heading, Paragraph, CellParagraph)


@dataclass(frozen=True, slots=True)
class Place:
    """A block; `within` holds the blocks around it, outermost first."""

    node: Node
    path: Path
    within: tuple[Node, ...]
    heading: str | None


def walk(document: Document) -> Iterator[Place]:
    heading = None
    for node, path, within in _blocks(document.content, (), ()):
        care = next((around for around in (*within, node) if isinstance(around, CareAdvice)), None)
        if isinstance(node, Heading) and care is None:
            heading = plain(node.content).text
        yield Place(node, path, within, care_heading(care) if care else heading)


def _blocks(
    blocks: Sequence[Node], path: Path, within: tuple[Node, ...]
) -> Iterator[tuple[Node, Path, tuple[Node, ...]]]:
    for at, block in enumerate(blocks):
        here = (*path, "content", at)
        yield block, here, within
        if not isinstance(block, TEXT_BLOCKS):
            yield from _blocks(getattr(block, "content", ()), here, (*within, block))


def spelled(path: Path) -> str:
    """Write a path as people read it: `content[3].attrs.heading`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
