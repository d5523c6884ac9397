"""What refers to an entry: it keeps the entry from being deleted and, where it is public, from being hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.errors import InUse
from api.publishing.catalogue import naming
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.publishing.catalogue.naming import Naming
    from api.publishing.catalogue.nouns import Noun

SHOWN = 10


@dataclass(frozen=True)
class Referrer:
    """Rows of the catalogue that name an entry. Public evidence keeps the entry public; a mere list does not."""

    what: str
    query: str
    is_evidence: bool = False


STATEMENT = "SELECT id, outcome AS name, is_published FROM evidence_statement WHERE {} = ?"
MEMBER = "SELECT id, display_name AS name, FALSE AS is_published FROM member WHERE practitioner_id = ?"
REFERRERS: Mapping[str, tuple[Referrer, ...]] = {
    "condition": (
        Referrer("evidence statement", STATEMENT.format("condition_id"), is_evidence=True),
        Referrer("condition", "SELECT id, name, is_published FROM condition WHERE parent_id = ?"),
        Referrer(
            "practitioner",
            "SELECT person.id, person.name, person.is_published FROM practitioner person "
            "JOIN practitioner_treats link ON link.practitioner_id = person.id WHERE link.condition_id = ?",
        ),
    ),
    "treatment": (
        Referrer("evidence statement", STATEMENT.format("treatment_id"), is_evidence=True),
        Referrer(
            "practitioner",
            "SELECT person.id, person.name, person.is_published FROM practitioner person "
            "JOIN practitioner_offers link ON link.practitioner_id = person.id WHERE link.treatment_id = ?",
        ),
    ),
    "practitioner": (
        Referrer("evidence statement", STATEMENT.format("assessed_by_id"), is_evidence=True),
        Referrer("member", MEMBER),
    ),
    "source": (
        Referrer(
            "evidence statement",
            "SELECT said.id, said.outcome AS name, said.is_published FROM evidence_statement said "
            "JOIN statement_source link ON link.statement_id = said.id WHERE link.source_id = ?",
            is_evidence=True,
        ),
        Referrer(
            "treatment",
            "SELECT DISTINCT treatment.id, treatment.name, treatment.is_published FROM treatment "
            "JOIN adverse_outcome risk ON risk.treatment_id = treatment.id WHERE risk.source_id = ?",
            is_evidence=True,
        ),
        Referrer("source", "SELECT id, key AS name, is_published FROM source WHERE superseded_by_id = ?"),
    ),
}


async def check_deletable(noun: Noun, row: Any) -> None:  # noqa: ANN401 - the noun's row
    """Refuse while anything refers to the entry, whether readers see it or not."""
    held = [_article(each) for each in await naming.articles_holding(noun, name_of(noun, row))]
    for referrer in REFERRERS.get(noun.kind, ()):
        held += [_said(referrer.what, each) for each in await rows(sql(referrer.query, row.id))]
    for each in await naming.entries_naming(noun, name_of(noun, row)):
        held += [f"{each.kind} “{each.name}” in its text ({each.id})"] if each.id != row.id else []
    _refuse(noun, "deleted", held)


async def check_hideable(noun: Noun, row: Any) -> None:  # noqa: ANN401 - as above
    """Refuse while a live or scheduled article uses the entry, or public evidence rests on it."""
    found = await naming.articles_naming(noun, name_of(noun, row))
    if noun.kind == "practitioner":
        known = {each.id for each in found if each.live}
        found += [each for each in await naming.articles_reviewed_by(row.id) if each.id not in known]
    held = [_article(each) for each in found if each.live or each.scheduled]
    for referrer in REFERRERS.get(noun.kind, ()):
        if referrer.is_evidence:
            found_rows = await rows(sql(referrer.query, row.id))
            held += [_said(referrer.what, each) for each in found_rows if each["is_published"]]
    if noun.kind == "source":
        named = await naming.entries_naming(noun, row.key)
        held += [f"{each.kind} “{each.name}” in its text ({each.id})" for each in named if each.is_published]
    _refuse(noun, "taken from readers", held)


def name_of(noun: Noun, row: Any) -> str:  # noqa: ANN401 - as above
    """What texts call the entry by: a source's key, else the id."""
    return str(row.key if noun.kind == "source" else row.id)


def _refuse(noun: Noun, what: str, held: list[str]) -> None:
    if not held:
        return
    more = f", and {len(held) - SHOWN} more" if len(held) > SHOWN else ""
    listed = "; ".join(held[:SHOWN]) + more
    raise InUse(f"This {noun.words} cannot be {what} while these refer to it: {listed}. Change those first.")


def _article(each: Naming) -> str:
    state = "live" if each.live else "scheduled" if each.scheduled else "draft" if each.draft else "earlier revision"
    return f"article “{each.title}”, {state} ({each.id})"


def _said(what: str, row: Mapping[str, Any]) -> str:
    return f"{what} “{row['name']}” ({row['id']})"
