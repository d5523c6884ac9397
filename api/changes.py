"""The ordered log of whatever alters what readers or partners see; everything downstream reads it and nothing else.

Ids are in commit order and without gaps for a reader of `id > $1 ORDER BY id`, because the number is given under one
advisory lock as the last act before the commit: nothing slow may follow `record`.
"""

from datetime import timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

LOCK = "SELECT pg_advisory_xact_lock(hashtext('meridian.change'))"


class ChangeKind(StrEnum):
    """What a copy must do: show this, or drop it."""

    UPSERT = "UPSERT"
    REMOVE = "REMOVE"


class ChangeReason(StrEnum):
    """Why it changed."""

    PUBLISHED = "PUBLISHED"
    UPDATED = "UPDATED"
    CORRECTED = "CORRECTED"
    WITHDRAWN = "WITHDRAWN"
    GONE = "GONE"
    LEGAL = "LEGAL"
    MOVED = "MOVED"
    ERASED = "ERASED"


DEADLINES = {"SAFETY": timedelta(hours=24), "ROUTINE": timedelta(days=7)}


class Change(Model):
    """One entry of the log. It names the article by id alone: the entry outlives what it tells of."""

    id = fields.BigIntField(primary_key=True, generated=True)
    kind = fields.CharEnumField(ChangeKind, max_length=8)
    reason = fields.CharEnumField(ChangeReason, max_length=12)
    severity = fields.CharField(max_length=8, default="ROUTINE")
    at = fields.DatetimeField()
    article_id = fields.CharField(max_length=40, db_index=True)
    slug = fields.CharField(max_length=160)
    url = fields.TextField()
    revision_number = fields.IntField(null=True)
    content_hash = fields.CharField(max_length=64, null=True)
    explanation = fields.TextField(null=True)
    moved_to = fields.TextField(null=True)
    acknowledge_by = fields.DatetimeField(null=True)

    class Meta:
        table = "change"


async def record(change: Change, connection: BaseDBAsyncClient) -> Change:
    """Write the entry as the last act of the transaction that `connection` is in; commit right after."""
    await connection.execute_query(LOCK)
    await change.save(using_db=connection, force_create=True)
    return change


async def after(position: int, most: int) -> list[Change]:
    """The next entries behind a position, in the order of commits; nobody who reads on from the last one misses any."""
    return await Change.filter(id__gt=position).order_by("id").limit(most)
