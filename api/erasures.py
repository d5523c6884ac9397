"""What was erased for good, listed beside the dumps by id and date, so that an older dump that comes back forgets it.

A line is written by whoever erases, before the transaction ends: what was answered as erased is always in the list. The
worker adds what could not be written then.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import orjson
import structlog

from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

LIST: Final = "erased.jsonl"
ARTICLE: Final = "eraseArticle"
COMMENT: Final = "eraseComment"
WITHDRAWN: Final = "withdrawComment"
ORIGINAL: Final = "eraseOriginal"
"""The first words of a comment that a moderator redacted."""
REPORT: Final = "eraseProblemReport"
ERASED: Final = """
SELECT id, at, verb, thing, after ->> 'reason' AS reason FROM audit_entry
 WHERE (verb LIKE 'erase%' OR verb = 'withdrawComment')
"""

log = structlog.get_logger(__name__)
_folder: list[Path] = []


@dataclass(frozen=True)
class Erasure:
    """One line: the audit entry that tells of it, and what is gone."""

    id: int
    at: datetime
    verb: str
    thing: str
    reason: str | None = None


def keep_in(folder: Path | None) -> None:
    """Where this process lists what it erases, as the deployment has it; None for nowhere."""
    _folder[:] = [folder] if folder else []


async def note(things: Sequence[str]) -> None:
    """List what this transaction erases, as its last act; a disk that refuses is told, and the worker tries again."""
    if not _folder or not things:
        return
    fresh = await _entries(sql(ERASED + " AND thing = ANY(?) ORDER BY id", list(things)))
    try:
        await asyncio.to_thread(_write, _folder[0], fresh)
    except OSError as error:
        log.warning("erasure_not_listed", reason=error.strerror, folder=str(_folder[0]))


async def append(folder: Path) -> int:
    """Add what was erased and is not in the list yet; a line written twice does no harm."""
    known = {(one.id, one.thing) for one in listed(folder)}
    found = await _entries(Sql(ERASED + " ORDER BY id"))
    fresh = [one for one in found if (one.id, one.thing) not in known]
    if fresh:
        await asyncio.to_thread(_write, folder, fresh)
    return len(fresh)


def listed(folder: Path) -> list[Erasure]:
    """The list, the oldest first; a line that a power cut left half written is passed over."""
    try:
        lines = (folder / LIST).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [one for one in map(_parsed, lines) if one]


async def _entries(query: Sql) -> list[Erasure]:
    return [Erasure(**row) for row in await rows(query)]


def _write(folder: Path, fresh: Iterable[Erasure]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / LIST, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        lines = b"".join(orjson.dumps(asdict(one)) + b"\n" for one in fresh)
        os.write(descriptor, (b"" if _ends_whole(descriptor) else b"\n") + lines)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    _flush(folder)


def _ends_whole(descriptor: int) -> bool:
    """Whether the last line came to its end; else what follows would be lost with it."""
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _flush(folder: Path) -> None:
    """A file that was just made is there after a power cut only when its folder was written, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parsed(line: bytes) -> Erasure | None:
    try:
        said = orjson.loads(line)
        at = datetime.fromisoformat(said["at"])
        return Erasure(said["id"], at, said["verb"], said["thing"], said.get("reason"))
    except (ValueError, KeyError, TypeError):
        return None
