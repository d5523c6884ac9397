"""The tables of articles: a pointer to what is live, one to the draft, and revisions that never change once frozen."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from api import ids


class ArticleKind(StrEnum):
    """HEALTH articles make claims and pass every rule; NEWS has no conditions or treatments and makes none."""

    HEALTH = "HEALTH"
    NEWS = "NEWS"


class CommentPolicy(StrEnum):
    """Whether readers may comment: not at all, always moderated first, or no longer."""

    OFF = "OFF"
    ON = "ON"
    CLOSED = "CLOSED"


class UpdateType(StrEnum):
    """Whether readers are told of the change."""

    MAJOR = "MAJOR"
    MINOR = "MINOR"


class Stage(StrEnum):
    """Where a draft is on its way."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    APPROVED = "APPROVED"
    SCHEDULED = "SCHEDULED"


class UnpublishKind(StrEnum):
    """What an address answers after a take-down: title, date and reason; a new place; nothing (410); the law (451)."""

    WITHDRAWN = "WITHDRAWN"
    MOVED = "MOVED"
    GONE = "GONE"
    LEGAL = "LEGAL"


class Severity(StrEnum):
    """How quickly those who hold copies must act."""

    ROUTINE = "ROUTINE"
    SAFETY = "SAFETY"


class ReviewOutcome(StrEnum):
    """What a clinician decided on one revision."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"


class Article(Model):
    """An identity with a slug. `live` is what readers see, `draft` what editors work on; both are its own revisions."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.article)
    slug = fields.CharField(max_length=160, unique=True)
    kind = fields.CharEnumField(ArticleKind, max_length=8, default=ArticleKind.HEALTH)
    language = fields.CharField(max_length=12, default="en")
    comment_policy = fields.CharEnumField(CommentPolicy, max_length=8, default=CommentPolicy.OFF)
    comments_opened_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    stage: fields.Field[Stage | None] = fields.CharEnumField(Stage, max_length=20, null=True)  # type: ignore[assignment] # Tortoise types no null here
    first_published_at = fields.DatetimeField(null=True)
    originally_published_on = fields.DateField(null=True)
    updated_at = fields.DatetimeField(null=True)
    sort_title = fields.CharField(max_length=110, default="")
    reviewed_on = fields.DateField(null=True)
    scheduled_for = fields.DatetimeField(null=True)
    unpublished_kind: fields.Field[UnpublishKind | None] = fields.CharEnumField(UnpublishKind, max_length=12, null=True)  # type: ignore[assignment] # nor here
    unpublished_at = fields.DatetimeField(null=True)
    unpublished_severity: fields.Field[Severity | None] = fields.CharEnumField(Severity, max_length=8, null=True)  # type: ignore[assignment] # nor here
    unpublished_title = fields.CharField(max_length=110, null=True)
    explanation: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment] # nor here
    moved_to: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment] # nor here
    links_generation: fields.Field[int | None] = fields.IntField(null=True)
    imported_from = fields.CharField(max_length=500, null=True, unique=True)
    imported_hash = fields.CharField(max_length=64, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    created_by: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, null=True, db_index=True, on_delete=fields.SET_NULL
    )
    live: fields.ForeignKeyNullableRelation["Revision"] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    draft: fields.ForeignKeyNullableRelation["Revision"] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    created_by_id: str | None
    live_id: str | None
    draft_id: str | None

    class Meta:
        table = "article"


