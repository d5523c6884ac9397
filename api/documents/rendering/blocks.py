"""Blocks as HTML, and the whole page out of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from api.documents import blocks as model
from api.documents.care import care_heading
from api.documents.ids import slug
from api.documents.inline import Node
from api.documents.model import Document
from api.documents.plain import plain
from api.documents.rendering.context import Block, Picture, RenderContext, Rendered, TocEntry
from api.documents.rendering.lines import line, words
from api.documents.rendering.page import Page
from api.documents.rendering.tags import Html, element, is_address, joined, text

_LONGEST_LABEL: Final = 100
_SIZES: Final = "(min-width: 45em) 42rem, 100vw"
_NOTHING: Final = Html("")


def render(document: Document, context: RenderContext) -> Rendered:
    page = Page(context)
    blocks = tuple(_top_level(block, page) for block in document.content)
    return Rendered(
        html="\n".join(block.html for block in blocks if block.html),
        blocks=blocks,
        toc=tuple(page.toc),
        marks={key: tuple(ids) for key, ids in page.marks.items()},
    )


def _top_level(block: Node, page: Page) -> Block:
    page.numbers.clear()
    html = _block(block, page)
    if isinstance(block, model.Heading):
        page.toc.append(TocEntry(page.latest_heading, block.attrs.level, plain(block.content).text))
    return Block(html, tuple(page.numbers))


def _block(block: Node, page: Page) -> Html:
    return _WRITERS[type(block)](block, page)


def _blocks(blocks: Sequence[Node], page: Page) -> Html:
    return joined(*(_block(block, page) for block in blocks))


def _heading(heading: model.Heading, page: Page) -> Html:
    page.level = heading.attrs.level
    page.latest_heading = page.id(slug(plain(heading.content).text))
    return element(f"h{heading.attrs.level}", line(heading.content, page), id=page.latest_heading)


def _paragraph(paragraph: model.Paragraph, page: Page) -> Html:
    return element("p", line(paragraph.content, page))


def _bullet_list(bullets: model.BulletList, page: Page) -> Html:
    return element("ul", *(_item(item, page) for item in bullets.content))


def _ordered_list(ordered: model.OrderedList, page: Page) -> Html:
    return element("ol", *(_item(item, page) for item in ordered.content), start=ordered.attrs.start)


def _item(item: model.ListItem, page: Page) -> Html:
    """Write an item of one paragraph, with or without lists below it, as a plain line."""
    first, *rest = item.content
    if isinstance(first, model.Paragraph) and all(isinstance(b, model.BulletList | model.OrderedList) for b in rest):
        return element("li", line(first.content, page), _blocks(rest, page))
    return element("li", _blocks(item.content, page))


def _blockquote(quote: model.Blockquote, page: Page) -> Html:
    return element("blockquote", _blocks(quote.content, page))


def _rule(_: model.HorizontalRule, __: Page) -> Html:
    return element("hr")


def _table(table: model.Table, page: Page) -> Html:
    """Write a table inside a region that can be focused, because a wide one scrolls."""
    page.tables += 1
    head = [row for row in table.content if model.is_header(row)]
    body = [row for row in table.content if not model.is_header(row)]
    parts = [
        element(part, *(_row(row, page) for row in rows)) for part, rows in (("thead", head), ("tbody", body)) if rows
    ]
    label = _table_label(head, page.tables)
    return element("div", element("table", *parts), class_="table", role="region", tabindex=0, aria_label=label)


def _table_label(head: Sequence[model.TableRow], number: int) -> str:
    columns = ", ".join(plain(cell.content[0].content).text for row in head for cell in row.content)
    short = columns if len(columns) <= _LONGEST_LABEL else f"{columns[:_LONGEST_LABEL].rsplit(' ', 1)[0]}…"
    return f"Table {number}: {short}" if columns else f"Table {number}"


def _row(row: model.TableRow, page: Page) -> Html:
    return element("tr", *(_cell(cell, page) for cell in row.content))


def _cell(cell: model.TableHeader | model.TableCell, page: Page) -> Html:
    inside = line(cell.content[0].content, page)
    return element("th", inside, scope="col") if isinstance(cell, model.TableHeader) else element("td", inside)


def _callout(callout: model.Callout, page: Page) -> Html:
    tone = callout.attrs.tone.value
    label = element("p", text(tone.capitalize()), class_="callout-label")
    return element("div", label, _blocks(callout.content, page), class_=f"callout callout-{tone}", role="note")


def _care_advice(care: model.CareAdvice, page: Page) -> Html:
    """Write a section whose heading says in words how soon to act."""
    name = f"care-{care.attrs.level.value.lower().replace('_', '-')}"
    section, title = page.id(name), page.id(f"{name}-heading")
    level, page.level, page.in_care = page.level, page.level + 1, True
    heading = element(f"h{level + 1}", words(care_heading(care), page), id=title)
    inside = _blocks(care.content, page)
    page.level, page.in_care = level, False
    return element("section", heading, inside, id=section, class_=f"care {name}", aria_labelledby=title)


def _figure(figure: model.Figure, page: Page) -> Html:
    picture = page.context.pictures.get(figure.attrs.asset_id)
    if picture is None or not is_address(picture.src):
        return _NOTHING
    caption = figure.attrs.caption or picture.caption
    credit = element("small", text(picture.credit), class_="credit") if picture.credit else _NOTHING
    below = Html(" ").join(part for part in (text(caption or ""), credit) if part)
    return element("figure", _image(picture, page), element("figcaption", Html(below)) if below else _NOTHING)


def _image(picture: Picture, page: Page) -> Html:
    return element(
        "img",
        src=page.address(picture.src),
        srcset=_srcset(picture.srcset, page) if picture.srcset else None,
        sizes=_SIZES if picture.srcset else None,
        width=picture.width,
        height=picture.height,
        alt=picture.alt or "",
        loading="lazy",
        decoding="async",
    )


def _srcset(srcset: str, page: Page) -> str:
    return ", ".join(page.address(candidate.strip()) for candidate in srcset.split(", "))


def _call_to_action(call: model.CallToAction, page: Page) -> Html:
    booking = page.context.bookings.get(call.attrs.target)
    if booking is None or not is_address(booking.url) or not page.context.calls_to_action:
        return _NOTHING
    label = text(call.attrs.text or booking.label)
    return element("p", page.anchor(booking.url, label, class_="button"), class_="call-to-action")


_WRITERS: Final[Mapping[type[Node], Callable[[Any, Page], Html]]] = {
    model.Heading: _heading,
    model.Paragraph: _paragraph,
    model.BulletList: _bullet_list,
    model.OrderedList: _ordered_list,
    model.Blockquote: _blockquote,
    model.HorizontalRule: _rule,
    model.Table: _table,
    model.Callout: _callout,
    model.CareAdvice: _care_advice,
    model.Figure: _figure,
    model.CallToAction: _call_to_action,
}
