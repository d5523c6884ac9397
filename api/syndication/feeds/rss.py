"""RSS 2.0 with content:encoded, Dublin Core, Media RSS and Atom's links.

RSS has no tombstones: for 90 days a withdrawn item stays where it was, with the same guid, and says so.
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from lxml import etree

from api.syndication.feeds.model import Feed, Item, Removal
from api.syndication.xml import Element, add, document, moment

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
TYPE = "application/rss+xml"
STAYS = timedelta(days=90)


def write(feed: Feed) -> bytes:
    root = etree.Element("rss", nsmap={"atom": ATOM, "content": CONTENT, "dc": DC, "media": MEDIA})
    root.set("version", "2.0")
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home)
    add(channel, "description", feed.description)
    add(channel, "language", feed.language)
    add(channel, "copyright", f"{feed.licence.name}: {feed.licence.url}")
    add(channel, "lastBuildDate", _date(feed.updated))
    add(channel, "generator", "Meridian")
    add(channel, "docs", "https://www.rssboard.org/rss-specification")
    for rel, address in (("self", feed.address), ("first", feed.first), ("next", feed.next), ("hub", feed.hub)):
        if address:
            add(channel, f"{{{ATOM}}}link", rel=rel, href=address, type=None if rel == "hub" else TYPE)
    if feed.logo:
        image = add(channel, "image")
        add(image, "url", feed.logo)
        add(image, "title", feed.title)
        add(image, "link", feed.home)
    since = datetime.now(UTC) - STAYS
    for removal in feed.removals:
        if removal.at >= since:
            _removed(channel, removal)
    for item in feed.items:
        _item(channel, item)
    return document(root)


def _item(channel: Element, item: Item) -> None:
    entry = add(channel, "item")
    add(entry, "title", item.title)
    add(entry, "link", item.url)
    add(entry, "guid", item.id, isPermaLink="false")
    add(entry, "pubDate", _date(item.published))
    add(entry, f"{{{ATOM}}}updated", moment(item.updated))
    for person in item.authors:
        add(entry, f"{{{DC}}}creator", person.name)
    for name in item.about:
        add(entry, "category", name)
    add(entry, f"{{{DC}}}language", item.language)
    add(entry, "description", item.summary)
    add(entry, f"{{{CONTENT}}}encoded", item.html)
    if item.image:
        size = {"width": str(item.image.width), "height": str(item.image.height)}
        shown = add(
            entry, f"{{{MEDIA}}}content", url=item.image.url, medium="image", type=item.image.mime, **size
        )  # fmt: skip
        if item.image.alt:
            add(shown, f"{{{MEDIA}}}description", item.image.alt, type="plain")
        if item.image.credit:
            add(shown, f"{{{MEDIA}}}credit", item.image.credit)


def _removed(channel: Element, removal: Removal) -> None:
    entry = add(channel, "item")
    add(entry, "title", f"Withdrawn: {removal.title}" if removal.title else "Withdrawn")
    if removal.url:
        add(entry, "link", removal.url)
    add(entry, "guid", removal.id, isPermaLink="false")
    add(entry, "pubDate", _date(removal.at))
    add(entry, f"{{{ATOM}}}updated", moment(removal.at))
    add(entry, "description", removal.notice)


def _date(value: datetime) -> str:
    """RFC 822, as RSS wants it."""
    return format_datetime(value.astimezone(UTC).replace(microsecond=0), usegmt=True)
