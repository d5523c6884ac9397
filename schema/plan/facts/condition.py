"""Conditions, and the evidence statements about them."""

from api import statements
from api.articles import reading
from schema.plan import jsonld
from schema.plan.facts import rows
from schema.plan.facts.document import of_entry
from schema.plan.model import NULL, Column, Facts, Many, Same, moment, own

CONDITION: Facts = {
    **own(
        "id", "name", "slug", "alternateNames", "summary", "bodyLocation", "causes", "symptoms", "riskFactors",
        "noUrgentAdviceReason",
    ),
    "version": NULL,
    "isPublished": NULL,
    "updatedAt": Column(moment("{row}.updated_at")),
    "url": Column("{site} || '/conditions/' || {row}.slug"),
    "body": of_entry(),
    "parent": rows.one("condition", "{row}.parent_id"),
    "children": Many(lambda _: rows.entry_by("condition", "parent_id", "{row}.id") + " ORDER BY condition.name"),
    "codes": rows.below("condition_code", "condition", "system, value"),
    "careAdvice": rows.below("care_advice", "condition"),
    "statements": Many(lambda _: statements.selected(rows.VIEWER, "condition", "{row}.id")),
    "practitioners": rows.linked("practitioner_treats", "condition", "practitioner", order="practitioner.name"),
    "articles": rows.articles(lambda _: reading.related_by(rows.VIEWER, "revision_condition", "condition_id")),
    "jsonLd": Column(jsonld.CONDITION),
}  # fmt: skip
STATEMENT: Facts = {
    **own("id", "outcome", "comparator", "timepoint", "certainty", "certaintyBasis", "summary", "assessedAt"),
    "version": NULL,
    "isPublished": NULL,
    "treatment": rows.one("treatment", "{row}.treatment_id"),
    "condition": rows.one("condition", "{row}.condition_id"),
    "assessedBy": rows.one("practitioner", "{row}.assessed_by_id"),
    "sources": rows.linked("statement_source", "statement", "source"),
    "guideline": Same("{row}.guideline <> '{}'"),
}
GUIDELINE: Facts = {name: Column(f"{{row}}.guideline ->> '{name}'", needed=True) for name in ("body", "code", "says")}
TYPES = {
    "Condition": CONDITION,
    "ConditionCode": own("system", "value"),
    "CareAdvice": own("level", "heading", "items", "body", "phone"),
    "EvidenceStatement": STATEMENT,
    "Guideline": GUIDELINE,
}
