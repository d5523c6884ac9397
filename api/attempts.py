"""What the worker has begun and not ended: by it, what ended three workers in the middle is passed over by the next.

A count is written before the work. What succeeds has proved harmless and is forgotten, what fails in an ordinary way is
taken back: it grows only when the process died on the way, or lost the database. Several workers may count the same.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

MOST = 3
REST = timedelta(days=1)
"""After it, what was passed over is tried once more."""
KEPT = timedelta(days=30)
BEGIN = """
INSERT INTO attempt AS kept (key, tries, since) VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE SET tries = least(kept.tries, $4 - 1) + 1, since = $2
 WHERE kept.tries < $4 OR kept.since < $3
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
    connection = get_connection("default")
    begun = await connection.execute_query_dict(BEGIN, [key, now, now - REST, MOST])
    if not begun:
        yield False
        return
    if begun[0]["tries"] > 1:
        log.warning("begun_before_and_not_ended", work=key, tries=begun[0]["tries"])
    try:
        yield True
    except BaseException:
        with contextlib.suppress(Exception):  # what went wrong first is told
            await connection.execute_query(END, [key])
            await Attempt.filter(key=key, tries__lte=0).delete()
        raise
    await Attempt.filter(key=key).delete()


async def tried(work: str, act: Callable[[], Awaitable[bool]], failing: str) -> bool:
    """Do one piece of work, and say whether it was done.

    What fails is told of in the log as `failing`, what ended workers is passed over: neither keeps other work waiting.
    """
    try:
        async with attempt(work) as may_be_done:
            return may_be_done and await act()
    except Exception as error:
        log.warning(failing, work=work, exc_info=error)
        return False


async def forget(now: datetime) -> int:
    """Drop what was begun long ago."""
    return await Attempt.filter(since__lt=now - KEPT).delete()
