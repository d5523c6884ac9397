"""Treatments and what can go wrong with them."""

from api import statements
from api.articles import reading
from schema.plan import jsonld
from schema.plan.facts import rows
from schema.plan.facts.document import of_entry
from schema.plan.model import NULL, Column, Facts, Many, moment, own

TREATMENT: Facts = {
    **own(
        "id", "name", "slug", "summary", "medicineSystem", "howPerformed", "preparation", "aftercare",
        "contraindications",
    ),
    "version": NULL,
    "isPublished": NULL,
    "updatedAt": Column(moment("{row}.updated_at")),
    "url": Column("{site} || '/treatments/' || {row}.slug"),
    "body": of_entry(),
    "adverseOutcomes": rows.below("adverse_outcome", "treatment"),
    "risksReviewed": Column(
        "({row}.contraindications <> '{}' "
        "AND EXISTS (SELECT FROM adverse_outcome known WHERE known.treatment_id = {row}.id))"
    ),
    "statements": Many(lambda _: statements.selected(rows.VIEWER, "treatment", "{row}.id")),
    "practitioners": rows.linked("practitioner_offers", "treatment", "practitioner", order="practitioner.name"),
    "articles": rows.articles(lambda _: reading.related_by(rows.VIEWER, "revision_treatment", "treatment_id")),
    "jsonLd": Column(jsonld.TREATMENT),
}  # fmt: skip
OUTCOME: Facts = {**own("text", "frequency", "figure"), "source": rows.one("source", "{row}.source_id")}
TYPES = {"Treatment": TREATMENT, "AdverseOutcome": OUTCOME}
