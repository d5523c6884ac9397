"""The ordered log of whatever alters what readers or partners see; everything downstream reads it and nothing else.

Ids are in commit order and without gaps for a reader of `id > $1 ORDER BY id`, because the number is given under one
advisory lock as the last act before the commit: nothing slow may follow `record`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from api.rows import inserting
from api.sql import Sql, rows, sql

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


RETENTION = timedelta(days=400)
"""How long every entry is kept; the newest one of each article stays for good: tombstones, and when it last changed."""
DROP = """
WITH dropped AS (
  DELETE FROM change WHERE recorded_at < ? AND EXISTS (
    SELECT FROM change later WHERE later.article_id = change.article_id AND later.id > change.id) RETURNING id),
moved AS (
  INSERT INTO change_horizon (id, position) SELECT 1, max(id) FROM dropped HAVING count(*) > 0
  ON CONFLICT (id) DO UPDATE SET position = greatest(change_horizon.position, excluded.position))
SELECT count(*) AS n FROM dropped
"""
DEADLINES = {"SAFETY": timedelta(hours=24), "ROUTINE": timedelta(days=7)}


class Told(Model):
    """What an entry tells, in the log and in a partner's rehearsal."""

    kind = fields.CharEnumField(ChangeKind, max_length=8)
    reason = fields.CharEnumField(ChangeReason, max_length=12)
    severity = fields.CharField(max_length=8, default="ROUTINE")
    at = fields.DatetimeField()
    article_id = fields.CharField(max_length=40)
    slug = fields.CharField(max_length=160)
    url = fields.TextField()
    revision_number = fields.IntField(null=True)
    content_hash = fields.CharField(max_length=64, null=True)
    explanation = fields.TextField(null=True)
    moved_to = fields.TextField(null=True)
    acknowledge_by = fields.DatetimeField(null=True)

    class Meta:
        abstract = True


class Change(Told):
    """One entry of the log. It names the article by id alone: the entry outlives what it tells of."""

    id = fields.BigIntField(primary_key=True, generated=True)
    article_id = fields.CharField(max_length=40, db_index=True)
    recorded_at = fields.DatetimeField(auto_now_add=True)
    """When it was written, by the database's clock (a trigger); it never runs backwards."""

    class Meta:
        table = "change"


class ChangeHorizon(Model):
    """How far back the log goes: the highest number that was dropped from it."""

    id = fields.IntField(primary_key=True, generated=False, default=1)
    position = fields.BigIntField()

    class Meta:
        table = "change_horizon"


async def record(change: Change, connection: BaseDBAsyncClient) -> Change:
    """Write the entry as the last act of the transaction that `connection` is in; commit right after.

    The number is given to what comes out of `turn`, and so once the lock is held.
    """
    asked = "WITH turn AS MATERIALIZED (" + LOCK + ") " + inserting(change, "FROM turn RETURNING id")
    (found,) = await connection.execute_query_dict(*asked.numbered())
    change.id = found["id"]
    return change


async def slugs(articles: Sequence[str]) -> list[str]:
    """The slug that each article has in its newest entry; empty when it has none, or was erased."""
    query = "SELECT DISTINCT ON (article_id) article_id, slug FROM change WHERE article_id = ANY(?::text[])"
    newest = await rows(sql(query + " ORDER BY article_id, id DESC", list(articles)))
    found = {row["article_id"]: row["slug"] for row in newest}
    return [found.get(article, "") for article in articles]


async def record_all(changes: Sequence[Change], connection: BaseDBAsyncClient) -> None:
    """The same for many entries of one transaction, by one statement."""
    if changes:
        await connection.execute_query(LOCK)
        await Change.bulk_create(changes, using_db=connection)


async def after(position: int, most: int) -> list[Change]:
    """The next entries behind a position, in the order of commits; nobody who reads on from the last one misses any."""
    return await Change.filter(id__gt=position).order_by("id").limit(most)


async def newest() -> int:
    """The number of the newest entry; 0 while nothing was written."""
    found = await rows(Sql("SELECT coalesce(max(id), 0) AS id FROM change"))
    return int(found[0]["id"])


async def horizon() -> int:
    """The position before which entries were dropped: whoever stands there has missed something."""
    found = await rows(Sql("SELECT coalesce(max(position), 0) AS position FROM change_horizon"))
    return int(found[0]["position"])


async def forget(now: datetime) -> int:
    """Drop entries older than the retention, but the newest one of each article; how many there were."""
    found = await rows(sql(DROP, now - RETENTION))
    return int(found[0]["n"])
