"""The tables of publishing: waived findings, review links, and proposals to change what is public in the catalogue."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from api import ids
from api.accounts.models import Member


class Waiver(Model):
    """A finding that a reviewer lets pass on one article: which, who, why, and until when."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.waiver)
    article: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Article", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    rule = fields.CharField(max_length=10)
    fingerprint = fields.CharField(max_length=64)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    reason = fields.TextField()
    until = fields.DateField()
    at = fields.DatetimeField(auto_now_add=True)

    article_id: str
    member_id: str

    class Meta:
        table = "waiver"
        unique_together = (("article", "rule", "fingerprint"),)


class ReviewLink(Model):
    """A link by which one named practitioner may review one revision, once."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.review_link)
    revision: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    practitioner: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    created_by: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, null=True, db_index=True, on_delete=fields.SET_NULL
    )
    created_at = fields.DatetimeField(auto_now_add=True)

    revision_id: str
    practitioner_id: str
    created_by_id: str | None

    class Meta:
        table = "review_link"


class Proposal(Model):
    """A change to what is public in the catalogue, waiting for another member's eyes."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.proposal)
    thing = fields.CharField(max_length=40, db_index=True)
    thing_version = fields.IntField()
    changes: fields.Field[dict[str, Any]] = fields.JSONField()
    proposed_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    proposed_at = fields.DatetimeField(auto_now_add=True)
    decided_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    decided_at = fields.DatetimeField(null=True)
    approved = fields.BooleanField(null=True)
    note = fields.TextField(null=True)

    proposed_by_id: str
    decided_by_id: str | None

    class Meta:
        table = "proposal"
