"""The table of partners: third-party sites that syndicate articles."""

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids


class Partner(Model):
    """A site that may show the clinic's articles, on terms that it accepted."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.partner)
    name = fields.CharField(max_length=160)
    contact = fields.CharField(max_length=254)
    site_origins: fields.Field[list[str]] = ArrayField("text", default=list)
    copy_url_template = fields.TextField(null=True)
    terms_accepted: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    quota = fields.IntField(default=100_000)
    topics: fields.Field[list[str]] = ArrayField("text", default=list)
    full_text = fields.BooleanField(default=False)
    refresh_max_seconds = fields.IntField(default=604_800)
    last_seen_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "partner"


class PartnerKey(Model):
    """A secret that a partner's program carries; only its digest is kept."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.token)
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
