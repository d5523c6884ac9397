"""Treatments and what can go wrong with them."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api import jsonld, treatments
from api.articles import reading
from api.practitioners import PractitionerOffers
from schema.context import Info
from schema.document import Body, text_of
from schema.entry import Entry
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import ArticleRef, EvidenceStatementRef, PractitionerRef, SourceRef
from schema.scalars import URL


@strawberry.input(one_of=True, description="Which treatment: by exactly one of these.")
class TreatmentBy:
    id: strawberry.Maybe[ID] = field(description="By id.")
    slug: strawberry.Maybe[str] = field(description="By slug.")


@strawberry.input(description="Which treatments; what is not given does not narrow.")
class TreatmentFilter:
    condition: ID | None = field(
        default=None, description="Only those about which something is known for this condition."
    )
    starts_with: str | None = field(default=None, description="Only those whose name begins so; case does not matter.")


@strawberry.type(description="Something that can go wrong.")
class AdverseOutcome:
    text: str = field(description="What.")
    frequency: treatments.Frequency = field(description="How often.")
    figure: str | None = field(description="The figure behind the band.")

    @field(description="Who says so.")
    @staticmethod
    async def source(outcome: Parent[treatments.AdverseOutcome], info: Info) -> SourceRef | None:
        cited = outcome.source_id
        return await info.context.loaders.by_id("source").load(cited) if cited else None


@strawberry.type(description="A therapy (schema.org MedicalTherapy).")
class Treatment(Node, Entry):
    is_type_of = made_from(treatments.Treatment)

    id: ID = field(description="The id, `trt_…`.")
    name: str = field(description="Its name.")
    slug: str = field(description="Its place in the address.")
    summary: str = field(description="What it is, in a few sentences.")
    medicine_system: str | None = field(description="The school of medicine that it comes from.")
    how_performed: str | None = field(description="What happens.")
    preparation: str | None = field(description="How to prepare.")
    aftercare: str | None = field(description="What to do afterwards.")
    contraindications: list[str] = field(description="Who should not have it, or should ask first.")
    updated_at: datetime = field(description="When the entry last changed.")

    @field(description="Its absolute address on the clinic's site.")
    @staticmethod
    def url(treatment: Parent[treatments.Treatment], info: Info) -> URL:
        return URL(info.context.address(f"/treatments/{treatment.slug}"))

    @field(description="The longer text; null when there is none.")
    @staticmethod
    def body(treatment: Parent[treatments.Treatment]) -> Body | None:
        return text_of(treatment.rendering, treatment.body)  # type: ignore[return-value] # Body is made from Text

    @field(description="What can go wrong, most frequent first.")
    @staticmethod
    async def adverse_outcomes(treatment: Parent[treatments.Treatment], info: Info) -> list[AdverseOutcome]:
        return await info.context.loaders.below(treatments.AdverseOutcome, "treatment").load(treatment.id)

    @field(
        description="Whether both adverse outcomes and contraindications were looked into; if not, say so to readers."
    )
    @staticmethod
    async def risks_reviewed(treatment: Parent[treatments.Treatment], info: Info) -> bool:
        rows = await info.context.loaders.below(treatments.AdverseOutcome, "treatment").load(treatment.id)
        return bool(rows and treatment.contraindications)

    @field(description="What is known about it, by condition.")
    @staticmethod
    async def statements(treatment: Parent[treatments.Treatment], info: Info) -> list[EvidenceStatementRef]:
        return await info.context.loaders.statements("treatment").load(treatment.id)

    @field(description="Who offers it, from A to Z.")
    @staticmethod
    async def practitioners(treatment: Parent[treatments.Treatment], info: Info) -> list[PractitionerRef]:
        return await info.context.loaders.linked(
            PractitionerOffers, "treatment", "practitioner", "practitioner.name"
        ).load(treatment.id)

    @field(description="The articles about it, newest first.")
    @staticmethod
    async def articles(
        treatment: Parent[treatments.Treatment],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ArticleRef]:
        listing = reading.related_by(info.context.viewer, "revision_treatment", "treatment_id")
        return await connection(info, listing, "article", (first, after, last, before), below=treatment.id)

    @field(description="The entry as JSON-LD (schema.org).")
    @staticmethod
    async def json_ld(treatment: Parent[treatments.Treatment], info: Info) -> JSON:
        outcomes: Any = await info.context.loaders.below(treatments.AdverseOutcome, "treatment").load(treatment.id)
        return JSON(jsonld.treatment(treatment, outcomes, info.context.site))
