"""Addresses of articles: what a slug looks like, and that no two things ever answer at one address."""

from __future__ import annotations

import re
import unicodedata

from api.errors import Invalid, SlugTaken
from api.sql import rows, sql

PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 160
TAKEN = """
SELECT EXISTS (SELECT FROM article WHERE slug = ? AND id <> ?)
    OR EXISTS (SELECT FROM redirect WHERE path = ? AND article_id <> ?) AS taken
"""


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
