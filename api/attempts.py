"""What the worker has begun and not ended: by it, what ended three workers in the middle is passed over by the next.

A count is written before the work. What succeeds has proved harmless and is forgotten, what fails in an ordinary way is
taken back: it grows only when the process died on the way, or lost the database. Several workers may count the same.

What comes due at a moment is tried every second, so there a failure counts, too: it rests longer after each.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    Way = Callable[[str], AbstractAsyncContextManager[bool]]

MOST = 3
REST = timedelta(days=1)
"""After it, what was passed over is tried once more."""
KEPT = timedelta(days=30)
PAUSE = "least(2 ^ least({tries}, 10), 600) * interval '1 second'"
"""After that many tries of what is tried every second: 2 s, 4 s, … ten minutes."""
BEGIN = """
INSERT INTO attempt AS kept (key, tries, since) VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE SET tries = least(kept.tries, $4 - 1) + 1, since = $2
 WHERE kept.tries < $4 OR kept.since < $3
RETURNING tries
"""
BEGIN_PATIENTLY = f"""
INSERT INTO attempt AS kept (key, tries, since) VALUES ($1, 1, now())
ON CONFLICT (key) DO UPDATE SET tries = kept.tries + 1, since = now()
 WHERE kept.since < now() - {PAUSE.format(tries="kept.tries")}
RETURNING tries
"""
END = "UPDATE attempt SET tries = tries - 1 WHERE key = $1"

log = structlog.get_logger(__name__)


class Attempt(Model):
    """How often some work of the worker was begun and not ended, and when last."""

    key = fields.CharField(primary_key=True, max_length=120)
    tries = fields.IntField()
    since = fields.DatetimeField()

    class Meta:
        table = "attempt"


@contextlib.asynccontextmanager
async def attempt(key: str) -> AsyncIterator[bool]:
    """Whether the work of this name may be done; it is counted until it ended. To be called outside a transaction."""
    now = datetime.now(UTC)
    tries = await _begin(BEGIN, [key, now, now - REST, MOST])
    if not tries:
        yield False
        return
    if tries > 1:
        log.warning("begun_before_and_not_ended", work=key, tries=tries)
    try:
        yield True
    except BaseException:
        await _take_back(key)
        raise
    await Attempt.filter(key=key).delete()


@contextlib.asynccontextmanager
async def patiently(key: str) -> AsyncIterator[bool]:
    """The same for what is tried every second: whatever fails, or ends the process, rests for longer each time."""
    tries = await _begin(BEGIN_PATIENTLY, [key])
    if not tries:
        yield False
        return
    if tries > 1:
        log.warning("tried_before_in_vain", work=key, tries=tries)
    try:
        yield True
    except asyncio.CancelledError:  # nobody waits for it any more
        await _take_back(key)
        raise
    await Attempt.filter(key=key).delete()


def rests(key: str) -> str:
    """Whether the work whose key is this expression of SQL rests, having been tried by `patiently`; a condition."""
    return f"EXISTS (SELECT FROM attempt WHERE key = {key} AND since >= now() - {PAUSE.format(tries='tries')})"


async def tried(work: str, act: Callable[[], Awaitable[bool]], failing: str, way: Way = attempt) -> bool:
    """Do one piece of work, and say whether it was done.

    What fails is told of in the log as `failing`, what ended workers is passed over: neither keeps other work waiting.
    """
    try:
        async with way(work) as may_be_done:
            return may_be_done and await act()
    except Exception as error:
        log.warning(failing, work=work, exc_info=error)
        return False


async def forget(now: datetime) -> int:
    """Drop what was begun long ago."""
    return await Attempt.filter(since__lt=now - KEPT).delete()


async def _begin(statement: str, values: list[object]) -> int:
    """How often it was begun now; 0 when it is to be passed over."""
    begun = await get_connection("default").execute_query_dict(statement, values)
    return begun[0]["tries"] if begun else 0


async def _take_back(key: str) -> None:
    with contextlib.suppress(Exception):  # what went wrong first is told
        await get_connection("default").execute_query(END, [key])
        await Attempt.filter(key=key, tries__lte=0).delete()
