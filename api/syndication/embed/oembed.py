"""oEmbed 1.0: what to put on a page in place of an article's address."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import orjson
from lxml import etree

from api import routing
from api.accounts.viewer import ANONYMOUS
from api.articles import finding
from api.articles.reading import ShownArticle
from api.errors import NotFound
from api.syndication.xml import add, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.articles.finding import ArticleFacts

WIDTH, HEIGHT = 640, 800
KEPT = 86_400
"""Seconds for which the answer may be kept; the element itself looks anew each time."""


class NotOurs(NotFound):
    """There is no live article at this address."""


@dataclass(frozen=True)
class Box:
    """The largest place that there is for it, in pixels."""

    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Offer:
    """What is said of an article that others may show."""

    facts: ArticleFacts
    said: Mapping[str, Any]


async def offer(address: str, box: Box, site: str) -> Offer:
    """What oEmbed says of the article at an address of the site; old addresses lead on, to the same article."""
    path = address.removeprefix(site).partition("?")[0].partition("#")[0]
    if path == address or not path.startswith("/") or "\0" in path:  # which no text in the database can hold
        raise NotOurs
    found = await routing.route(path, ANONYMOUS)
    if isinstance(found, routing.Moved) and not found.taken_down:
        found = await routing.route(found.path, ANONYMOUS)
    if not isinstance(found, ShownArticle):
        raise NotOurs
    (facts,) = await finding.facts([found], ANONYMOUS)
    return Offer(facts, _said(facts, box, site))


def to_json(said: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(said))


def to_xml(said: Mapping[str, Any]) -> bytes:
    root = etree.Element("oembed")
    for name, value in said.items():
        add(root, name, str(value))
    return document(root)


def _said(facts: ArticleFacts, box: Box, site: str) -> dict[str, Any]:
    article, clinic, image = facts.article, facts.clinic, facts.shared_image
    address = escape(f"{site}{article.path}")
    inside = f'<blockquote><a href="{address}">{escape(article.title)}</a>, {escape(clinic.name)}</blockquote>'
    said: dict[str, Any] = {
        "type": "rich",
        "version": "1.0",
        "title": article.title,
        "provider_name": clinic.name,
        "provider_url": site,
        "cache_age": KEPT,
        "html": f'<meridian-article slug="{escape(article.slug)}">{inside}</meridian-article>'
        f'<script async src="{escape(site)}/embed.js"></script>',
        "width": min(WIDTH, box.width or WIDTH),
        "height": min(HEIGHT, box.height or HEIGHT),
    }
    if facts.authors:
        first = facts.authors[0]
        said |= {"author_name": first.name, "author_url": f"{site}/practitioners/{first.slug}"}
    return said | (_thumbnail(facts, box, site) if image else {})


def _thumbnail(facts: ArticleFacts, box: Box, site: str) -> dict[str, Any]:
    """The largest size that fits."""
    image = facts.shared_image
    sizes = sorted(image.renditions if image else (), key=lambda size: int(size["width"]))
    fitting = [
        size for size in sizes
        if size["width"] <= (box.width or size["width"]) and size["height"] <= (box.height or size["height"])
    ]  # fmt: skip
    if not image or not fitting:
        return {}
    largest = fitting[-1]
    address = f"{site}/media/{image.sha256}-{largest['width']}.{largest['ext']}"
    return {"thumbnail_url": address, "thumbnail_width": largest["width"], "thumbnail_height": largest["height"]}
