"""Addresses of entries: free slugs, and what an old one leads to once the entry was public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.articles.models import Redirect
from api.errors import SlugTaken
from api.publishing import slugs

if TYPE_CHECKING:
    from api.publishing.catalogue.nouns import Noun


async def made_of(noun: Noun, name: str) -> str:
    """A free slug made of a name: itself, or with the first number that makes it free."""
    plain, number = slugs.slug_of(name), 1
    while True:
        tried = plain if number == 1 else f"{plain}-{number}"
        if not await _taken(noun, tried, ""):
            return tried
        number += 1


async def check_free(noun: Noun, slug: str, entry_id: str = "") -> None:
    """Refuse a slug that is, or once was, the address of another entry."""
    if await _taken(noun, slugs.check(slug), entry_id):
        raise SlugTaken(path=("slug",))


async def move(noun: Noun, row: Any, old: str) -> None:  # noqa: ANN401 - the noun's row
    """Let the old address of an entry that was public lead to the new one: no chain, no loop."""
    here, there = noun.address(old), noun.address(row.slug)
    await Redirect.filter(path=there).delete()
    if row.first_published_at:
        await Redirect.filter(target=here).update(target=there)
        await Redirect.update_or_create(path=here, defaults={"target": there, "article_id": None})


async def forget(noun: Noun, row: Any) -> None:  # noqa: ANN401 - as above
    """Drop what leads to an entry that is no more."""
    if noun.path:
        await Redirect.filter(target=noun.address(row.slug)).delete()


async def _taken(noun: Noun, slug: str, entry_id: str) -> bool:
    if await noun.model.filter(slug=slug).exclude(id=entry_id).exists():
        return True
    redirect = await Redirect.get_or_none(path=noun.address(slug))
    if redirect is None:
        return False
    own = await noun.model.get_or_none(id=entry_id)
    return own is None or redirect.target != noun.address(own.slug)
