"""The shelf and the tally, which triggers keep (decision 065): whether they agree with the articles, and mending them.

What was loaded with triggers off, or changed by hand, no trigger knows of.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from tortoise.transactions import in_transaction

from api.articles.reading import LINKS, PUBLISHED
from api.sql import Sql, rows

NAMED = " UNION ALL ".join(f"SELECT revision_id, {entry}_id AS entry_id FROM {table}" for entry, table in LINKS.items())
DIFFERENCES = f"""
WITH shown AS (
  SELECT live_id AS revision_id, id AS article_id, {PUBLISHED} AS published_at,
         '-infinity'::timestamptz AS shown_from, coalesce(scheduled_for, 'infinity') AS shown_until
    FROM article WHERE live_id IS NOT NULL
  UNION ALL SELECT draft_id, id, {PUBLISHED}, scheduled_for, 'infinity' FROM article WHERE scheduled_for IS NOT NULL
), compared AS (
  SELECT count(*) AS wanted, count(shelf.entry_id) AS agreeing
    FROM shown JOIN ({NAMED}) AS named USING (revision_id) LEFT JOIN shelf
      ON (shelf.entry_id, shelf.article_id) = (named.entry_id, shown.article_id)
     AND (shelf.published_at, shelf.shown_from, shelf.shown_until) =
         (shown.published_at, shown.shown_from, shown.shown_until)
)
SELECT wanted - agreeing AS lacking, (SELECT count(*) FROM shelf) - agreeing AS surplus,
       (SELECT coalesce(sum(added), 0) FROM article_tally)
       - (SELECT count(*) FROM article WHERE live_id IS NOT NULL AND scheduled_for IS NULL) AS miscounted
  FROM compared
"""
"""Neither side holds a row twice, so one join tells both."""


@dataclass(frozen=True)
class Differences:
    """How many rows of the shelf are lacking or surplus, and by how much the tally says too many articles."""

    lacking: int
    surplus: int
    miscounted: int

    def __bool__(self) -> bool:
        return any(astuple(self))


async def differences() -> Differences:
    """Compare both with the articles, as of one moment."""
    (found,) = await rows(Sql(DIFFERENCES))
    return Differences(**{name: int(number) for name, number in found.items()})


async def mend() -> int:
    """Fill both anew if they differ, and let go of the lists that are kept; how many differences there were."""
    if not await differences():
        return 0
    async with in_transaction() as transaction:
        await transaction.execute_query("LOCK TABLE article IN SHARE ROW EXCLUSIVE MODE")  # nobody publishes meanwhile
        found = await differences()
        await transaction.execute_query("SELECT fill_shelf(), pg_notify('meridian_purge', 'list:articles')")
    return found.lacking + found.surplus + abs(found.miscounted)
