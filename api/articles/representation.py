"""What is said of an article outside the clinic's own pages: the facts behind it, and what partners may show.

A partner shows the representation whole: attribution, terms, disclaimers, risks and care advice are inside it, and
calls to action are not. Its hash changes whenever any of that does.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

import orjson

from api import documents
from api.articles import renderings, reviews
from api.articles.models import RevisionAuthor, RevisionCondition, RevisionDisclaimer, RevisionTreatment
from api.catalogue import below, by_id, linked
from api.clinic import the_clinic
from api.conditions import CareAdvice
from api.evidence import bibliography, csl
from api.evidence.reading import by_key
from api.media import reading as media
from api.practitioners import Practitioner
from api.treatments import AdverseOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tortoise.models import Model

    from api.accounts.viewer import Viewer
    from api.articles.reading import ShownArticle
    from api.articles.renderings import RenderedText
    from api.articles.reviews import StandingReview
    from api.clinic import Clinic, Disclaimer
    from api.conditions import Condition
    from api.evidence.models import Source
    from api.media.models import MediaAsset
    from api.treatments import Treatment


PICTURE = re.compile(r"/media/([0-9a-f]{64})-")


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


@dataclass(frozen=True)
class Attribution:
    """Who says so: shown with every copy."""

    html: str
    text: str


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
        found = await by_id(Practitioner, list(wanted), self.viewer)
        return [found.get(each) for each in wanted]

    async def sources(self, keys: Sequence[str]) -> Sequence[Source | None]:
        return await by_key(keys, self.viewer)


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
    found = await media.by_id_or_hash(
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


def attribution(facts: ArticleFacts, site: str) -> Attribution:
    """The visible link to the original, with the date of its last review."""
    address = f"{site}{facts.article.path}"
    reviewed = f" Last reviewed on {facts.review.at:%d %B %Y}." if facts.review else ""
    name, title = escape(facts.clinic.name), escape(facts.article.title)
    html = f'<p class="meridian-attribution">From <a href="{escape(address)}">{title}</a> by {name}.{reviewed}</p>'
    return Attribution(html, f"From “{facts.article.title}” by {facts.clinic.name}, {address}.{reviewed}")


def html(facts: ArticleFacts, site: str, prefix: str) -> str:
    """The whole article as one piece of HTML with absolute addresses and ids that begin with `prefix`."""
    shared = {each.sha256 for each in facts.pictures if each.licence}
    blocks = [block["html"] for block in facts.text.blocks]
    body = documents.copied(blocks, id_prefix=prefix, absolute=site, pictures=shared)
    marks = {citation["key"]: [f"{prefix}{mark}" for mark in citation["marks"]] for citation in facts.text.citations}
    parts = [
        f"<h1>{escape(facts.article.title)}</h1>",
        f"<p>{escape(facts.article.summary)}</p>",
        body,
        *_risks(facts),
        *_care(facts),
        *_references(facts, prefix, marks),
        *(f"<p><strong>{escape(said.title)}</strong> {escape(said.text)}</p>" for said in facts.disclaimers),
        attribution(facts, site).html,
        terms(facts, site),
    ]
    return "\n".join(parts)


def text(facts: ArticleFacts, site: str) -> str:
    """The same as plain text."""
    references = [f"{reference.number}. {reference.line}" for reference in facts.references]
    advice = [" ".join([f"{said.heading}: {'; '.join(said.items)}", *_more(said)]) for said in facts.care_advice]
    risks = [line for risk in facts.risks for line in _risk_lines(risk)]
    disclaimers = [f"{said.title} {said.text}" for said in facts.disclaimers]
    parts = [facts.article.title, facts.article.summary, facts.text.text, *risks, *advice, *references, *disclaimers]
    return "\n\n".join([*parts, attribution(facts, site).text])


def content_hash(facts: ArticleFacts, site: str) -> str:
    """SHA-256 of what partners show and of the metadata beside it."""
    clinic, hero = facts.clinic, facts.hero_image
    said = {
        "text": text(facts, site),
        "html": facts.text.html,
        "authors": [_named(author) for author in facts.authors],
        "reviewer": _named(facts.reviewer) if facts.reviewer else None,
        "conditions": [[condition.name, condition.slug] for condition in facts.conditions],
        "treatments": [risk.treatment.slug for risk in facts.risks],
        "publisher": [clinic.name, clinic.telephone],
        "care": [[said.level, said.phone] for said in facts.care_advice],
        "hero": [hero.sha256, hero.alt, hero.credit, hero.licence] if hero else None,
        "pictures": [[each.sha256, each.licence] for each in facts.pictures],
        "language": facts.article.language,
        "licence": clinic.licence,
        "terms": [clinic.syndication_terms.get("version"), clinic.syndication_terms.get("url")],
        "logo": clinic.logo_id,
        "reviewed": facts.review.at.date() if facts.review else None,
        "sources": [reference.source.status if reference.source else None for reference in facts.references],
    }
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _named(person: Practitioner) -> list[str]:
    """How structured data names a person."""
    return [person.name, person.slug, person.job_title]


async def _below(find: Finder, model: type[Model], owner: str, owners: set[str]) -> dict[str, list[Any]]:
    ordered = sorted(owners)
    return dict(zip(ordered, await find.below(model, owner, ordered), strict=True))


def _risks(facts: ArticleFacts) -> list[str]:
    return [
        f"<section><h2>Risks of {escape(risk.treatment.name)}</h2>{_list(_outcomes(risk))}"
        + (
            f"<p>Ask first if one of these applies:</p>{_list(risk.treatment.contraindications)}"
            if risk.treatment.contraindications
            else ""
        )
        + "</section>"
        for risk in facts.risks
    ]


def _risk_lines(risk: Risks) -> list[str]:
    lines = [f"Risks of {risk.treatment.name}: {'; '.join(_outcomes(risk))}"]
    cautions = risk.treatment.contraindications
    return [*lines, f"Ask first if one of these applies: {'; '.join(cautions)}"] if cautions else lines


def _outcomes(risk: Risks) -> list[str]:
    return [f"{said.text} ({said.figure})" if said.figure else said.text for said in risk.adverse_outcomes] or [
        "Risks not yet reviewed here."
    ]


def _care(facts: ArticleFacts) -> list[str]:
    return [
        f"<section><h2>{escape(said.heading)}</h2>{_list(said.items)}"
        + "".join(f"<p>{escape(line)}</p>" for line in _more(said))
        + "</section>"
        for said in facts.care_advice
    ]


def _more(said: CareAdvice) -> list[str]:
    """What else to know, and the number to call."""
    return [line for line in (said.body, f"Call {said.phone}." if said.phone else None) if line]


def _references(facts: ArticleFacts, prefix: str, marks: Mapping[str, Sequence[str]]) -> list[str]:
    if not facts.references:
        return []
    items = (
        f'<li id="{escape(prefix)}ref-{escape(reference.key)}">{escape(reference.line)}'
        + "".join(f' <a href="#{mark}" aria-label="Back to the text">↩</a>' for mark in marks.get(reference.key, ()))
        + "</li>"
        for reference in facts.references
    )
    return [f"<section><h2>References</h2><ol>{''.join(items)}</ol></section>"]


def terms(facts: ArticleFacts, site: str) -> str:
    """Under which licence or terms it is shown, as HTML."""
    said = facts.clinic.syndication_terms
    if facts.clinic.licence:
        return f"<p>Licence: {escape(facts.clinic.licence['name'])}</p>"
    address = said.get("url") or "/partners"
    address = site + address if address.startswith("/") else address
    link = f'<a href="{escape(address)}">terms of {escape(facts.clinic.name)}</a>'
    return f"<p>Shown under the {link}, version {escape(said['version'])}.</p>"


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
