"""What was erased for good, written beside the dumps, so that an older dump that comes back forgets it again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import orjson

from api import database
from api.articles.models import Article
from api.publishing.acting import Acting, now
from api.publishing.erasing import EraseReason, erase
from api.sql import Sql, rows

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

LIST = "erased.jsonl"
ERASED = (
    "SELECT id, at, verb, thing, after ->> 'reason' AS reason FROM audit_entry WHERE verb LIKE 'erase%' ORDER BY id"
)


async def append(folder: Path) -> int:
    """Add what was erased and is not in the list yet, by id and date only; a line written twice does no harm."""
    known = {said["thing"] for said in _read(folder)}
    fresh = [dict(row) for row in await rows(Sql(ERASED)) if row["thing"] not in known]
    if not fresh:
        return 0
    _write(folder, b"".join(orjson.dumps(row) + b"\n" for row in fresh))
    return len(fresh)


async def repeat(url: str, folder: Path, site: str) -> int:
    """Erase again, in the database at `url`, what the list names and is there; return how many."""
    said = _read(folder)
    await database.connect(url)
    try:
        again = 0
        for entry in said:
            if entry["verb"] == "eraseArticle" and await Article.exists(id=entry["thing"]):
                await erase(entry["thing"], None, EraseReason(entry["reason"]), Acting(site, at=await now()))
                again += 1
        return again
    finally:
        await database.disconnect()


def _write(folder: Path, lines: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / LIST, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, lines)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(folder: Path) -> list[dict[str, Any]]:
    """The list; a last line that a power cut left half written is passed over."""
    found = []
    try:
        lines = (folder / LIST).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        try:
            found.append(orjson.loads(line))
        except ValueError:
            continue
    return found
