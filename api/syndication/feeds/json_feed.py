"""JSON Feed 1.1; what was taken down stands in `_meridian`, since the format itself has no word for it."""

from collections.abc import Mapping
from typing import Any

import orjson

from api.syndication.feeds.model import Feed, Item, Named, Removal
from api.syndication.xml import moment

TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    said = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "description": feed.description,
        "next_url": feed.next,
        "icon": feed.logo,
        "authors": [_person(feed.publisher)],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        "_meridian": {
            "about": f"{feed.publisher.url}/partners",
            "licence": {"name": feed.licence.name, "url": feed.licence.url},
            "removed": [_removal(each) for each in feed.removals],
        },
        "items": [_item(item) for item in feed.items],
    }
    return orjson.dumps(_known(said), option=orjson.OPT_INDENT_2)


def _item(item: Item) -> dict[str, Any]:
    return _known(
        {
            "id": item.id,
            "url": item.url,
            "title": item.title,
            "summary": item.summary,
            "content_html": item.html,
            "image": item.image.url if item.image else None,
            "date_published": moment(item.published),
            "date_modified": moment(item.updated),
            "authors": [_person(each) for each in item.authors] or None,
            "tags": list(item.about) or None,
            "language": item.language,
            "_meridian": {"article_id": item.article_id, "revision_number": item.revision_number},
        }
    )


def _removal(removal: Removal) -> dict[str, Any]:
    return _known(
        {
            "id": removal.id,
            "at": moment(removal.at),
            "reason": removal.reason,
            "title": removal.title,
            "explanation": removal.explanation,
            "url": removal.url,
            "moved_to": removal.moved_to,
        }
    )


def _person(person: Named) -> dict[str, str]:
    return {"name": person.name, "url": person.url}


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}
