"""The way back: a dump into an empty database, checked row by row against what it was made from."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from api import database
from api.backups import counting, erasures, programs
from api.backups.manifest import DUMP, MEDIA, digest, read
from api.backups.writing import SETTINGS
from api.errors import Conflict, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from api.backups.manifest import Manifest

JOBS = "2"


class NotEmpty(Conflict):
    """This database holds tables already."""


class Damaged(Refused):
    """The backup is not what it was when it was made."""


@dataclass(frozen=True)
class Restored:
    """What came back: rows, media files, and how many erasures were made again."""

    manifest: Manifest
    rows: int
    files: int
    erased: int = 0


async def verify(backup: Path, url: str) -> Restored:
    """Restore into a database made for it, compare every count and hash, and drop it again."""
    name = f"meridian_verify_{secrets.token_hex(6)}"
    server = await asyncpg.connect(**database.credentials(url), server_settings=SETTINGS)
    try:
        await server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            return await _bring_back(backup, url, name)
        finally:
            await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await server.close()


async def restore(backup: Path, url: str, media: Path, site: str, secret: str) -> Restored:
    """Restore into the database, which must have no tables, with the media; then forget again what was erased since."""
    await _check_empty(url)
    restored = await _bring_back(backup, url, database.credentials(url)["database"])
    for name in restored.manifest.media:
        file = media / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup.parent / MEDIA / name, file)
    await database.migrate(url)
    again = await erasures.repeat(url, backup.parent, site, secret)
    return Restored(restored.manifest, restored.rows, restored.files, again)


async def _bring_back(backup: Path, url: str, name: str) -> Restored:
    said = read(backup)
    _check_files(backup, said)
    programs.run(
        "pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", f"--jobs={JOBS}", f"--dbname={name}",
        str(backup / DUMP), database=name,
    )  # fmt: skip
    connection = await asyncpg.connect(**(database.credentials(url) | {"database": name}), server_settings=SETTINGS)
    try:
        found = await counting.count(connection)
    finally:
        await connection.close()
    different = sorted(table for table, told in said.tables.items() if found.get(table) != told)
    if different:
        raise Damaged(f"What came back differs from what was dumped, in: {', '.join(different)}. Take an older backup.")
    return Restored(said, sum(table.rows for table in found.values()), len(said.media))


def _check_files(backup: Path, said: Manifest) -> None:
    wanted = {backup / DUMP: said.dump} | {backup.parent / MEDIA / name: sha for name, sha in said.media.items()}
    for file, sha in wanted.items():
        if not file.is_file():
            raise Damaged(f"{file} is missing from the backup: take an older one, or fetch the copy kept elsewhere.")
        if digest(file) != sha:
            raise Damaged(f"{file} has changed since the backup: take an older one, or fetch the copy kept elsewhere.")


async def _check_empty(url: str) -> None:
    connection = await asyncpg.connect(**database.credentials(url))
    try:
        found = await counting.names(connection)
    finally:
        await connection.close()
    if found:
        raise NotEmpty(
            "This database holds tables already, and nothing was changed: name an empty one by DATABASE_URL, "
            "or a new DATA_DIR."
        )