class Revision(Model):
    """One saved state of an article. While `frozen_at` is null it is open and written in place; then never again.

    `predecessor` is what it is to replace: the revision that was live when it was written, else the reviewed one upon
    which it was written. A MINOR revision inherits its review from there.
    """

    id = fields.CharField(primary_key=True, max_length=40, default=ids.revision)
    article: fields.ForeignKeyRelation[Article] = fields.ForeignKeyField(
        "meridian.Article", related_name=False, on_delete=fields.CASCADE
    )
    number = fields.IntField()
    title = fields.CharField(max_length=110)
    summary = fields.CharField(max_length=300, default="")
    body: fields.Field[dict[str, Any]] = fields.JSONField()
    hero_image: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.MediaAsset", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    update_type = fields.CharEnumField(UpdateType, max_length=8, default=UpdateType.MAJOR)
    change_note: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment] # nor here
    seo: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    created_by: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, null=True, db_index=True, on_delete=fields.SET_NULL
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    frozen_at = fields.DatetimeField(null=True)
    content_hash = fields.CharField(max_length=64)
    predecessor: fields.ForeignKeyNullableRelation["Revision"] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, null=True, db_index=True, on_delete=fields.NO_ACTION
    )

    article_id: str
    hero_image_id: str | None
    created_by_id: str | None
    predecessor_id: str | None

    class Meta:
        table = "revision"
        unique_together = (("article", "number"), ("article", "id"))


class RevisionAuthor(Model):
    """Who wrote a revision."""

    id = fields.BigIntField(primary_key=True, generated=True)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, on_delete=fields.CASCADE
    )
    practitioner: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    revision_id: str
    practitioner_id: str

    class Meta:
        table = "revision_author"
        unique_together = (("revision", "practitioner"),)


class RevisionCondition(Model):
    """A condition that a revision is about."""

    id = fields.BigIntField(primary_key=True, generated=True)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, on_delete=fields.CASCADE
    )
    condition: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Condition", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    revision_id: str
    condition_id: str

    class Meta:
        table = "revision_condition"
        unique_together = (("revision", "condition"),)


class RevisionTreatment(Model):
    """A treatment that a revision is about."""

    id = fields.BigIntField(primary_key=True, generated=True)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, on_delete=fields.CASCADE
    )
    treatment: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Treatment", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    revision_id: str
    treatment_id: str

    class Meta:
        table = "revision_treatment"
        unique_together = (("revision", "treatment"),)


class RevisionDisclaimer(Model):
    """A disclaimer that stands under a revision."""

    id = fields.BigIntField(primary_key=True, generated=True)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, on_delete=fields.CASCADE
    )
    disclaimer: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Disclaimer", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    revision_id: str
    disclaimer_id: str

    class Meta:
        table = "revision_disclaimer"
        unique_together = (("revision", "disclaimer"),)


class RevisionCitation(Model):
    """A key that a revision cites, with its number; the key may be dangling."""

    id = fields.BigIntField(primary_key=True, generated=True)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, on_delete=fields.CASCADE
    )
    key = fields.CharField(max_length=120, db_index=True)
    number = fields.IntField()

    revision_id: str

    class Meta:
        table = "revision_citation"
        unique_together = (("revision", "key"),)


class Review(Model):
    """A clinician's decision on one revision, bound to what that revision said."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.review)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "meridian.Revision", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    content_hash = fields.CharField(max_length=64)
    reviewer: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    outcome = fields.CharEnumField(ReviewOutcome, max_length=20)
    evidence_rechecked = fields.BooleanField()
    at = fields.DatetimeField()
    next_review_due = fields.DateField(null=True)
    note = fields.TextField(null=True)

    revision_id: str
    reviewer_id: str

    class Meta:
        table = "review"


class Correction(Model):
    """A public, dated note of what was wrong."""

    id = fields.BigIntField(primary_key=True, generated=True)
    article: fields.ForeignKeyRelation[Article] = fields.ForeignKeyField(
        "meridian.Article", related_name=False, db_index=True, on_delete=fields.CASCADE
    )
    at = fields.DatetimeField()
    text = fields.TextField()

    article_id: str

    class Meta:
        table = "correction"


class Redirect(Model):
    """An address that once answered, or came with an import, and what stands behind it now."""

    path = fields.CharField(primary_key=True, max_length=500)
    article: fields.ForeignKeyNullableRelation[Article] = fields.ForeignKeyField(
        "meridian.Article", related_name=False, null=True, db_index=True, on_delete=fields.CASCADE
    )
    target = fields.TextField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    article_id: str | None

    class Meta:
        table = "redirect"
