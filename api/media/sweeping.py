"""Removing the pictures that nobody shows, and files that belong to no picture, once they are a day old."""

from __future__ import annotations

import contextlib
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import structlog
from anyio import to_thread
from tortoise.transactions import in_transaction

from api.audit import AuditEntry
from api.media import usage
from api.media.intake import LOCK
from api.media.models import MediaAsset, snapshot
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DAY = timedelta(days=1)
ACTOR = "worker"
BATCH = 100
NAME = re.compile(r"([0-9a-f]{64})-[1-9][0-9]*\.(webp|jpg)(\.part)?", re.ASCII)
PATIENCE = "SET LOCAL lock_timeout = '2s'"
STILL = f"LOCK TABLE {', '.join(usage.TEXTS)} IN SHARE MODE"
"""Nobody writes a text while it is settled that none names the picture; whoever is writing one is waited for."""
KNOWN = "SELECT sha256 FROM media_asset WHERE sha256 = ANY (?)"
OLD = "SELECT id FROM media_asset WHERE uploaded_at < now() - ?::interval ORDER BY id"
TAKE = (
    "SELECT id, sha256 FROM media_asset WHERE id = ANY (?) AND uploaded_at < now() - ?::interval "
    "ORDER BY id FOR UPDATE SKIP LOCKED"
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Swept:
    """What was removed: pictures by id, and files by name in the media folder."""

    assets: tuple[str, ...]
    files: tuple[str, ...]


async def sweep(folder: Path, older_than: timedelta = DAY) -> Swept:
    """Remove what was not sent within this time and is shown nowhere; may run beside anything, also beside itself."""
    old = [row["id"] for row in await rows(sql(OLD, older_than))]
    unused = sorted(set(old) - await usage.used(old)) if old else []
    removed: dict[str, str] = {}
    for start in range(0, len(unused), BATCH):
        removed |= await _remove(unused[start : start + BATCH], older_than)
    files: list[str] = []
    for digest in removed.values():
        files += await _unlink(folder, digest, time.time())
    files += await _strays(folder, time.time() - older_than.total_seconds())
    return Swept(tuple(removed), tuple(files))


async def _remove(unused: Sequence[str], older_than: timedelta) -> dict[str, str]:
    """Remove rows, once more seen to be unused while nobody can begin to use them; answer their hashes by id."""
    try:
        async with in_transaction() as transaction:
            await transaction.execute_script(f"{PATIENCE}; {STILL}")
            taken = {row["id"]: row["sha256"] for row in await rows(sql(TAKE, list(unused), older_than))}
            gone = set(taken) - await usage.used(taken)
            for asset in await MediaAsset.filter(id__in=gone):
                await AuditEntry.create(actor=ACTOR, verb="sweepMedia", thing=asset.id, before=snapshot(asset))
            await MediaAsset.filter(id__in=gone).delete()
    except asyncpg.LockNotAvailableError:
        log.info("media_sweep_postponed", hint="somebody was writing for long; the next round comes back to it")
        return {}
    return {key: taken[key] for key in sorted(gone)}


async def _strays(folder: Path, before: float) -> list[str]:
    """Remove files whose picture has no row, last written before this moment."""
    found = await to_thread.run_sync(_files, folder, before)
    known = {
        row["sha256"] for row in await rows(sql("SELECT sha256 FROM media_asset WHERE sha256 = ANY (?)", [*found]))
    }
    removed: list[str] = []
    for digest in sorted(set(found) - known):
        removed += await _unlink(folder, digest, before)
    return removed


async def _unlink(folder: Path, digest: str, before: float) -> list[str]:
    """Remove a picture's files unless it has a row, alone with its hash: an upload of it waits, or was first."""
    async with in_transaction() as transaction:
        await transaction.execute_query(LOCK, [digest])
        if await MediaAsset.filter(sha256=digest).exists():
            return []
        names = (await to_thread.run_sync(_files, folder, before, digest)).get(digest, [])
        await to_thread.run_sync(_unlink_all, folder, names)
    return names


def _files(folder: Path, before: float, stem: str = "") -> dict[str, list[str]]:
    """The names of the renditions last written before this moment, by the hash that they begin with."""
    names = defaultdict(list)
    for path in sorted(folder.glob(f"{stem}*")):
        found = NAME.fullmatch(path.name)
        with contextlib.suppress(FileNotFoundError):  # another sweep was first
            if found and path.lstat().st_mtime <= before:
                names[found[1]].append(path.name)
    return names


def _unlink_all(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
