"""The table of pictures."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from api import ids

SNAPSHOT = ("sha256", "mime", "width", "height", "alt", "decorative", "caption", "credit", "licence", "focal_point")


class MediaAsset(Model):
    """A picture by the hash of its bytes; it has words for those who cannot see it, or is marked decorative."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.media_asset)
    sha256 = fields.CharField(max_length=64, unique=True)
    mime = fields.CharField(max_length=40)
    width = fields.IntField()
    height = fields.IntField()
    alt = fields.TextField(null=True)
    decorative = fields.BooleanField(default=False)
    caption = fields.TextField(null=True)
    credit = fields.TextField(null=True)
    licence = fields.TextField(null=True)
    focal_point: fields.Field[dict[str, float] | None] = fields.JSONField(null=True)
    renditions: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    uploaded_at = fields.DatetimeField(db_default=Now())
    """When these bytes were last sent: a picture that nobody shows is kept for a day from here."""

    class Meta:
        table = "media_asset"


def snapshot(asset: MediaAsset) -> dict[str, Any]:
    """What the audit log keeps of a picture; how it is scaled is no act of anybody."""
    return {name: getattr(asset, name) for name in (*SNAPSHOT, "version")}
