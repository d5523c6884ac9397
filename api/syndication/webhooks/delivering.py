"""The worker's side: what is due at each webhook is sent, and what its answer asks for is done.

A worker that is killed leaves deliveries that are still pending: another one sends them again, under the same ids.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from tortoise.transactions import in_transaction

from api.changes import Change
from api.errors import Refused
from api.sql import rows, sql
from api.syndication import recalls, rehearsal
from api.syndication.rounds import Rounds
from api.syndication.webhooks import events, retries, signing
from api.syndication.webhooks.events import TAKE_DOWNS
from api.syndication.webhooks.models import Delivery, DeliveryState, Webhook
from api.syndication.webhooks.outbox import drop_pending, fan_out

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from api.outbound import Answer, Outbound
    from api.sql import Sql

READ = 1024
GONE = 410
GONE_REASON = "It answered 410 Gone."
DUE = """disabled_at IS NULL AND (paused_until IS NULL OR paused_until <= ?)
     AND EXISTS (SELECT FROM delivery WHERE webhook_id = webhook.id AND state = 'PENDING' AND due_at <= ?)"""
# The address, as long as it is ours, with the next delivery that is due there: the lease is renewed on the way.
NEXT = """
WITH held AS (
  UPDATE webhook SET leased_until = ? WHERE id = ? AND lease = ? AND disabled_at IS NULL
     AND (paused_until IS NULL OR paused_until <= ?)
  RETURNING id, partner_id, url, salt, previous_salt, previous_until)
SELECT held.*, coalesce(partner.topics, '{}') AS topics, due.id AS delivery, due.event, due.change_id,
       due.payload::text AS payload, due.tries, due.created_at
  FROM held LEFT JOIN partner ON partner.id = held.partner_id
 CROSS JOIN LATERAL (
   SELECT * FROM delivery WHERE webhook_id = held.id AND state = 'PENDING' AND due_at <= ?
    ORDER BY created_at, change_id, id LIMIT 1) AS due
"""
# What becomes of the delivery, and the try; one that was dropped meanwhile is left alone.
WRITE_DOWN = """
WITH told AS (
  UPDATE delivery SET tries = tries + 1, due_at = coalesce(?::timestamptz, due_at),
         delivered_at = coalesce(delivered_at, ?::timestamptz),
         state = CASE state WHEN 'DELIVERED' THEN state ELSE coalesce(?::text, state) END
   WHERE id = ? RETURNING id)
