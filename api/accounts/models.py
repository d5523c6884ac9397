"""The tables of members and their tokens."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids


class Member(Model):
    """Who signs in."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.member)
    email = fields.CharField(max_length=254, unique=True)
    display_name = fields.CharField(max_length=120)
    roles: fields.Field[list[str]] = ArrayField("text", default=list)
    practitioner: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    password_digest = fields.TextField(null=True)
    version = fields.IntField(default=1)
    disabled_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    practitioner_id: str | None

    class Meta:
        table = "member"


class Token(Model):
    """A secret that a member or a program carries; only its digest is kept.

    `parent` is the token that it was made with, `predecessor` the one whose place it took when that was rotated.
    """

    id = fields.CharField(primary_key=True, max_length=40, default=ids.token)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    parent: fields.ForeignKeyNullableRelation["Token"] = fields.ForeignKeyField(
        "meridian.Token", related_name=False, null=True, db_index=True, on_delete=fields.CASCADE
    )
    predecessor: fields.ForeignKeyNullableRelation["Token"] = fields.ForeignKeyField(
        "meridian.Token", related_name=False, null=True, db_index=True, on_delete=fields.SET_NULL
    )
    name = fields.CharField(max_length=120, default="")
    digest = fields.BinaryField()
    scopes: fields.Field[list[str]] = ArrayField("text", default=list)
    expires_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    member_id: str
    parent_id: str | None
    predecessor_id: str | None

    class Meta:
        table = "token"


class Invitation(Model):
    """A link that lets a member choose a password, once: the first time, or after it was forgotten."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.invitation)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    digest = fields.BinaryField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    member_id: str

    class Meta:
        table = "invitation"


class SignInFailure(Model):
    """How often somebody failed to sign in lately, by a keyed hash of the account or of the address prefix."""

    key = fields.CharField(primary_key=True, max_length=64)
    failures = fields.IntField(default=0)
    since = fields.DatetimeField()
    proven_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sign_in_failure"
