"""Webhooks, what is on its way to each, and how every try went, as their owners and admins see them."""

from datetime import UTC, datetime

import strawberry
from strawberry import ID, Parent, field

from api.syndication.webhooks import models, reading
from api.syndication.webhooks.events import WebhookEvent
from api.syndication.webhooks.models import DeliveryState
from schema import enums  # noqa: F401 - they are described there before a type has them
from schema.context import Info
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import DeliveryRef, WebhookRef
from schema.scalars import URL


@strawberry.type(description="An address that is told of events. Seen by its owner and by admins.")
class Webhook(Node):
    is_type_of = made_from(models.Webhook)

    id: ID = field(description="The id, `whk_…`.")
    created_at: datetime = field(description="When it was made.")
    version: int = field(description="Grows by one with every change; updateWebhook names the one that it expects.")
    disabled_at: datetime | None = field(description="Since when nothing is sent to it; null while it is on.")
    disabled_reason: str | None = field(description="Why nothing is sent to it.")
    paused_until: datetime | None = field(description="Until when it asked for time, by 429 or 503 with Retry-After.")

    @field(description="The address.")
    @staticmethod
    def url(webhook: Parent[models.Webhook]) -> URL:
        return URL(webhook.url)

    @field(description="What it is told of, in the order of the enum; empty for all that concerns its owner.")
    @staticmethod
    def events(webhook: Parent[models.Webhook]) -> list[WebhookEvent]:
        return [event for event in WebhookEvent if event in webhook.events]

    @field(description="The partner whose it is, `prt_…`; null for the clinic's own.")
    @staticmethod
    def partner_id(webhook: Parent[models.Webhook]) -> ID | None:
        return ID(webhook.partner_id) if webhook.partner_id else None

    @field(description="Until when messages are signed with the secret before this one, too; null outside a rotation.")
    @staticmethod
    def previous_secret_until(webhook: Parent[models.Webhook]) -> datetime | None:
        until = webhook.previous_until
        return until if until and until > datetime.now(UTC) else None

    @field(description="What was sent to it within 30 days, or is on its way, newest first.")
    @staticmethod
    async def deliveries(
        webhook: Parent[models.Webhook],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[DeliveryRef]:
        listing = reading.deliveries_to(info.context.viewer)
        return await connection(info, listing, "delivery", (first, after, last, before), below=webhook.id)


@strawberry.type(description="How one try to deliver went.")
class DeliveryAttempt:
    is_type_of = made_from(models.DeliveryAttempt)

    at: datetime = field(description="When it began.")
    milliseconds: int = field(description="How long it took.")
    status: int | None = field(description="The status of the answer; null when there was none.")
    answer: str | None = field(description="The first bytes of the answer, up to 1 kB, as plain text: escape it.")
    failure: str | None = field(description="Why there was no answer; null when there was one.")


@strawberry.type(description="One event on its way to one webhook. Its id is the `webhook-id` of every try.")
class Delivery(Node):
    is_type_of = made_from(models.Delivery)

    id: ID = field(description="The id, `dlv_…`, the same in `webhook-id`.")
    event: WebhookEvent = field(description="What is told.")
    state: DeliveryState = field(description="Where it is on its way.")
    created_at: datetime = field(description="When it was put on its way.")
    delivered_at: datetime | None = field(description="When it was answered with 2xx.")

    @field(description="When it is tried next; null when it will not be.")
    @staticmethod
    def next_attempt_at(delivery: Parent[models.Delivery]) -> datetime | None:
        return delivery.due_at if delivery.state is DeliveryState.PENDING else None

    @field(description="Where it goes.")
    @staticmethod
    async def webhook(delivery: Parent[models.Delivery], info: Info) -> WebhookRef | None:
        row: WebhookRef | None = await info.context.loaders.by_id("webhook").load(delivery.webhook_id)
        return row

    @field(description="Every try, oldest first.")
    @staticmethod
    async def attempts(delivery: Parent[models.Delivery], info: Info) -> list[DeliveryAttempt]:
        return await info.context.loaders.attempts.load(delivery.id)
