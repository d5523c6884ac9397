"""How often articles are read: visitor-days, counted without knowing anybody.

The site turns each reader of an article into a key, an HMAC under a salt that holds for one day (UTC) and that only the
site's signed calls are given. Keys lie in an unlogged table, which no backup and no replica has, until the day is
counted; then they go, with the salt, and nobody can compute them again. One integer for each article and day stays.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from api.accounts.viewer import ANONYMOUS
from api.articles import reading
from api.errors import Forbidden, Invalid
from api.sql import read, rows, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

SALT_BYTES = 32
MOST_KEYS = 1_000
GRACE = timedelta(minutes=10)
"""How long after midnight views of the day before are still taken; then it is counted."""

KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class OnlyTheSite(Forbidden):
    """Views are counted for the clinic's own site: it signs its calls."""


class ViewCount(Model):
    """How many visitors read an article on a day."""

    id = fields.BigIntField(primary_key=True, generated=True)
    article: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Article", related_name=False, db_index=False, on_delete=fields.CASCADE
    )
    day = fields.DateField()
    views = fields.IntField()

    article_id: str

    class Meta:
        table = "view_count"
        unique_together = (("article", "day"),)


@dataclass(frozen=True)
class ViewDay:
    """What the site counts by: the day, its salt (base64url), and the moment from which it must ask for the next."""

    day: date
    salt: str
    until: datetime


@dataclass(frozen=True)
class Seen:
    """Readers of one article: its slug, and the key of each."""

    slug: str
    keys: Sequence[str]


# The first to ask makes the salt; all get the same. It is text, so that the statement is all that there is to it.
OPEN = """
INSERT INTO view_day (day, salt) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET day = excluded.day RETURNING salt
"""
RECORD = """
INSERT INTO view_key (day, article_id, key)
SELECT ?, article.id, seen.key FROM unnest(?::text[], ?::text[]) AS seen (slug, key)
  JOIN article ON article.slug = seen.slug WHERE
"""
NEW = " ON CONFLICT DO NOTHING RETURNING 1"
OPENED = "SELECT 1 FROM view_day WHERE day = ?"
# A lock, for two workers must not count one day: the second finds no salt, and nothing to count.
CLAIM = "DELETE FROM view_day WHERE day < ? RETURNING day"
COUNT = """
INSERT INTO view_count (article_id, day, views)
SELECT article_id, day, count(*) FROM view_key JOIN article ON article.id = article_id WHERE day = ANY(?)
 GROUP BY article_id, day
    ON CONFLICT (article_id, day) DO UPDATE SET views = view_count.views + excluded.views
"""
FORGET = "DELETE FROM view_key WHERE day = ANY(?) OR day < ?"
TOTAL = "SELECT article_id, sum(views)::int AS views FROM view_count WHERE article_id = ANY(?::text[]) GROUP BY 1"


async def day(*, from_site: bool, now: datetime | None = None) -> ViewDay:
    """The day that it is, with its salt; for the site alone."""
    if not from_site:
        raise OnlyTheSite
    moment = now or datetime.now(UTC)
    (row,) = await rows(sql(OPEN, moment.date(), secrets.token_urlsafe(SALT_BYTES)))
    midnight = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), UTC)
    return ViewDay(moment.date(), row["salt"], midnight)


async def record(on: date, seen: Sequence[Seen], *, from_site: bool, now: datetime | None = None) -> int:
    """Keep who read what on a day; those told before, and articles that readers do not see, add nothing."""
    if not from_site:
        raise OnlyTheSite
    pairs = [(each.slug, key) for each in seen for key in each.keys]
    if len(pairs) > MOST_KEYS:
        raise Invalid(f"Send up to {MOST_KEYS:,} keys at once; you sent {len(pairs):,}.", path=("seen",))
    if any(not KEY.fullmatch(key) for _slug, key in pairs):
        raise Invalid("A key is 22 characters of base64url: send the first 16 bytes of the HMAC.", path=("seen",))
    moment = now or datetime.now(UTC)
    if not pairs or on not in {moment.date(), (moment - GRACE).date()} or not await rows(sql(OPENED, on)):
        return 0
    slugs, keys = zip(*pairs, strict=True)
    telling = sql(RECORD, on, list(slugs), list(keys)) + reading.visible_to(ANONYMOUS) + NEW
    return len(await rows(telling))


async def count_days(now: datetime | None = None) -> int:
    """Count the days that are over, and forget who it was; return how many days were counted."""
    moment = now or datetime.now(UTC)
    over = (moment - GRACE).date()
    async with in_transaction():
        days = [row["day"] for row in await rows(sql(CLAIM, over))]
        if days:
            await rows(sql(COUNT, days))
        await rows(sql(FORGET, days, over))
    return len(days)


async def totals(articles: Sequence[str]) -> list[int]:
    """Visitor-days of each article up to the last day that was counted."""
    found = {row["article_id"]: row["views"] for row in await read(sql(TOTAL, list(articles)))}
    return [found.get(article, 0) for article in articles]


async def by_day(article: str, days: int) -> list[ViewCount]:
    """The newest days on which the article was read, newest first."""
    return await ViewCount.filter(article_id=article).order_by("-day").limit(days)
