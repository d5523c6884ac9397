"""Addresses of articles: what a slug looks like, and that no two things ever answer at one address."""

from __future__ import annotations

import re
import unicodedata

from api.articles.models import Article
from api.conditions import Condition
from api.errors import Invalid, SlugTaken
from api.practitioners import Practitioner
from api.sql import rows, sql
from api.treatments import Treatment

PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 160
TAKEN = """
SELECT EXISTS (SELECT FROM article WHERE slug = ? AND id <> ?)
    OR EXISTS (SELECT FROM redirect WHERE path = ? AND article_id <> ?) AS taken
"""
PAGES = frozenset(
    {
        "/",
        "/about",
        "/articles",
        "/conditions",
        "/contact",
        "/embed.js",
        "/graphql",
        "/healthz",
        "/llms.txt",
        "/manifest.webmanifest",
        "/metrics",
    }
    | {
        "/oembed",
        "/partners",
        "/practitioners",
        "/readyz",
        "/report",
        "/robots.txt",
        "/search",
        "/setup",
        "/sitemap.xml",
    }
    | {"/treatments", "/404", "/500", "/503", "/websub"}
)
"""Paths at which the site or the API have pages of their own."""
BELOW = ("/_", "/comment/", "/embed.", "/feeds/", "/invitation/", "/media/", "/partners/", "/preview/", "/review/")
"""Where they have such pages below, whatever follows."""
ENTRIES: dict[str, type[Article | Condition | Treatment | Practitioner]] = {
    "articles": Article,
    "conditions": Condition,
    "treatments": Treatment,
    "practitioners": Practitioner,
}


async def answers(path: str) -> bool:
    """Whether something stands at a path already: a page of the site, an article, or an entry of the catalogue."""
    if path in PAGES or path.startswith(BELOW):
        return True
    first, _, slug = path.removeprefix("/").partition("/")
    return first in ENTRIES and await ENTRIES[first].exists(slug=slug)


def slug_of(title: str) -> str:
    """A slug made of a title: plain letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "untitled"


def check(slug: str) -> str:
    """The slug, refused when it has anything but small letters, digits and single hyphens."""
    if not PLAIN.fullmatch(slug) or len(slug) > LONGEST:
        said = "slug is made of small letters, digits and single hyphens, such as sleep-and-pain."
        raise Invalid(said, path=("slug",))
    return slug


async def check_free(slug: str, article_id: str | None = None) -> None:
    """Refuse a slug that is, or once was, the address of another article."""
    if await _taken(check(slug), article_id):
        raise SlugTaken(path=("slug",))


async def free(slug: str) -> str:
    """The slug, or the first of `slug-2`, `slug-3`, … that nothing has."""
    number = 1
    while True:
        tried = slug if number == 1 else f"{slug}-{number}"
        if not await _taken(tried):
            return tried
        number += 1


async def _taken(slug: str, article_id: str | None = None) -> bool:
    (found,) = await rows(sql(TAKEN, slug, article_id or "", f"/articles/{slug}", article_id or ""))
    return bool(found["taken"])
