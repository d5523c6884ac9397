"""The tables of the hub: what was asked for and is not verified yet, and the subscriptions that hold."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class Mode(StrEnum):
    """What is asked for."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


class Intent(Model):
    """What was asked for; it changes nothing before the callback has said that it wanted it.

    `position` is how far the log went then: what came later is news to whoever asked. The secret is masked by bytes
    that the salt and the deployment's key give (api/sealing.py).
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    mode = fields.CharEnumField(Mode, max_length=12)
    topic = fields.CharField(max_length=400)
    callback = fields.TextField()
    host = fields.CharField(max_length=260, db_index=True)
    lease_seconds = fields.IntField()
    salt = fields.BinaryField(null=True)
    secret = fields.BinaryField(null=True)
    position = fields.BigIntField()
    leased_until = fields.DatetimeField(null=True)
    lease = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "websub_intent"
        unique_together = (("topic", "callback"),)


class Subscription(Model):
    """A callback that is sent what stands at a topic, until it expires.

    `position` is the entry of the log up to which it has been told, `sent` the hash of what it was sent last.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    topic = fields.CharField(max_length=400)
    callback = fields.TextField()
    host = fields.CharField(max_length=260, db_index=True)
    salt = fields.BinaryField(null=True)
    secret = fields.BinaryField(null=True)
    expires_at = fields.DatetimeField(db_index=True)
    position = fields.BigIntField()
    sent = fields.CharField(max_length=64, null=True)
    tries = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    lease = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "websub_subscription"
        unique_together = (("topic", "callback"),)
