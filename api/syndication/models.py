"""The tables of partners: who may show articles, what each holds a copy of, and the take-downs that concern it."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids
from api.changes import Told


class RecallStatus(StrEnum):
    """How far a take-down has come with one partner."""

    PENDING = "PENDING"
    NOTIFIED = "NOTIFIED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    BREACHED = "BREACHED"
    LIFTED = "LIFTED"


class Partner(Model):
    """A site that may show the clinic's articles, on terms that it accepted."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.partner)
    name = fields.CharField(max_length=160)
    contact = fields.CharField(max_length=254)
    site_origins: fields.Field[list[str]] = ArrayField("text", default=list)
    copy_url_template = fields.TextField(null=True)
    terms_accepted: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    quota = fields.IntField(default=400_000)
    topics: fields.Field[list[str]] = ArrayField("text", default=list)
    full_text = fields.BooleanField(default=False)
    refresh_max_seconds = fields.IntField(default=604_800)
    version = fields.IntField(default=1)
    log_position = fields.BigIntField(default=0)
    activated_at = fields.DatetimeField(null=True)
    suspended_at = fields.DatetimeField(null=True)
    last_seen_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "partner"


class PartnerKey(Model):
    """A secret that a partner's program carries; only its digest is kept."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.partner_key)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "meridian.Partner", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    digest = fields.BinaryField()
    expires_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    partner_id: str

    class Meta:
        table = "partner_key"


class PartnerClaim(Model):
    """A link by which a partner accepts the terms and is shown a key, once."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.partner_claim)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "meridian.Partner", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    digest = fields.BinaryField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    partner_id: str

    class Meta:
        table = "partner_claim"


class Copy(Model):
    """What a partner last fetched of an article. It names the article by id alone: a copy outlives the article."""

    id = fields.BigIntField(primary_key=True, generated=True)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "meridian.Partner", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    article_id = fields.CharField(max_length=40, db_index=True)
    revision_number = fields.IntField()
    content_hash = fields.CharField(max_length=64, null=True)
    first_fetched_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField()
    dropped_at = fields.DatetimeField(null=True)

    partner_id: str

    class Meta:
        table = "copy"
        unique_together = (("partner", "article_id"),)


class Fetch(Model):
    """How often a partner fetched an article on one day."""

    id = fields.BigIntField(primary_key=True, generated=True)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "meridian.Partner", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    article_id = fields.CharField(max_length=40)
    day = fields.DateField(db_index=True)
    times = fields.IntField()

    partner_id: str

    class Meta:
        table = "copy_fetch"
        unique_together = (("partner", "article_id", "day"),)


class Recall(Model):
    """A take-down, followed until one partner confirmed that its copy is gone.

    `change_id` is the Change that told of it: of the log or, for a rehearsal, of the partner's own `rehearsal_change`.
    """

    id = fields.CharField(primary_key=True, max_length=40, default=ids.recall)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "meridian.Partner", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    change_id = fields.BigIntField(db_index=True)
    article_id = fields.CharField(max_length=40, db_index=True)
    is_rehearsal = fields.BooleanField(default=False)
    severity = fields.CharField(max_length=8)
    status = fields.CharEnumField(RecallStatus, max_length=12, default=RecallStatus.PENDING)
    opened_at = fields.DatetimeField()
    acknowledge_by = fields.DatetimeField()
    notified_at = fields.DatetimeField(null=True)
    looked_at = fields.DatetimeField(null=True)
    acknowledged_at = fields.DatetimeField(null=True)
    breached_at = fields.DatetimeField(null=True)
    lifted_at = fields.DatetimeField(null=True)

    partner_id: str

    class Meta:
        table = "recall"
        unique_together = (("partner", "change_id"),)


class LogPosition(Model):
    """How far a reader of the log has come."""

    reader = fields.CharField(primary_key=True, max_length=40)
    position = fields.BigIntField(default=0)

    class Meta:
        table = "log_position"


class Rehearsal(Model):
    """A partner's practice with an article that exists for that partner alone; a new one replaces the last."""

    id = fields.BigIntField(primary_key=True, generated=True)
    partner: fields.ForeignKeyRelation[Partner] = fields.OneToOneField(
        "meridian.Partner", related_name=False, on_delete=fields.CASCADE
    )
    article_id = fields.CharField(max_length=40, unique=True)
    revision_number = fields.IntField()
    fetched_number = fields.IntField(default=0)
    begun_at = fields.DatetimeField()
    recalled_at = fields.DatetimeField(null=True)
    passed_at = fields.DatetimeField(null=True)

    partner_id: str

    class Meta:
        table = "rehearsal"


class RehearsalChange(Told):
    """What one partner sees in the log and nobody else: its id is of the log's own sequence, so one cursor does."""

    id = fields.BigIntField(primary_key=True)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "meridian.Partner", related_name=False, db_index=True, on_delete=fields.CASCADE
    )

    partner_id: str

    class Meta:
        table = "rehearsal_change"
