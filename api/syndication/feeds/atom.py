"""Atom (RFC 4287), with pages and archives (RFC 5005) and tombstones (RFC 6721)."""

from lxml import etree

from api.syndication.feeds.model import Feed, Item, Removal
from api.syndication.xml import LANGUAGE, Element, add, document, moment, plain

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
TYPE = "application/atom+xml"


def write(feed: Feed) -> bytes:
    root = etree.Element(_("feed"), nsmap={None: ATOM, "at": TOMBSTONES, "fh": HISTORY})  # type: ignore[dict-item] # lxml: no prefix
    root.set(LANGUAGE, plain(feed.language))
    add(root, _("id"), feed.first)
    add(root, _("title"), feed.title)
    add(root, _("subtitle"), feed.description)
    add(root, _("updated"), moment(feed.updated))
    for rel, address, kind in (
        ("self", feed.address, TYPE),
        ("alternate", feed.home, "text/html"),
        ("first", feed.first, TYPE),
        ("next", feed.next, TYPE),
        ("prev-archive", feed.prev_archive, TYPE),
        ("next-archive", feed.next_archive, TYPE),
        ("current", feed.first if feed.is_archive else None, TYPE),
        ("hub", feed.hub, None),
        ("license", feed.licence.url, None),
    ):
        if address:
            add(root, _("link"), rel=rel, href=address, type=kind)
    if feed.is_archive:
        add(root, f"{{{HISTORY}}}archive")
    author = add(root, _("author"))
    add(author, _("name"), feed.publisher.name)
    add(author, _("uri"), feed.publisher.url)
    if feed.logo:
        add(root, _("logo"), feed.logo)
    add(root, _("rights"), feed.licence.name)
    add(root, _("generator"), "Meridian")
    for removal in feed.removals:
        _tombstone(root, removal)
    for item in feed.items:
        _entry(root, item)
    return document(root)


def _entry(root: Element, item: Item) -> None:
    entry = add(root, _("entry"))
    entry.set(LANGUAGE, plain(item.language))
    add(entry, _("id"), item.id)
    add(entry, _("title"), item.title)
    add(entry, _("updated"), moment(item.updated))
    add(entry, _("published"), moment(item.published))
    add(entry, _("link"), rel="alternate", href=item.url, type="text/html")
    add(entry, _("link"), rel="alternate", href=f"{item.url}.jsonld", type="application/ld+json")
    if item.image:
        add(entry, _("link"), rel="enclosure", href=item.image.url, type=item.image.mime, title=item.image.alt or None)
    for person in item.authors:
        author = add(entry, _("author"))
        add(author, _("name"), person.name)
        add(author, _("uri"), person.url)
    for name in item.about:
        add(entry, _("category"), term=name)
    add(entry, _("summary"), item.summary)
    add(entry, _("content"), item.html, type="html")


def _tombstone(root: Element, removal: Removal) -> None:
    entry = add(root, f"{{{TOMBSTONES}}}deleted-entry", ref=removal.id, when=moment(removal.at))
    if removal.explanation:
        add(entry, f"{{{TOMBSTONES}}}comment", removal.explanation)
    if removal.url:
        add(entry, _("link"), rel="alternate", href=removal.url, type="text/html")


def _(name: str) -> str:
    return f"{{{ATOM}}}{name}"
