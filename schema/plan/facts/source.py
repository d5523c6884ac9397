"""Works that can be cited. How they are spoken of was written down at save (see `api.evidence.describing`)."""

from api.articles import reading
from api.evidence.enums import StudyDesign, evidence_level
from schema.plan.facts import rows
from schema.plan.model import NULL, Column, Facts, own

LEVELS = "".join(
    f" WHEN '{design}' THEN {level}" for design in StudyDesign if (level := evidence_level(design)) is not None
)
DESCRIBED = "{row}.reference IS NULL"

SOURCE: Facts = {
    **own(
        "id", "key", "doi", "pmid", "pmcid", "isbn", "url", "n", "population", "limits", "plainSummary", "studyDesign",
        "status", "statusNote", "statusCheckedAt", "csl",
    ),
    "version": NULL,
    "isPublished": NULL,
    "reference": Column("{row}.reference", needed=True),
    "shortName": Column("{row}.short_name", needed=True),
    "year": Column(f"CASE WHEN {DESCRIBED} THEN plan_absent()::int ELSE {{row}}.year END"),
    "title": Column("coalesce({row}.csl ->> 'title', '')"),
    "evidenceLevel": Column(f"CASE {{row}}.study_design{LEVELS} END"),
    "supersededBy": rows.one("source", "{row}.superseded_by_id"),
    "findings": rows.below("source_finding", "source"),
    "articles": rows.articles(
        lambda _: reading.related_by(rows.VIEWER, "revision_citation", "key"), "{row}.key"
    ),
}  # fmt: skip
FINDING: Facts = own("outcome", "comparator", "timepoint", "direction", "effect", "ciLow", "ciHigh", "p", "note")
TYPES = {"Source": SOURCE, "SourceFinding": FINDING}
