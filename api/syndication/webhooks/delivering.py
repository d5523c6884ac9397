"""The worker's side: one delivery at a time for each address, many addresses at once, so that nobody waits for others.

An address is taken by a lease that its worker renews every second. A worker that is killed leaves leases that run out
within five, and deliveries that are still pending: another one sends them again, under the same ids.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from tortoise.transactions import in_transaction

from api.changes import Change
from api.errors import Refused
from api.sql import rows, sql
from api.syndication.models import Partner
from api.syndication.webhooks import events, retries, signing
from api.syndication.webhooks.models import Delivery, DeliveryAttempt, DeliveryState, Webhook
from api.syndication.webhooks.outbox import drop_pending, fan_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.outbound import Answer, Outbound

AT_ONCE = 200
LEASE = timedelta(seconds=5)
RENEWAL = timedelta(seconds=1)
READ = 1024
GONE = 410
GONE_REASON = "It answered 410 Gone."
TAKE = """
UPDATE webhook SET lease = ?, leased_until = ? WHERE id IN (
  SELECT id FROM webhook WHERE disabled_at IS NULL AND (leased_until IS NULL OR leased_until < ?)
     AND (paused_until IS NULL OR paused_until <= ?)
     AND EXISTS (SELECT FROM delivery WHERE webhook_id = webhook.id AND state = 'PENDING' AND due_at <= ?)
   LIMIT ? FOR UPDATE SKIP LOCKED)
RETURNING id
"""
RENEW = """
UPDATE webhook SET leased_until = ? WHERE id = ? AND lease = ? AND disabled_at IS NULL
   AND (paused_until IS NULL OR paused_until <= ?) RETURNING id
"""
KEEP = "UPDATE webhook SET leased_until = ? WHERE lease = ?"
LEAVE = "UPDATE webhook SET lease = NULL, leased_until = NULL WHERE id = ? AND lease = ?"
NEXT = """
SELECT id FROM delivery WHERE webhook_id = ? AND state = 'PENDING' AND due_at <= ?
 ORDER BY created_at, change_id, id LIMIT 1
"""

log = structlog.get_logger(__name__)


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
class Keys:
    """What secrets and cursors are made with."""

    signing: bytes
    cursors: bytes


class Courier:
    """Takes deliveries to their addresses, as long as `turn` is called; `clock` tells the time."""

    def __init__(
        self,
        outbound: Outbound,
        keys: Keys,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        lease: timedelta = LEASE,
        at_once: int = AT_ONCE,
    ) -> None:
        self._outbound = outbound
        self._keys = keys
        self._clock = clock
        self._lease = lease
        self._at_once = at_once
        self._name = secrets.token_hex(16)
        self._under_way: set[asyncio.Task[None]] = set()
        self._tried = 0
        self._ending = False
        self._kept_at = clock()

    async def turn(self) -> int:
        """Write what the log has to tell, set out to every address that has something due, and wait for none of them.

        Returns how many tries came to their end since the last turn.
        """
        await self._keep()
        while await fan_out():
            pass
        for webhook in await self._take():
            task = asyncio.create_task(self._serve(webhook))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        tried, self._tried = self._tried, 0
        return tried

    async def settle(self) -> None:
        """Wait until every address that was set out to has been served."""
        while self._under_way:
            await asyncio.wait(self._under_way, timeout=RENEWAL.total_seconds())
            await self._keep()

    async def end(self) -> None:
        """Let what is under way come to its end, and begin nothing more."""
        self._ending = True
        await self.settle()

    async def _keep(self) -> None:
        """Renew the leases of all that is under way."""
        now = self._clock()
        if self._under_way and now - self._kept_at >= RENEWAL:
            self._kept_at = now
            await rows(sql(KEEP, now + self._lease, self._name))

    async def _take(self) -> list[str]:
        now, room = self._clock(), self._at_once - len(self._under_way)
        if room <= 0:
            return []
        found = await rows(sql(TAKE, self._name, now + self._lease, now, now, now, room))
        return [row["id"] for row in found]

    async def _serve(self, webhook_id: str) -> None:
        """Send what is due at one address, one after the other, while the lease is ours."""
        try:
            while not self._ending and await self._renewed(webhook_id) and (delivery := await self._next(webhook_id)):
                await self._deliver(delivery)
                self._tried += 1
        except Exception as error:
            log.warning("webhook_not_served", webhook=webhook_id, exc_info=error)
        finally:
            await rows(sql(LEAVE, webhook_id, self._name))

    async def _renewed(self, webhook_id: str) -> bool:
        now = self._clock()
        return bool(await rows(sql(RENEW, now + self._lease, webhook_id, self._name, now)))

    async def _next(self, webhook_id: str) -> Delivery | None:
        found = await rows(sql(NEXT, webhook_id, self._clock()))
        return await Delivery.get_or_none(id=found[0]["id"]) if found else None

    async def _deliver(self, delivery: Delivery) -> None:
        webhook = await Webhook.get_or_none(id=delivery.webhook_id)
        if webhook is None:
            return  # deleted a moment ago, and the delivery with it
        tried = await self._try(webhook, delivery, await self._body(webhook, delivery))
        async with in_transaction():
            await _write_down(delivery.id, tried, self._clock())
            await _heed(webhook.id, tried, self._clock())

    async def _body(self, webhook: Webhook, delivery: Delivery) -> str:
        """The message: of the log as the log has it now, else as it was put down."""
        data = delivery.payload or {}
        if delivery.change_id is not None:
            change = await Change.get_or_none(id=delivery.change_id)
            partner = await Partner.get_or_none(id=webhook.partner_id) if webhook.partner_id else None
            topics = partner.topics if partner else []
            data = events.of_change(change, topics, self._keys.cursors) if change else {}
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


async def _write_down(delivery_id: str, tried: Tried, now: datetime) -> None:
    """Put the try down, and what becomes of the delivery; one that was dropped meanwhile is left alone."""
    delivery = await Delivery.select_for_update().get_or_none(id=delivery_id)
    if delivery is None:
        return
    answer = tried.answer
    await DeliveryAttempt.create(
        delivery_id=delivery.id, at=tried.at, milliseconds=tried.milliseconds, failure=tried.failure,
        status=answer.status if answer else None, answer=_plain(answer.body) if answer else None,
    )  # fmt: skip
    delivery.tries += 1
    if tried.succeeded:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    elif again := retries.next_try(delivery.tries, now):
        delivery.due_at = max(again, _asked(tried, now) or again)
    else:
        delivery.state = DeliveryState.FAILED
    await delivery.save(update_fields=["tries", "state", "delivered_at", "due_at"])


async def _heed(webhook_id: str, tried: Tried, now: datetime) -> None:
    """Do what the answer asks for: 410 wants no more, 429 and 503 may want time."""
    if tried.answer and tried.answer.status == GONE:
        await Webhook.filter(id=webhook_id, disabled_at=None).update(disabled_at=now, disabled_reason=GONE_REASON)
        await drop_pending(webhook_id)
    elif until := _asked(tried, now):
        await Webhook.filter(id=webhook_id).update(paused_until=until)


def _asked(tried: Tried, now: datetime) -> datetime | None:
    return retries.asked_to_wait(tried.answer.status, tried.answer.headers, now) if tried.answer else None


def _plain(body: bytes) -> str:
    """The first bytes of an answer as text that can be kept and shown."""
    text = body[:READ].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text)
