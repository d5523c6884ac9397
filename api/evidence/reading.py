"""Reading sources: by key, and what each of them found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.catalogue import visible_to
from api.evidence.models import Source
from api.paging import Key, Listing
from api.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer


async def by_key(keys: Sequence[str], viewer: Viewer) -> list[Source | None]:
    """The source that bears each key, where it exists for the viewer; a preview shows what its revision cites."""
    sources = Source.all() if viewer.preview else visible_to(viewer, Source)
    found = {source.key: source for source in await sources.filter(key__in=list(keys))}
    return [found.get(key) for key in keys]


async def one(by: tuple[str, str], viewer: Viewer) -> Source | None:
    """The source with this id, key, DOI or PMID, where it exists for the viewer."""
    name, value = by
    return await visible_to(viewer, Source).get_or_none(**{name: value})


def listing(viewer: Viewer) -> Listing:
    """Every source that exists for the viewer, by key."""
    where = Sql("TRUE" if viewer.sees_drafts else "source.is_published")
    return Listing("sources", Sql("source"), (where,), (Key("source.key", "text"), Key("source.id", "text")))
