"""The sitemap: every page that is meant for readers, and when what it shows last changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from api.articles.reading import LIVE, MAY_BE_LIVE
from api.sql import Sql, rows
from api.syndication.xml import add, document, moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000
"""Addresses in one file; with more, `/sitemap.xml` is the index of several."""
PAGES = ("/", "/articles", "/conditions", "/treatments", "/practitioners", "/about", "/contact", "/partners")
# An article's page changes when a copy must; the log keeps the newest entry of each article for good.
ARTICLES = f"""
SELECT '/articles/' || article.slug AS path, greatest(
         (SELECT max(at) FROM change WHERE change.article_id = article.id), article.updated_at) AS at
  FROM article JOIN revision ON revision.id = ({LIVE})
 WHERE {MAY_BE_LIVE} AND NOT coalesce((revision.seo ->> 'noindex')::boolean, false) ORDER BY article.id
"""
ENTRIES = """
SELECT '/{table}s/' || slug AS path, greatest(updated_at, first_published_at) AS at FROM {table}
 WHERE is_published ORDER BY id
"""
# What moves an entry of the catalogue in or out of it is in the audit log alone, deletions included.
MODIFIED = """
SELECT greatest((SELECT recorded_at FROM change ORDER BY id DESC LIMIT 1),
                (SELECT at FROM audit_entry WHERE left(thing, 4) IN ('cnd_', 'trt_', 'prc_')
                  ORDER BY id DESC LIMIT 1)) AS at
"""


@dataclass(frozen=True)
class Page:
    """A path of the site; `at` is when what readers see there last changed, where that is known."""

    path: str
    at: datetime | None = None


async def pages() -> list[Page]:
    """Every page, in an order in which new ones seldom move the others."""
    found = [Page(path) for path in PAGES]
    for table in ("condition", "treatment", "practitioner"):
        found += [Page(**row) for row in await rows(Sql(ENTRIES.format(table=table)))]
    return found + [Page(**row) for row in await rows(Sql(ARTICLES))]


async def modified() -> datetime | None:
    """When what it says last changed, removals included; None where nothing ever did."""
    found = await rows(Sql(MODIFIED))
    moment: datetime | None = found[0]["at"]
    return moment


def write(found: Sequence[Page], site: str, part: int | None = None, most: int = MOST) -> bytes | None:
    """The sitemap as XML, the index where there are too many pages for one file, or one part of it, from 1."""
    parts = -(-len(found) // most)
    if part is not None and not 1 <= part <= parts:
        return None
    if part is None and parts > 1:
        return _index(parts, site)
    first = ((part or 1) - 1) * most
    root = etree.Element(f"{{{NAMESPACE}}}urlset", nsmap={None: NAMESPACE})  # type: ignore[dict-item] # lxml: no prefix
    for page in found[first : first + most]:
        _place(root, "url", site + page.path, page.at)
    return document(root)


def _index(parts: int, site: str) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}sitemapindex", nsmap={None: NAMESPACE})  # type: ignore[dict-item] # as above
    for part in range(1, parts + 1):
        _place(root, "sitemap", f"{site}/sitemap.xml?part={part}", None)
    return document(root)


def _place(root: etree._Element, name: str, address: str, at: datetime | None) -> None:
    place = add(root, f"{{{NAMESPACE}}}{name}")
    add(place, f"{{{NAMESPACE}}}loc", address)
    if at:
        add(place, f"{{{NAMESPACE}}}lastmod", moment(at))
