"""Making a backup: one snapshot of the database, the media that it names, and the older ones thinned out."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg

from api.backups import counting, manifest, programs
from api.backups.manifest import DUMP, MEDIA, Manifest, all_in, digest, private, stamp
from api.database import GUARDS, credentials
from api.errors import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = GUARDS | {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}


class BackupFailed(Unavailable):
    """The backup could not be made."""


async def write(url: str, media: Path, folder: Path, *, keep: int, hook: str = "") -> Path:
    """Make a backup in `folder`, keep the newest `keep`, and hand its path to the `hook`; return its path."""
    at = datetime.now(UTC)
    staging, place = folder / f".{stamp(at)}.partial", folder / stamp(at)
    try:
        staging.mkdir(parents=True, mode=0o700)
        known = await _dump(url, staging / DUMP)
        hashes = _keep_media(media, folder / MEDIA)
        Manifest(at, known[0], digest(staging / DUMP), known[1], hashes).save(staging)
        _flush(staging)
        staging.rename(place)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise BackupFailed(
            f"The backup could not be written to {folder} ({error.strerror}): make room there."
        ) from error
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _thin(folder, keep)
    _hand_over(hook, place)
    return place


async def _dump(url: str, file: Path) -> tuple[tuple[str, ...], dict[str, manifest.Table]]:
    """Dump and count in one snapshot, so that the counts are the dump's and not a moment's after it."""
    connection = await asyncpg.connect(**credentials(url), server_settings=SETTINGS)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            left_out = await counting.names(connection, passing=True)
            programs.run(
                "pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
                f"--file={private(file)}", *(f"--exclude-table-data={name}" for name in left_out),
            )  # fmt: skip
            applied = await connection.fetch("SELECT name FROM tortoise_migrations ORDER BY name")
            return tuple(row["name"] for row in applied), await counting.count(connection)
    finally:
        await connection.close()


def _keep_media(media: Path, store: Path) -> dict[str, str]:
    """Copy what is not there yet; files are named by content and never change, so what is there stays."""
    store.mkdir(mode=0o700, exist_ok=True)
    hashes = {}
    for file in sorted(file for file in media.rglob("*") if file.is_file() and not file.name.startswith(".")):
        name = str(file.relative_to(media))
        kept = store / name
        try:
            if not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                passing = kept.with_name(f".{kept.name}.partial")
                shutil.copyfile(file, passing)
                passing.rename(kept)
            hashes[name] = digest(kept)
        except FileNotFoundError:
            continue  # swept while we looked: nothing shows it any more
    return hashes


def _flush(folder: Path) -> None:
    for place in (*folder.iterdir(), folder):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _thin(folder: Path, keep: int) -> None:
    """Drop the oldest backups, and the media that none of the others has."""
    kept, dropped = all_in(folder)[:keep], all_in(folder)[keep:]
    for place in dropped:
        shutil.rmtree(place)
    if dropped:
        wanted = {name for place in kept for name in manifest.read(place).media}
        for file in [file for file in (folder / MEDIA).rglob("*") if file.is_file()]:
            if str(file.relative_to(folder / MEDIA)) not in wanted:
                file.unlink()


def _hand_over(hook: str, place: Path) -> None:
    """Run what the operator wants done with a new backup, such as a copy to another house."""
    if not hook:
        return
    try:
        done = subprocess.run([*shlex.split(hook), str(place)], check=False)  # noqa: S603 - the operator's own program
    except OSError as error:
        raise BackupFailed(f"The backup is in {place}, but BACKUP_HOOK could not run: {error.strerror}.") from error
    if done.returncode:
        raise BackupFailed(f"The backup is in {place}, but BACKUP_HOOK ended with {done.returncode}: copy it by hand.")
