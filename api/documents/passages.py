"""The words of a document block by block and sentence by sentence, each with its place and the sources it cites."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from api.documents.blocks import (
    CallToAction,
    CareAdvice,
    CareLevel,
    CellParagraph,
    Figure,
    Heading,
    Paragraph,
    TableHeader,
    TableRow,
)
from api.documents.care import care_heading
from api.documents.model import Document
from api.documents.plain import CitedAt, Plain, plain
from api.documents.refusals import Path
from api.documents.splitting import spans
from api.documents.walk import Place, spelled, walk


class PassageKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    HEADER_CELL = "tableHeader"
    CELL = "tableCell"
    CARE_HEADING = "careHeading"
    CAPTION = "caption"
    CALL_TO_ACTION = "callToAction"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`keys` are those that it cites: a mark belongs to the sentence whose words it follows."""

    text: str
    keys: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A block that bears text.

    A line break in it is a space. `citations` holds each mark with the number of characters of `text` before it.
    `within` names the types of the blocks around, outermost first; `heading` is what it stands under; `level` is a
    heading's own, and `care` that of the care advice around it.
    """

    path: str
    kind: PassageKind
    text: str
    citations: tuple[CitedAt, ...]
    sentences: tuple[Sentence, ...]
    within: tuple[str, ...]
    heading: str | None
    level: int | None = None
    care: CareLevel | None = None

    @property
    def is_quotation(self) -> bool:
        return "blockquote" in self.within


def passages(document: Document) -> tuple[Passage, ...]:
    """List what can be read, in reading order; a table's row counts as one statement, so its cells share their keys."""
    return tuple(passage for place in walk(document) for passage in _at(place))


def _at(place: Place) -> Iterator[Passage]:
    match place.node:
        case Heading(attrs=attrs, content=content):
            yield from _passage(place, PassageKind.HEADING, plain(content), level=attrs.level)
        case Paragraph(content=content):
            yield from _passage(place, PassageKind.PARAGRAPH, plain(content))
        case CellParagraph(content=content):
            yield from _passage(place, _cell_kind(place), plain(content), shared=_row_keys(place))
        case CareAdvice() as care:
            yield from _passage(place, PassageKind.CARE_HEADING, Plain(care_heading(care)), suffix=("attrs", "heading"))
        case Figure(attrs=attrs):
            yield from _passage(place, PassageKind.CAPTION, Plain(attrs.caption or ""), suffix=("attrs", "caption"))
        case CallToAction(attrs=attrs):
            yield from _passage(place, PassageKind.CALL_TO_ACTION, Plain(attrs.text or ""), suffix=("attrs", "text"))


def _passage(
    place: Place,
    kind: PassageKind,
    words: Plain,
    *,
    shared: tuple[str, ...] = (),
    suffix: Path = (),
    level: int | None = None,
) -> Iterator[Passage]:
    if not words.text.strip():
        return
    path = spelled((*place.path, *suffix))
    around = (*place.within, place.node)
    yield Passage(
        path=path,
        kind=kind,
        text=words.text.replace("\n", " "),
        citations=words.citations,
        sentences=tuple(_sentences(words, path, shared)),
        within=tuple(str(getattr(node, "type", "")) for node in place.within),
        heading=place.heading,
        level=level,
        care=next((node.attrs.level for node in around if isinstance(node, CareAdvice)), None),
    )


def _sentences(words: Plain, path: str, shared: tuple[str, ...]) -> Iterator[Sentence]:
    found = spans(words.text)
    owned: list[list[str]] = [[] for _ in found]
    starts = [start for start, _ in found]
    text = words.text.replace("\n", " ")
    for citation in words.citations:
        owned[max(bisect_left(starts, citation.offset) - 1, 0)].append(citation.key)
    for (start, end), keys in zip(found, owned, strict=True):
        yield Sentence(text[start:end], tuple(dict.fromkeys((*keys, *shared))), path)


def _cell_kind(place: Place) -> PassageKind:
    return PassageKind.HEADER_CELL if isinstance(place.within[-1], TableHeader) else PassageKind.CELL


def _row_keys(place: Place) -> tuple[str, ...]:
    row = place.within[-2]
    cells = row.content if isinstance(row, TableRow) else ()
    return tuple(found.key for cell in cells for found in plain(cell.content[0].content).citations)
