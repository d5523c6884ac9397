"""All that the gate's rules may look at, gathered from the rows behind a revision or an entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from tortoise.expressions import Q

from api import documents, gate
from api.articles import reading, reviews
from api.articles.editing import RELATED, RELATIONS, content_of
from api.articles.models import Article, ReviewOutcome, Revision
from api.catalogue import visible_to
from api.clinic import Clinic, ClinicMissing
from api.conditions import Condition
from api.documents import Document
from api.gate import model
from api.practitioners import Practitioner
from api.publishing import entries, minor
from api.rows import partly
from api.sql import Sql, sql, together
from api.treatments import Treatment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tortoise.models import Model
    from tortoise.queryset import QuerySet

    from api.accounts.viewer import Viewer

Entry = TypeVar("Entry", bound="Model")
Addressed: TypeAlias = type[Condition] | type[Treatment] | type[Practitioner]
SHOWN = ("is_published", "first_published_at")
CLINIC = "SELECT timezone, jurisdiction, review_interval_months, telephone, email, address FROM clinic"
PEOPLE = """
SELECT practitioner_id FROM revision_author WHERE revision_id = ?
 UNION SELECT reviewer_id FROM standing_review(?)
"""
DISCLAIMERS = """
SELECT key FROM disclaimer WHERE is_published
   AND id IN (SELECT disclaimer_id FROM revision_disclaimer WHERE revision_id = ?)
"""
LAST_DECISION = """
SELECT outcome FROM review JOIN revision ON revision.id = review.revision_id
 WHERE revision.article_id = ? AND review.content_hash = ? ORDER BY at DESC LIMIT 1
