"""Practitioners and what entitles them."""

from datetime import UTC, date, datetime
from typing import Any

import strawberry
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api import jsonld, practitioners
from api.articles import reading
from schema.context import Info
from schema.entry import Entry
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import ArticleRef, ConditionRef, MediaAssetRef, TreatmentRef
from schema.scalars import URL


@strawberry.input(one_of=True, description="Which practitioner: by exactly one of these.")
class PractitionerBy:
    id: strawberry.Maybe[ID] = field(description="By id.")
    slug: strawberry.Maybe[str] = field(description="By slug.")


@strawberry.input(description="Which practitioners; what is not given does not narrow.")
class PractitionerFilter:
    condition: ID | None = field(default=None, description="Only those who treat this condition.")
    treatment: ID | None = field(default=None, description="Only those who offer this treatment.")


@strawberry.type(description="What entitles somebody: a register entry, membership, qualification or licence.")
class Credential:
    kind: practitioners.CredentialKind = field(description="What sort it is.")
    name: str = field(description="Its name.")
    recognized_by: str | None = field(description="Who gave it.")
    identifier: str | None = field(description="Its number.")
    url: URL | None = field(description="Where to check it.")
    valid_from: date | None = field(description="The first day.")
    valid_until: date | None = field(description="The last day; null when it does not end.")

    @field(description="Whether it holds today.")
    @staticmethod
    def is_current(credential: Parent[practitioners.Credential]) -> bool:
        today = datetime.now(UTC).date()
        return (credential.valid_from or today) <= today <= (credential.valid_until or today)


@strawberry.type(description="A person who treats, writes or reviews (schema.org Person).")
class Practitioner(Node, Entry):
    is_type_of = made_from(practitioners.Practitioner)

    id: ID = field(description="The id, `prc_…`.")
    name: str = field(description="Full name.")
    slug: str = field(description="Place in the address.")
    honorific_prefix: str | None = field(description="Title before the name.")
    job_title: str = field(description="Job title.")
    profession: str | None = field(description="Profession.")
    bio: str | None = field(description="Who this is, plain text; blank lines part paragraphs.")
    specialties: list[str] = field(description="Special interests.")
    same_as: list[URL] = field(description="Other pages about the same person.")
    conflict_of_interest: str | None = field(description="Interests that a reader should know of.")
    affiliation: practitioners.Affiliation = field(description="How the person belongs to the clinic.")

    @field(description="Absolute address on the clinic's site.")
    @staticmethod
    def url(practitioner: Parent[practitioners.Practitioner], info: Info) -> URL:
        return URL(info.context.address(f"/practitioners/{practitioner.slug}"))

    @field(description="Where to book.")
    @staticmethod
    def booking_url(practitioner: Parent[practitioners.Practitioner], info: Info) -> URL | None:
        return info.context.link(practitioner.booking_url)

    @field(description="A photograph.")
    @staticmethod
    async def photo(practitioner: Parent[practitioners.Practitioner], info: Info) -> MediaAssetRef | None:
        asset = practitioner.photo_id
        return await info.context.loaders.by_id("media").load(asset) if asset else None

    @field(description="Registers, memberships, qualifications and licences.")
    @staticmethod
    async def credentials(practitioner: Parent[practitioners.Practitioner], info: Info) -> list[Credential]:
        return await info.context.loaders.below(practitioners.Credential, "practitioner").load(practitioner.id)

    @field(description="The conditions that this person treats.")
    @staticmethod
    async def treats(practitioner: Parent[practitioners.Practitioner], info: Info) -> list[ConditionRef]:
        loader = info.context.loaders.linked(practitioners.PractitionerTreats, "practitioner", "condition")
        return await loader.load(practitioner.id)

    @field(description="The treatments that this person offers.")
    @staticmethod
    async def offers(practitioner: Parent[practitioners.Practitioner], info: Info) -> list[TreatmentRef]:
        loader = info.context.loaders.linked(practitioners.PractitionerOffers, "practitioner", "treatment")
        return await loader.load(practitioner.id)

    @field(description="The articles that this person wrote, newest first.")
    @staticmethod
    async def articles(
        practitioner: Parent[practitioners.Practitioner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ArticleRef]:
        listing = reading.related_by(info.context.viewer, "revision_author", "practitioner_id")
        return await connection(info, listing, "article", (first, after, last, before), below=practitioner.id)

    @field(description="The articles whose standing review is this person's, newest first.")
    @staticmethod
    async def reviewed(
        practitioner: Parent[practitioners.Practitioner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ArticleRef]:
        listing = reading.reviewed_by(info.context.viewer)
        return await connection(info, listing, "article", (first, after, last, before), below=practitioner.id)

    @field(description="The profile as JSON-LD (schema.org).")
    @staticmethod
    async def json_ld(practitioner: Parent[practitioners.Practitioner], info: Info) -> JSON:
        rows: Any = await info.context.loaders.below(practitioners.Credential, "practitioner").load(practitioner.id)
        return JSON(jsonld.practitioner(practitioner, rows, info.context.site))
