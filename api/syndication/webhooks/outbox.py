"""Who is to be told of what: deliveries are written from the log, with the position up to which that is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tortoise.transactions import in_transaction

from api import changes
from api.changes import ChangeKind, ChangeReason
from api.sql import Sql, rows, sql
from api.syndication import rehearsal
from api.syndication.rehearsal import Entry
from api.syndication.webhooks.events import EDITORIAL, OF_REASON, TAKE_DOWNS, WebhookEvent
from api.syndication.webhooks.models import Delivery, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BATCH = 200
RETENTION = timedelta(days=30)
# How far the log goes at one moment, rehearsals included: up to there both are whole, in whatever order they are read.
AHEAD = """
SELECT newest.id FROM webhook_position, (SELECT greatest(
  (SELECT max(id) FROM change), (SELECT max(id) FROM rehearsal_change)) AS id) AS newest
 WHERE newest.id > webhook_position.change_id
"""
POSITION = "SELECT change_id FROM webhook_position FOR UPDATE SKIP LOCKED"
LISTENING = """
SELECT webhook.id, webhook.partner_id, webhook.events, coalesce(partner.topics, '{}') AS topics,
       partner.suspended_at IS NOT NULL AS is_suspended
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
    """A webhook that wants to be told, and what of; a suspended partner hears of take-downs alone."""

    id: str
    partner: str | None
    events: frozenset[str]
    topics: frozenset[str]
    is_suspended: bool = False

    def wants(self, event: str) -> bool:
        """Whether it is told of such events; of all that are meant for its owner when it names none."""
        if event in EDITORIAL and self.partner is not None:
            return False
        if self.is_suspended and event not in TAKE_DOWNS:
            return False
        return not self.events or event in self.events

    def wants_entry(self, entry: Entry, about: Mapping[str, frozenset[str]]) -> bool:
        """Whether it is told of this entry; of an erased article nobody knows any more what it was about."""
        change = entry.change
        if entry.partner not in {None, self.partner} or (self.is_suspended and change.kind is not ChangeKind.REMOVE):
            return False
        every = not self.topics or change.reason == ChangeReason.ERASED or entry.partner is not None
        return self.wants(OF_REASON[change.reason]) and (
            every or not self.topics.isdisjoint(about.get(change.article_id, ()))
        )


@dataclass(frozen=True)
class Event:
    """What is told beside the log, to one partner (None: to the clinic's own webhooks); ids and addresses alone."""

    partner: str | None
    event: WebhookEvent
    payload: Mapping[str, Any]


async def fan_out(most: int = BATCH) -> int:
    """Write the deliveries of the next entries of the log and move on behind them, in one transaction.

    Returns how many entries there were. Another worker that is at it is left to it.
    """
    ahead = await rows(Sql(AHEAD))
    if not ahead:
        return 0
    async with in_transaction():
        found = await rows(Sql(POSITION))
        entries = await _entries(found[0]["change_id"], ahead[0]["id"], most) if found else []
        if not entries:
            return 0
        await _write(entries, datetime.now(UTC))
        await rows(sql("UPDATE webhook_position SET change_id = ?", entries[-1].change.id))
    return len(entries)


async def enqueue(*told: Event) -> int:
    """Tell of events, in the caller's transaction; to how many addresses."""
    if not told:
        return 0
    now, listening = datetime.now(UTC), await listeners()
    wanted = [
        to(each.id, said.event, said.payload, now)
        for said in told
        for each in listening
        if each.partner == said.partner and each.wants(said.event)
    ]
    await Delivery.bulk_create(wanted)
    return len(wanted)


def to(webhook: str, event: WebhookEvent, payload: Mapping[str, Any], at: datetime) -> Delivery:
    """A delivery to one address, due at once."""
    return Delivery(webhook_id=webhook, event=event, payload=dict(payload), due_at=at, created_at=at)


async def drop_pending(webhook: str) -> None:
    """Give up what was still to be sent to an address: it is disabled, and its owner catches up by the log."""
    await Delivery.filter(webhook_id=webhook, state=DeliveryState.PENDING).update(state=DeliveryState.FAILED)


async def listeners() -> list[Listener]:
    """Every webhook that is not disabled."""
    return [
        Listener(row["id"], row["partner_id"], frozenset(row["events"]), frozenset(row["topics"]), row["is_suspended"])
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


async def _entries(position: int, newest: int, most: int) -> list[Entry]:
    """The next entries behind a position, everybody's and those of rehearsals, up to the newest of a moment ago."""
    everybodys = [Entry(None, change) for change in await changes.after(position, most)]
    both = [*everybodys, *await rehearsal.after(position, most)]
    return sorted((entry for entry in both if entry.change.id <= newest), key=lambda entry: entry.change.id)[:most]


async def _write(entries: Sequence[Entry], at: datetime) -> None:
    listening = await listeners()
    about = await _about(entries) if any(each.topics for each in listening) else {}
    wanted = [
        Delivery(
            webhook_id=each.id, event=OF_REASON[entry.change.reason], change_id=entry.change.id, due_at=at,
            created_at=at,
        )
        for entry in entries
        for each in listening
        if each.wants_entry(entry, about)
    ]  # fmt: skip
    await Delivery.bulk_create(wanted, batch_size=500)


async def _about(entries: Sequence[Entry]) -> dict[str, frozenset[str]]:
    found = await rows(sql(ABOUT, list({entry.change.article_id for entry in entries})))
    return {row["article_id"]: frozenset(row["topics"]) for row in found}
