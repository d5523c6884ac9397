"""From the bytes of an upload to a row: made small in a child, put in place, and kept once however often sent."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from anyio import to_thread
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from api.audit import AuditEntry
from api.errors import Invalid
from api.media.formats import HEAD_BYTES, kind_of
from api.media.incoming import MediaFolderUnusable
from api.media.models import MediaAsset, snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from api.media.formats import Kind
    from api.media.words import Words
    from api.media.workshop import Made, Workshop

ORIGINAL = "original"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('meridian.media.' || $1, 0))"
AGAIN = "UPDATE media_asset SET uploaded_at = now() WHERE sha256 = $1 RETURNING id"


class NotAPicture(Invalid):
    """This is no picture that can be taken, whatever its name says: send a JPEG, PNG, WebP or AVIF file."""


@dataclass(frozen=True)
class Taken:
    """The picture, and whether it was new here."""

    asset: MediaAsset
    is_new: bool


@dataclass(frozen=True)
class Intake:
    """The way in; `folder` is the one that `/media/…` serves."""

    folder: Path
    workshop: Workshop

    async def take(self, work: Path, digest: str, words: Words, by: str) -> Taken:
        """Take the file `original` in its folder, whose SHA-256 is `digest`; bytes that are here answer as they are."""
        words = words.checked()
        kind = await to_thread.run_sync(_kind, work / ORIGINAL)
        if kind is None:
            raise NotAPicture
        if found := await _again(digest):
            return Taken(found, is_new=False)
        made = await self.workshop.make(work, kind, digest)
        await to_thread.run_sync(_settle, work, digest, made)
        return await self._keep(work, digest, made, kind=kind, words=words, by=by)

    async def _keep(self, work: Path, digest: str, made: Made, *, kind: Kind, words: Words, by: str) -> Taken:
        """Put files and row in place, alone with this hash: no twin and no sweep is between."""
        async with in_transaction() as transaction:
            await transaction.execute_query(LOCK, [digest])
            if found := await _again(digest):
                return Taken(found, is_new=False)
            await to_thread.run_sync(_place, work, self.folder, digest, made)
            asset = await MediaAsset.create(
                sha256=digest, mime=kind.mime, width=made.width, height=made.height,
                renditions=[asdict(size) for size in made.sizes], **asdict(words),
            )  # fmt: skip
            await AuditEntry.create(actor=by, verb="uploadMedia", thing=asset.id, after=snapshot(asset))
        return Taken(await MediaAsset.get(id=asset.id), is_new=True)


async def _again(digest: str) -> MediaAsset | None:
    """The picture with these bytes, young again: whoever sent it anew is about to use it."""
    found = await get_connection("default").execute_query_dict(AGAIN, [digest])
    return await MediaAsset.get_or_none(id=found[0]["id"]) if found else None


def _kind(original: Path) -> Kind | None:
    with original.open("rb") as file:
        return kind_of(file.read(HEAD_BYTES))


def _settle(work: Path, digest: str, made: Made) -> None:
    """Have the files on the disk before a row speaks of them."""
    try:
        for size in made.sizes:
            _synced(work / size.file(digest))
    except OSError as error:
        raise MediaFolderUnusable from error


def _place(work: Path, folder: Path, digest: str, made: Made) -> None:
    try:
        for size in made.sizes:
            (work / size.file(digest)).replace(folder / size.file(digest))
        _synced(folder)
    except OSError as error:
        raise MediaFolderUnusable from error


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
