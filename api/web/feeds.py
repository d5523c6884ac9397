"""`/feeds/…` and `/sitemap.xml`: what is live, for readers of feeds and for search engines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.datastructures import QueryParams
from starlette.routing import Route

from api.publishing import schedule
from api.syndication import copies, feeds, log, sitemap
from api.syndication.websub import distributing
from api.web.answers import Turned
from api.web.codes import Code
from api.web.published import METHODS, Door, Published

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.routing import BaseRoute
    from starlette.types import Scope

    from api.accounts.viewer import Viewer
    from api.sql import Ask
    from api.web.tills import Till

LONGEST_CURSOR = 400
WHOLE, SUMMARIES, SITEMAP = 760, 100, 20
"""What a page costs: of whole texts as much as the same articles in `changes`."""


@dataclass(frozen=True)
class Feeds:
    """The doors of the feeds. `whole`: whether everybody gets whole texts, or only whose grant says so."""

    site: str
    key: bytes = field(repr=False)
    whole: bool
    hub: str
    authenticate: Callable[[str], Awaitable[Viewer]]
    away: tuple[type[Exception], ...] = ()
    till: Till | None = None
    way: Callable[[], Ask | None] = lambda: None

    def routes(self) -> list[BaseRoute]:
        feed = Door(self.feed, self.authenticate, self.away, self.till, self._cost, self.way)
        pages = Door(self.sitemap, self.authenticate, self.away, self.till, lambda _viewer: SITEMAP, self.way)
        return [
            Route("/feeds/articles.{form}", feed, methods=METHODS),
            Route("/feeds/{room}/{slug}.{form}", feed, methods=METHODS),
            Route("/sitemap.xml", pages, methods=METHODS),
        ]

    async def feed(self, scope: Scope, viewer: Viewer) -> Published:
        asked, path = scope["path_params"], scope["path"]
        form = feeds.FORMS.get(asked["form"])
        room = asked.get("room")
        if form is None or (room is not None and room not in feeds.ROOMS):
            raise _no_such_feed()
        after = _parameter(scope, "after")
        if after is not None and len(after) > LONGEST_CURSOR:
            raise _no_such_feed()
        await schedule.settle_due(self.site)
        modified = await log.modified()
        reach = feeds.Reach(self.site, self.key, viewer.partner, self._whole(viewer), self.hub)
        part = feeds.Part(after, _number(_parameter(scope, "archive")), form.has_archives)
        feed = await feeds.read(path, (room, asked["slug"]) if room else None, part, reach)
        if viewer.partner and scope["method"] == "GET":
            sent = [(item.article_id, item.revision_number, item.content_hash) for item in feed.items]
            await copies.fetched(viewer.partner, sent)
        links = distributing.links(feed.hub, feed.address) if feed.hub else None
        return Published(form.write(feed), form.media_type, modified, feed.tags, links=links)

    async def sitemap(self, scope: Scope, viewer: Viewer) -> Published:
        del viewer  # the same for everybody
        number = _number(_parameter(scope, "part"))
        await schedule.settle_due(self.site)
        modified = await sitemap.modified()
        found = await sitemap.pages()
        body = await to_thread.run_sync(sitemap.write, found, self.site, number)
        if body is None:
            raise _no_such_feed()
        tags = ("list:articles", "list:conditions", "list:treatments", "list:practitioners")
        return Published(body, "application/xml", modified, tags)

    def _cost(self, viewer: Viewer) -> int:
        return WHOLE if self._whole(viewer) else SUMMARIES

    def _whole(self, viewer: Viewer) -> bool:
        """A partner's grant decides for the partner; members read everything anyway."""
        return viewer.partner.whole_in_bulk if viewer.partner else self.whole or viewer.member is not None


def _parameter(scope: Scope, name: str) -> str | None:
    return QueryParams(scope["query_string"]).get(name)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < len("10000000")):
        raise _no_such_feed()
    return int(text)


def _no_such_feed() -> Turned:
    return Turned(404, Code.NOT_FOUND, "There is no such feed: check its address.")
