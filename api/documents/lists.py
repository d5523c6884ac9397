"""Typed lists beside the document, so that nobody else has to walk the tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.documents.blocks import CallToAction, CellParagraph, Figure, Heading, Paragraph, Table, is_header
from api.documents.ids import Ids
from api.documents.inline import Citation, EntityLink, Link, Node, Text
from api.documents.model import Document
from api.documents.walk import Place, spelled, walk


@dataclass(frozen=True, slots=True)
class CitedItem:
    """One mark: its id in the HTML (without prefix), and the words of the heading that it stands under."""

    key: str
    locator: str | None
    mark_id: str
    heading: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Image:
    asset_id: str
    caption: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A link to an address or to an entity: one of `href` and `entity_id` is None."""

    text: str
    href: str | None
    entity_id: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Tabled:
    has_header: bool
    path: str


def cited(document: Document) -> tuple[CitedItem, ...]:
    ids = Ids()
    return tuple(
        CitedItem(item.key, item.locator, ids.mark(item.key), place.heading, spelled(place.path))
        for place, node in _inline(document)
        if isinstance(node, Citation)
        for item in node.attrs.items
    )


def images(document: Document) -> tuple[Image, ...]:
    return tuple(
        Image(place.node.attrs.asset_id, place.node.attrs.caption, spelled(place.path))
        for place in walk(document)
        if isinstance(place.node, Figure)
    )


def links(document: Document) -> tuple[Linked, ...]:
    """List links in reading order; one that runs over several marks is one link."""
    return tuple(
        _linked("".join(node.text for node in group if isinstance(node, Text)), mark, place)
        for place, nodes in _lines(document)
        for mark, group in groupby(nodes, key=_destination)
        if mark
    )


def tables(document: Document) -> tuple[Tabled, ...]:
    return tuple(
        Tabled(is_header(place.node.content[0]), spelled(place.path))
        for place in walk(document)
        if isinstance(place.node, Table)
    )


def entity_ids(document: Document) -> tuple[str, ...]:
    """List what entity links lead to, each once."""
    return tuple(dict.fromkeys(link.entity_id for link in links(document) if link.entity_id))


def booking_targets(document: Document) -> tuple[str, ...]:
    """List what calls to action lead to, `clinic` or practitioners' ids, each once."""
    calls = (place.node for place in walk(document))
    return tuple(dict.fromkeys(call.attrs.target for call in calls if isinstance(call, CallToAction)))


def _lines(document: Document) -> Iterator[tuple[Place, Sequence[Node]]]:
    for place in walk(document):
        if isinstance(place.node, Heading | Paragraph | CellParagraph):
            yield place, place.node.content


def _inline(document: Document) -> Iterator[tuple[Place, Node]]:
    for place, nodes in _lines(document):
        yield from ((place, node) for node in nodes)


def _destination(node: Node) -> Link | EntityLink | None:
    marks = node.marks if isinstance(node, Text) else ()
    return next((mark for mark in marks if isinstance(mark, Link | EntityLink)), None)


def _linked(text: str, mark: Link | EntityLink, place: Place) -> Linked:
    if isinstance(mark, Link):
        return Linked(text, mark.attrs.href, None, spelled(place.path))
    return Linked(text, None, mark.attrs.id, spelled(place.path))
