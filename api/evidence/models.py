"""The tables of sources: works that can be cited, and what each of them found."""

from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from api import ids
from api.evidence.describing import described
from api.evidence.enums import Comparator, Direction, SourceStatus, StudyDesign, Timepoint


class Source(Model):
    """A work that can be cited; its key is frozen once an article cites it.

    `reference`, `short_name`, `year` and `work` (JSON-LD, as text) are derived from the record at save. A trigger
    empties them when a statement changes the record alone.
    """

    id = fields.CharField(primary_key=True, max_length=40, default=ids.source)
    key = fields.CharField(max_length=120, unique=True)
    csl: fields.Field[dict[str, Any]] = fields.JSONField()
    doi = fields.CharField(max_length=200, null=True, unique=True)
    pmid = fields.CharField(max_length=8, null=True, unique=True)
    pmcid = fields.CharField(max_length=20, null=True, unique=True)
    isbn = fields.CharField(max_length=13, null=True)
    url = fields.TextField(null=True)
    n = fields.IntField(null=True)
    population = fields.TextField(null=True)
    limits = fields.TextField(null=True)
    plain_summary = fields.CharField(max_length=160, null=True)
    study_design = fields.CharEnumField(StudyDesign, max_length=20)
    status = fields.CharEnumField(SourceStatus, max_length=24, default=SourceStatus.UNRESOLVED)
    status_note = fields.TextField(null=True)
    status_checked_at = fields.DateField(null=True)
    status_checked_by: fields.ForeignKeyNullableRelation[Model] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, null=True, db_index=True, on_delete=fields.SET_NULL
    )
    superseded_by: fields.ForeignKeyNullableRelation["Source"] = fields.ForeignKeyField(
        "meridian.Source", related_name=False, null=True, db_index=True, on_delete=fields.RESTRICT
    )
    is_published = fields.BooleanField(default=False)
    first_published_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)
    reference: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment] # Tortoise types no null here
    short_name: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment] # nor here
    year: fields.Field[int | None] = fields.IntField(null=True)
    work: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment] # nor here

    superseded_by_id: str | None
    status_checked_by_id: str | None

    class Meta:
        table = "source"

    async def save(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as Tortoise's own
        """Save it with what is derived from its record; who saves some columns only saves those."""
        told = described(self.csl, self.doi, self.url)
        self.reference, self.short_name = (told.reference, told.short_name) if told else (None, None)
        self.year = told.year if told else None
        self.work = orjson.dumps(told.work).decode() if told else None
        await super().save(*arguments, **options)


class SourceFinding(Model):
    """What a work found for one outcome against one comparator."""

    id = fields.BigIntField(primary_key=True, generated=True)
    source: fields.ForeignKeyRelation[Source] = fields.ForeignKeyField(
        "meridian.Source", related_name=False, on_delete=fields.CASCADE
    )
    position = fields.IntField()
    outcome = fields.TextField()
    comparator = fields.CharEnumField(Comparator, max_length=20)
    timepoint = fields.CharEnumField(Timepoint, max_length=20, null=True)
    direction = fields.CharEnumField(Direction, max_length=20)
    effect = fields.TextField(null=True)
    ci_low = fields.FloatField(null=True)
    ci_high = fields.FloatField(null=True)
    p = fields.CharField(max_length=40, null=True)
    note = fields.TextField(null=True)

    source_id: str

    class Meta:
        table = "source_finding"
        unique_together = (("source", "position"),)
