"""Evidence statements: what is known about a treatment for a condition, against what, and how sure that is."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tortoise import fields
from tortoise.models import Model

from api import catalogue, ids, rows
from api.accounts.viewer import Viewer
from api.evidence.enums import Certainty, Comparator, Timepoint
from api.sql import Sql, both, sql

ROWS = "SELECT evidence_statement.* FROM evidence_statement "
JOINED = (
    "JOIN treatment ON treatment.id = evidence_statement.treatment_id "
    "JOIN condition ON condition.id = evidence_statement.condition_id "
    "JOIN practitioner ON practitioner.id = evidence_statement.assessed_by_id WHERE "
)
ORDER = " ORDER BY treatment.name, condition.name, outcome, comparator, evidence_statement.id"


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
    first_published_at = fields.DatetimeField(null=True)
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


def joining(viewer: Viewer, entry: str, other: str, key: str) -> Sql:
    """Whether a visible statement joins the `condition` or `treatment` with this one of the other kind."""
    joined = (
        f"SELECT FROM evidence_statement said JOIN {other} AS other ON other.id = said.{other}_id "
        f"JOIN practitioner AS assessor ON assessor.id = said.assessed_by_id WHERE said.{entry}_id = {entry}.id AND "
    )
    visible = [catalogue.visible_sql(viewer, name) for name in ("said", "other", "assessor")]
    return f"EXISTS ({joined}" + both([sql("other.id = ?", key), *visible]) + ")"


def selected(viewer: Viewer, owner: str, key: str) -> Sql:
    """The statement for what exists for the viewer about the `condition` or `treatment` whose id is `key`, in order."""
    about = _joined(viewer, Sql(f"evidence_statement.{owner}_id = {key}"))
    return ROWS + about + ORDER


async def by_id(wanted: list[str], viewer: Viewer) -> dict[str, EvidenceStatement]:
    """Those of the statements that exist for the viewer, by id."""
    found = await rows.those(EvidenceStatement, _joined(viewer, sql("evidence_statement.id = ANY(?::text[])", wanted)))
    return {statement.id: statement for statement in found}


async def of(owner: str, owners: Sequence[str], viewer: Viewer) -> list[list[EvidenceStatement]]:
    """The statements about each condition or treatment that exist for the viewer."""
    about = _joined(viewer, sql(f"evidence_statement.{owner}_id = ANY(?::text[])", list(owners)))
    found: dict[str, list[EvidenceStatement]] = defaultdict(list)
    for statement in await rows.those(EvidenceStatement, about + ORDER):
        found[getattr(statement, f"{owner}_id")].append(statement)
    return [found[key] for key in owners]


def _joined(viewer: Viewer, where: Sql) -> Sql:
    """The rest of a statement for those that exist for the viewer: published, as is all that they name."""
    tables = ("evidence_statement", "treatment", "condition", "practitioner")
    return JOINED + both([where, *(catalogue.visible_sql(viewer, table) for table in tables)])
