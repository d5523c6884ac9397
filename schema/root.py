"""The queries, and the schema that is made of all types."""

import asyncio
from typing import Annotated, Any

import strawberry
from graphql import GraphQLID, GraphQLString
from strawberry import ID, field
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from api import clinic as the_clinics
from api import ids
from api.articles import reading
from api.errors import Invalid
from api.evidence import reading as evidence
from api.routing import route
from schema import executing, listing, mutating
from schema import search as finding
from schema.article import Article, ArticleBy, ArticleFilter
from schema.beginning import Beginnings
from schema.bulk import Bulk
from schema.catalogue.clinic import TheClinic
from schema.catalogue.condition import Conditions
from schema.catalogue.disclaimer import Disclaimers
from schema.catalogue.picture import Describing
from schema.catalogue.practitioner import Practitioners
from schema.catalogue.proposal import Deciding
from schema.catalogue.source import Sources
from schema.catalogue.statement import EvidenceStatements
from schema.catalogue.treatment import Treatments
from schema.change import Changes
from schema.clinic import Clinic, Disclaimer
from schema.commenting import CommentForm, Commenting, comment_form
from schema.condition import Condition, ConditionBy, ConditionFilter
from schema.context import Info
from schema.editing import Editing
from schema.editorial import Editorial
from schema.enums import ArticleOrder, CatalogueOrder, SearchType
from schema.erasing import Erasing
from schema.importing import Importing
from schema.links import Links
from schema.members import Members
from schema.moderation import Moderation
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last, connection
from schema.partners import Partners
from schema.permissions import STAFF, holds
from schema.practitioner import Practitioner, PractitionerBy, PractitionerFilter
from schema.publishing import Publishing
from schema.route import Route
from schema.scalars import SCALARS, refuse_unstorable
from schema.search import SearchConnection
from schema.session import Session
from schema.source import Source, SourceBy
from schema.statement import EvidenceStatement
from schema.treatment import Treatment, TreatmentBy, TreatmentFilter
from schema.viewer import Viewer
from schema.views import Viewing
from schema.waiving import Waiving
from schema.webhooks import Webhooks

MOST_NODES = 100
Path = Annotated[str, strawberry.argument(description="A path of the clinic's site, such as `/articles/sleep`.")]


