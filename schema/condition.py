"""Conditions, their care advice and codes."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api import conditions, jsonld
from api.articles import reading
from api.practitioners import PractitionerTreats
from schema.context import Info
from schema.document import Body, text_of
from schema.entry import Entry
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import ArticleRef, ConditionRef, EvidenceStatementRef, PractitionerRef
from schema.scalars import URL


@strawberry.input(one_of=True, description="Which condition: by exactly one of these.")
class ConditionBy:
    id: strawberry.Maybe[ID] = field(description="By id.")
    slug: strawberry.Maybe[str] = field(description="By slug.")


@strawberry.input(description="Which conditions; what is not given does not narrow.")
class ConditionFilter:
    parent: ID | None = field(default=None, description="Only those directly below this condition.")
    treatment: ID | None = field(
        default=None, description="Only those for which something is known about this treatment."
    )
    starts_with: str | None = field(default=None, description="Only those whose name begins so; case does not matter.")


@strawberry.type(description="A condition's code in a vocabulary.")
class ConditionCode:
    system: conditions.CodeSystem = field(description="The vocabulary.")
    value: str = field(description="The code.")


@strawberry.type(description="Signs that call for help, and how soon.")
class CareAdvice:
    level: conditions.CareLevel = field(description="How soon.")
    heading: str = field(description="What to do, as a heading.")
    items: list[str] = field(description="The signs, one each.")
    body: str | None = field(description="What else to know.")
    phone: str | None = field(description="The number to call, such as `999` or `111`.")


@strawberry.type(description="A medical condition (schema.org MedicalCondition).")
class Condition(Node, Entry):
    is_type_of = made_from(conditions.Condition)

    id: ID = field(description="The id, `cnd_…`.")
    name: str = field(description="Its name.")
    slug: str = field(description="Its place in the address.")
    alternate_names: list[str] = field(description="Other names.")
    summary: str = field(description="What it is, in a few sentences.")
    body_location: str | None = field(description="Where in the body.")
    causes: list[str] = field(description="What may cause it.")
    symptoms: list[str] = field(description="How it shows.")
    risk_factors: list[str] = field(description="What makes it more likely.")
    no_urgent_advice_reason: str | None = field(description="Why there is no urgent advice, where there is none.")
    updated_at: datetime = field(description="When the entry last changed.")

    @field(description="Its absolute address on the clinic's site.")
    @staticmethod
    def url(condition: Parent[conditions.Condition], info: Info) -> URL:
        return URL(info.context.address(f"/conditions/{condition.slug}"))

    @field(description="The longer text; null when there is none.")
    @staticmethod
    def body(condition: Parent[conditions.Condition]) -> Body | None:
        return text_of(condition.rendering, condition.body)  # type: ignore[return-value] # Body is made from Text

    @field(description="The wider condition that it belongs to.")
    @staticmethod
    async def parent(condition: Parent[conditions.Condition], info: Info) -> ConditionRef | None:
        wider = condition.parent_id
        return await info.context.loaders.by_id("condition").load(wider) if wider else None

    @field(description="The narrower conditions below it, from A to Z.")
    @staticmethod
    async def children(condition: Parent[conditions.Condition], info: Info) -> list[ConditionRef]:
        return await info.context.loaders.children.load(condition.id)

    @field(description="Its codes.")
    @staticmethod
    async def codes(condition: Parent[conditions.Condition], info: Info) -> list[ConditionCode]:
        return await info.context.loaders.below(conditions.ConditionCode, "condition", "system", "value").load(
            condition.id
        )

    @field(description="When to get help, most pressing first.")
    @staticmethod
    async def care_advice(condition: Parent[conditions.Condition], info: Info) -> list[CareAdvice]:
        return await info.context.loaders.below(conditions.CareAdvice, "condition").load(condition.id)

    @field(description="What is known about treatments for it, by treatment.")
    @staticmethod
    async def statements(condition: Parent[conditions.Condition], info: Info) -> list[EvidenceStatementRef]:
        return await info.context.loaders.statements("condition").load(condition.id)

    @field(description="Who treats it, from A to Z.")
    @staticmethod
    async def practitioners(condition: Parent[conditions.Condition], info: Info) -> list[PractitionerRef]:
        return await info.context.loaders.linked(
            PractitionerTreats, "condition", "practitioner", "practitioner.name"
        ).load(condition.id)

    @field(description="The articles about it, newest first.")
    @staticmethod
    async def articles(
        condition: Parent[conditions.Condition],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ArticleRef]:
        listing = reading.related_by(info.context.viewer, "revision_condition", "condition_id")
        return await connection(info, listing, "article", (first, after, last, before), below=condition.id)

    @field(description="The entry as JSON-LD (schema.org).")
    @staticmethod
    async def json_ld(condition: Parent[conditions.Condition], info: Info) -> JSON:
        codes: Any = await info.context.loaders.below(conditions.ConditionCode, "condition", "system", "value").load(
            condition.id
        )
        return JSON(jsonld.condition(condition, codes, info.context.site))
