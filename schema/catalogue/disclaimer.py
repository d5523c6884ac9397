"""Mutations of disclaimers."""

from enum import Enum

import strawberry
from pydantic import Field
from strawberry import Maybe

from api.publishing import catalogue
from schema.catalogue.inputs import Name, Words
from schema.catalogue.verbs import mutations
from schema.inputs import KEY, VERSION, Id, Input, Key, Version
from schema.refs import DisclaimerRef

TITLE = "Its heading."
TEXT = "The sentence itself, plain text."


@strawberry.enum(description="What sort of disclaimer it is.")
class DisclaimerKey(Enum):
    NOT_A_SUBSTITUTE = strawberry.enum_value(
        "NOT_A_SUBSTITUTE", description="The one that every health article carries."
    )
    CUSTOM = strawberry.enum_value("CUSTOM", description="Any other.")


@strawberry.pydantic.input(description="A new disclaimer.")
class CreateDisclaimerInput(Input):
    key: DisclaimerKey | None = Field(
        DisclaimerKey.CUSTOM, description="What sort it is; there is one NOT_A_SUBSTITUTE."
    )
    title: Name = Field(description=TITLE)
    text: Words = Field(description=TEXT)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a disclaimer. What is absent stays.")
class UpdateDisclaimerInput(Input):
    id: Id = Field(description="The disclaimer.")
    expected_version: Version = Field(description=VERSION)
    title: Maybe[Name] = Field(None, description=TITLE)
    text: Maybe[Words] = Field(None, description=TEXT)
    idempotency_key: Key = Field(None, description=KEY)


Disclaimers = mutations(catalogue.DISCLAIMER, DisclaimerRef, CreateDisclaimerInput, UpdateDisclaimerInput)
