"""The forms in which a feed is written, by the ending of its address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.syndication.feeds import atom, json_feed, rss
from api.syndication.feeds.model import Feed


@dataclass(frozen=True)
class Form:
    """A media type, and how a feed is written in it."""

    media_type: str
    write: Callable[[Feed], bytes]
    has_archives: bool = False


FORMS: Mapping[str, Form] = {
    "atom": Form(atom.TYPE, atom.write, has_archives=True),
    "rss": Form(rss.TYPE, rss.write),
    "json": Form(json_feed.TYPE, json_feed.write),
}