@strawberry.type(description="Everything that can be asked.")
class Query(Changes, Beginnings):
    @field(description="Anything by its id; null when there is no such thing for this viewer.")
    @staticmethod
    async def node(info: Info, id: Annotated[ID, strawberry.argument(description="The id.")]) -> Node | None:
        return await _node(info, id)

    @field(description="Several things by id, in the order asked for, null where there is none; up to 100.")
    @staticmethod
    async def nodes(
        info: Info, ids: Annotated[list[ID], strawberry.argument(description="The ids.")]
    ) -> list[Node | None]:
        if len(ids) > MOST_NODES:
            raise Invalid(f"Ask for up to {MOST_NODES} things at once; you asked for {len(ids)}.")
        return list(await asyncio.gather(*(_node(info, key) for key in ids)))

    @field(description="The clinic that publishes.")
    @staticmethod
    async def clinic(info: Info) -> Clinic:
        return await info.context.loaders.clinic()  # type: ignore[return-value] # Clinic is made from its row

    @field(description="Who is asking.")
    @staticmethod
    def viewer(info: Info) -> Viewer:
        return info.context.viewer  # type: ignore[return-value] # made from the room's Viewer

    @field(description="One article; null when there is none for this viewer.")
    @staticmethod
    async def article(
        info: Info, by: Annotated[ArticleBy, strawberry.argument(description="Which.")]
    ) -> Article | None:
        return await _one(info, "article", by)

    @field(description="Articles.")
    @staticmethod
    async def articles(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[ArticleFilter | None, strawberry.argument(description="Which.")] = None,
        order_by: Annotated[
            ArticleOrder | None, strawberry.argument(description="In which order.")
        ] = ArticleOrder.NEWEST,
    ) -> Connection[Article]:
        found = listing.articles(info.context.viewer, filter or ArticleFilter(), order_by)
        return await connection(info, found, "article", (first, after, last, before))

    @field(description="One condition; null when there is none for this viewer.")
    @staticmethod
    async def condition(
        info: Info, by: Annotated[ConditionBy, strawberry.argument(description="Which.")]
    ) -> Condition | None:
        return await _one(info, "condition", by)

    @field(description="Conditions.")
    @staticmethod
    async def conditions(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[ConditionFilter | None, strawberry.argument(description="Which.")] = None,
        order_by: Annotated[
            CatalogueOrder | None, strawberry.argument(description="In which order.")
        ] = CatalogueOrder.NAME,
    ) -> Connection[Condition]:
        found = listing.conditions(info.context.viewer, filter or ConditionFilter(), order_by)
        return await connection(info, found, "condition", (first, after, last, before))

    @field(description="One treatment; null when there is none for this viewer.")
    @staticmethod
    async def treatment(
        info: Info, by: Annotated[TreatmentBy, strawberry.argument(description="Which.")]
    ) -> Treatment | None:
        return await _one(info, "treatment", by)

    @field(description="Treatments.")
    @staticmethod
    async def treatments(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[TreatmentFilter | None, strawberry.argument(description="Which.")] = None,
        order_by: Annotated[
            CatalogueOrder | None, strawberry.argument(description="In which order.")
        ] = CatalogueOrder.NAME,
    ) -> Connection[Treatment]:
        found = listing.treatments(info.context.viewer, filter or TreatmentFilter(), order_by)
        return await connection(info, found, "treatment", (first, after, last, before))

    @field(description="One practitioner; null when there is none for this viewer.")
    @staticmethod
    async def practitioner(
        info: Info, by: Annotated[PractitionerBy, strawberry.argument(description="Which.")]
    ) -> Practitioner | None:
        return await _one(info, "practitioner", by)

    @field(description="The practitioners of the clinic; external reviewers have a profile but stand in no list.")
    @staticmethod
    async def practitioners(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[PractitionerFilter | None, strawberry.argument(description="Which.")] = None,
        order_by: Annotated[
            CatalogueOrder | None, strawberry.argument(description="In which order.")
        ] = CatalogueOrder.NAME,
    ) -> Connection[Practitioner]:
        found = listing.practitioners_of(info.context.viewer, filter or PractitionerFilter(), order_by)
        return await connection(info, found, "practitioner", (first, after, last, before))

    @field(description="One source; null when there is none for this viewer.")
    @staticmethod
    async def source(info: Info, by: Annotated[SourceBy, strawberry.argument(description="Which.")]) -> Source | None:
        return await evidence.one(_given(by), info.context.viewer)  # type: ignore[return-value] # made from its row

    @field(description="The sources, by key.")
    @staticmethod
    async def sources(
        info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Source]:
        return await connection(info, evidence.listing(info.context.viewer), "source", (first, after, last, before))

    @field(description="The disclaimers, by title.")
    @staticmethod
    async def disclaimers(
        info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Disclaimer]:
        return await connection(
            info, the_clinics.listing(info.context.viewer), "disclaimer", (first, after, last, before)
        )

    @field(
        description="Finds articles, conditions, treatments and practitioners by words; "
        "the last word may be a beginning."
    )
    @staticmethod
    async def search(
        info: Info,
        query: Annotated[str, strawberry.argument(description="One or a few words, up to 200 characters.")],
        first: First = None,
        after: After = None,
        types: Annotated[
            list[SearchType] | None, strawberry.argument(description="Only these kinds; all when nothing is said.")
        ] = None,
    ) -> SearchConnection:
        return await finding.find(info, query, first, after, types)

    @field(
        description="What stands behind a path today: a thing, where it moved, or what is said of what was taken down."
    )
    @staticmethod
    async def route(info: Info, path: Path) -> Route | None:
        return await route(path, info.context.viewer)

    @field(
        description="What a page needs for a comment or a reported problem; no cache keeps it, so ask for it anew for "
        "each form."
    )
    @staticmethod
    async def comment_form(
        info: Info, article: Annotated[ID, strawberry.argument(description="The article's id.")]
    ) -> CommentForm:
        return await comment_form(info, article)

    @field(description="The editors' side; null for readers.")
    @staticmethod
    def editorial(info: Info) -> Editorial | None:
        return Editorial() if holds(STAFF, info.context.viewer) else None


async def _node(info: Info, key: str) -> Any:  # noqa: ANN401 - any type that implements Node
    kind = ids.kind_of(key)
    return await info.context.loaders.by_id(kind).load(key) if kind else None


def _given(by: object) -> tuple[str, str]:
    """The one key of a @oneOf input and its value."""
    return next((name, given.value) for name, given in vars(by).items() if given is not None)


async def _one(info: Info, kind: str, by: object) -> Any:  # noqa: ANN401 - as the field says
    name, value = _given(by)
    if kind == "article" and (shown := await reading.previewed(info.context.viewer)):
        return shown
    loader = info.context.loaders.by_id(kind) if name == "id" else info.context.loaders.by_slug(kind)
    return await loader.load(value)


CATALOGUE = (
    Conditions,
    Treatments,
    Practitioners,
    Sources,
    EvidenceStatements,
    Disclaimers,
    Deciding,
    TheClinic,
    Describing,
)
ARTICLES = (Editing, Publishing, Bulk, Links, Waiving, Importing, Erasing)
MACHINES = (Partners, Webhooks, Viewing)
Mutation = merge_types("Mutation", (*ARTICLES, *CATALOGUE, Commenting, Moderation, Session, Members, *MACHINES))
Mutation.__strawberry_definition__.description = "Everything that can be done."  # type: ignore[attr-defined] # Strawberry's own

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[EvidenceStatement],
    config=StrawberryConfig(scalar_map=SCALARS),
    execution_context_class=executing.Executor,
)
mutating.guard(schema)
executing.shorten(schema)
refuse_unstorable(GraphQLString, GraphQLID)
