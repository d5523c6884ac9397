"""Puts words into blocks while a page is read from beginning to end, whatever its markup leaves open."""

from dataclasses import dataclass, field
from typing import Any

from api.publishing.importing import tables
from api.publishing.importing.model import ImportedImage, Unreadable
from api.publishing.importing.nodes import LISTS, Inline, Node, block, text, tidy, words
from api.publishing.importing.notes import Notes

# Six lists within lists: documents refuse what is nested much deeper, and no reader follows it.
_DEEPEST = 12
_MOST_PARTS = 40_000
_NESTING = LISTS | {"listItem", "blockquote", "callout"}
_PARTS = {"listItem", "tableRow", "tableCell"}
_TABLE_PARTS = {"table", "tableRow", "tableCell"}


@dataclass
class _Frame:
    kind: str
    owner: object
    attrs: dict[str, Any] = field(default_factory=dict)
    content: list[Node] = field(default_factory=list)
    implied: bool = False


class Blocks:
    """Open blocks as a stack, the line being filled, and the images passed on the way."""

    def __init__(self, notes: Notes) -> None:
        self.images: list[ImportedImage] = []
        self._notes = notes
        self._frames = [_Frame("doc", None)]
        self._line: Inline = []
        self._heading = ""
        self._image_is_fresh = False
        self._parts = 0

    def say(self, spoken: str, marks: tuple[Node, ...] = ()) -> None:
        if spoken:
            self._count(spoken.strip())
            self._line.append(text(spoken, marks))
            if spoken.strip() and not self._inside("caption"):
                self._image_is_fresh = False

    def break_line(self) -> None:
        """Break the line; a second break in a row ends the paragraph, as it was meant to."""
        last = next((node for node in reversed(self._line) if node["type"] != "text" or node["text"].strip()), None)
        if self._inside("heading", "caption"):
            self.say(" ")
        elif last is not None and last["type"] == "hardBreak":
            self.end_paragraph()
        else:
            self._count()
            self._line.append({"type": "hardBreak"})

    def end_paragraph(self) -> None:
        """Close the paragraph, if one was begun; within a heading or caption everything stays one line."""
        if self._inside("heading", "caption"):
            self.say(" ")
        elif line := self._take_line():
            self._append(block("paragraph", line))

    def open(self, kind: str, owner: object, **attrs: Any) -> None:  # noqa: ANN401 - attributes as documents have them
        """Begin a block that belongs to an element; what may not stand here is passed over, its words stay."""
        self.end_paragraph()
        if self._inside("heading", "caption"):
            return
        self._count()
        while self._frames[-1].implied and kind in _PARTS:
            self._close_last()
        if kind in _TABLE_PARTS:
            self._open_table_part(kind, owner, attrs)
        elif kind in _NESTING and len(self._frames) > _DEEPEST:
            self._notes.say("Lists or quotations nested more than six deep were flattened.")
        elif kind == "callout" and len(self._frames) > 1:
            self._notes.say("A callout within another block was read as plain text.")
        else:
            self._open_block(kind, owner, attrs)

    def close(self, owner: object) -> None:
        """End whatever this element began, and everything left open inside."""
        while any(frame.owner is owner for frame in self._frames[1:]):
            self._close_last()

    def rule(self) -> None:
        self.end_paragraph()
        if len(self._frames) == 1:
            self._append({"type": "horizontalRule"})

    def image(self, address: str, alt: str) -> None:
        self._count()
        self.images.append(ImportedImage(address, alt, heading=self._heading))
        self._image_is_fresh = True

    def finish(self) -> list[Node]:
        self.end_paragraph()
        while len(self._frames) > 1:
            self._close_last()
        return self._frames[0].content

    def _count(self, part: str = "a block") -> None:
        """Stop at what no document could hold, before it costs anything more."""
        self._parts += bool(part)
        if self._parts > _MOST_PARTS:
            raise Unreadable(f"This page has more than {_MOST_PARTS:,} parts: split it.")

    def _inside(self, *kinds: str) -> bool:
        return self._frames[-1].kind in kinds

    def _nested(self) -> bool:
        return any(frame.kind in _NESTING | _TABLE_PARTS for frame in self._frames)

    def _take_line(self) -> Inline:
        line, self._line = tidy(self._line), []
        return line

    def _append(self, node: Node) -> None:
        self._make_room()
        self._frames[-1].content.append(node)

    def _make_room(self) -> None:
        """Give words that stand in a list outside every item an item of their own, and in a table a cell."""
        if self._inside(*LISTS):
            self._imply("listItem")
        if self._inside("table"):
            self._imply("tableRow")
        if self._inside("tableRow"):
            self._imply("tableCell")

    def _imply(self, kind: str) -> None:
        attrs = {"header": False, "columns": 1, "rows": 1} if kind == "tableCell" else {}
        self._frames.append(_Frame(kind, self._frames[-1].owner, attrs, implied=True))

    def _open_block(self, kind: str, owner: object, attrs: dict[str, Any]) -> None:
        if kind == "listItem" and self._frames[-1].kind not in LISTS:
            self._frames.append(_Frame("bulletList", owner))
        elif kind not in ("listItem", "caption"):
            self._make_room()
        self._frames.append(_Frame(kind, owner, attrs))

    def _open_table_part(self, kind: str, owner: object, attrs: dict[str, Any]) -> None:
        within = [frame.kind for frame in self._frames]
        # A table in a cell, in a list or in a quotation lays things out: its words follow one another.
        if kind == "table" and self._nested():
            return
        if kind == "tableRow" and within[-1] == "tableCell":
            return
        if (kind == "tableRow" and within[-1] != "table") or (kind == "tableCell" and within[-1] != "tableRow"):
            return
        self._frames.append(_Frame(kind, owner, attrs))

    def _close_last(self) -> None:
        if self._inside("heading", "caption"):
            line, frame = self._take_line(), self._frames.pop()
            self._close_line(frame, line)
            return
        self.end_paragraph()
        frame = self._frames.pop()
        if frame.kind == "table":
            self._frames[-1].content += [*frame.attrs.get("caption", ()), *tables.built(frame.content, self._notes)]
        elif frame.content or frame.kind == "tableCell":
            self._frames[-1].content.append(block(frame.kind, frame.content, **frame.attrs))

    def _close_line(self, frame: _Frame, line: Inline) -> None:
        if frame.kind == "caption":
            self._caption(line)
        elif line:
            self._heading = words(line)
            self._append(block("heading", line, **frame.attrs))
        elif frame.kind == "heading":
            self._notes.drop("headings without words")

    def _caption(self, line: Inline) -> None:
        """Give the words to the image just passed; without one they are a paragraph."""
        if self._image_is_fresh and line:
            last = self.images.pop()
            self.images.append(ImportedImage(last.address, last.alt, words(line), last.heading))
        elif line and self._inside("table"):
            self._frames[-1].attrs["caption"] = [block("paragraph", line)]
        elif line:
            self._append(block("paragraph", line))
