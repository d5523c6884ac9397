"""The tables of webhooks: addresses that are told, what is on its way to each, and how every try went."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids
from api.syndication.models import Partner


class DeliveryState(StrEnum):
    """Where a delivery is on its way."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class Webhook(Model):
    """An address that is told of events: a partner's, or the clinic's own where `partner` is null.

    Its secrets are derived from what stands here and the deployment's key (`signing`); `leased_until` and `lease` say
    that a worker is at it, `paused_until` that its owner asked for time.
    """

    id = fields.CharField(primary_key=True, max_length=40, default=ids.webhook)
    partner: fields.ForeignKeyNullableRelation[Partner] = fields.ForeignKeyField(
        "meridian.Partner", related_name=False, null=True, db_index=True, on_delete=fields.CASCADE
    )
    url = fields.TextField()
    events: fields.Field[list[str]] = ArrayField("text", default=list)
    version = fields.IntField(default=1)
    salt = fields.BinaryField()
    previous_salt = fields.BinaryField(null=True)
    previous_until = fields.DatetimeField(null=True)
    disabled_at = fields.DatetimeField(null=True)
    disabled_reason = fields.CharField(max_length=200, null=True)
    paused_until = fields.DatetimeField(null=True)
    leased_until = fields.DatetimeField(null=True)
    lease = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    partner_id: str | None

    class Meta:
        table = "webhook"


class Delivery(Model):
    """One event on its way to one address; its id is the `webhook-id` of every try.

    What tells of the log has the number of its Change and no payload: that is written when it is sent, so that nothing
    that was erased since goes out.
    """

    id = fields.CharField(primary_key=True, max_length=40, default=ids.delivery)
    webhook: fields.ForeignKeyRelation[Webhook] = fields.ForeignKeyField(
        "meridian.Webhook", related_name=False, on_delete=fields.CASCADE
    )
    event = fields.CharField(max_length=40)
    change_id = fields.BigIntField(null=True)
    payload: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    state = fields.CharEnumField(DeliveryState, max_length=12, default=DeliveryState.PENDING)
    tries = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    delivered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    webhook_id: str

    class Meta:
        table = "delivery"
        unique_together = (("webhook", "change_id"),)


class DeliveryAttempt(Model):
    """How one try went: the answer's status and first words, or why there was none."""

    id = fields.BigIntField(primary_key=True, generated=True)
    delivery: fields.ForeignKeyRelation[Delivery] = fields.ForeignKeyField(
        "meridian.Delivery", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    at = fields.DatetimeField()
    milliseconds = fields.IntField()
    status = fields.IntField(null=True)
    answer = fields.TextField(null=True)
    failure = fields.TextField(null=True)

    delivery_id: str

    class Meta:
        table = "delivery_attempt"


class WebhookPosition(Model):
    """Up to which entry of the log deliveries have been written; one row."""

    id = fields.IntField(primary_key=True)
    change_id = fields.BigIntField()

    class Meta:
        table = "webhook_position"


class Noticed(Model):
    """What editors have been told of, so that each is told once."""

    id = fields.BigIntField(primary_key=True, generated=True)
    event = fields.CharField(max_length=40)
    thing = fields.CharField(max_length=40)
    mark = fields.CharField(max_length=40, default="")
    at = fields.DatetimeField()

    class Meta:
        table = "noticed"
        unique_together = (("event", "thing", "mark"),)
