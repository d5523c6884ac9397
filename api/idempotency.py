"""Acting once for one key: a retry with the same key and input gets the first answer, however many come at once."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from api.errors import KeyMismatch, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KEPT = timedelta(hours=24)
LONGEST = 200
CLAIM = """
INSERT INTO idempotency_key (viewer, key, input_hash, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (viewer, key) DO UPDATE
   SET input_hash = excluded.input_hash, created_at = excluded.created_at, answer = NULL
 WHERE idempotency_key.created_at < $5
RETURNING key
"""


class BadKey(Refused):
    """An idempotency key has 1 to 200 characters: take a random one, such as a UUID."""


class IdempotencyKey(Model):
    """A key that a viewer has used, the hash of what came with it, and what was answered."""

    id = fields.BigIntField(primary_key=True, generated=True)
    viewer = fields.CharField(max_length=80)
    key = fields.CharField(max_length=LONGEST)
    input_hash = fields.CharField(max_length=64)
    answer: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "idempotency_key"
        unique_together = (("viewer", "key"),)


def input_hash(key: bytes, operation: str, said: object) -> str:
    """Hash what was asked, whatever the order of its fields; keyed, for passwords may be among it."""
    return hmac.new(key, orjson.dumps([operation, said], option=orjson.OPT_SORT_KEYS, default=str), sha256).hexdigest()


async def once(viewer: str, key: str, said: str, act: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any] | None:
    """Act and keep the answer, in one transaction; None when this call acted, the kept answer when another one did.

    A second call with the same key waits in the claim until the first has committed; `said` is the input's hash.
    """
    if not 1 <= len(key) <= LONGEST:
        raise BadKey
    async with in_transaction() as transaction:
        now = datetime.now(UTC)
        claimed = await transaction.execute_query_dict(CLAIM, [viewer, key, said, now, now - KEPT])
        if not claimed:
            kept = await IdempotencyKey.get(viewer=viewer, key=key)
            if kept.input_hash != said:
                raise KeyMismatch
            return kept.answer or {}
        answer = await act()
        await IdempotencyKey.filter(viewer=viewer, key=key).update(answer=answer)
    return None


async def answered(viewer: str, key: str, said: str) -> dict[str, Any] | None:
    """The answer that is kept for a key, if one is; to be asked for before anything is counted."""
    kept = await IdempotencyKey.get_or_none(viewer=viewer, key=key, created_at__gte=datetime.now(UTC) - KEPT)
    if kept and kept.input_hash != said:
        raise KeyMismatch
    return kept.answer if kept else None


async def forget(now: datetime) -> int:
    """Drop the keys that have had their day."""
    return await IdempotencyKey.filter(created_at__lt=now - KEPT).delete()
