"""Treatments: what is done, what can go wrong, and who should not have it."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids


class Frequency(StrEnum):
    """How often an adverse outcome is seen (the bands of the European Commission's SmPC guideline)."""

    VERY_COMMON = "VERY_COMMON"
    COMMON = "COMMON"
    UNCOMMON = "UNCOMMON"
    RARE = "RARE"
    VERY_RARE = "VERY_RARE"
    UNKNOWN = "UNKNOWN"


class Treatment(Model):
    """A therapy (schema.org MedicalTherapy)."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.treatment)
    name = fields.CharField(max_length=160)
    slug = fields.CharField(max_length=160, unique=True)
    summary = fields.TextField()
    body: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    rendering: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    medicine_system = fields.CharField(max_length=160, null=True)
    how_performed = fields.TextField(null=True)
    preparation = fields.TextField(null=True)
    aftercare = fields.TextField(null=True)
    contraindications: fields.Field[list[str]] = ArrayField("text", default=list)
    is_published = fields.BooleanField(default=False)
    first_published_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "treatment"


class AdverseOutcome(Model):
    """Something that can go wrong, how often, and who says so."""

    id = fields.BigIntField(primary_key=True, generated=True)
    treatment: fields.ForeignKeyRelation[Treatment] = fields.ForeignKeyField(
        "meridian.Treatment", related_name=False, on_delete=fields.CASCADE
    )
    position = fields.IntField()
    text = fields.TextField()
    frequency = fields.CharEnumField(Frequency, max_length=12)
    figure = fields.TextField(null=True)
    source: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.Source", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )

    treatment_id: str
    source_id: str | None

    class Meta:
        table = "adverse_outcome"
        unique_together = (("treatment", "position"),)
