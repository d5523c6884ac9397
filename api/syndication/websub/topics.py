"""Which addresses are topics, the first pages of our own feeds, and what stands at each."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from api.errors import Invalid
from api.syndication import feeds
from api.syndication.feeds import Part

if TYPE_CHECKING:
    from api.syndication.feeds import Reach

TOPIC = re.compile(
    rf"/feeds/(?:articles|(?P<room>{'|'.join(feeds.ROOMS)})/(?P<slug>[a-z0-9-]{{1,160}}))\.(?P<form>{'|'.join(feeds.FORMS)})"
)
KEPT = 8


class NoTopic(Invalid):
    """This is no topic of this hub: hub.topic is the address that a feed of this clinic names as its rel="self"."""


@dataclass(frozen=True)
class Content:
    """What stands at a topic: its bytes and their type."""

    body: bytes
    media_type: str

    @property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()


def path_of(address: str, site: str) -> str:
    """The path of a topic, from the address by which it names itself; refused when it is none of ours."""
    path = address.removeprefix(site)
    if path == address or not TOPIC.fullmatch(path):
        raise NoTopic(path=("hub.topic",))
    return path


async def read(path: str, reach: Reach) -> Content:
    """What stands at a topic now, as whoever has no key gets it; `NoSuchFeed` when it is not there any more."""
    found = TOPIC.fullmatch(path)
    if found is None:
        raise NoTopic
    form = feeds.FORMS[found["form"]]
    about = (found["room"], found["slug"]) if found["room"] else None
    feed = await feeds.read(path, about, Part(has_archives=form.has_archives), reach)
    return Content(form.write(feed), f"{form.media_type}; charset=utf-8")


@dataclass
class Latest:
    """What stands at the topics, made once for each and each entry of the log; the last few are kept."""

    reach: Reach
    _kept: OrderedDict[tuple[str, int], Content] = field(default_factory=OrderedDict)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def at(self, path: str, position: int) -> Content:
        """What stands at a topic, no older than this entry of the log."""
        async with self._making:
            found = self._kept.get((path, position))
            if found is None:
                found = self._kept[path, position] = await read(path, self.reach)
            self._kept.move_to_end((path, position))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
