"""What was erased since a dump, erased again when that dump comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import database
from api.articles.models import Article
from api.audit import AuditEntry
from api.comments import erasing as comments
from api.erasures import ARTICLE, COMMENT, ORIGINAL, REPORT, WITHDRAWN, Erasure, listed
from api.publishing.acting import Acting, now
from api.publishing.erasing import EraseReason, erase

if TYPE_CHECKING:
    from pathlib import Path

ACTOR = "system"


async def repeat(url: str, folder: Path, site: str, secret: str) -> int:
    """Erase again, in the database at `url`, what the list names and is there; return how many."""
    said = listed(folder)
    await database.connect(url)
    try:
        return sum([await _again(one, site, secret) for one in said])
    finally:
        await database.disconnect()


async def _again(one: Erasure, site: str, secret: str) -> bool:
    """Whether there was something to erase; what the list names and nobody here knows any more is well."""
    if one.verb == ARTICLE:
        return await _article(one, site)
    try:
        if one.verb in {WITHDRAWN, COMMENT} or (one.verb == ORIGINAL and not await _is_told(one)):
            await comments.erase(one.thing, ACTOR, secret)
        elif one.verb == REPORT:
            await comments.erase_report(one.thing, ACTOR)
        else:
            return False
    except comments.NoSuchComment:
        return False
    return True


async def _article(one: Erasure, site: str) -> bool:
    if not await Article.exists(id=one.thing):
        return False
    await erase(one.thing, None, EraseReason(one.reason or "LEGAL"), Acting(site, at=await now()))
    return True


async def _is_told(one: Erasure) -> bool:
    """Whether the dump was made after it: its audit log has the entry.

    Else the first words of a comment are back, and what they were replaced by is lost with all else that was written
    since; so the comment goes.
    """
    return await AuditEntry.exists(id=one.id, thing=one.thing, verb=one.verb)
