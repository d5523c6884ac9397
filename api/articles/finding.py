"""The facts behind articles: all that stands on an article's page, found for many at once."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.articles import renderings, reviews
from api.articles.models import RevisionAuthor, RevisionCondition, RevisionDisclaimer, RevisionTreatment
from api.articles.renderings import RenderedText
from api.catalogue import below, by_id, linked
from api.clinic import the_clinic
from api.conditions import CareAdvice
from api.evidence import bibliography, csl
from api.evidence.reading import by_key
from api.media import reading as media
from api.practitioners import Practitioner
from api.treatments import AdverseOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tortoise.models import Model

    from api.accounts.viewer import Viewer
    from api.articles.reading import ShownArticle
    from api.articles.reviews import StandingReview
    from api.clinic import Clinic, Disclaimer
    from api.conditions import Condition
    from api.evidence.models import Source
    from api.media.models import MediaAsset
    from api.treatments import Treatment


PICTURE = re.compile(r"/media/([0-9a-f]{64})-")
NOTHING = RenderedText("", [], "", [], [], 0, 0, None)
"""The text of what has none."""


@dataclass(frozen=True)
class Work:
    """A cited work as it stands in lists of references; written once, however many articles cite it."""

    source: Source

    @functools.cached_property
    def line(self) -> str:
        source = self.source
        doi = f" doi:{source.doi}" if source.doi else ""
        known = source.status in {"OK", "UNRESOLVED"}
        status = "" if known else f" [{source.status.replace('_', ' ').lower()}]"
        said = source.reference or bibliography.vancouver(csl.parse(source.csl))
        return said + doi + status


@dataclass(frozen=True)
class Reference:
    """A numbered reference; the work is None where the citation dangles."""

    number: int
    key: str
    work: Work | None

    @property
    def source(self) -> Source | None:
        return self.work.source if self.work else None

    @property
    def line(self) -> str:
        return self.work.line if self.work else "Source missing."


@dataclass(frozen=True)
class Risks:
    """A treatment with what can go wrong and who should not have it."""

    treatment: Treatment
    adverse_outcomes: Sequence[AdverseOutcome]


@dataclass(frozen=True)
class ArticleFacts:
    """All that stands behind an article's page."""

    article: ShownArticle
    text: RenderedText
    clinic: Clinic
    authors: Sequence[Practitioner]
    reviewer: Practitioner | None
    review: StandingReview | None
    conditions: Sequence[Condition]
    care_advice: Sequence[CareAdvice]
    risks: Sequence[Risks]
    references: Sequence[Reference]
    disclaimers: Sequence[Disclaimer]
    hero_image: MediaAsset | None
    pictures: Sequence[MediaAsset]

    @property
    def shared_image(self) -> MediaAsset | None:
        """The picture at its head, where its licence lets others show it."""
        return self.hero_image if self.hero_image and self.hero_image.licence else None


class Finder:
    """How the facts are found: each question of many rows by one statement. Who has found some already says so."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    async def clinic(self) -> Clinic:
        return await the_clinic()

    async def texts(self, revisions: Sequence[str]) -> Sequence[RenderedText]:
        return await renderings.of_revisions(revisions)

    async def linked(self, through: type[Model], target: str, revisions: Sequence[str]) -> Sequence[list[Any]]:
        return await linked(through, "revision", target, revisions, self.viewer)

    async def below(self, model: type[Model], owner: str, owners: Sequence[str]) -> Sequence[list[Any]]:
        return await below(model, owner, owners)

    async def reviews(self, revisions: Sequence[str]) -> Sequence[StandingReview | None]:
        return await reviews.shown(revisions)

    async def practitioners(self, wanted: Sequence[str]) -> Sequence[Practitioner | None]:
        found = await by_id(Practitioner, list(wanted), self.viewer) if wanted else {}
        return [found.get(each) for each in wanted]

    async def sources(self, keys: Sequence[str]) -> Sequence[Source | None]:
        return await by_key(keys, self.viewer) if keys else []

    async def pictures(self, wanted: set[str], hashes: set[str]) -> Sequence[MediaAsset]:
        return await media.by_id_or_hash(wanted, hashes) if wanted or hashes else []


class Brief(Finder):
    """Finds what a summary tells of an article, and leaves out its text, the sources, advice, risks and disclaimers."""

    async def texts(self, revisions: Sequence[str]) -> Sequence[RenderedText]:
        return [NOTHING] * len(revisions)

    async def linked(self, through: type[Model], target: str, revisions: Sequence[str]) -> Sequence[list[Any]]:
        if through is RevisionDisclaimer:
            return [[] for _ in revisions]
        return await super().linked(through, target, revisions)

    async def below(self, _model: type[Model], _owner: str, owners: Sequence[str]) -> Sequence[list[Any]]:
        return [[] for _ in owners]


async def facts(articles: Sequence[ShownArticle], viewer: Viewer, finder: Finder | None = None) -> list[ArticleFacts]:
    """The facts behind each article that the viewer may see; the number of statements does not depend on how many."""
    find = finder or Finder(viewer)
    clinic, revisions = await find.clinic(), [article.revision_id for article in articles]
    texts = await find.texts(revisions)
    authors = await find.linked(RevisionAuthor, "practitioner", revisions)
    abouts = await find.linked(RevisionCondition, "condition", revisions)
    treated = await find.linked(RevisionTreatment, "treatment", revisions)
    disclaimers = await find.linked(RevisionDisclaimer, "disclaimer", revisions)
    approvals = await find.reviews(revisions)
    named = sorted({review.reviewer_id for review in approvals if review})
    reviewers = dict(zip(named, await find.practitioners(named), strict=True))
    advice = await _below(find, CareAdvice, "condition", {about.id for each in abouts for about in each})
    outcomes = await _below(find, AdverseOutcome, "treatment", {treatment.id for each in treated for treatment in each})
    keys = sorted({citation["key"] for text in texts for citation in text.citations})
    known = zip(keys, await find.sources(keys), strict=True)
    works = {key: Work(source) if source else None for key, source in known}
    inside = [list(dict.fromkeys(PICTURE.findall(text.html))) for text in texts]
    found = await find.pictures(
        {article.hero_image_id for article in articles if article.hero_image_id},
        {sign for each in inside for sign in each},
    )
    heroes, pictures = {asset.id: asset for asset in found}, {asset.sha256: asset for asset in found}
    return [
        ArticleFacts(
            article=article,
            text=texts[place],
            clinic=clinic,
            authors=authors[place],
            reviewer=reviewers.get(review.reviewer_id) if (review := approvals[place]) else None,
            review=review,
            conditions=abouts[place],
            care_advice=[said for about in abouts[place] for said in advice[about.id]],
            risks=[Risks(treatment, outcomes[treatment.id]) for treatment in treated[place]],
            references=[Reference(each["number"], each["key"], works[each["key"]]) for each in texts[place].citations],
            disclaimers=disclaimers[place],
            hero_image=heroes.get(article.hero_image_id) if article.hero_image_id else None,
            pictures=[pictures[sign] for sign in inside[place] if sign in pictures],
        )
        for place, article in enumerate(articles)
    ]


async def _below(find: Finder, model: type[Model], owner: str, owners: set[str]) -> dict[str, list[Any]]:
    ordered = sorted(owners)
    return dict(zip(ordered, await find.below(model, owner, ordered), strict=True))
