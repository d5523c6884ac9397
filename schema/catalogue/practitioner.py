"""Mutations of practitioners."""

from datetime import date
from typing import Annotated

import strawberry
from pydantic import Field, StringConstraints
from strawberry import Maybe

from api.practitioners import Affiliation, CredentialKind
from api.publishing import catalogue
from schema.catalogue.inputs import MOVED, SLUG, Address, Line, Lines, Name, Slug, Words
from schema.catalogue.verbs import mutations
from schema.inputs import KEY, VERSION, Id, Ids, Input, Key, Version
from schema.refs import PractitionerRef
from schema.scalars import URL

NAME = "Full name, up to 160 characters."
PREFIX = "Title before the name, up to 20 characters."
JOB = "Job title."
PROFESSION = "Profession."
BIO = "Who this is, plain text; blank lines part paragraphs."
PHOTO = "A photograph, `med_…`."
SPECIALTIES = "Special interests."
BOOKING = "Where to book: an address, or a path of the clinic's site."
SAME = "Other pages about the same person, up to 20."
INTERESTS = "Interests that a reader should know of."
AFFILIATION = "How the person belongs to the clinic."
CREDENTIALS = "What entitles the person, up to 40; they replace those before."
TREATS = "The conditions that this person treats, in order."
OFFERS = "The treatments that this person offers, in order."
Prefix = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Links = Annotated[list[URL], Field(max_length=20)]


@strawberry.pydantic.input(
    description="What entitles somebody: a register entry, membership, qualification or licence."
)
class CredentialInput(Input):
    kind: CredentialKind = Field(description="What sort it is.")
    name: Line = Field(description="Its name.")
    recognized_by: Line | None = Field(None, description="Who gave it.")
    identifier: Number | None = Field(None, description="Its number.")
    url: URL | None = Field(None, description="Where to check it.")
    valid_from: date | None = Field(None, description="The first day.")
    valid_until: date | None = Field(None, description="The last day; null when it does not end.")


Credentials = Annotated[list[CredentialInput], Field(max_length=40)]


@strawberry.pydantic.input(description="A new practitioner.")
class CreatePractitionerInput(Input):
    name: Name = Field(description=NAME)
    slug: Slug | None = Field(None, description=SLUG)
    honorific_prefix: Prefix | None = Field(None, description=PREFIX)
    job_title: Name = Field(description=JOB)
    profession: Name | None = Field(None, description=PROFESSION)
    bio: Words | None = Field(None, description=BIO)
    photo: Id | None = Field(None, description=PHOTO)
    specialties: Lines | None = Field(None, description=SPECIALTIES)
    booking_url: Address | None = Field(None, description=BOOKING)
    same_as: Links | None = Field(None, description=SAME)
    conflict_of_interest: Words | None = Field(None, description=INTERESTS)
    affiliation: Affiliation | None = Field(Affiliation.STAFF, description=AFFILIATION)
    credentials: Credentials | None = Field(None, description=CREDENTIALS)
    treats: Ids | None = Field(None, description=TREATS)
    offers: Ids | None = Field(None, description=OFFERS)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a practitioner. What is absent stays; null clears.")
class UpdatePractitionerInput(Input):
    id: Id = Field(description="The practitioner.")
    expected_version: Version = Field(description=VERSION)
    name: Maybe[Name] = Field(None, description=NAME)
    slug: Maybe[Slug] = Field(None, description=MOVED)
    honorific_prefix: Maybe[Prefix | None] = Field(None, description=PREFIX)
    job_title: Maybe[Name] = Field(None, description=JOB)
    profession: Maybe[Name | None] = Field(None, description=PROFESSION)
    bio: Maybe[Words | None] = Field(None, description=BIO)
    photo: Maybe[Id | None] = Field(None, description=PHOTO)
    specialties: Maybe[Lines | None] = Field(None, description=SPECIALTIES)
    booking_url: Maybe[Address | None] = Field(None, description=BOOKING)
    same_as: Maybe[Links | None] = Field(None, description=SAME)
    conflict_of_interest: Maybe[Words | None] = Field(None, description=INTERESTS)
    affiliation: Maybe[Affiliation] = Field(None, description=AFFILIATION)
    credentials: Maybe[Credentials | None] = Field(None, description=CREDENTIALS)
    treats: Maybe[Ids | None] = Field(None, description=TREATS)
    offers: Maybe[Ids | None] = Field(None, description=OFFERS)
    idempotency_key: Key = Field(None, description=KEY)


Practitioners = mutations(catalogue.PRACTITIONER, PractitionerRef, CreatePractitionerInput, UpdatePractitionerInput)
