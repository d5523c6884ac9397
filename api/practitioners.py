"""Practitioners: the people who treat, write and review, with what entitles them to."""

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids


class Affiliation(StrEnum):
    """How a practitioner belongs here. An external reviewer has a profile, but stands in no list and is not booked."""

    STAFF = "STAFF"
    EXTERNAL_REVIEWER = "EXTERNAL_REVIEWER"


class CredentialKind(StrEnum):
    """What sort of entitlement a credential is."""

    STATUTORY_REGISTER = "STATUTORY_REGISTER"
    ACCREDITED_REGISTER = "ACCREDITED_REGISTER"
    PROFESSIONAL_MEMBERSHIP = "PROFESSIONAL_MEMBERSHIP"
    QUALIFICATION = "QUALIFICATION"
    LICENCE = "LICENCE"


REGISTERS = frozenset({CredentialKind.STATUTORY_REGISTER, CredentialKind.ACCREDITED_REGISTER})

LISTED = "practitioner.affiliation = 'STAFF'"
"""Who stands in lists: an external reviewer has a profile of their own and no more."""


class Practitioner(Model):
    """A person with credentials (schema.org Person)."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.practitioner)
    name = fields.CharField(max_length=160)
    slug = fields.CharField(max_length=160, unique=True)
    honorific_prefix = fields.CharField(max_length=20, null=True)
    job_title = fields.CharField(max_length=160)
    profession = fields.CharField(max_length=160, null=True)
    bio = fields.TextField(null=True)
    photo: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.MediaAsset", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    specialties: fields.Field[list[str]] = ArrayField("text", default=list)
    booking_url = fields.TextField(null=True)
    same_as: fields.Field[list[str]] = ArrayField("text", default=list)
    conflict_of_interest = fields.TextField(null=True)
    affiliation = fields.CharEnumField(Affiliation, max_length=20, default=Affiliation.STAFF)
    is_published = fields.BooleanField(default=False)
    first_published_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    photo_id: str | None

    class Meta:
        table = "practitioner"


class Credential(Model):
    """A register entry, membership, qualification or licence; current between its two dates."""

    id = fields.BigIntField(primary_key=True, generated=True)
    practitioner: fields.ForeignKeyRelation[Practitioner] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, on_delete=fields.CASCADE
    )
    position = fields.IntField()
    kind = fields.CharEnumField(CredentialKind, max_length=30)
    name = fields.CharField(max_length=200)
    recognized_by = fields.CharField(max_length=200, null=True)
    identifier = fields.CharField(max_length=80, null=True)
    url = fields.TextField(null=True)
    valid_from = fields.DateField(null=True)
    valid_until = fields.DateField(null=True)

    practitioner_id: str

    class Meta:
        table = "credential"
        unique_together = (("practitioner", "position"),)


class PractitionerTreats(Model):
    """A condition that a practitioner treats."""

    id = fields.BigIntField(primary_key=True, generated=True)
    practitioner: fields.ForeignKeyRelation[Practitioner] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, on_delete=fields.CASCADE
    )
    condition: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Condition", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    practitioner_id: str
    condition_id: str

    class Meta:
        table = "practitioner_treats"
        unique_together = (("practitioner", "condition"),)


class PractitionerOffers(Model):
    """A treatment that a practitioner offers."""

    id = fields.BigIntField(primary_key=True, generated=True)
    practitioner: fields.ForeignKeyRelation[Practitioner] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, on_delete=fields.CASCADE
    )
    treatment: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Treatment", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    practitioner_id: str
    treatment_id: str

    class Meta:
        table = "practitioner_offers"
        unique_together = (("practitioner", "treatment"),)
