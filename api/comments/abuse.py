"""Buckets and duplicates: how much comes from where, and whether it came before; by keys that nobody can trace back.

A key is an HMAC with the secret and the day's salt, cut to 16 bits: some 65,000 addresses share each, so that a row
says nothing about anybody, and the table cannot grow beyond those keys. The salt goes with the day.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from tortoise.connection import get_connection

from api import sealing
from api.comments.models import AbuseSalt, CommentBucket, CommentSketch
from api.errors import HeldBack

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import date

HOUR: Final = 3600
FROM_ADDRESS: Final = 20
FOR_ARTICLE: Final = 200
"""Per hour with a proof of work; a tenth without."""
TIGHTER: Final = 10
HELD_BACK: Final = 0.5
"""Seconds, and up to twice as many more, so that those who are held back do not come together.

No connection of the database is held meanwhile.
"""
RUN: Final = 4
KEPT_OF_A_SKETCH: Final = 16
ALIKE: Final = 0.6
FILL: Final = f"""
INSERT INTO comment_bucket AS kept (key, level, at) VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE
   SET level = greatest(kept.level - $3 * extract(epoch FROM $2 - kept.at) / {HOUR}, 0) + 1, at = $2
 WHERE greatest(kept.level - $3 * extract(epoch FROM $2 - kept.at) / {HOUR}, 0) + 1 <= $3
RETURNING level
"""  # noqa: S608 - the numbers above
SEEN: Final = f"""
SELECT FROM comment_sketch WHERE day = $1 AND sketch && $2::bigint[] AND cardinality(ARRAY(
  SELECT unnest(sketch) INTERSECT SELECT unnest($2::bigint[]))) >= {ALIKE} * greatest(cardinality(sketch), $3) LIMIT 1
"""
SALT: Final = """
WITH gone AS (DELETE FROM abuse_salt WHERE day < $1)
INSERT INTO abuse_salt (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING
"""


class TooManyFromHere(HeldBack):
    """Several forms came from your connection lately: wait an hour and send this one again."""


class TooManyForArticle(HeldBack):
    """Many forms came in for this article lately: wait an hour and send this one again."""


@dataclass(frozen=True)
class Keys:
    """Makes the keys of one day."""

    day: date
    key: bytes

    def of_address(self, address: str | None) -> str:
        """Sixteen bits of a keyed hash; addresses that are not known share one."""
        return self._digest(f"address:{address or ''}").hex()[:4]

    def sketch(self, text: str) -> list[int]:
        """The smallest of the keyed hashes of all runs of four words; short texts have one run."""
        words = re.findall(r"\w+", text.lower())
        runs = {" ".join(words[place : place + RUN]) for place in range(max(1, len(words) - RUN + 1))}
        hashes = {int.from_bytes(self._digest(f"run:{run}")[:8], signed=True) for run in runs}
        return sorted(hashes)[:KEPT_OF_A_SKETCH]

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self.key, text.encode("utf-8", "surrogatepass"), sha256)


async def keys(secret: str, now: datetime) -> Keys:
    """Today's keys; the first who asks on a new day destroys the salt of the day before."""
    day = now.astimezone(UTC).date()
    kept = await AbuseSalt.get_or_none(day=day)
    if kept is None:
        await get_connection("default").execute_query(SALT, [day, secrets.token_bytes(32)])
        kept = await AbuseSalt.get(day=day)
    return Keys(day, sealing.expand(secret.encode(), salt=bytes(kept.salt), info=b"meridian/abuse"))


async def fill(what: str, today: Keys, address: str | None, article: str, *, proven: bool) -> None:
    """Count one more from the address and for the article; refused when either has had enough lately."""
    now, share = datetime.now(UTC), 1 if proven else TIGHTER
    kind = f"{what}:{'proven' if proven else 'plain'}"
    if not await _room(f"{kind}:address:{today.of_address(address)}", FROM_ADDRESS / share, now):
        raise TooManyFromHere
    if not await _room(f"{kind}:article:{article}", FOR_ARTICLE / share, now):
        raise TooManyForArticle


async def held_back(taking: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever is taken
    """What comes of it; a refusal is held back, so that floods wait and readers do not. Never within a transaction."""
    try:
        return await taking
    except HeldBack:
        await asyncio.sleep(HELD_BACK * (1 + 2 * secrets.randbelow(1000) / 1000))
        raise


async def is_known(today: Keys, sketch: list[int]) -> bool:
    """Whether much the same was sent before today."""
    asked = [today.day, sketch, len(sketch)]
    return bool(await get_connection("default").execute_query_dict(SEEN, asked))


async def forget(now: datetime) -> int:
    """Drop what is left of the days before today."""
    today = now.astimezone(UTC).date()
    dropped = await AbuseSalt.filter(day__lt=today).delete() + await CommentSketch.filter(day__lt=today).delete()
    began = datetime(today.year, today.month, today.day, tzinfo=UTC)
    return dropped + await CommentBucket.filter(at__lt=began).delete()


async def _room(key: str, most: float, now: datetime) -> bool:
    return bool(await get_connection("default").execute_query_dict(FILL, [key, now, most]))
