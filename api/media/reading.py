"""Reading pictures: by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise.expressions import Q

from api.media.models import MediaAsset

if TYPE_CHECKING:
    from collections.abc import Iterable


async def by_id(wanted: Iterable[str]) -> dict[str, MediaAsset]:
    """Those of the pictures that are there, by id; whoever shows a thing shows its pictures."""
    return {asset.id: asset for asset in await MediaAsset.filter(id__in=list(wanted))}


async def by_id_or_hash(wanted: Iterable[str], hashes: Iterable[str]) -> list[MediaAsset]:
    """The pictures with these ids, and those with these hashes, by one statement."""
    return await MediaAsset.filter(Q(id__in=list(wanted)) | Q(sha256__in=list(hashes)))
