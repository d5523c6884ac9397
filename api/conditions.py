"""Conditions: what people come with, how it shows, and when to get help quickly."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids


class CodeSystem(StrEnum):
    """A vocabulary that names conditions by code."""

    ICD_10 = "ICD_10"
    ICD_11 = "ICD_11"
    SNOMED_CT = "SNOMED_CT"
    MESH = "MESH"


class CareLevel(StrEnum):
    """How soon to get help."""

    SELF_CARE = "SELF_CARE"
    NON_URGENT = "NON_URGENT"
    URGENT = "URGENT"
    EMERGENCY = "EMERGENCY"


class Condition(Model):
    """A medical condition (schema.org MedicalCondition)."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.condition)
    name = fields.CharField(max_length=160)
    slug = fields.CharField(max_length=160, unique=True)
    alternate_names: fields.Field[list[str]] = ArrayField("text", default=list)
    summary = fields.TextField()
    body: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    rendering: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    body_location = fields.CharField(max_length=160, null=True)
    causes: fields.Field[list[str]] = ArrayField("text", default=list)
    symptoms: fields.Field[list[str]] = ArrayField("text", default=list)
    risk_factors: fields.Field[list[str]] = ArrayField("text", default=list)
    parent: fields.ForeignKeyNullableRelation["Condition"] = fields.ForeignKeyField(
        "meridian.Condition", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    no_urgent_advice_reason = fields.TextField(null=True)
    is_published = fields.BooleanField(default=False)
    first_published_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    parent_id: str | None

    class Meta:
        table = "condition"


class ConditionCode(Model):
    """The condition's code in a vocabulary."""

    id = fields.BigIntField(primary_key=True, generated=True)
    condition: fields.ForeignKeyRelation[Condition] = fields.ForeignKeyField(
        "meridian.Condition", related_name=False, on_delete=fields.CASCADE
    )
    system = fields.CharEnumField(CodeSystem, max_length=12)
    value = fields.CharField(max_length=40)

    condition_id: str

    class Meta:
        table = "condition_code"
        unique_together = (("condition", "system", "value"),)


class CareAdvice(Model):
    """Signs that call for help, and how soon."""

    id = fields.BigIntField(primary_key=True, generated=True)
    condition: fields.ForeignKeyRelation[Condition] = fields.ForeignKeyField(
        "meridian.Condition", related_name=False, on_delete=fields.CASCADE
    )
    position = fields.IntField()
    level = fields.CharEnumField(CareLevel, max_length=12)
    heading = fields.CharField(max_length=200)
    items: fields.Field[list[str]] = ArrayField("text", default=list)
    body = fields.TextField(null=True)
    phone = fields.CharField(max_length=40, null=True)

    condition_id: str

    class Meta:
        table = "care_advice"
        unique_together = (("condition", "position"),)
