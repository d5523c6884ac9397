"""The blocks of a document, which of them may stand in which, and what is left out as empty."""

from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.documents.inline import Inlines, Line, Node, Phrase

MOST_COLUMNS: Final = 30


class Tone(StrEnum):
    NOTE = "note"
    TIP = "tip"
    WARNING = "warning"


class CareLevel(StrEnum):
    """How soon to get help; the words are the NHS's."""

    SELF_CARE = "SELF_CARE"
    NON_URGENT = "NON_URGENT"
    URGENT = "URGENT"
    EMERGENCY = "EMERGENCY"


class HeadingAttrs(Node):
    level: Literal[2, 3, 4]


class Heading(Node):
    type: Literal["heading"]
    attrs: HeadingAttrs
    content: Line = ()


class Paragraph(Node):
    type: Literal["paragraph"]
    content: Inlines = ()


class HorizontalRule(Node):
    type: Literal["horizontalRule"]


class CellParagraph(Node):
    """The one paragraph of a table cell: a single line, empty or not."""

    type: Literal["paragraph"]
    content: Line = ()


class TableHeader(Node):
    type: Literal["tableHeader"]
    content: tuple[CellParagraph] = (CellParagraph(type="paragraph"),)


class TableCell(Node):
    type: Literal["tableCell"]
    content: tuple[CellParagraph] = (CellParagraph(type="paragraph"),)


Cell: TypeAlias = Annotated[TableHeader | TableCell, Field(discriminator="type")]


class TableRow(Node):
    type: Literal["tableRow"]
    content: Annotated[tuple[Cell, ...], Field(min_length=1, max_length=MOST_COLUMNS)]


def is_header(row: TableRow) -> bool:
    return all(isinstance(cell, TableHeader) for cell in row.content)


def _rows(rows: tuple[TableRow, ...]) -> tuple[TableRow, ...]:
    """Hold rows to one width and headers to the first row; a header row without a word is no header."""
    for number, row in enumerate(rows, start=1):
        if len(row.content) != len(rows[0].content):
            raise PydanticCustomError("ragged", "Give row {number} as many cells as the first.", {"number": number})
        if any(isinstance(cell, TableHeader) for cell in row.content) and not (number == 1 and is_header(row)):
            raise PydanticCustomError("stray_header", "Header cells fill the first row, and stand nowhere else.")
    wordless = rows and is_header(rows[0]) and not any(cell.content[0].content for cell in rows[0].content)
    return rows[1:] if wordless else rows


class Table(Node):
    type: Literal["table"]
    content: Annotated[tuple[TableRow, ...], AfterValidator(_rows)]


class FigureAttrs(Node):
    asset_id: Annotated[str, Field(alias="assetId", pattern=r"^med_[0-9a-z]{1,64}$")]
    caption: Phrase = None


class Figure(Node):
    type: Literal["figure"]
    attrs: FigureAttrs


_Block = TypeVar("_Block", bound=Node)


def _kept(blocks: tuple[_Block, ...]) -> tuple[_Block, ...]:
    """Leave out what holds nothing; care advice stays even so, because losing it in silence could harm."""
    return tuple(block for block in blocks if isinstance(block, _WHOLE) or _holds(block))


def _holds(block: Node) -> bool:
    content: tuple[Node, ...] = getattr(block, "content", ())
    return bool(content)


class ListItem(Node):
    type: Literal["listItem"]
    content: "Inner" = ()


Items: TypeAlias = Annotated[tuple[ListItem, ...], AfterValidator(_kept)]


class BulletList(Node):
    type: Literal["bulletList"]
    content: Items = ()


def _unless_one(start: int | None) -> int | None:
    return None if start == 1 else start


class OrderedListAttrs(Node):
    start: Annotated[
        Annotated[int, Field(strict=True, ge=0, le=999_999)] | None,
        AfterValidator(_unless_one),
    ] = None


class OrderedList(Node):
    type: Literal["orderedList"]
    attrs: OrderedListAttrs = OrderedListAttrs()
    content: Items = ()


class Blockquote(Node):
    type: Literal["blockquote"]
    content: "Inner" = ()


InnerBlock: TypeAlias = Annotated[
    Heading | Paragraph | BulletList | OrderedList | Blockquote | Table | Figure | HorizontalRule,
    Field(discriminator="type"),
]
Inner: TypeAlias = Annotated[tuple[InnerBlock, ...], AfterValidator(_kept)]


class CalloutAttrs(Node):
    tone: Tone


class Callout(Node):
    type: Literal["callout"]
    attrs: CalloutAttrs
    content: Inner = ()


class CareAdviceAttrs(Node):
    level: CareLevel
    heading: Phrase = None


class CareAdvice(Node):
    type: Literal["careAdvice"]
    attrs: CareAdviceAttrs
    content: Inner = ()


class CallToActionAttrs(Node):
    target: Annotated[str, Field(pattern=r"^(?:clinic|prc_[0-9a-z]{1,64})$")]
    text: Phrase = None


class CallToAction(Node):
    type: Literal["callToAction"]
    attrs: CallToActionAttrs


Block: TypeAlias = Annotated[
    Heading
    | Paragraph
    | BulletList
    | OrderedList
    | Blockquote
    | Table
    | Callout
    | CareAdvice
    | Figure
    | CallToAction
    | HorizontalRule,
    Field(discriminator="type"),
]
_WHOLE = (HorizontalRule, Figure, CallToAction, CareAdvice)
Blocks: TypeAlias = Annotated[tuple[Block, ...], AfterValidator(_kept)]

for _model in (ListItem, Blockquote, BulletList, OrderedList):
    _model.model_rebuild()
