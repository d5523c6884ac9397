"""Who names an entry: revisions by their relations, marks and texts, and other entries of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.articles.reading import LIVE
from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.publishing.catalogue.nouns import Noun

LINKS: Mapping[str, tuple[str, str]] = {
    "condition": ("revision_condition", "condition_id"),
    "treatment": ("revision_treatment", "treatment_id"),
    "practitioner": ("revision_author", "practitioner_id"),
    "disclaimer": ("revision_disclaimer", "disclaimer_id"),
    "source": ("revision_citation", "key"),
}
"""The table by which revisions name an entry, and its column: the entry's id, or a source's key."""
IN_TEXTS = {"condition", "treatment", "practitioner", "media"}
"""Kinds whose ids stand in texts: as links, calls to action or figures."""
REVIEWED = (
    "revision.article_id IN (SELECT reviewed.article_id FROM review JOIN revision reviewed "
    "ON reviewed.id = review.revision_id WHERE review.reviewer_id = ?) "
    "AND EXISTS (SELECT FROM shown_review(revision.id) AS standing WHERE standing.reviewer_id = ?)"
)
BESIDE = (
    "(revision.id IN (SELECT named.revision_id FROM revision_treatment named "
    "JOIN treatment ON treatment.id = named.treatment_id AND treatment.is_published "
    "JOIN adverse_outcome risk ON risk.treatment_id = treatment.id "
    "JOIN source ON source.id = risk.source_id WHERE source.key = ?) "
    "OR revision.id IN (SELECT cited.revision_id FROM revision_citation cited "
    "JOIN source older ON older.key = cited.key AND older.is_published "
    "JOIN source newer ON newer.id = older.superseded_by_id WHERE newer.key = ?))"
)
CALLED = '"clinic"'
"""What a call to action names as its target."""
LINKED = "strpos(body::text, ?) > 0"
CITED = "rendering @> jsonb_build_object('citations', jsonb_build_array(jsonb_build_object('key', ?::text)))"


@dataclass(frozen=True)
class Naming:
    """An article that names the entry: in what readers see, in what is scheduled, in the draft, or only earlier."""

    id: str
    title: str
    live: bool
    scheduled: bool
    draft: bool


@dataclass(frozen=True)
class NamedBy:
    """A condition or treatment whose text names the entry."""

    id: str
    name: str
    is_published: bool
    kind: str


def names(noun: Noun, name: str, *, texts: bool = True) -> Sql:
    """Whether `revision` names the entry, by its id or key; `texts` looks into bodies as well, which takes longer."""
    if noun.kind == "clinic":
        return Sql("TRUE")
    found = Sql("FALSE")
    if noun.kind in LINKS:
        table, column = LINKS[noun.kind]
        found += sql(f" OR revision.id IN (SELECT revision_id FROM {table} WHERE {column} = ?)", name)
    if noun.kind == "media":
        found += sql(" OR revision.hero_image_id = ?", name)
    if texts and noun.kind in IN_TEXTS:
        found += sql(" OR strpos(revision.body::text, ?) > 0", name)
    return found


async def articles_naming(noun: Noun, name: str, *, texts: bool = True) -> list[Naming]:
    """Every article of which what readers see, or the draft, names the entry."""
    pointed = "revision.id IN (article.live_id, article.draft_id)"
    return await _articles(Sql(f"({pointed}) AND (") + names(noun, name, texts=texts) + ")")


async def articles_holding(noun: Noun, name: str) -> list[Naming]:
    """Every article of which any revision names the entry, or which a practitioner reviewed: it cannot be deleted."""
    pointed = "revision.id IN (article.live_id, article.draft_id)"
    held = names(noun, name, texts=False)
    if noun.kind == "practitioner":
        held += sql(" OR revision.id IN (SELECT revision_id FROM review WHERE reviewer_id = ?)", name)
    return await _articles(held + f" OR ({pointed} AND (" + names(noun, name) + "))")


async def articles_reviewed_by(practitioner: str) -> list[Naming]:
    """Every article behind which a practitioner's review stands."""
    pointed = f"revision.id IN (({LIVE}), article.draft_id) AND "
    return await _articles(pointed + sql(REVIEWED, practitioner, practitioner))


async def articles_showing(source: str) -> list[Naming]:
    """Every article beside whose text a source stands, by its key: behind a treatment's risk, or instead of another."""
    pointed = "revision.id IN (article.live_id, article.draft_id) AND "
    return await _articles(pointed + sql(BESIDE, source, source))


async def entries_naming(noun: Noun, name: str) -> list[NamedBy]:
    """The conditions and treatments whose text links to the entry or cites it."""
    if noun.kind not in {*IN_TEXTS, "source", "clinic"}:
        return []
    name = CALLED if noun.kind == "clinic" else name
    named = CITED if noun.kind == "source" else LINKED
    pieces = [
        sql(f"SELECT id, name, is_published, '{table}' AS kind FROM {table} WHERE {named}", name)
        for table in ("condition", "treatment")
    ]
    return [NamedBy(**row) for row in await rows(pieces[0] + " UNION ALL " + pieces[1] + " ORDER BY name, id")]


async def _articles(where: Sql) -> list[Naming]:
    """Articles by title, the live text's before the draft's; live, scheduled or a draft is what names the entry."""
    query = (
        "SELECT article.id, (array_agg(revision.title ORDER BY "
        f"revision.id IS NOT DISTINCT FROM ({LIVE}) DESC, revision.id IS NOT DISTINCT FROM article.draft_id DESC, "
        "revision.number DESC))[1] AS title, "
        f"bool_or(revision.id IS NOT DISTINCT FROM ({LIVE})) AS live, "
        "bool_or(revision.id = article.draft_id AND coalesce(article.scheduled_for > now(), FALSE)) AS scheduled, "
        "bool_or(revision.id IS NOT DISTINCT FROM article.draft_id) AS draft "
        "FROM article JOIN revision ON revision.article_id = article.id WHERE "
    )
    return [Naming(**row) for row in await rows(query + where + " GROUP BY article.id ORDER BY title, article.id")]
