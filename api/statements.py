"""Evidence statements: what is known about a treatment for a condition, against what, and how sure that is."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tortoise import fields
from tortoise.models import Model

from api import ids
from api.accounts.viewer import Viewer
from api.catalogue import visible_to
from api.evidence.enums import Certainty, Comparator, Timepoint


class EvidenceStatement(Model):
    """One line of an evidence table, with a GRADE certainty and the clinician who judged it."""

    id = fields.CharField(primary_key=True, max_length=40, default=ids.statement)
    treatment: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Treatment", related_name=False, on_delete=fields.RESTRICT
    )
    condition: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Condition", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    outcome = fields.CharField(max_length=200)
    comparator = fields.CharEnumField(Comparator, max_length=20)
    timepoint = fields.CharEnumField(Timepoint, max_length=20)
    certainty = fields.CharEnumField(Certainty, max_length=12)
    certainty_basis = fields.TextField(null=True)
    summary = fields.TextField()
    guideline: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    assessed_by: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Practitioner", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    assessed_at = fields.DateField()
    is_published = fields.BooleanField(default=False)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    treatment_id: str
    condition_id: str
    assessed_by_id: str

    class Meta:
        table = "evidence_statement"
        unique_together = (("treatment", "condition", "outcome", "comparator", "timepoint"),)


class StatementSource(Model):
    """A source that a statement rests on."""

    id = fields.BigIntField(primary_key=True, generated=True)
    statement: fields.ForeignKeyRelation[EvidenceStatement] = fields.ForeignKeyField(
        "meridian.EvidenceStatement", related_name=False, on_delete=fields.CASCADE
    )
    source: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "meridian.Source", related_name=False, db_index=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    statement_id: str
    source_id: str

    class Meta:
        table = "statement_source"
        unique_together = (("statement", "source"),)


async def of(owner: str, owners: Sequence[str], viewer: Viewer) -> list[list[EvidenceStatement]]:
    """The statements about each condition or treatment that exist for the viewer; all that they name is published."""
    query = visible_to(viewer, EvidenceStatement).filter(**{f"{owner}_id__in": owners})
    if not viewer.sees_drafts:
        query = query.filter(condition__is_published=True, treatment__is_published=True, assessed_by__is_published=True)
    found: dict[str, list[EvidenceStatement]] = defaultdict(list)
    for statement in await query.order_by("treatment__name", "condition__name", "outcome", "comparator", "id"):
        found[getattr(statement, f"{owner}_id")].append(statement)
    return [found[key] for key in owners]
