"""All that the gate's rules may look at, gathered from the rows behind a revision or an entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from tortoise.expressions import Q

from api import documents, gate
from api.accounts.models import Member
from api.articles import reading, reviews
from api.articles.editing import content_of, related
from api.articles.models import (
    Article,
    Review,
    ReviewOutcome,
    Revision,
)
from api.catalogue import visible_to
from api.clinic import Clinic, Disclaimer, the_clinic
from api.conditions import CareAdvice, Condition
from api.documents import Document
from api.evidence.models import Source, SourceFinding
from api.gate import model
from api.media.models import MediaAsset
from api.practitioners import Credential, Practitioner
from api.publishing import minor
from api.treatments import AdverseOutcome, Treatment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tortoise.models import Model
    from tortoise.queryset import QuerySet

    from api.accounts.viewer import Viewer

Entry = TypeVar("Entry", bound="Model")
PUBLIC = model.Publicity.PUBLIC
ONCE = model.Publicity.ONCE_PUBLIC
NEVER = model.Publicity.NEVER_PUBLIC
Addressed: TypeAlias = type[Condition] | type[Treatment] | type[Practitioner]
SHOWN = ("is_published", "first_published_at")
A_PRACTITIONER = ("id", "name", "job_title", "honorific_prefix", "bio", *SHOWN)
A_CONDITION = ("id", "name", "alternate_names", "no_urgent_advice_reason", *SHOWN)
A_TREATMENT = ("id", "name", "contraindications", *SHOWN)
A_SOURCE = ("id", "key", "csl", "study_design", "status", "doi", "pmid", "pmcid", "isbn", *SHOWN)
"""The columns that the rules look at: the long texts beside them need not be read."""
TABLES: dict[str, tuple[Addressed, str]] = {
    "cnd": (Condition, "/conditions/"),
    "trt": (Treatment, "/treatments/"),
    "prc": (Practitioner, "/practitioners/"),
}


async def gathered(
    article: Article, revision: Revision, at: datetime, viewer: Viewer | None = None
) -> model.GatedRevision:
    """All that the rules may look at; for a viewer what is cited, linked or called by name is what they may see."""
    clinic = await the_clinic()
    tree = Document.parse(revision.body)
    keys = {item.key for item in documents.cited(tree)}
    images = [image.asset_id for image in documents.images(tree)]
    if revision.hero_image_id:
        images.append(revision.hero_image_id)
    named = await related(revision.id)
    return model.GatedRevision(
        title=revision.title,
        body=tree,
        as_of=at.astimezone(ZoneInfo(clinic.timezone)).date(),
        kind=model.Kind(article.kind),
        summary=revision.summary,
        content_hash=revision.content_hash,
        authors=await practitioners(named["authors"]),
        last_edited_by=await _editor(revision),
        conditions=await conditions(named["conditions"]),
        treatments=await treatments(named["treatments"]),
        disclaimers=await _disclaimers(named["disclaimers"]),
        sources=await sources(keys, viewer),
        hero_image=revision.hero_image_id,
        pictures=await pictures(images),
        review=await _review(article, revision, at),
        clinic=clinic_of(clinic),
        catalogue=await catalogue(viewer),
        linked=await linked(tree, viewer),
    )


async def practitioners(wanted: Sequence[str]) -> tuple[model.Practitioner, ...]:
    held: dict[str, list[model.Credential]] = {key: [] for key in wanted}
    for one in await Credential.filter(practitioner_id__in=list(wanted)).order_by("position"):
        held[one.practitioner_id].append(
            model.Credential(
                kind=one.kind,
                name=one.name,
                recognized_by=one.recognized_by,
                identifier=one.identifier,
                valid_from=one.valid_from,
                valid_until=one.valid_until,
            )
        )
    rows = {row.id: row for row in await Practitioner.filter(id__in=list(wanted)).only(*A_PRACTITIONER)}
    return tuple(
        model.Practitioner(
            id=row.id,
            name=row.name,
            job_title=row.job_title,
            honorific_prefix=row.honorific_prefix,
            bio=row.bio,
            credentials=tuple(held[row.id]),
            publicity=_publicity(row),
        )
        for key in wanted
        if (row := rows.get(key))
    )


async def conditions(wanted: Sequence[str]) -> tuple[model.Condition, ...]:
    advice: dict[str, list[model.CareAdvice]] = {key: [] for key in wanted}
    for one in await CareAdvice.filter(condition_id__in=list(wanted)).order_by("position"):
        level = documents.CareLevel(one.level)
        advice[one.condition_id].append(model.CareAdvice(level=level, items=tuple(one.items), body=one.body))
    rows = {row.id: row for row in await Condition.filter(id__in=list(wanted)).only(*A_CONDITION)}
    return tuple(_condition(row, tuple(advice[row.id])) for key in wanted if (row := rows.get(key)))


async def treatments(wanted: Sequence[str]) -> tuple[model.Treatment, ...]:
    outcomes: dict[str, list[str]] = {key: [] for key in wanted}
    for one in await AdverseOutcome.filter(treatment_id__in=list(wanted)).order_by("position"):
        outcomes[one.treatment_id].append(one.text)
    rows = {row.id: row for row in await Treatment.filter(id__in=list(wanted)).only(*A_TREATMENT)}
    return tuple(_treatment(row, tuple(outcomes[row.id])) for key in wanted if (row := rows.get(key)))


async def sources(keys: Iterable[str], viewer: Viewer | None = None) -> dict[str, model.Source]:
    rows = await _there(Source, viewer).filter(key__in=list(keys)).only(*A_SOURCE)
    told: dict[str, list[model.StudyFinding]] = {row.id: [] for row in rows}
    for one in await SourceFinding.filter(source_id__in=list(told)).order_by("position"):
        told[one.source_id].append(model.StudyFinding(comparator=one.comparator, direction=one.direction))
    return {
        row.key: model.Source(
            key=row.key,
            csl=row.csl,
            design=row.study_design,
            status=row.status,
            doi=row.doi,
            pmid=row.pmid,
            pmcid=row.pmcid,
            isbn=row.isbn,
            findings=tuple(told[row.id]),
            publicity=_publicity(row),
        )
        for row in rows
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
            known[row.id] = known[path + row.slug] = _publicity(row)
    slugs = [place.removeprefix("/articles/") for place in wanted if place.startswith("/articles/")]
    articles = [key for key in wanted if key.startswith("art_")]
    found = await Article.filter(Q(id__in=articles) | Q(slug__in=slugs)) if articles or slugs else []
    shown = await reading.by_id([row.id for row in found], viewer) if viewer and found else {}
    for article in [row for row in found if viewer is None or row.id in shown]:
        once = ONCE if article.first_published_at else NEVER
        known[article.id] = known[f"/articles/{article.slug}"] = PUBLIC if article.live_id else once
    return known


def _there(table: type[Entry], viewer: Viewer | None) -> QuerySet[Entry]:
    return visible_to(viewer, table) if viewer else table.all()


def _condition(row: Condition, advice: tuple[model.CareAdvice, ...] = ()) -> model.Condition:
    return model.Condition(
        id=row.id, name=row.name, alternate_names=tuple(row.alternate_names), care_advice=advice,
        no_urgent_advice_reason=row.no_urgent_advice_reason, publicity=_publicity(row),
    )  # fmt: skip


def _treatment(row: Treatment, outcomes: tuple[str, ...] = ()) -> model.Treatment:
    return model.Treatment(
        id=row.id, name=row.name, adverse_outcomes=outcomes, contraindications=tuple(row.contraindications),
        publicity=_publicity(row),
    )  # fmt: skip


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


async def catalogue(viewer: Viewer | None = None) -> model.Catalogue:
    """Every treatment and condition by name, for the rules that look for them in a text."""
    return model.Catalogue(
        treatments=tuple(_treatment(row) for row in await _there(Treatment, viewer).only(*A_TREATMENT)),
        conditions=tuple(_condition(row) for row in await _there(Condition, viewer).only(*A_CONDITION)),
    )


async def _review(article: Article, revision: Revision, at: datetime) -> model.Review | None:
    """The approval that counts for a revision: its own, an inherited one, or that of a text of which parts were cut."""
    if await _was_sent_back(article, revision):
        return None
    (standing,) = await reviews.standing([revision.id])
    if standing is not None:
        own = standing.given_to == revision.id
        basis = model.ReviewBasis.OWN if own else model.ReviewBasis.INHERITED
        return await _reviewed(standing, revision.content_hash, basis, None)
    before = await Revision.get_or_none(id=revision.predecessor_id) if revision.predecessor_id else None
    if before is None or not minor.only_deletes(await content_of(before), await content_of(revision)):
        return None
    (standing,) = await reviews.standing([before.id])
    corrected = (revision.frozen_at if article.live_id == revision.id and revision.frozen_at else at).date()
    basis = model.ReviewBasis.DELETION
    return await _reviewed(standing, revision.content_hash, basis, corrected) if standing else None


async def _was_sent_back(article: Article, revision: Revision) -> bool:
    """Whether the last word on just this content was that it must be changed."""
    said = Review.filter(revision__article_id=article.id, content_hash=revision.content_hash)
    last = await said.order_by("-at").first()
    return last is not None and last.outcome is ReviewOutcome.CHANGES_REQUESTED


async def _reviewed(
    standing: reviews.StandingReview, content_hash: str, basis: model.ReviewBasis, corrected: date | None
) -> model.Review | None:
    reviewers = await practitioners([standing.reviewer_id])
    if not reviewers:
        return None
    return model.Review(
        reviewer=reviewers[0], on=standing.at.astimezone(UTC).date(), content_hash=content_hash, basis=basis,
        next_due=standing.next_review_due, corrected_on=corrected,
    )  # fmt: skip


async def _editor(revision: Revision) -> str | None:
    member = await Member.get_or_none(id=revision.created_by_id) if revision.created_by_id else None
    return member.practitioner_id if member else None


async def _disclaimers(wanted: Sequence[str]) -> tuple[str, ...]:
    return tuple([row.key for row in await Disclaimer.filter(id__in=list(wanted), is_published=True)])


async def pictures(wanted: Sequence[str]) -> dict[str, model.Picture]:
    rows = await MediaAsset.filter(id__in=list(wanted)) if wanted else []
    return {row.id: model.Picture(alt=row.alt, decorative=row.decorative) for row in rows}


def _publicity(row: Condition | Treatment | Practitioner | Source) -> model.Publicity:
    if row.is_published:
        return PUBLIC
    return ONCE if row.first_published_at else NEVER
