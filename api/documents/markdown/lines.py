"""Inline nodes → Markdown: as plain as CommonMark's rules for stars and backticks allow, exact in every case."""

import re
from collections.abc import Sequence
from typing import Final

from pydantic import TypeAdapter, ValidationError

from api.documents.inline import Citation, CitationItem, EntityLink, HardBreak, Inlines, Link, Style, Text
from api.documents.markdown.reading import inline_tree
from api.documents.spans import AnyMark, Leaf, Span, nested

_ALWAYS = re.compile(r"[\\*_\[\]~^|`#]|!$|<(?=\S)|<$|&(?=#?\w+;)|^@")
_ALWAYS_BUT_PIPES = re.compile(r"[\\*_\[\]~^`#]|!$|<(?=\S)|<$|&(?=#?\w+;)|^@")
_LINE_START = re.compile(r"^(\d{1,9})(?=[.)])|^(?=[-+=:>])")
_EDGE = re.compile(r"^\s+|\s+(?=\\$)|\s+$")
_BARE_ADDRESS = re.compile(r"[^()]+")
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
_LOCATOR = re.compile(r"[\\\[\];]")
_FENCES: Final = {"bold": "**", "italic": "*", "sub": "~", "sup": "^"}
_INLINES: Final[TypeAdapter[tuple[Leaf, ...]]] = TypeAdapter(Inlines)


def written(nodes: Sequence[Leaf], *, in_cell: bool = False) -> str:
    """Write with stars where they read back as the same marks, else with `[…]{.bold}`, which always does.

    Whether `**` opens or closes depends on both its neighbours; reading the line back asks the parser itself.
    """
    plain = _safe_lines("".join(_piece(piece, in_cell=in_cell) for piece in nested(nodes)))
    if any(isinstance(node, Text) and node.marks for node in nodes) and not _reads_back(plain, nodes):
        plain = _safe_lines("".join(_explicit(node, in_cell=in_cell) for node in nodes))
    return plain.replace("|", r"\|") if in_cell else plain


def _reads_back(markdown: str, nodes: Sequence[Leaf]) -> bool:
    try:
        return _INLINES.validate_python(inline_tree(markdown)) == tuple(nodes)
    except ValidationError:
        return False


def _piece(piece: Span | Leaf, *, in_cell: bool) -> str:
    if not isinstance(piece, Span):
        return _leaf(piece, in_cell=in_cell)
    if piece.mark.type == "code":
        return _code("".join(node.text for node in piece.pieces if isinstance(node, Text)))
    inside = "".join(_piece(inner, in_cell=in_cell) for inner in piece.pieces)
    if isinstance(piece.mark, Style):
        fence = _FENCES[piece.mark.type]
        return f"{fence}{inside}{fence}"
    return _linked(inside, piece.mark)


def _explicit(node: Leaf, *, in_cell: bool) -> str:
    text = _leaf(node, in_cell=in_cell)
    for mark in node.marks:
        text = text if isinstance(mark, Style) else _linked(text, mark)
    classes = " ".join(f".{mark.type}" for mark in node.marks if isinstance(mark, Style))
    return f"[{text}]{{{classes}}}" if classes else text


def _leaf(node: Leaf, *, in_cell: bool) -> str:
    if isinstance(node, HardBreak):
        return "\\\n"
    if isinstance(node, Citation):
        return f"[{'; '.join(map(_cited, node.attrs.items))}]"
    return (_ALWAYS_BUT_PIPES if in_cell else _ALWAYS).sub(r"\\\g<0>", node.text)


def _cited(item: CitationItem) -> str:
    locator = _LOCATOR.sub(r"\\\g<0>", item.locator or "")
    return f"@{item.key}, {locator}" if locator else f"@{item.key}"


def _code(text: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{space}{text}{space}{fence}"


def _linked(inside: str, mark: AnyMark) -> str:
    if isinstance(mark, EntityLink):
        return f"[{inside}](entity:{mark.attrs.id})"
    href = mark.attrs.href if isinstance(mark, Link) else ""
    if _BARE_ADDRESS.fullmatch(href) and not _AMPERSAND.search(href):
        return f"[{inside}]({href})"
    escaped = _AMPERSAND.sub(r"\&", href)
    return f"[{inside}](<{escaped}>)"


def _safe_lines(markdown: str) -> str:
    """Keep a line's first characters from meaning a list or quotation, and spaces at its ends from vanishing."""
    return "\n".join(_EDGE.sub(_entities, _LINE_START.sub(r"\1\\", line)) for line in markdown.split("\n"))


def _entities(spaces: re.Match[str]) -> str:
    return "".join(f"&#{ord(space)};" for space in spaces[0])
