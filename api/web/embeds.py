"""An article elsewhere: `/articles/<slug>.jsonld`, `/oembed`, and the script of the custom element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from starlette.datastructures import QueryParams
from starlette.routing import Route

from api import jsonld
from api.accounts.viewer import ANONYMOUS
from api.articles import finding, reading, representation
from api.errors import Invalid
from api.publishing import schedule
from api.syndication import copies, embed, log
from api.web.answers import Turned
from api.web.codes import Code
from api.web.published import METHODS, Door, Published

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.routing import BaseRoute
    from starlette.types import Scope

    from api.accounts.viewer import Viewer
    from api.articles.finding import ArticleFacts
    from api.sql import Ask
    from api.syndication.embed import Script
    from api.web.tills import Till

LARGEST = 100_000
FOR_EVER = "public, max-age=31536000, immutable"
ARTICLE, OFFER = 20, 5
"""What each costs."""
A_WHILE = "public, max-age=300"
FORMATS = {"json": ("application/json", embed.to_json), "xml": ("text/xml", embed.to_xml)}


@dataclass(frozen=True)
class Embeds:
    """The doors of single articles."""

    site: str
    script: Script
    authenticate: Callable[[str], Awaitable[Viewer]]
    away: tuple[type[Exception], ...] = ()
    till: Till | None = None
    way: Callable[[], Ask | None] = lambda: None

    def routes(self) -> list[BaseRoute]:
        makers = {
            "/articles/{slug}.jsonld": (self.jsonld, ARTICLE),
            "/oembed": (self.oembed, OFFER),
            "/embed.js": (self.newest_script, 0),
            "/embed.{hash}.js": (self.this_script, 0),
        }
        return [Route(path, self._door(make, cost), methods=METHODS) for path, (make, cost) in makers.items()]

    def _door(self, make: Callable[[Scope, Viewer], Awaitable[Published]], cost: int) -> Door:
        return Door(make, self.authenticate, self.away, self.till, lambda _viewer: cost, self.way)

    async def jsonld(self, scope: Scope, viewer: Viewer) -> Published:
        slug: str = scope["path_params"]["slug"]
        await schedule.settle_due(self.site)
        modified = await log.modified()
        found = await reading.by_slug([slug], ANONYMOUS)
        if slug not in found:
            raise _not_live((b"cache-tag", f"article:slug:{slug}".encode()))
        (facts,) = await finding.facts([found[slug]], ANONYMOUS)
        await self._note(scope, viewer, facts)
        tags = (f"article:{facts.article.id}", f"article:slug:{slug}", "clinic")
        body = orjson.dumps(jsonld.article(facts, self.site), option=orjson.OPT_INDENT_2)
        return Published(body, "application/ld+json", modified, tags)

    async def oembed(self, scope: Scope, viewer: Viewer) -> Published:
        asked = QueryParams(scope["query_string"])
        form = asked.get("format") or "json"
        if form not in FORMATS:
            raise Turned(501, Code.BAD_USER_INPUT, "The format is json or xml.")
        if not asked.get("url"):
            raise Invalid("Say in `url` which article: its address on the clinic's site.")
        box = embed.Box(_pixels(asked.get("maxwidth")), _pixels(asked.get("maxheight")))
        await schedule.settle_due(self.site)
        modified = await log.modified()
        offer = await embed.offer(asked["url"], box, self.site)
        await self._note(scope, viewer, offer.facts)
        media_type, write = FORMATS[form]
        article = offer.facts.article
        tags = (f"article:{article.id}", f"article:slug:{article.slug}", "clinic")
        return Published(write(offer.said), media_type, modified, tags)

    async def _note(self, scope: Scope, viewer: Viewer, facts: ArticleFacts) -> None:
        """What is sent is the same for everybody; of a partner it is written down that it has it."""
        if viewer.partner and scope["method"] == "GET":
            said = representation.content_hash(facts, self.site)
            await copies.fetched(viewer.partner, [(facts.article.id, facts.article.revision_number, said)])

    async def newest_script(self, scope: Scope, viewer: Viewer) -> Published:
        del scope, viewer
        return Published(self.script.body, "text/javascript", caching=A_WHILE)

    async def this_script(self, scope: Scope, viewer: Viewer) -> Published:
        del viewer
        if scope["path_params"]["hash"] != self.script.hash:
            raise Turned(404, Code.NOT_FOUND, "There is no such script: /embed.js is the newest.")
        return Published(self.script.body, "text/javascript", caching=FOR_EVER)


def _pixels(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:6]) < LARGEST:
        raise Invalid("Give maxwidth and maxheight as numbers of pixels.")
    return int(text[:6])


def _not_live(*headers: tuple[bytes, bytes]) -> Turned:
    return Turned(404, Code.NOT_FOUND, "There is no live article at this address.", headers=headers)
