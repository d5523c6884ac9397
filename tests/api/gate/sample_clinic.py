"""The sample clinic's articles as the gate is handed them, made from its files alone."""

from datetime import date, timedelta
from functools import cache

from api import gate
from api.documents import CareLevel, Document, from_markdown
from api.gate.model import GatedRevision
from api.sample.content import SampleContent, filled, read
from api.sample.entries import ConditionEntry, PractitionerEntry, SourceEntry, TreatmentEntry
from api.sample.texts import ArticleEntry

TODAY = date(2026, 11, 22)
PREFIXES = {"picture": "med_", "condition": "cnd_", "treatment": "trt_", "practitioner": "prc_", "article": "art_"}


@cache
def content() -> SampleContent:
    return read()


@cache
def ids() -> dict[str, str]:
    """An id for everything that a body can name, such as `condition:migraine`."""
    said = content()
    names = [
        *(f"picture:{each.name}" for each in said.pictures),
        *(f"condition:{each.slug}" for each in said.conditions),
        *(f"treatment:{each.slug}" for each in said.treatments),
        *(f"practitioner:{each.slug}" for each in said.practitioners),
        *(f"article:{each.slug}" for each in said.articles),
    ]
    return {name: f"{PREFIXES[name.partition(':')[0]]}{number:026}" for number, name in enumerate(names)}


def practitioner(said: PractitionerEntry) -> gate.Practitioner:
    return gate.Practitioner(
        id=ids()[f"practitioner:{said.slug}"],
        name=said.name,
        job_title=said.job_title,
        bio=said.bio,
        credentials=tuple(
            gate.Credential(
                kind=held.kind,
                name=held.name,
                recognized_by=held.recognized_by,
                identifier=held.identifier,
                valid_from=TODAY - timedelta(days=held.valid_from_days_ago),
                valid_until=TODAY + timedelta(days=held.valid_until_days_ahead)
                if held.valid_until_days_ahead is not None
                else None,
            )
            for held in said.credentials
        ),
    )


def condition(said: ConditionEntry) -> gate.Condition:
    return gate.Condition(
        id=ids()[f"condition:{said.slug}"],
        name=said.name,
        alternate_names=said.alternate_names,
        care_advice=tuple(
            gate.CareAdvice(level=CareLevel(each.level), items=each.items, body=each.body) for each in said.care_advice
        ),
        no_urgent_advice_reason=said.no_urgent_advice_reason,
        publicity=publicity(is_public=said.published),
    )


def treatment(said: TreatmentEntry) -> gate.Treatment:
    return gate.Treatment(
        id=ids()[f"treatment:{said.slug}"],
        name=said.name,
        adverse_outcomes=tuple(each.text for each in said.adverse_outcomes),
        contraindications=said.contraindications,
        publicity=publicity(is_public=said.published),
    )


def source(said: SourceEntry) -> gate.Source:
    return gate.Source(
        key=said.key,
        csl=said.csl,
        design=said.study_design,
        status=said.status,
        doi=said.csl.get("DOI"),
        pmid=said.csl.get("PMID"),
        pmcid=said.csl.get("PMCID"),
        isbn=said.csl.get("ISBN"),
        findings=tuple(
            gate.StudyFinding(comparator=each.comparator, direction=each.direction) for each in said.findings
        ),
    )


def publicity(*, is_public: bool) -> gate.Publicity:
    return gate.Publicity.PUBLIC if is_public else gate.Publicity.NEVER_PUBLIC


def body(markdown: str) -> Document:
    return from_markdown(filled(markdown, ids()))


@cache
def catalogue() -> gate.Catalogue:
    said = content()
    return gate.Catalogue(
        treatments=tuple(map(treatment, said.treatments)), conditions=tuple(map(condition, said.conditions))
    )


@cache
def sources() -> dict[str, gate.Source]:
    return {each.key: source(each) for each in content().sources}


@cache
def clinic() -> gate.Clinic:
    said = content().clinic
    return gate.Clinic(
        jurisdiction=said.jurisdiction,
        review_interval_months=said.review_interval_months,
        telephones=(said.telephone,),
        emails=(said.email,),
        postcodes=(said.address.postal_code,),
    )


def revision(said: ArticleEntry) -> GatedRevision:
    """The article as it stands today, reviewed as its file says."""
    everybody = {each.slug: practitioner(each) for each in content().practitioners}
    known = {each.name: each for each in (*catalogue().conditions, *catalogue().treatments)}
    names = {each.slug: each.name for each in (*content().conditions, *content().treatments)}
    pictures = {ids()[f"picture:{each.name}"]: gate.Picture(alt=each.alt) for each in content().pictures}
    return GatedRevision(
        kind=gate.Kind(said.kind),
        title=said.title,
        summary=said.summary,
        body=body(said.body),
        as_of=TODAY,
        content_hash="as reviewed",
        authors=tuple(everybody[slug] for slug in said.authors),
        conditions=tuple(known[names[slug]] for slug in said.conditions),
        treatments=tuple(known[names[slug]] for slug in said.treatments),
        disclaimers=said.disclaimers,
        sources=sources(),
        hero_image=ids()[f"picture:{said.hero}"] if said.hero else None,
        pictures=pictures,
        review=_review(said, everybody),
        clinic=clinic(),
        catalogue=catalogue(),
        linked=dict.fromkeys(ids().values(), gate.Publicity.PUBLIC),
    )


def _review(said: ArticleEntry, everybody: dict[str, gate.Practitioner]) -> gate.Review | None:
    if said.reviewer is None or said.reviewed is None or said.next_review is None:
        return None
    return gate.Review(
        reviewer=everybody[said.reviewer],
        on=TODAY - timedelta(days=said.reviewed),
        content_hash="as reviewed",
        next_due=TODAY + timedelta(days=said.next_review),
    )
