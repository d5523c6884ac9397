"""What the gate's rules look at of people, conditions, treatments, works and pictures: few columns, many at once.

Each kind knows its questions and what their rows say, so that whoever asks about several kinds asks one statement.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from api import documents
from api.catalogue import visible_sql
from api.evidence.enums import Comparator, Direction, SourceStatus, StudyDesign
from api.gate import model
from api.practitioners import CredentialKind
from api.sql import Sql, sql, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.accounts.viewer import Viewer

Queries: TypeAlias = "dict[str, Sql]"
Row: TypeAlias = "dict[str, Any]"
Found: TypeAlias = "dict[str, list[Row]]"
"""What `together` found, by the names of the queries."""
SHOWN = "is_published, first_published_at IS NOT NULL AS was_published"
A_CONDITION = f"id, name, alternate_names, no_urgent_advice_reason, {SHOWN}"
A_TREATMENT = f"id, name, contraindications, {SHOWN}"
"""The columns that the rules look at: the long texts beside them need not be read."""


def named(ids: Iterable[str]) -> Sql:
    """The ids themselves, where a question takes those that some other statement finds."""
    return sql("SELECT unnest(?::text[])", list(ids))


def of_practitioners(wanted: Sql) -> Queries:
    columns = f"id, name, job_title, honorific_prefix, bio, {SHOWN}"
    told = "practitioner_id, kind, name, recognized_by, identifier, valid_from, valid_until"
    return {
        "practitioners": f"SELECT {columns} FROM practitioner WHERE id IN (" + wanted + ")",
        "credentials": f"SELECT {told} FROM credential WHERE practitioner_id IN (" + wanted + ") ORDER BY position",
    }


def of_conditions(wanted: Sql) -> Queries:
    advice = "SELECT condition_id, level, items, body FROM care_advice WHERE condition_id IN ("
    return {
        "conditions": f"SELECT {A_CONDITION} FROM condition WHERE id IN (" + wanted + ")",
        "advice": advice + wanted + ") ORDER BY position",
    }


def of_treatments(wanted: Sql) -> Queries:
    outcomes = "SELECT treatment_id, text FROM adverse_outcome WHERE treatment_id IN ("
    return {
        "treatments": f"SELECT {A_TREATMENT} FROM treatment WHERE id IN (" + wanted + ")",
        "outcomes": outcomes + wanted + ") ORDER BY position",
    }


def of_sources(keys: Iterable[str], viewer: Viewer | None = None) -> Queries:
    """For a viewer those that they may see."""
    those = " FROM source WHERE " + sql("key = ANY(?::text[]) AND ", list(keys)) + _there(viewer, "source")
    told = "SELECT source_id, comparator, direction FROM source_finding WHERE source_id IN (SELECT id"
    columns = f"id, key, csl, study_design, status, doi, pmid, pmcid, isbn, {SHOWN}"
    return {"sources": f"SELECT {columns}" + those, "findings": told + those + ") ORDER BY position"}


def of_catalogue(viewer: Viewer | None = None) -> Queries:
    return {
        "every_treatment": f"SELECT {A_TREATMENT} FROM treatment WHERE " + _there(viewer, "treatment"),
        "every_condition": f"SELECT {A_CONDITION} FROM condition WHERE " + _there(viewer, "condition"),
    }


def of_pictures(wanted: Iterable[str]) -> Queries:
    return {"pictures": sql("SELECT id, alt, decorative FROM media_asset WHERE id = ANY(?::text[])", list(wanted))}


def publicity(*, is_shown: bool, was_shown: bool) -> model.Publicity:
    if is_shown:
        return model.Publicity.PUBLIC
    return model.Publicity.ONCE_PUBLIC if was_shown else model.Publicity.NEVER_PUBLIC


async def practitioners(wanted: Sequence[str]) -> tuple[model.Practitioner, ...]:
    return practitioners_in(wanted, await together(of_practitioners(named(wanted))))


async def conditions(wanted: Sequence[str]) -> tuple[model.Condition, ...]:
    return conditions_in(wanted, await together(of_conditions(named(wanted))))


async def treatments(wanted: Sequence[str]) -> tuple[model.Treatment, ...]:
    return treatments_in(wanted, await together(of_treatments(named(wanted))))


async def sources(keys: Iterable[str], viewer: Viewer | None = None) -> dict[str, model.Source]:
    return sources_in(await together(of_sources(keys, viewer)))


async def pictures(wanted: Sequence[str]) -> dict[str, model.Picture]:
    return pictures_in(await together(of_pictures(wanted))) if wanted else {}


async def catalogue(viewer: Viewer | None = None) -> model.Catalogue:
    """Every treatment and condition by name, for the rules that look for them in a text."""
    return catalogue_in(await together(of_catalogue(viewer)))


def practitioners_in(wanted: Sequence[str], found: Found) -> tuple[model.Practitioner, ...]:
    known = {row["id"]: row for row in found["practitioners"]}
    return tuple(
        model.Practitioner(
            id=key,
            name=row["name"],
            job_title=row["job_title"],
            honorific_prefix=row["honorific_prefix"],
            bio=row["bio"],
            credentials=tuple(_credential(one) for one in found["credentials"] if one["practitioner_id"] == key),
            publicity=_publicity(row),
        )
        for key in wanted
        if (row := known.get(key))
    )


def conditions_in(wanted: Sequence[str], found: Found) -> tuple[model.Condition, ...]:
    known = {row["id"]: row for row in found["conditions"]}
    return tuple(
        _condition(row, tuple(_advice(one) for one in found["advice"] if one["condition_id"] == key))
        for key in wanted
        if (row := known.get(key))
    )


def treatments_in(wanted: Sequence[str], found: Found) -> tuple[model.Treatment, ...]:
    known = {row["id"]: row for row in found["treatments"]}
    return tuple(
        _treatment(row, tuple(one["text"] for one in found["outcomes"] if one["treatment_id"] == key))
        for key in wanted
        if (row := known.get(key))
    )


def sources_in(found: Found) -> dict[str, model.Source]:
    told: dict[str, list[model.StudyFinding]] = {row["id"]: [] for row in found["sources"]}
    for one in found["findings"]:
        finding = model.StudyFinding(comparator=Comparator(one["comparator"]), direction=Direction(one["direction"]))
        told[one["source_id"]].append(finding)
    return {row["key"]: _source(row, tuple(told[row["id"]])) for row in found["sources"]}


def catalogue_in(found: Found) -> model.Catalogue:
    return model.Catalogue(
        treatments=tuple(_treatment(row) for row in found["every_treatment"]),
        conditions=tuple(_condition(row) for row in found["every_condition"]),
    )


def pictures_in(found: Found) -> dict[str, model.Picture]:
    return {row["id"]: model.Picture(alt=row["alt"], decorative=row["decorative"]) for row in found["pictures"]}


def _source(row: Row, findings: tuple[model.StudyFinding, ...]) -> model.Source:
    return model.Source(
        key=row["key"],
        csl=row["csl"],
        design=StudyDesign(row["study_design"]),
        status=SourceStatus(row["status"]),
        doi=row["doi"],
        pmid=row["pmid"],
        pmcid=row["pmcid"],
        isbn=row["isbn"],
        findings=findings,
        publicity=_publicity(row),
    )


def _credential(row: Row) -> model.Credential:
    return model.Credential(
        kind=CredentialKind(row["kind"]),
        name=row["name"],
        recognized_by=row["recognized_by"],
        identifier=row["identifier"],
        valid_from=_day(row["valid_from"]),
        valid_until=_day(row["valid_until"]),
    )


def _advice(row: Row) -> model.CareAdvice:
    return model.CareAdvice(level=documents.CareLevel(row["level"]), items=tuple(row["items"]), body=row["body"])


def _condition(row: Row, advice: tuple[model.CareAdvice, ...] = ()) -> model.Condition:
    return model.Condition(
        id=row["id"], name=row["name"], alternate_names=tuple(row["alternate_names"]), care_advice=advice,
        no_urgent_advice_reason=row["no_urgent_advice_reason"], publicity=_publicity(row),
    )  # fmt: skip


def _treatment(row: Row, outcomes: tuple[str, ...] = ()) -> model.Treatment:
    return model.Treatment(
        id=row["id"], name=row["name"], adverse_outcomes=outcomes, contraindications=tuple(row["contraindications"]),
        publicity=_publicity(row),
    )  # fmt: skip


def _publicity(row: Row) -> model.Publicity:
    return publicity(is_shown=row["is_published"], was_shown=row["was_published"])


def _there(viewer: Viewer | None, table: str) -> Sql:
    return visible_sql(viewer, table) if viewer else Sql("TRUE")


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
