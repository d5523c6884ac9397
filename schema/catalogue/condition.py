"""Mutations of conditions."""

from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import Maybe

from api.conditions import CareLevel, CodeSystem
from api.publishing import catalogue
from schema.catalogue.inputs import BODY, MOVED, SLUG, Code, Line, Lines, Name, Slug, Words
from schema.catalogue.verbs import mutations
from schema.editing import DocumentInput
from schema.inputs import KEY, VERSION, Id, Input, Key, Version
from schema.refs import ConditionRef

NAME = "Its name, up to 160 characters."
ALTERNATES = "Other names."
SUMMARY = "What it is, in a few sentences."
LOCATION = "Where in the body."
CAUSES = "What may cause it."
SYMPTOMS = "How it shows."
RISKS = "What makes it more likely."
PARENT = "The wider condition that it belongs to."
REASON = "Why there is no urgent advice, where there is none."
CODES = "Its codes, up to 20; they replace those before."
CARE = "When to get help, most pressing first, up to 12; a public condition has URGENT or EMERGENCY advice."


@strawberry.pydantic.input(description="A condition's code in a vocabulary.")
class ConditionCodeInput(Input):
    system: CodeSystem = Field(description="The vocabulary.")
    value: Code = Field(description="The code.")


@strawberry.pydantic.input(description="Signs that call for help, and how soon.")
class CareAdviceInput(Input):
    level: CareLevel = Field(description="How soon.")
    heading: Line = Field(description="What to do, as a heading.")
    items: Lines = Field(description="The signs, one each.")
    body: Words | None = Field(None, description="What else to know.")
    phone: Code | None = Field(None, description="The number to call, such as `999` or `111`.")


Codes = Annotated[list[ConditionCodeInput], Field(max_length=20)]
Care = Annotated[list[CareAdviceInput], Field(max_length=12)]


@strawberry.pydantic.input(description="A new condition.")
class CreateConditionInput(Input):
    name: Name = Field(description=NAME)
    slug: Slug | None = Field(None, description=SLUG)
    alternate_names: Lines | None = Field(None, description=ALTERNATES)
    summary: Words = Field(description=SUMMARY)
    body: DocumentInput | None = Field(None, description=BODY)
    body_location: Name | None = Field(None, description=LOCATION)
    causes: Lines | None = Field(None, description=CAUSES)
    symptoms: Lines | None = Field(None, description=SYMPTOMS)
    risk_factors: Lines | None = Field(None, description=RISKS)
    parent: Id | None = Field(None, description=PARENT)
    codes: Codes | None = Field(None, description=CODES)
    care_advice: Care | None = Field(None, description=CARE)
    no_urgent_advice_reason: Words | None = Field(None, description=REASON)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a condition. What is absent stays; null clears.")
class UpdateConditionInput(Input):
    id: Id = Field(description="The condition.")
    expected_version: Version = Field(description=VERSION)
    name: Maybe[Name] = Field(None, description=NAME)
    slug: Maybe[Slug] = Field(None, description=MOVED)
    alternate_names: Maybe[Lines | None] = Field(None, description=ALTERNATES)
    summary: Maybe[Words] = Field(None, description=SUMMARY)
    body: Maybe[DocumentInput | None] = Field(None, description=BODY)
    body_location: Maybe[Name | None] = Field(None, description=LOCATION)
    causes: Maybe[Lines | None] = Field(None, description=CAUSES)
    symptoms: Maybe[Lines | None] = Field(None, description=SYMPTOMS)
    risk_factors: Maybe[Lines | None] = Field(None, description=RISKS)
    parent: Maybe[Id | None] = Field(None, description=PARENT)
    codes: Maybe[Codes | None] = Field(None, description=CODES)
    care_advice: Maybe[Care | None] = Field(None, description=CARE)
    no_urgent_advice_reason: Maybe[Words | None] = Field(None, description=REASON)
    idempotency_key: Key = Field(None, description=KEY)


Conditions = mutations(catalogue.CONDITION, ConditionRef, CreateConditionInput, UpdateConditionInput)
