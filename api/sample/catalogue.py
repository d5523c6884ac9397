"""Puts the sample's catalogue into the database: sources, the clinic, conditions, treatments, people, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import clinic, documents
from api.articles import rendering
from api.conditions import CareAdvice, Condition, ConditionCode
from api.evidence import csl
from api.evidence.models import Source, SourceFinding
from api.practitioners import Credential, Practitioner, PractitionerOffers, PractitionerTreats
from api.sample import content
from api.statements import EvidenceStatement, StatementSource
from api.treatments import AdverseOutcome, Treatment

if TYPE_CHECKING:
    from api.sample.entries import ConditionEntry, TreatmentEntry
    from api.sample.loading import Loading


async def write(loading: Loading) -> None:
    """Write every entry, those first that others name; the longer texts come later."""
    await _sources(loading)
    await _clinic(loading)
    for condition in loading.said.conditions:
        await _condition(loading, condition)
    for condition in loading.said.conditions:
        if condition.parent:
            parent = loading.ids[f"condition:{condition.parent}"]
            await Condition.filter(id=loading.ids[f"condition:{condition.slug}"]).update(parent_id=parent)
    for treatment in loading.said.treatments:
        await _treatment(loading, treatment)
    await _practitioners(loading)
    await _statements(loading)


async def write_bodies(loading: Loading) -> None:
    """Write the longer texts of the catalogue, once every entry that they link to has an id."""
    for kind, model, entries in (
        ("condition", Condition, loading.said.conditions),
        ("treatment", Treatment, loading.said.treatments),
    ):
        for said in entries:
            tree = documents.from_markdown(content.filled(said.body, loading.ids))
            derived = await rendering.derive(tree)
            row = await model.get(id=loading.ids[f"{kind}:{said.slug}"])
            row.body, row.rendering = tree.dump(), vars(derived)
            await row.save()


async def _sources(loading: Loading) -> None:
    for said in loading.said.sources:
        work = csl.parse(said.csl)
        row = await Source.create(
            key=said.key, csl=work.dump(), n=said.n, population=said.population, limits=said.limits,
            plain_summary=said.plain_summary, study_design=said.study_design, status=said.status,
            status_note=said.status_note, status_checked_at=said.status_checked_at, is_published=True,
            doi=work.DOI, pmid=work.PMID, pmcid=work.PMCID, isbn=work.ISBN, url=work.URL,
        )  # fmt: skip
        loading.ids[f"source:{said.key}"] = row.id
        for place, found in enumerate(said.findings):
            low, high = found.ci or (None, None)
            facts = found.model_dump(exclude={"ci"}) | {"ci_low": low, "ci_high": high}
            await SourceFinding.create(source=row, position=place, **facts)
    for said in loading.said.sources:
        if said.superseded_by:
            newer = loading.ids[f"source:{said.superseded_by}"]
            await Source.filter(key=said.key).update(superseded_by_id=newer)


async def _clinic(loading: Loading) -> None:
    said = loading.said.clinic
    facts = said.model_dump(mode="json", exclude={"logo", "opening_hours"})
    hours = [_hours(each.model_dump(mode="json")) for each in said.opening_hours]
    await clinic.Clinic.create(**facts, logo_id=loading.ids[f"picture:{said.logo}"], opening_hours=hours)
    for each in loading.said.disclaimers:
        row = await clinic.Disclaimer.create(key=each.key, title=each.title, text=each.text, is_published=True)
        loading.ids[f"disclaimer:{each.key}"] = row.id


def _hours(said: dict[str, Any]) -> dict[str, Any]:
    return said | {"opens": said["opens"][:5], "closes": said["closes"][:5]}


async def _condition(loading: Loading, said: ConditionEntry) -> None:
    apart = {"published", "parent", "codes", "care_advice", "body"}
    row = await Condition.create(**said.model_dump(exclude=apart), is_published=said.published)
    loading.ids[f"condition:{said.slug}"] = row.id
    for code in said.codes:
        await ConditionCode.create(condition=row, **code.model_dump())
    for place, advice in enumerate(said.care_advice):
        await CareAdvice.create(condition=row, position=place, **advice.model_dump())


async def _treatment(loading: Loading, said: TreatmentEntry) -> None:
    row = await Treatment.create(
        **said.model_dump(exclude={"published", "adverse_outcomes", "body"}), is_published=said.published
    )
    loading.ids[f"treatment:{said.slug}"] = row.id
    for place, outcome in enumerate(said.adverse_outcomes):
        source = loading.ids[f"source:{outcome.source}"]
        await AdverseOutcome.create(
            treatment=row, position=place, source_id=source, **outcome.model_dump(exclude={"source"})
        )


async def _practitioners(loading: Loading) -> None:
    for said in loading.said.practitioners:
        apart = {"photo", "credentials", "treats", "offers"}
        photo = loading.ids[f"picture:{said.photo}"]
        row = await Practitioner.create(**said.model_dump(exclude=apart), photo_id=photo, is_published=True)
        loading.ids[f"practitioner:{said.slug}"] = row.id
        for place, held in enumerate(said.credentials):
            until = held.valid_until_days_ahead
            facts = held.model_dump(exclude={"valid_from_days_ago", "valid_until_days_ahead"})
            begun = loading.moment(held.valid_from_days_ago).date()
            ends = loading.moment(-until).date() if until is not None else None
            await Credential.create(practitioner=row, position=place, valid_from=begun, valid_until=ends, **facts)
        for place, condition in enumerate(loading.of("condition", said.treats)):
            await PractitionerTreats.create(practitioner=row, condition_id=condition, position=place)
        for place, treatment in enumerate(loading.of("treatment", said.offers)):
            await PractitionerOffers.create(practitioner=row, treatment_id=treatment, position=place)


async def _statements(loading: Loading) -> None:
    for said in loading.said.statements:
        apart = {"key", "treatment", "condition", "sources", "guideline", "assessed_by", "assessed_days_ago"}
        row = await EvidenceStatement.create(
            **said.model_dump(exclude=apart),
            treatment_id=loading.ids[f"treatment:{said.treatment}"],
            condition_id=loading.ids[f"condition:{said.condition}"],
            guideline=said.guideline.model_dump() if said.guideline else None,
            assessed_by_id=loading.ids[f"practitioner:{said.assessed_by}"],
            assessed_at=loading.moment(said.assessed_days_ago).date(),
            is_published=True,
        )
        loading.ids[f"statement:{said.key}"] = row.id
        for place, source in enumerate(loading.of("source", said.sources)):
            await StatementSource.create(statement=row, source_id=source, position=place)
