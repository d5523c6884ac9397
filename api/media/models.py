"""The table of pictures."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from api import ids


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
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "media_asset"
