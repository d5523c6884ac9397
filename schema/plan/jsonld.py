"""Structured data in SQL: the same as `api.jsonld` makes, of the same rows and in the same order.

`json_strip_nulls` leaves out what is not known; a list without entries is null here, and so is left out, too.
"""

from __future__ import annotations

from api import catalogue
from api.jsonld import CONTEXT, SYSTEMS
from api.practitioners import REGISTERS
from schema.plan.facts import rows

HEALTH = "{row}.kind = 'HEALTH'"
PLACE = "{row}.revision_id"


def _object(**pairs: str) -> str:
    """An object; names are spelled without the sign that JSON-LD sets before its own."""
    return "json_build_object(" + ", ".join(f"'{_name(name)}', {value}" for name, value in pairs.items()) + ")"


def _name(name: str) -> str:
    return f"@{name[3:]}" if name.startswith("ld_") else name


def _known(**pairs: str) -> str:
    return f"json_strip_nulls({_object(**pairs)})"


def _text(value: str) -> str:
    return f"'{value}'::text"


def _list(entry: str, of: str) -> str:
    """The entries for the rows of a statement, in their order."""
    return f"(SELECT json_agg({entry}) FROM ({of}) AS each)"


def _named(kind: str, name: str) -> str:
    return f"CASE WHEN {name} <> '' THEN {_object(ld_type=_text(kind), name=name)} END"


def _texts(kind: str, column: str) -> str:
    return f"(SELECT json_agg({_named(kind, 'each')}) FROM unnest({{row}}.{column}) AS each)"


def _moment(expression: str) -> str:
    """A moment as Python's `isoformat` writes it."""
    whole, parts = 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'
    form = f"CASE WHEN {expression} = date_trunc('second', {expression}) THEN '{whole}' ELSE '{parts}' END"
    return f"to_char({expression} AT TIME ZONE 'UTC', {form})"


def _person(row: str) -> dict[str, str]:
    address = f"{{site}} || '/practitioners/' || {row}.slug"
    return {
        "ld_type": _text("Person"), "ld_id": address, "name": f"{row}.name", "jobTitle": f"{row}.job_title",
        "url": address,
    }  # fmt: skip


def _about(table: str, kind: str, folder: str) -> str:
    """What a revision says it is about, as elements of an array."""
    linked = catalogue.selected_through(rows.VIEWER, f"revision_{table}", "revision", table, key=PLACE).text
    entry = _object(ld_type=_text(kind), name="each.name", url=f"{{site}} || '/{folder}/' || each.slug")
    return f"SELECT {entry} AS entry FROM ({linked}) AS each"


