"""Mutations of treatments."""

from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import Maybe

from api.publishing import catalogue
from api.treatments import Frequency
from schema.catalogue.inputs import BODY, MOVED, SLUG, Lines, Name, Slug, Words
from schema.catalogue.verbs import mutations
from schema.editing import DocumentInput
from schema.inputs import KEY, VERSION, Id, Input, Key, Version
from schema.refs import TreatmentRef

NAME = "Its name, up to 160 characters."
SUMMARY = "What it is, in a few sentences."
SYSTEM = "The school of medicine that it comes from."
PERFORMED = "What happens."
PREPARATION = "How to prepare."
AFTERCARE = "What to do afterwards."
CAUTIONS = "Who should not have it, or should ask first."
OUTCOMES = "What can go wrong, up to 40; they replace those before."


@strawberry.pydantic.input(description="Something that can go wrong.")
class AdverseOutcomeInput(Input):
    text: Words = Field(description="What.")
    frequency: Frequency = Field(description="How often.")
    figure: Words | None = Field(None, description="The figure behind the band.")
    source: Id | None = Field(None, description="Who says so: a source, `src_…`.")


Outcomes = Annotated[list[AdverseOutcomeInput], Field(max_length=40)]


@strawberry.pydantic.input(description="A new treatment.")
class CreateTreatmentInput(Input):
    name: Name = Field(description=NAME)
    slug: Slug | None = Field(None, description=SLUG)
    summary: Words = Field(description=SUMMARY)
    body: DocumentInput | None = Field(None, description=BODY)
    medicine_system: Name | None = Field(None, description=SYSTEM)
    how_performed: Words | None = Field(None, description=PERFORMED)
    preparation: Words | None = Field(None, description=PREPARATION)
    aftercare: Words | None = Field(None, description=AFTERCARE)
    adverse_outcomes: Outcomes | None = Field(None, description=OUTCOMES)
    contraindications: Lines | None = Field(None, description=CAUTIONS)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a treatment. What is absent stays; null clears.")
class UpdateTreatmentInput(Input):
    id: Id = Field(description="The treatment.")
    expected_version: Version = Field(description=VERSION)
    name: Maybe[Name] = Field(None, description=NAME)
    slug: Maybe[Slug] = Field(None, description=MOVED)
    summary: Maybe[Words] = Field(None, description=SUMMARY)
    body: Maybe[DocumentInput | None] = Field(None, description=BODY)
    medicine_system: Maybe[Name | None] = Field(None, description=SYSTEM)
    how_performed: Maybe[Words | None] = Field(None, description=PERFORMED)
    preparation: Maybe[Words | None] = Field(None, description=PREPARATION)
    aftercare: Maybe[Words | None] = Field(None, description=AFTERCARE)
    adverse_outcomes: Maybe[Outcomes | None] = Field(None, description=OUTCOMES)
    contraindications: Maybe[Lines | None] = Field(None, description=CAUTIONS)
    idempotency_key: Key = Field(None, description=KEY)


Treatments = mutations(catalogue.TREATMENT, TreatmentRef, CreateTreatmentInput, UpdateTreatmentInput)
