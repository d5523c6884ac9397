"""Changing what is said of a picture."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict, Unpack

from tortoise.transactions import in_transaction

from api.audit import AuditEntry
from api.errors import NotFound, Refused
from api.media.models import MediaAsset, snapshot
from api.media.words import FocalPoint, Words


class NoSuchPicture(NotFound):
    """There is no picture with this id."""


class PictureChanged(Refused):
    """Somebody else has changed this picture since you read it: read it again and repeat your change."""


class Sent(TypedDict, total=False):
    """What an edit says: what is absent stays as it is, None clears."""

    alt: str | None
    decorative: bool
    caption: str | None
    credit: str | None
    licence: str | None
    focal_point: FocalPoint | None


async def describe(asset: str, expected_version: int, by: str, **sent: Unpack[Sent]) -> MediaAsset:
    """Change the words of a picture, in a transaction of its own or inside the caller's.

    Texts that show the picture keep the words that they were rendered with: whoever calls renders them anew
    (`usage.uses` names them) and tells those who hold copies.
    """
    async with in_transaction():
        row = await MediaAsset.filter(id=asset).select_for_update().get_or_none()
        if row is None:
            raise NoSuchPicture
        if row.version != expected_version:
            raise PictureChanged
        before = snapshot(row)
        whole: Sent = {**_words(row), **_whole(sent)}
        words = Words(**whole).checked()
        await row.update_from_dict(asdict(words) | {"version": row.version + 1}).save()
        await AuditEntry.create(actor=by, verb="updateMediaAsset", thing=row.id, before=before, after=snapshot(row))
    return row


def _words(row: MediaAsset) -> Sent:
    return {
        "alt": row.alt,
        "decorative": row.decorative,
        "caption": row.caption,
        "credit": row.credit,
        "licence": row.licence,
        "focal_point": FocalPoint(**row.focal_point) if row.focal_point else None,
    }


def _whole(sent: Sent) -> Sent:
    """Of alt and decorative one replaces the other, so that whoever sends the one need not clear the other."""
    if sent.get("decorative") and "alt" not in sent:
        return {**sent, "alt": None}
    if sent.get("alt") and "decorative" not in sent:
        return {**sent, "decorative": False}
    return sent
