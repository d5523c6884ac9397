"""The tables of comments, of reported problems, and of what is kept for a day against abuse."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from api import ids
from api.comments.weighing import Lesson


class CommentStatus(StrEnum):
    """Where a comment stands; readers see only what is APPROVED."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    REMOVED = "REMOVED"
    SPAM = "SPAM"


class Rejection(StrEnum):
    """Why a comment is not shown; a closed set, so that no reason ever holds somebody's data."""

    PERSONAL_DATA = "PERSONAL_DATA"
    HEALTH_DETAILS = "HEALTH_DETAILS"
    TESTIMONIAL = "TESTIMONIAL"
    ADVICE_SOUGHT = "ADVICE_SOUGHT"
    UNSAFE_ADVICE = "UNSAFE_ADVICE"
    ABUSIVE = "ABUSIVE"
    ADVERTISING = "ADVERTISING"
    OFF_TOPIC = "OFF_TOPIC"
    ASKED_FOR = "ASKED_FOR"


class ProblemKind(StrEnum):
    """What somebody reports of an article or a comment."""

    WRONG = "WRONG"
    HARMFUL = "HARMFUL"
    PRIVACY = "PRIVACY"
    RIGHTS = "RIGHTS"
    TECHNICAL = "TECHNICAL"
    OTHER = "OTHER"


class ProblemOutcome(StrEnum):
    """What became of a report."""

    MENDED = "MENDED"
    NOTHING_WRONG = "NOTHING_WRONG"
    PASSED_ON = "PASSED_ON"


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
    decided_at = fields.DatetimeField(null=True)
    reason: fields.Field[Rejection | None] = fields.CharEnumField(Rejection, max_length=20, null=True)  # type: ignore[assignment] # Tortoise types no null here
    is_redacted = fields.BooleanField(default=False)
    score = fields.SmallIntField(null=True)
    lesson: fields.Field[Lesson | None] = fields.CharEnumField(Lesson, max_length=8, null=True)  # type: ignore[assignment] # as above
    lesson_of = fields.CharField(max_length=16, null=True)

    article_id: str

    class Meta:
        table = "comment"


class ProblemReport(Model):
    """What somebody, without an account, found wrong with an article or with a comment below it."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.problem)
    article: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Article", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    comment: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.Comment", related_name=False, null=True, db_index=True, on_delete=fields.CASCADE
    )
    kind = fields.CharEnumField(ProblemKind, max_length=12)
    body = fields.CharField(max_length=2000)
    contact = fields.CharField(max_length=200, null=True)
    at = fields.DatetimeField(auto_now_add=True)
    closed_at = fields.DatetimeField(null=True)
    outcome: fields.Field[ProblemOutcome | None] = fields.CharEnumField(ProblemOutcome, max_length=14, null=True)  # type: ignore[assignment] # as above

    article_id: str
    comment_id: str | None

    class Meta:
        table = "problem_report"


class CommentProof(Model):
    """A proof of work that was used, until it would have expired anyway."""

    nonce = fields.CharField(primary_key=True, max_length=32)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "comment_proof"


class CommentBucket(Model):
    """How much came lately by one shortened, keyed hash of an address, or for one article."""

    key = fields.CharField(primary_key=True, max_length=60)
    level = fields.FloatField()
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "comment_bucket"


class CommentSketch(Model):
    """A few keyed hashes of a comment's runs of words, by which today's duplicates are known."""

    id = fields.BigIntField(primary_key=True, generated=True)
    comment: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Comment", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    day = fields.DateField(db_index=True)
    sketch: fields.Field[list[int]] = ArrayField("bigint", default=list)

    class Meta:
        table = "comment_sketch"


class CommentWord(Model):
    """How many comments of a quarter had a word of this bucket; the bucket 0 counts the comments themselves."""

    id = fields.BigIntField(primary_key=True, generated=True)
    generation = fields.CharField(max_length=16)
    bucket = fields.SmallIntField()
    shown = fields.IntField()
    refused = fields.IntField()

    class Meta:
        table = "comment_word"
        unique_together = (("generation", "bucket"),)


class AbuseSalt(Model):
    """The day's salt, without which no key of that day can be computed again; gone with the day."""

    day = fields.DateField(primary_key=True)
    salt = fields.BinaryField()

    class Meta:
        table = "abuse_salt"
