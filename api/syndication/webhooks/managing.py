"""What is done with webhooks: by a partner with its own, by an admin with the clinic's and, secrets apart, with all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tortoise.transactions import in_transaction

from api.accounts.acting import note
from api.accounts.viewer import Role
from api.errors import Conflict, Forbidden, Invalid, NotFound
from api.syndication.models import Partner
from api.syndication.webhooks import outbox, signing
from api.syndication.webhooks.events import EDITORIAL, WebhookEvent
from api.syndication.webhooks.models import Delivery, DeliveryState, Webhook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.accounts.viewer import Viewer
    from api.outbound import Outbound

MOST = 10
OFF = "Switched off by its owner."
TEST = {"message": "This is a test: nothing has happened."}


class NoSuchWebhook(NotFound):
    """There is no such webhook: check the id."""


class NoSuchDelivery(NotFound):
    """There is no such delivery: check the id; the log goes back 30 days."""


class TooManyWebhooks(Invalid):
    """There are ten webhooks already: change one of them, or delete one first."""


class NotForPartners(Invalid):
    """source.retracted, review.due and comment.pending are for the clinic's own webhooks: leave them out."""


class NotYourSecret(Forbidden):
    """This webhook's secret is its partner's own: ask the partner to rotate it."""


class SwitchedOff(Invalid):
    """This webhook is switched off: switch it on with updateWebhook first."""


@dataclass(frozen=True)
class Shown:
    """A webhook with its new secret, which is shown this once."""

    webhook: Webhook
    secret: str


async def create(viewer: Viewer, url: str, events: Sequence[WebhookEvent], outbound: Outbound, key: bytes) -> Shown:
    """Make a webhook of the partner who asks, else of the clinic."""
    owner = _owner(viewer)
    webhook = Webhook(partner_id=owner, url=_checked(url, outbound), events=_named(events, owner))
    webhook.salt = signing.new_salt()
    async with in_transaction():
        if owner:
            await Partner.select_for_update().get(id=owner)
        if await Webhook.filter(partner_id=owner).count() >= MOST:
            raise TooManyWebhooks
        await webhook.save(force_create=True)
        await note(viewer, "createWebhook", webhook.id, _snapshot(webhook))
    return Shown(webhook, signing.secret(key, webhook.salt))


async def update(
    viewer: Viewer, webhook_id: str, expected: int, said: Mapping[str, Any], outbound: Outbound
) -> Webhook:
    """Change what is said of `url`, `events` and `is_enabled`."""
    async with in_transaction():
        webhook = await _locked(viewer, webhook_id)
        if webhook.version != expected:
            raise _stale(webhook, expected)
        before = _snapshot(webhook)
        if "url" in said:
            webhook.url = _checked(said["url"], outbound)
        if "events" in said:
            webhook.events = _named(said["events"], webhook.partner_id)
        if "is_enabled" in said:
            await _switch(webhook, on=said["is_enabled"])
        webhook.version += 1
        await webhook.save(update_fields=["url", "events", "version", "disabled_at", "disabled_reason", "paused_until"])
        await note(viewer, "updateWebhook", webhook.id, _snapshot(webhook), before)
    return webhook


async def rotate(viewer: Viewer, webhook_id: str, overlap: timedelta, key: bytes) -> Shown:
    """Give the webhook a new secret; for the overlap every message is signed with the old one, too."""
    async with in_transaction():
        webhook = await _locked(viewer, webhook_id)
        if webhook.partner_id != _owner(viewer):
            raise NotYourSecret
        keeps = overlap > timedelta(0)
        webhook.previous_salt = webhook.salt if keeps else None
        webhook.previous_until = datetime.now(UTC) + overlap if keeps else None
        webhook.salt = signing.new_salt()
        webhook.version += 1
        await webhook.save(update_fields=["salt", "previous_salt", "previous_until", "version"])
        until = webhook.previous_until and webhook.previous_until.isoformat()
        await note(viewer, "rotateWebhookSecret", webhook.id, {"previousUntil": until})
    return Shown(webhook, signing.secret(key, webhook.salt))


