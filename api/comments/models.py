"""The table of comments."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids


class CommentStatus(StrEnum):
    """Where a comment stands; readers see only what is APPROVED."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    REMOVED = "REMOVED"
    SPAM = "SPAM"


class Comment(Model):
    """What a reader wrote under an article, in plain text, with the consent that was given."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.comment)
    article: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Article", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    body = fields.CharField(max_length=2000)
    display_name = fields.CharField(max_length=60)
    status = fields.CharEnumField(CommentStatus, max_length=12, default=CommentStatus.PENDING)
    flags: fields.Field[list[str]] = ArrayField("text", default=list)
    consent: fields.Field[dict[str, Any]] = fields.JSONField()
    reply = fields.TextField(null=True)
    replied_at = fields.DatetimeField(null=True)
    at = fields.DatetimeField(auto_now_add=True)

    article_id: str

    class Meta:
        table = "comment"
