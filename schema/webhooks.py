"""Mutations by which partners and admins look after webhooks."""

from datetime import timedelta
from typing import Annotated, Any

import strawberry
from pydantic import Field
from strawberry import ID, Maybe, field

from api import sealing
from api.syndication.webhooks import managing, signing
from api.syndication.webhooks.events import WebhookEvent
from schema.context import Info
from schema.errors import UserError
from schema.inputs import KEY, SAID, Id, Input, Key, Version
from schema.payloads import ERRORS
from schema.refs import DeliveryRef, WebhookRef
from schema.scalars import URL

Address = Annotated[URL, Field(max_length=2048)]
Events = Annotated[list[WebhookEvent], Field(max_length=20)]
WHERE = "An https:// or http:// address of a public host, at port 80 or 443."
WHICH = "What it is told of; an empty list is all that concerns its owner."
SHOWN = "The secret `whsec_…` to verify signatures with, shown this once; null when a call is repeated by its key."


@strawberry.pydantic.input(description="An address that is to be told of events.")
class CreateWebhookInput(Input):
    url: Address = Field(description=WHERE)
    events: Events | None = Field(None, description=WHICH)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a webhook. What is absent stays.")
class UpdateWebhookInput(Input):
    id: Id = Field(description="The webhook.")
    expected_version: Version = Field(
        description="The version that you read; a stale one changes nothing and is answered with the current webhook."
    )
    url: Maybe[Address] = Field(None, description=WHERE)
    events: Maybe[Events] = Field(None, description=WHICH)
    is_enabled: Maybe[bool] = Field(
        None, description="False switches it off and gives up what was still to be sent; true switches it on again."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The webhook that gets a new secret.")
class RotateWebhookSecretInput(Input):
    id: Id = Field(description="The webhook.")
    overlap_hours: Annotated[int, Field(ge=0, le=168)] = Field(
        24, description="For how many hours messages are signed with the old secret, too, 0 to 168."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The webhook that goes.")
class DeleteWebhookInput(Input):
    id: Id = Field(description="The webhook.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The webhook that is to be tried.")
class SendTestEventInput(Input):
    id: Id = Field(description="The webhook.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The delivery that is to be sent again.")
class ReplayDeliveryInput(Input):
    id: Id = Field(description="The delivery.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of a mutation that shows a webhook's secret, this once.")
class WebhookSecretPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    webhook: WebhookRef | None = field(default=None, description="The webhook.")
    secret: str | None = field(default=None, description=SHOWN)


@strawberry.type(description="The answer of createWebhook.")
class CreateWebhookPayload(WebhookSecretPayload):
    pass


@strawberry.type(description="The answer of rotateWebhookSecret.")
class RotateWebhookSecretPayload(WebhookSecretPayload):
    pass


@strawberry.type(description="The answer of updateWebhook.")
class UpdateWebhookPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    webhook: WebhookRef | None = field(default=None, description="The webhook now; with CONFLICT the current one.")


@strawberry.type(description="The answer of deleteWebhook.")
class DeleteWebhookPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    deleted_id: ID | None = field(default=None, description="The id of the webhook that is gone.")


@strawberry.type(description="The answer of a mutation that puts a delivery on its way.")
class DeliveryPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    delivery: DeliveryRef | None = field(default=None, description="The delivery.")


@strawberry.type(description="The answer of sendTestEvent.")
class SendTestEventPayload(DeliveryPayload):
    pass


@strawberry.type(description="The answer of replayDelivery.")
class ReplayDeliveryPayload(DeliveryPayload):
    pass


@strawberry.type
class Webhooks:
    @field(
        description="Makes a webhook: a partner's own, or the clinic's for an admin. Messages follow the Standard "
        "Webhooks specification. Repeated with the same idempotencyKey it answers without the secret."
    )
    async def create_webhook(self, info: Info, input: Annotated[CreateWebhookInput, SAID]) -> CreateWebhookPayload:
        context = info.context
        shown = await managing.create(context.viewer, input.url, input.events or [], context.outbound, _key(info))
        return CreateWebhookPayload(webhook=shown.webhook, secret=shown.secret)

    @field(description="Changes a webhook, switches it off, or on again after it was off.")
    async def update_webhook(self, info: Info, input: Annotated[UpdateWebhookInput, SAID]) -> UpdateWebhookPayload:
        said: dict[str, Any] = {name: getattr(input, name).value for name in CHANGES if name in input.model_fields_set}
        context = info.context
        webhook = await managing.update(context.viewer, input.id, input.expected_version, said, context.outbound)
        return UpdateWebhookPayload(webhook=webhook)

    @field(
        description="Gives one's own webhook a new secret; for a while messages are signed with both. Repeated with "
        "the same idempotencyKey it answers without the secret."
    )
    async def rotate_webhook_secret(
        self, info: Info, input: Annotated[RotateWebhookSecretInput, SAID]
    ) -> RotateWebhookSecretPayload:
        overlap = timedelta(hours=input.overlap_hours)
        shown = await managing.rotate(info.context.viewer, input.id, overlap, _key(info))
        return RotateWebhookSecretPayload(webhook=shown.webhook, secret=shown.secret)

    @field(description="Removes a webhook with its deliveries; what was on its way to it is not sent.")
    async def delete_webhook(self, info: Info, input: Annotated[DeleteWebhookInput, SAID]) -> DeleteWebhookPayload:
        return DeleteWebhookPayload(deleted_id=ID(await managing.remove(info.context.viewer, input.id)))

    @field(description="Sends `webhook.test` to a webhook, whatever events it is for.")
    async def send_test_event(self, info: Info, input: Annotated[SendTestEventInput, SAID]) -> SendTestEventPayload:
        return SendTestEventPayload(delivery=await managing.send_test(info.context.viewer, input.id))

    @field(description="Sends a delivery again, under the same id, whether it had arrived or not.")
    async def replay_delivery(self, info: Info, input: Annotated[ReplayDeliveryInput, SAID]) -> ReplayDeliveryPayload:
        return ReplayDeliveryPayload(delivery=await managing.replay(info.context.viewer, input.id))


CHANGES = ("url", "events", "is_enabled")


def _key(info: Info) -> bytes:
    return sealing.derive(info.context.secret, signing.PURPOSE)
