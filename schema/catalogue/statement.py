"""Mutations of evidence statements."""

from datetime import date
from typing import Annotated

import strawberry
from pydantic import Field, StringConstraints
from strawberry import Maybe

from api.evidence.enums import Certainty, Comparator, Timepoint
from api.publishing import catalogue
from schema.catalogue.inputs import Code, Line, Name, Words
from schema.catalogue.verbs import mutations
from schema.inputs import KEY, VERSION, Id, Ids, Input, Key, Version
from schema.refs import EvidenceStatementRef

TREATMENT = "The treatment."
CONDITION = "The condition."
OUTCOME = "What was measured."
COMPARATOR = "Against what."
TIMEPOINT = "When."
CERTAINTY = "How sure one can be (GRADE)."
BASIS = "Whose judgement the certainty is."
SUMMARY = "What is known, in up to 40 words."
SOURCES = "The sources on which it rests, in order; a public statement has at least one."
GUIDELINE = "What a guideline says of it."
ASSESSOR = "Who judged it: a practitioner."
ASSESSED = "The day of the judgement."
Summary = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]


@strawberry.pydantic.input(description="What a guideline says.")
class GuidelineInput(Input):
    body: Name = Field(description="Who issued it.")
    code: Code = Field(description="Its number.")
    says: Words = Field(description="What it says, in our words.")


@strawberry.pydantic.input(description="A new evidence statement.")
class CreateEvidenceStatementInput(Input):
    treatment: Id = Field(description=TREATMENT)
    condition: Id = Field(description=CONDITION)
    outcome: Line = Field(description=OUTCOME)
    comparator: Comparator = Field(description=COMPARATOR)
    timepoint: Timepoint = Field(description=TIMEPOINT)
    certainty: Certainty = Field(description=CERTAINTY)
    certainty_basis: Words | None = Field(None, description=BASIS)
    summary: Summary = Field(description=SUMMARY)
    sources: Ids | None = Field(None, description=SOURCES)
    guideline: GuidelineInput | None = Field(None, description=GUIDELINE)
    assessed_by: Id = Field(description=ASSESSOR)
    assessed_at: date = Field(description=ASSESSED)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to an evidence statement. What is absent stays; null clears.")
class UpdateEvidenceStatementInput(Input):
    id: Id = Field(description="The evidence statement.")
    expected_version: Version = Field(description=VERSION)
    treatment: Maybe[Id] = Field(None, description=TREATMENT)
    condition: Maybe[Id] = Field(None, description=CONDITION)
    outcome: Maybe[Line] = Field(None, description=OUTCOME)
    comparator: Maybe[Comparator] = Field(None, description=COMPARATOR)
    timepoint: Maybe[Timepoint] = Field(None, description=TIMEPOINT)
    certainty: Maybe[Certainty] = Field(None, description=CERTAINTY)
    certainty_basis: Maybe[Words | None] = Field(None, description=BASIS)
    summary: Maybe[Summary] = Field(None, description=SUMMARY)
    sources: Maybe[Ids | None] = Field(None, description=SOURCES)
    guideline: Maybe[GuidelineInput | None] = Field(None, description=GUIDELINE)
    assessed_by: Maybe[Id] = Field(None, description=ASSESSOR)
    assessed_at: Maybe[date] = Field(None, description=ASSESSED)
    idempotency_key: Key = Field(None, description=KEY)


EvidenceStatements = mutations(
    catalogue.STATEMENT, EvidenceStatementRef, CreateEvidenceStatementInput, UpdateEvidenceStatementInput
)
