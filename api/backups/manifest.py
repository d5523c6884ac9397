"""What a backup says of itself: when it was made, of what, and the hashes by which it is known to be whole."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson

from api.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DUMP = "database.dump"
MANIFEST = "manifest.json"
MEDIA = "media"
STAMP = "%Y-%m-%dT%H%M%SZ"
PIECE = 1 << 20


class NoBackup(NotFound):
    """There is no whole backup here: name a folder that `python -m api backup` wrote."""


@dataclass(frozen=True)
class Table:
    """How many rows a table had, and a digest of them that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """One backup. `dump` is the dump's SHA-256, `media` that of each media file by its name."""

    at: datetime
    migrations: tuple[str, ...]
    dump: str
    tables: Mapping[str, Table]
    media: Mapping[str, str]

    def save(self, folder: Path) -> None:
        """Write it, as the last file of its backup."""
        text = orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        with private(folder / MANIFEST).open("wb") as opened:
            opened.write(text)


def read(folder: Path) -> Manifest:
    """The manifest of the backup in this folder."""
    try:
        said = orjson.loads((folder / MANIFEST).read_bytes())
        return Manifest(
            at=datetime.fromisoformat(said["at"]),
            migrations=tuple(said["migrations"]),
            dump=said["dump"],
            tables={name: Table(**told) for name, told in said["tables"].items()},
            media=said["media"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise NoBackup(
            f"There is no whole backup in {folder}: name a folder that `python -m api backup` wrote."
        ) from None


def all_in(folder: Path) -> list[Path]:
    """The backups of a backup folder, the newest first; one half made has no manifest and does not count."""
    if not folder.is_dir():
        return []
    found = [place for place in folder.iterdir() if _is_stamp(place.name) and (place / MANIFEST).is_file()]
    return sorted(found, key=lambda place: place.name, reverse=True)


def newest(folder: Path) -> Path | None:
    """The newest backup, if there is one."""
    return next(iter(all_in(folder)), None)


def stamp(at: datetime) -> str:
    """The name of a backup made at this moment."""
    return at.astimezone(UTC).strftime(STAMP)


def private(file: Path) -> Path:
    """The file, made anew and for nobody else to read: what is written into it keeps it so."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return file


def digest(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    hashed = sha256()
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            hashed.update(piece)
    return hashed.hexdigest()


def _is_stamp(name: str) -> bool:
    try:
        datetime.strptime(name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
