"""What each partner last fetched of each article: who holds a copy, and which copies are behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from api.paging import Key, Listing
from api.sql import Sql, rows, sql
from api.syndication import recalls, rehearsal
from api.syndication.models import Fetch, Partner
from api.syndication.partners import copy_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import PartnerGrant, Viewer

FETCHES_KEPT = timedelta(days=400)
KEEP = """
INSERT INTO copy (partner_id, article_id, revision_number, content_hash, first_fetched_at, fetched_at)
SELECT ?::text, shown.article, shown.number, shown.hash, moment.at, moment.at
  FROM unnest(?::text[], ?::int[], ?::text[]) AS shown (article, number, hash), (VALUES (?::timestamptz)) AS moment (at)
 ORDER BY shown.article
ON CONFLICT (partner_id, article_id) DO UPDATE
   SET revision_number = excluded.revision_number, content_hash = excluded.content_hash,
       fetched_at = excluded.fetched_at, dropped_at = NULL
"""
COUNT = """
INSERT INTO copy_fetch (partner_id, article_id, day, times)
SELECT ?::text, article, ?::date, 1 FROM unnest(?::text[]) AS article ORDER BY article
ON CONFLICT (partner_id, article_id, day) DO UPDATE SET times = copy_fetch.times + 1
"""
# The newest entry that told of what the copy shows; of what no entry told, the newest one before it was fetched.
SEEN = """coalesce(
  (SELECT max(same.id) FROM change same
    WHERE same.article_id = copy.article_id AND same.content_hash = copy.content_hash),
  (SELECT max(earlier.id) FROM change earlier
    WHERE earlier.article_id = copy.article_id AND earlier.at <= copy.fetched_at), 0)"""
DUE = "copy.fetched_at + partner.refresh_max_seconds * INTERVAL '1 second'"
HELD = f"""copy JOIN partner ON partner.id = copy.partner_id CROSS JOIN LATERAL (
  SELECT count(*) AS behind, min(later.at) AS since FROM change later
   WHERE later.article_id = copy.article_id AND later.id > {SEEN}) AS gap"""
IS_STALE = Sql(f"copy.dropped_at IS NULL AND (gap.behind > 0 OR {DUE} < now())")
DETAILS = f"""
SELECT copy.id, copy.partner_id, copy.article_id, gap.behind,
       least(gap.since, CASE WHEN {DUE} < now() THEN {DUE} END) AS since,
       (SELECT newest.slug FROM change newest WHERE newest.article_id = copy.article_id
         ORDER BY newest.id DESC LIMIT 1) AS slug
  FROM {HELD} WHERE copy.id = ANY(?::bigint[])
"""


@dataclass(frozen=True)
class StaleCopy:
    """A copy that is not what readers see today, or that nobody has fetched for longer than the terms allow."""

    article_id: str
    behind_by: int
    since: datetime
    url: str | None


async def fetched(
    grant: PartnerGrant, shown: Sequence[tuple[str, int, str | None]], now: datetime | None = None
) -> None:
    """Write down what a partner was just sent: article, number of the revision, hash of the representation."""
    moment = now or datetime.now(UTC)
    held = {article: (number, digest) for article, number, digest in shown}
    for article in await rehearsal.fetched(grant.partner, held):
        held.pop(article)
    if not held:
        return
    articles = list(held)
    numbers, hashes = [number for number, _ in held.values()], [digest for _, digest in held.values()]
    await rows(sql(KEEP, grant.partner, articles, numbers, hashes, moment))
    await rows(sql(COUNT, grant.partner, moment.date(), articles))
    await recalls.open_late(grant.partner, articles)


async def passed(grant: PartnerGrant, position: int) -> None:
    """Write down that a partner asks for what follows a position of the log: it has received all up to there."""
    query = "UPDATE partner SET log_position = ? WHERE id = ? AND log_position < ?"
    await rows(sql(query, position, grant.partner, position))
    await recalls.received(grant.partner, position, datetime.now(UTC))


def stale() -> Listing:
    """The stale copies below each partner, in the order in which they were first fetched."""
    return Listing("copy.stale", Sql(HELD), (IS_STALE,), (Key("copy.id", "bigint"),), parent="copy.partner_id")


async def stale_by_id(wanted: Sequence[str], _viewer: Viewer) -> dict[str, StaleCopy]:
    """The copies that `stale` has chosen, with where each can be looked at."""
    found = await rows(sql(DETAILS, [int(key) for key in wanted]))
    partners = {row.id: row for row in await Partner.filter(id__in=list({row["partner_id"] for row in found}))}
    return {
        row["id"]: StaleCopy(
            row["article_id"],
            row["behind"],
            row["since"],
            copy_url(partners[row["partner_id"]], row["article_id"], row["slug"] or ""),
        )
        for row in found
        if row["since"] is not None
    }


def fetches() -> Listing:
    """What each partner fetched on which day, newest day first."""
    keys = (Key("copy_fetch.day", "date"), Key("copy_fetch.id", "bigint"))
    return Listing("copy.fetches", Sql("copy_fetch"), (), keys, descending=True, parent="copy_fetch.partner_id")


async def fetches_by_id(wanted: Sequence[str], _viewer: Viewer) -> dict[str, Fetch]:
    """The counts that `fetches` has chosen."""
    found = {str(row.id): row for row in await Fetch.filter(id__in=[int(key) for key in wanted])}
    return {key: found[str(key)] for key in wanted if str(key) in found}


async def forget(now: datetime) -> int:
    """Drop the counts of days long past."""
    return await Fetch.filter(day__lt=(now - FETCHES_KEPT).date()).delete()
