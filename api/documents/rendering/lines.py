"""Lines of text as HTML: marks, citations, and the numbers to call in care advice."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from api.documents.inline import Citation, CitationItem, EntityLink, HardBreak, Link, Text
from api.documents.rendering.page import Page
from api.documents.rendering.tags import Html, element, joined, text
from api.documents.spans import Leaf, Span, nested

_STYLES: Final = {"bold": "strong", "italic": "em", "sub": "sub", "sup": "sup", "code": "code"}
_HELPLINE: Final = re.compile(r"(?<![\w.,£$€+\u2013-])(?:999|111|112)(?!\s?%|[\w\u2013-]|[.,]\d)")
"""Emergency numbers, where they are not part of a longer number, a range or an amount."""


def line(nodes: Sequence[Leaf], page: Page) -> Html:
    return joined(*(_piece(piece, page, linked=False) for piece in nested(nodes)))


def words(plain: str, page: Page) -> Html:
    """Write plain words; in care advice 999, 111 and 112 can be called from where they stand."""
    return joined(*_callable(plain)) if page.in_care else text(plain)


def _callable(plain: str) -> Iterator[Html]:
    at = 0
    for number in _HELPLINE.finditer(plain):
        yield text(plain[at : number.start()])
        yield element("a", text(number[0]), href=f"tel:{number[0]}")
        at = number.end()
    yield text(plain[at:])


def _piece(piece: Span | Leaf, page: Page, *, linked: bool) -> Html:
    match piece:
        case Span():
            return _span(piece, page, linked=linked)
        case Text():
            return text(piece.text) if linked else words(piece.text, page)
        case HardBreak():
            return element("br")
        case Citation():
            marks = [_mark(item, page) for item in piece.attrs.items]
            return Html(element("sup", text(", "), class_="cite-comma").join(marks))


def _span(span: Span, page: Page, *, linked: bool) -> Html:
    mark = span.mark
    is_link = isinstance(mark, Link | EntityLink)
    inside = joined(*(_piece(piece, page, linked=linked or is_link or mark.type == "code") for piece in span.pieces))
    if isinstance(mark, Link):
        return page.anchor(mark.attrs.href, inside)
    if isinstance(mark, EntityLink):
        return page.anchor(page.context.addresses.get(mark.attrs.id), inside)
    return element(_STYLES[mark.type], inside)


def _mark(item: CitationItem, page: Page) -> Html:
    """Write one number, named for those who hear it; a key without a source leads nowhere and says so."""
    label = page.label(item.key)
    page.numbers[label.number] = None
    name = ", ".join(part for part in (label.name if label.resolved else "source missing", item.locator) if part)
    anchor = element(
        "a",
        text(str(label.number)),
        id=page.mark(item.key),
        href=f"#{page.context.id_prefix}ref-{item.key}" if label.resolved else None,
        role="doc-noteref",
        aria_label=f"Reference {label.number}, {name}",
    )
    return element("sup", anchor, class_="cite" if label.resolved else "cite cite-unresolved")