INSERT INTO delivery_attempt (delivery_id, at, milliseconds, status, answer, failure)
SELECT id, ?::timestamptz, ?::int, ?::int, ?::text, ?::text FROM told
"""


@dataclass(frozen=True)
class Tried:
    """How a try went: an answer, or why there was none."""

    at: datetime
    milliseconds: int
    answer: Answer | None
    failure: str | None

    @property
    def succeeded(self) -> bool:
        return self.answer is not None and 200 <= self.answer.status < 300  # noqa: PLR2004 - 2xx


@dataclass(frozen=True)
class Errand:
    """One delivery and where it goes."""

    webhook: Webhook
    topics: frozenset[str]
    delivery: Delivery


@dataclass(frozen=True)
class Keys:
    """What secrets and cursors are made with."""

    signing: bytes
    cursors: bytes


class Courier(Rounds[Errand]):
    """Takes deliveries to their addresses."""

    table = "webhook"

    def __init__(self, outbound: Outbound, keys: Keys, **further: Any) -> None:  # noqa: ANN401 - of the rounds
        super().__init__(**further)
        self._outbound = outbound
        self._keys = keys

    async def _prepare(self) -> None:
        """Write what the log has to tell."""
        while await fan_out():
            pass

    def _due(self, now: datetime) -> Sql:
        return sql(DUE, now, now)

    async def _next(self, address: str, now: datetime) -> Errand | None:
        found = await rows(sql(NEXT, now + self._lease, address, self._name, now, now))
        return _errand(found[0]) if found else None

    async def _do(self, errand: Errand) -> None:
        tried = await self._try(errand.webhook, errand.delivery, await self._body(errand))
        async with in_transaction():
            await _write_down(errand.delivery, tried, self._clock())
            await _heed(errand, tried, self._clock())

    async def _body(self, errand: Errand) -> str:
        """The message: of the log as the log has it now, else as it was put down."""
        delivery, data = errand.delivery, errand.delivery.payload or {}
        if delivery.change_id is not None:
            change = await _entry(delivery.change_id, errand.webhook.partner_id)
            data = events.of_change(change, errand.topics, self._keys.cursors) if change else {}
        return events.body(delivery.event, delivery.created_at, data)

    async def _try(self, webhook: Webhook, delivery: Delivery, body: str) -> Tried:
        at, began = self._clock(), time.monotonic()
        answer, failure = None, None
        try:
            headers = signing.headers(self._keys.signing, webhook, delivery.id, at, body)
            answer = await self._outbound.send("POST", webhook.url, headers, body.encode(), most=READ)
        except Refused as refusal:
            failure = refusal.message
        return Tried(at, round((time.monotonic() - began) * 1000), answer, failure)


def _errand(row: Mapping[str, Any]) -> Errand:
    kept = ("id", "partner_id", "url", "salt", "previous_salt", "previous_until")
    delivery = Delivery(
        id=row["delivery"], webhook_id=row["id"], event=row["event"], change_id=row["change_id"],
        payload=row["payload"] and orjson.loads(row["payload"]), tries=row["tries"], created_at=row["created_at"],
    )  # fmt: skip
    return Errand(Webhook(**{name: row[name] for name in kept}), frozenset(row["topics"]), delivery)


async def _entry(change_id: int, partner: str | None) -> Change | None:
    """An entry of the log, or of the partner's own rehearsal."""
    found = await Change.get_or_none(id=change_id)
    if found is None and partner:
        return next(iter(await rehearsal.own(partner, [change_id])), None)
    return found


async def _write_down(delivery: Delivery, tried: Tried, now: datetime) -> None:
    answer, again = tried.answer, retries.next_try(delivery.tries + 1, now)
    become: tuple[datetime | None, datetime | None, DeliveryState | None] = (None, None, DeliveryState.FAILED)
    if tried.succeeded:
        become = (None, now, DeliveryState.DELIVERED)
    elif again:
        become = (max(again, _asked(tried, now) or again), None, None)
    said = (answer.status, _plain(answer.body)) if answer else (None, None)
    how = (delivery.id, tried.at, tried.milliseconds, *said, tried.failure)
    await rows(sql(WRITE_DOWN, become[0], become[1], become[2] and str(become[2]), *how))


async def _heed(errand: Errand, tried: Tried, now: datetime) -> None:
    """Do what the answer asks for: 410 wants no more, 429 and 503 may want time; 2xx is the receipt of a take-down."""
    webhook = Webhook.filter(id=errand.webhook.id)
    if tried.succeeded:
        await _receipt(errand, now)
    elif tried.answer and tried.answer.status == GONE:
        await webhook.filter(disabled_at=None).update(disabled_at=now, disabled_reason=GONE_REASON)
        await drop_pending(errand.webhook.id)
    elif until := _asked(tried, now):
        await webhook.update(paused_until=until)


async def _receipt(errand: Errand, now: datetime) -> None:
    partner, delivery = errand.webhook.partner_id, errand.delivery
    if partner is None or delivery.event not in TAKE_DOWNS:
        return
    if delivery.change_id is not None:
        await recalls.delivered(partner, delivery.change_id, now)
    elif delivery.payload:
        await recalls.told(partner, delivery.payload["recallId"], now)


def _asked(tried: Tried, now: datetime) -> datetime | None:
    return retries.asked_to_wait(tried.answer.status, tried.answer.headers, now) if tried.answer else None


def _plain(body: bytes) -> str:
    """The first bytes of an answer as text that can be kept and shown."""
    text = body[:READ].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text)
