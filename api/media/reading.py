"""Reading pictures: by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import rows
from api.media.models import MediaAsset
from api.sql import sql

if TYPE_CHECKING:
    from collections.abc import Iterable


async def by_id(wanted: Iterable[str]) -> dict[str, MediaAsset]:
    """Those of the pictures that are there, by id; whoever shows a thing shows its pictures."""
    return {asset.id: asset for asset in await rows.those(MediaAsset, sql("WHERE id = ANY(?::text[])", list(wanted)))}


async def by_id_or_hash(wanted: Iterable[str], hashes: Iterable[str]) -> list[MediaAsset]:
    """The pictures with these ids, and those with these hashes, by one statement."""
    named = sql("WHERE id = ANY(?::text[]) OR sha256 = ANY(?::text[])", list(wanted), list(hashes))
    return await rows.those(MediaAsset, named)
