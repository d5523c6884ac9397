"""The clinic itself, one for each deployment, and the disclaimers that it puts under what it writes."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from api import ids
from api.accounts.viewer import Viewer
from api.catalogue import visible_sql
from api.errors import NotFound
from api.paging import Key, Listing
from api.rows import those
from api.sql import Sql


class Clinic(Model):
    """Who publishes. `licence` is null when the clinic's own revocable terms hold."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.clinic)
    singleton = fields.BooleanField(default=True, unique=True)
    name = fields.CharField(max_length=160)
    legal_name = fields.CharField(max_length=160, null=True)
    strapline = fields.TextField(null=True)
    url = fields.TextField(null=True)
    address: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    telephone = fields.CharField(max_length=40, null=True)
    email = fields.CharField(max_length=254, null=True)
    opening_hours: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    geo: fields.Field[dict[str, float] | None] = fields.JSONField(null=True)
    logo: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.MediaAsset", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    jurisdiction = fields.CharField(max_length=2, default="GB")
    timezone = fields.CharField(max_length=60, default="Europe/London")
    booking_url = fields.TextField(null=True)
    publishing_principles_url = fields.TextField(null=True)
    complaints_url = fields.TextField(null=True)
    privacy_url = fields.TextField(null=True)
    emergency_note = fields.TextField(null=True)
    syndication_terms: fields.Field[dict[str, str]] = fields.JSONField()
    licence: fields.Field[dict[str, str] | None] = fields.JSONField(null=True)
    review_interval_months = fields.IntField(default=36)
    is_sample = fields.BooleanField(default=False)
    version = fields.IntField(default=1)
    updated_at = fields.DatetimeField(auto_now=True)

    logo_id: str | None

    class Meta:
        table = "clinic"


class Disclaimer(Model):
    """A sentence that stands under articles; NOT_A_SUBSTITUTE is the one that every health article needs."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.disclaimer)
    key = fields.CharField(max_length=40)
    title = fields.CharField(max_length=160)
    text = fields.TextField()
    is_published = fields.BooleanField(default=False)
    first_published_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "disclaimer"


class ClinicMissing(NotFound):
    """No clinic has been set up yet: run `python -m api sample load`."""


async def the_clinic() -> Clinic:
    """The one clinic of this deployment."""
    found = await those(Clinic, Sql("LIMIT 1"))
    if not found:
        raise ClinicMissing
    return found[0]


def listing(viewer: Viewer) -> Listing:
    """The disclaimers that the viewer may see, by title."""
    keys = (Key("lower(disclaimer.title)", "text"), Key("disclaimer.id", "text"))
    return Listing("disclaimer.title", Sql("disclaimer"), (visible_sql(viewer, "disclaimer"),), keys)


async def disclaimers(wanted: list[str], viewer: Viewer) -> list[Disclaimer]:
    """Those of the disclaimers that the viewer may see, in no order."""
    rows = Disclaimer.filter(id__in=wanted)
    return await (rows if viewer.sees_drafts else rows.filter(is_published=True))