def _article() -> str:
    address = "{site} || '/articles/' || {row}.slug"
    authors = catalogue.selected_through(rows.VIEWER, "revision_author", "revision", "practitioner", key=PLACE).text
    reviewer = rows.entry_by("practitioner", "id", "{review}.reviewer_id").text
    conditions = _about("condition", "MedicalCondition", "conditions")
    treatments = _about("treatment", "MedicalTherapy", "treatments")
    cited = rows.entry_by("source", "key", "said ->> 'key'").text
    image = "each.sha256 || '-' || (size ->> 'width') || '.' || (size ->> 'ext')"
    publisher = _object(
        ld_type=_text("MedicalClinic"), ld_id="{site} || '/#clinic'", name="coalesce({clinic}.name, plan_absent())",
        url="{site}", telephone="{clinic}.telephone",
    )  # fmt: skip
    return _known(
        ld_context=_text(CONTEXT),
        ld_type=f"CASE WHEN {HEALTH} THEN 'MedicalWebPage' ELSE 'NewsArticle' END",
        ld_id=address,
        url=address,
        mainEntityOfPage=address,
        name=f"CASE WHEN {HEALTH} THEN {{row}}.title END",
        headline=f"CASE WHEN NOT {HEALTH} THEN {{row}}.title END",
        description="{row}.summary",
        inLanguage="{row}.language",
        datePublished=f"coalesce({{row}}.originally_published_on::text, {_moment('{row}.published_at')})",
        dateModified=_moment("{row}.updated_at"),
        author=_list(_object(**_person("each")), authors),
        publisher=publisher,
        image=f"(SELECT coalesce((SELECT {{site}} || '/media/' || {image} "
        "FROM jsonb_array_elements(each.renditions) WITH ORDINALITY AS listed (size, place) "
        "ORDER BY (size ->> 'width')::int DESC, place LIMIT 1), plan_absent()) "
        "FROM media_asset each WHERE each.id = {row}.hero_image_id)",
        lastReviewed=f"CASE WHEN {HEALTH} THEN ({{review}}.at AT TIME ZONE 'UTC')::date END",
        reviewedBy=f"CASE WHEN {HEALTH} THEN (SELECT {_object(**_person('each'))} FROM ({reviewer}) AS each) END",
        about=f"CASE WHEN {HEALTH} THEN "
        f"(SELECT json_agg(entry) FROM (({conditions}) UNION ALL ({treatments})) AS every) END",
        citation=f"CASE WHEN {HEALTH} THEN (SELECT json_agg(coalesce(each.work, plan_absent())::json) "
        f"FROM jsonb_array_elements({{rendering}}.citations) AS said CROSS JOIN LATERAL ({cited}) AS each) END",
    )


def _condition() -> str:
    address = "{site} || '/conditions/' || {row}.slug"
    systems = "".join(f" WHEN '{code}' THEN '{name}'" for code, name in SYSTEMS.items())
    code = _object(ld_type=_text("MedicalCode"), codeValue="each.value", codingSystem=f"CASE each.system{systems} END")
    return _known(
        ld_context=_text(CONTEXT),
        ld_type=_text("MedicalCondition"),
        ld_id=address,
        url=address,
        name="{row}.name",
        alternateName="nullif({row}.alternate_names, '{}')",
        description="{row}.summary",
        associatedAnatomy=_named("AnatomicalStructure", "{row}.body_location"),
        cause=_texts("MedicalCause", "causes"),
        signOrSymptom=_texts("MedicalSignOrSymptom", "symptoms"),
        riskFactor=_texts("MedicalRiskFactor", "risk_factors"),
        code=_list(code, "SELECT * FROM condition_code WHERE condition_id = {row}.id ORDER BY system, value"),
    )


def _treatment() -> str:
    address = "{site} || '/treatments/' || {row}.slug"
    outcome = _named("MedicalSymptom", "each.text")
    return _known(
        ld_context=_text(CONTEXT),
        ld_type=_text("MedicalTherapy"),
        ld_id=address,
        url=address,
        name="{row}.name",
        description="{row}.summary",
        adverseOutcome=_list(outcome, "SELECT * FROM adverse_outcome WHERE treatment_id = {row}.id ORDER BY position"),
        contraindication=_texts("MedicalContraindication", "contraindications"),
    )


def _practitioner() -> str:
    registers = ", ".join(f"'{kind}'" for kind in sorted(REGISTERS))
    credential = _object(
        ld_type=_text("EducationalOccupationalCredential"),
        name="each.name",
        credentialCategory=f"CASE WHEN each.kind IN ({registers}) THEN 'register' "
        "ELSE lower(replace(each.kind, '_', ' ')) END",
        recognizedBy=_named("Organization", "each.recognized_by"),
        identifier="each.identifier",
        url="each.url",
    )
    return _known(
        ld_context=_text(CONTEXT),
        **_person("{row}"),
        honorificPrefix="{row}.honorific_prefix",
        description="{row}.bio",
        sameAs="nullif({row}.same_as, '{}')",
        hasCredential=_list(credential, "SELECT * FROM credential WHERE practitioner_id = {row}.id ORDER BY position"),
    )


ARTICLE = _article()
CONDITION = _condition()
TREATMENT = _treatment()
PRACTITIONER = _practitioner()