"""
TABLES: dict[str, tuple[Addressed, str]] = {
    "cnd": (Condition, "/conditions/"),
    "trt": (Treatment, "/treatments/"),
    "prc": (Practitioner, "/practitioners/"),
}


async def gathered(
    article: Article, revision: Revision, at: datetime, viewer: Viewer | None = None, tree: Document | None = None
) -> model.GatedRevision:
    """All that the rules may look at; for a viewer what is cited, linked or called by name is what they may see.

    One statement tells it all but for what the text leads to, and for the review of a text from which words were cut.
    """
    tree = tree or Document.parse(revision.body)
    found = await together(_asked(article, revision, tree, viewer))
    if not found["clinic"]:
        raise ClinicMissing
    clinic = found["clinic"][0]
    links = {name: [one["id"] for one in found["links"] if one["name"] == name] for name in RELATIONS}
    return model.GatedRevision(
        title=revision.title,
        body=tree,
        as_of=at.astimezone(ZoneInfo(clinic["timezone"])).date(),
        kind=model.Kind(article.kind),
        summary=revision.summary,
        content_hash=revision.content_hash,
        authors=entries.practitioners_in(links["authors"], found),
        last_edited_by=next((one["practitioner_id"] for one in found["editor"]), None),
        conditions=entries.conditions_in(links["conditions"], found),
        treatments=entries.treatments_in(links["treatments"], found),
        disclaimers=tuple(one["key"] for one in found["disclaimers"]),
        sources=entries.sources_in(found),
        hero_image=revision.hero_image_id,
        pictures=entries.pictures_in(found),
        review=await _review(article, revision, at, found),
        clinic=clinic_of(partly(Clinic, clinic)),
        catalogue=entries.catalogue_in(found),
        linked=await linked(tree, viewer),
    )


def _asked(article: Article, revision: Revision, tree: Document, viewer: Viewer | None) -> entries.Queries:
    own = revision.id
    images = [image.asset_id for image in documents.images(tree)] + [revision.hero_image_id or ""]
    return {
        "clinic": Sql(CLINIC),
        "links": sql(RELATED, *[own] * len(RELATIONS)),
        "editor": sql("SELECT practitioner_id FROM member WHERE id = ?", revision.created_by_id),
        "disclaimers": sql(DISCLAIMERS, own),
        "last": sql(LAST_DECISION, article.id, revision.content_hash),
        "standing": sql(reviews.STANDING, [own]),
        **entries.of_practitioners(sql(PEOPLE, own, own)),
        **entries.of_conditions(sql("SELECT condition_id FROM revision_condition WHERE revision_id = ?", own)),
        **entries.of_treatments(sql("SELECT treatment_id FROM revision_treatment WHERE revision_id = ?", own)),
        **entries.of_sources({item.key for item in documents.cited(tree)}, viewer),
        **entries.of_pictures(images),
        **entries.of_catalogue(viewer),
    }


async def linked(tree: Document, viewer: Viewer | None = None) -> dict[str, model.Publicity]:
    """Whether readers can see each thing that a text leads to, by id and by path; nothing of what is not there."""
    known: dict[str, model.Publicity] = {}
    wanted = gate.leads_to(tree)
    for prefix, (table, path) in TABLES.items():
        slugs = [place.removeprefix(path) for place in wanted if place.startswith(path)]
        mine = [key for key in wanted if key.startswith(f"{prefix}_")]
        for row in (
            await _there(table, viewer).filter(Q(id__in=mine) | Q(slug__in=slugs)).only("id", "slug", *SHOWN)
            if mine or slugs
            else ()
        ):
            known[row.id] = known[path + row.slug] = _publicity(row, is_shown=row.is_published)
    slugs = [place.removeprefix("/articles/") for place in wanted if place.startswith("/articles/")]
    articles = [key for key in wanted if key.startswith("art_")]
    found = await Article.filter(Q(id__in=articles) | Q(slug__in=slugs)) if articles or slugs else []
    shown = await reading.by_id([row.id for row in found], viewer) if viewer and found else {}
    for article in [row for row in found if viewer is None or row.id in shown]:
        seen = _publicity(article, is_shown=article.live_id is not None)
        known[article.id] = known[f"/articles/{article.slug}"] = seen
    return known


def _there(table: type[Entry], viewer: Viewer | None) -> QuerySet[Entry]:
    return visible_to(viewer, table) if viewer else table.all()


def clinic_of(clinic: Clinic) -> model.Clinic:
    """What the rules know of the clinic."""
    postcode = (clinic.address or {}).get("postal_code")
    return model.Clinic(
        jurisdiction=clinic.jurisdiction,
        review_interval_months=clinic.review_interval_months,
        telephones=(clinic.telephone,) if clinic.telephone else (),
        emails=(clinic.email,) if clinic.email else (),
        postcodes=(postcode,) if postcode else (),
    )


async def _review(article: Article, revision: Revision, at: datetime, found: entries.Found) -> model.Review | None:
    """The approval that counts for a revision: its own, an inherited one, or that of a text of which parts were cut.

    None where the last word on just this content was that it must be changed.
    """
    if any(one["outcome"] == ReviewOutcome.CHANGES_REQUESTED for one in found["last"]):
        return None
    for one in found["standing"]:
        own = one["given_to"] == revision.id
        basis = model.ReviewBasis.OWN if own else model.ReviewBasis.INHERITED
        reviewers = entries.practitioners_in([one["reviewer_id"]], found)
        return _reviewed(reviewers, reviews.from_json(one), revision.content_hash, basis)
    return await _review_before_cuts(article, revision, at)


async def _review_before_cuts(article: Article, revision: Revision, at: datetime) -> model.Review | None:
    before = await Revision.get_or_none(id=revision.predecessor_id) if revision.predecessor_id else None
    if before is None or not minor.only_deletes(await content_of(before), await content_of(revision)):
        return None
    (standing,) = await reviews.standing([before.id])
    if standing is None:
        return None
    corrected = (revision.frozen_at if article.live_id == revision.id and revision.frozen_at else at).date()
    reviewers = await entries.practitioners([standing.reviewer_id])
    return _reviewed(reviewers, standing, revision.content_hash, model.ReviewBasis.DELETION, corrected)


def _reviewed(
    reviewers: Sequence[model.Practitioner],
    standing: reviews.StandingReview,
    content_hash: str,
    basis: model.ReviewBasis,
    corrected: date | None = None,
) -> model.Review | None:
    if not reviewers:
        return None
    return model.Review(
        reviewer=reviewers[0], on=standing.at.astimezone(UTC).date(), content_hash=content_hash, basis=basis,
        next_due=standing.next_review_due, corrected_on=corrected,
    )  # fmt: skip


def _publicity(row: Article | Condition | Treatment | Practitioner, *, is_shown: bool) -> model.Publicity:
    return entries.publicity(is_shown=is_shown, was_shown=row.first_published_at is not None)