async def remove(viewer: Viewer, webhook_id: str) -> str:
    """Remove the webhook with all that was on its way to it."""
    async with in_transaction():
        webhook = await _locked(viewer, webhook_id)
        await webhook.delete()
        await note(viewer, "deleteWebhook", webhook.id, {}, _snapshot(webhook))
    return webhook.id


async def send_test(viewer: Viewer, webhook_id: str) -> Delivery:
    """Put a test event on its way, whatever events the webhook is for."""
    async with in_transaction():
        webhook = await _locked(viewer, webhook_id)
        if webhook.disabled_at is not None:
            raise SwitchedOff
        delivery = outbox.to(webhook.id, WebhookEvent.WEBHOOK_TEST, TEST, datetime.now(UTC))
        await delivery.save(force_create=True)
        await note(viewer, "sendTestEvent", webhook.id, {"delivery": delivery.id})
    return delivery


async def replay(viewer: Viewer, delivery_id: str) -> Delivery:
    """Send a delivery once more under the same id, with the whole clock before it."""
    async with in_transaction():
        delivery = await Delivery.select_for_update().get_or_none(id=delivery_id)
        webhook = await Webhook.get(id=delivery.webhook_id) if delivery else None
        if delivery is None or webhook is None or not may_see(viewer, webhook):
            raise NoSuchDelivery(path=("id",))
        if webhook.disabled_at is not None:
            raise SwitchedOff
        delivery.state, delivery.delivered_at = DeliveryState.PENDING, None
        delivery.tries, delivery.due_at = 0, datetime.now(UTC)
        await delivery.save(update_fields=["state", "delivered_at", "tries", "due_at"])
        await note(viewer, "replayDelivery", webhook.id, {"delivery": delivery.id})
    return delivery


def may_see(viewer: Viewer, webhook: Webhook) -> bool:
    """A partner sees its own webhooks, an admin all of them, others none."""
    if viewer.partner is not None:
        return webhook.partner_id == viewer.partner.partner
    return Role.ADMIN in viewer.roles


def _owner(viewer: Viewer) -> str | None:
    """Whose webhooks the viewer makes: the partner's, or the clinic's (None)."""
    if viewer.partner is None and Role.ADMIN not in viewer.roles:
        raise NoSuchWebhook
    return viewer.partner.partner if viewer.partner else None


async def _locked(viewer: Viewer, webhook_id: str) -> Webhook:
    webhook = await Webhook.select_for_update().get_or_none(id=webhook_id)
    if webhook is None or not may_see(viewer, webhook):
        raise NoSuchWebhook(path=("id",))
    return webhook


async def _switch(webhook: Webhook, *, on: bool) -> None:
    if on:
        webhook.disabled_at = webhook.disabled_reason = webhook.paused_until = None
    elif webhook.disabled_at is None:
        webhook.disabled_at, webhook.disabled_reason = datetime.now(UTC), OFF
        await outbox.drop_pending(webhook.id)


def _checked(url: str, outbound: Outbound) -> str:
    """The address, refused when it is one that must not be reached; names are looked up when something is sent."""
    try:
        outbound.check(url)
    except Invalid as refusal:
        raise Invalid(refusal.message, path=("url",)) from None
    return url


def _named(events: Sequence[WebhookEvent], owner: str | None) -> list[str]:
    if owner and EDITORIAL.intersection(events):
        raise NotForPartners(path=("events",))
    return [str(event) for event in dict.fromkeys(events)]


def _stale(webhook: Webhook, expected: int) -> Conflict:
    refusal = Conflict(
        f"This webhook is at version {webhook.version} and you sent version {expected}: read it again and repeat.",
        path=("expected_version",),
    )
    refusal.thing = webhook.id
    return refusal


def _snapshot(webhook: Webhook) -> dict[str, Any]:
    """What the log keeps: whose address it was, not the whole of it, which may hold a secret of its owner's."""
    parts = urlsplit(webhook.url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return {"origin": origin, "events": webhook.events, "disabledReason": webhook.disabled_reason}
