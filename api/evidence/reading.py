"""Reading sources: by key, and what each of them found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.catalogue import fitting, visible_sql, visible_to
from api.evidence.models import Source
from api.paging import Key, Listing
from api.rows import those
from api.sql import Sql, read, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer


async def by_key(keys: Sequence[str], viewer: Viewer) -> list[Source | None]:
    """The source that bears each key, where it exists for the viewer; a link shows what its maker would see."""
    previewed = await _cited_by(viewer.preview) if viewer.preview and viewer.preview_is_wide else []
    sources = await those(Source, sql("WHERE key = ANY(?::text[])", list(keys)))
    shown = [source for source in sources if viewer.sees_drafts or source.is_published or source.key in previewed]
    found = {source.key: source for source in shown}
    return [found.get(key) for key in keys]


async def one(by: tuple[str, str], viewer: Viewer) -> Source | None:
    """The source with this id, key, DOI or PMID, where it exists for the viewer."""
    name, value = by
    return await visible_to(viewer, Source).filter(**{f"{name}__in": fitting(Source, name, [value])}).first()


def listing(viewer: Viewer) -> Listing:
    """Every source that exists for the viewer, by key."""
    keys = (Key("source.key", "text"), Key("source.id", "text"))
    return Listing("sources", Sql("source"), (visible_sql(viewer, "source"),), keys)


async def _cited_by(revision: str) -> list[str]:
    return [row["key"] for row in await read(sql("SELECT key FROM revision_citation WHERE revision_id = ?", revision))]
