"""Who is to be told of what: deliveries are written from the log, with the position up to which that is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tortoise.transactions import in_transaction

from api import changes
from api.changes import ChangeReason
from api.sql import Sql, rows, sql
from api.syndication.webhooks.events import EDITORIAL, OF_REASON, WebhookEvent
from api.syndication.webhooks.models import Delivery, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.changes import Change

BATCH = 200
RETENTION = timedelta(days=30)
AHEAD = "SELECT FROM webhook_position, change WHERE change.id > webhook_position.change_id LIMIT 1"
POSITION = "SELECT change_id FROM webhook_position FOR UPDATE SKIP LOCKED"
LISTENING = """
SELECT webhook.id, webhook.partner_id, webhook.events, coalesce(partner.topics, '{}') AS topics
  FROM webhook LEFT JOIN partner ON partner.id = webhook.partner_id WHERE webhook.disabled_at IS NULL
"""
# What each article is about, or was about when it was told of: copies must hear of both.
ABOUT = """
SELECT about.article_id, array_agg(link.topic) AS topics
  FROM revision about JOIN article ON article.id = about.article_id
  JOIN (SELECT revision_id, condition_id AS topic FROM revision_condition
        UNION ALL SELECT revision_id, treatment_id FROM revision_treatment) AS link ON link.revision_id = about.id
 WHERE about.article_id = ANY(?::text[]) AND (about.id = article.live_id OR EXISTS (
   SELECT FROM change told WHERE told.article_id = about.article_id AND told.revision_number = about.number))
 GROUP BY about.article_id
"""


@dataclass(frozen=True)
class Listener:
    """A webhook that wants to be told, and what of."""

    id: str
    partner: str | None
    events: frozenset[str]
    topics: frozenset[str]

    def wants(self, event: str) -> bool:
        """Whether it is told of such events; of all that are meant for its owner when it names none."""
        if event in EDITORIAL and self.partner is not None:
            return False
        return not self.events or event in self.events

    def wants_change(self, change: Change, about: Mapping[str, frozenset[str]]) -> bool:
        """Whether it is told of this entry; of an erased article nobody knows any more what it was about."""
        mine = not self.topics or change.reason == ChangeReason.ERASED
        return self.wants(OF_REASON[change.reason]) and (
            mine or not self.topics.isdisjoint(about.get(change.article_id, ()))
        )


async def fan_out(most: int = BATCH) -> int:
    """Write the deliveries of the next entries of the log and move on behind them, in one transaction.

    Returns how many entries there were. Another worker that is at it is left to it.
    """
    if not await rows(Sql(AHEAD)):
        return 0
    async with in_transaction():
        found = await rows(Sql(POSITION))
        entries = await changes.after(found[0]["change_id"], most) if found else []
        if not entries:
            return 0
        await _write(entries, datetime.now(UTC))
        await rows(sql("UPDATE webhook_position SET change_id = ?", entries[-1].id))
    return len(entries)


async def enqueue(partner: str | None, event: WebhookEvent, payload: Mapping[str, Any]) -> int:
    """Tell a partner (None: the clinic's own webhooks) of an event, in the caller's transaction; to how many addresses.

    The payload holds ids and addresses alone.
    """
    now = datetime.now(UTC)
    wanting = [each for each in await listeners() if each.partner == partner and each.wants(event)]
    await Delivery.bulk_create([to(each.id, event, payload, now) for each in wanting])
    return len(wanting)


def to(webhook: str, event: WebhookEvent, payload: Mapping[str, Any], at: datetime) -> Delivery:
    """A delivery to one address, due at once."""
    return Delivery(webhook_id=webhook, event=event, payload=dict(payload), due_at=at, created_at=at)


async def drop_pending(webhook: str) -> None:
    """Give up what was still to be sent to an address: it is disabled, and its owner catches up by the log."""
    await Delivery.filter(webhook_id=webhook, state=DeliveryState.PENDING).update(state=DeliveryState.FAILED)


async def listeners() -> list[Listener]:
    """Every webhook that is not disabled."""
    return [
        Listener(row["id"], row["partner_id"], frozenset(row["events"]), frozenset(row["topics"]))
        for row in await rows(Sql(LISTENING))
    ]


async def forget(now: datetime) -> int:
    """Drop the log of deliveries that are over and older than the retention; how many there were."""
    query = sql(
        "WITH gone AS (DELETE FROM delivery WHERE state <> 'PENDING' AND created_at < ? RETURNING id) "
        "SELECT count(*) AS n FROM gone",
        now - RETENTION,
    )
    return int((await rows(query))[0]["n"])


async def _write(entries: Sequence[Change], at: datetime) -> None:
    listening = await listeners()
    about = await _about(entries) if any(each.topics for each in listening) else {}
    wanted = [
        Delivery(webhook_id=each.id, event=OF_REASON[change.reason], change_id=change.id, due_at=at, created_at=at)
        for change in entries
        for each in listening
        if each.wants_change(change, about)
    ]
    await Delivery.bulk_create(wanted, batch_size=500)


async def _about(entries: Sequence[Change]) -> dict[str, frozenset[str]]:
    found = await rows(sql(ABOUT, list({change.article_id for change in entries})))
    return {row["article_id"]: frozenset(row["topics"]) for row in found}
