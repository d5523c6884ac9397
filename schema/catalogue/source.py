"""Mutations of sources."""

from typing import Annotated

import strawberry
from pydantic import Field, StringConstraints
from strawberry import Maybe
from strawberry.scalars import JSON

from api.evidence.enums import Comparator, Direction, SourceStatus, StudyDesign, Timepoint
from api.publishing import catalogue
from schema.catalogue.inputs import Code, Words
from schema.catalogue.verbs import mutations
from schema.inputs import KEY, VERSION, Id, Input, Version
from schema.inputs import Key as OnceKey
from schema.refs import SourceRef
from schema.scalars import DOI, ISBN, PMCID, PMID, URL

CITED = (
    "The key by which texts cite it: small letters, digits, `-` and `_`; made of author and year when nothing is said."
)
FROZEN = "Another key; only while nothing cites it."
CSL = "The bibliographic record, CSL-JSON."
DESIGN = "How it came to what it says."
FOLLOWS = "when nothing is said, that of the record."
PEOPLE = "How many people took part."
POPULATION = "Who took part."
LIMITS = "What limits it."
PLAIN = "What it found and what it did not, in up to 160 characters."
STATUS = "What is known of it today; saying so marks it as checked today."
NOTE = "More about the status."
SUCCESSOR = "The newer work that replaces it, `src_…`."
FINDINGS = "What it found, up to 40; they replace those before."
CitedKey = Annotated[str, StringConstraints(max_length=120)]
Summary = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
People = Annotated[int, Field(ge=0, le=2_000_000_000)]
Bound = Annotated[float, Field(allow_inf_nan=False)]


@strawberry.pydantic.input(description="What a work found for one outcome against one comparator.")
class SourceFindingInput(Input):
    outcome: Words = Field(description="What was measured.")
    comparator: Comparator = Field(description="Against what.")
    timepoint: Timepoint | None = Field(None, description="When.")
    direction: Direction = Field(description="Which way it points.")
    effect: Words | None = Field(None, description="The size of the effect, as the work gives it.")
    ci_low: Bound | None = Field(None, description="Lower end of the 95 % confidence interval.")
    ci_high: Bound | None = Field(None, description="Upper end of the 95 % confidence interval.")
    p: Code | None = Field(None, description="The P value as printed.")
    note: Words | None = Field(None, description="What to know when reading this finding.")


Findings = Annotated[list[SourceFindingInput], Field(max_length=40)]


@strawberry.pydantic.input(description="A new source.")
class CreateSourceInput(Input):
    key: CitedKey | None = Field(None, description=CITED)
    csl: JSON = Field(description=CSL)
    study_design: StudyDesign = Field(description=DESIGN)
    doi: DOI | None = Field(None, description=f"Its DOI; {FOLLOWS}")
    pmid: PMID | None = Field(None, description=f"Its PubMed number; {FOLLOWS}")
    pmcid: PMCID | None = Field(None, description=f"Its PubMed Central number; {FOLLOWS}")
    isbn: ISBN | None = Field(None, description=f"Its ISBN; {FOLLOWS}")
    url: URL | None = Field(None, description=f"Where it can be read; {FOLLOWS}")
    n: People | None = Field(None, description=PEOPLE)
    population: Words | None = Field(None, description=POPULATION)
    limits: Words | None = Field(None, description=LIMITS)
    plain_summary: Summary | None = Field(None, description=PLAIN)
    status: SourceStatus | None = Field(None, description=f"{STATUS} UNRESOLVED when nothing is said.")
    status_note: Words | None = Field(None, description=NOTE)
    superseded_by: Id | None = Field(None, description=SUCCESSOR)
    findings: Findings | None = Field(None, description=FINDINGS)
    idempotency_key: OnceKey = Field(None, description=KEY)


@strawberry.pydantic.input(description="A change to a source. What is absent stays; null clears.")
class UpdateSourceInput(Input):
    id: Id = Field(description="The source.")
    expected_version: Version = Field(description=VERSION)
    key: Maybe[CitedKey] = Field(None, description=FROZEN)
    csl: Maybe[JSON] = Field(None, description=CSL)
    study_design: Maybe[StudyDesign] = Field(None, description=DESIGN)
    doi: Maybe[DOI | None] = Field(None, description="Its DOI.")
    pmid: Maybe[PMID | None] = Field(None, description="Its PubMed number.")
    pmcid: Maybe[PMCID | None] = Field(None, description="Its PubMed Central number.")
    isbn: Maybe[ISBN | None] = Field(None, description="Its ISBN.")
    url: Maybe[URL | None] = Field(None, description="Where it can be read.")
    n: Maybe[People | None] = Field(None, description=PEOPLE)
    population: Maybe[Words | None] = Field(None, description=POPULATION)
    limits: Maybe[Words | None] = Field(None, description=LIMITS)
    plain_summary: Maybe[Summary | None] = Field(None, description=PLAIN)
    status: Maybe[SourceStatus] = Field(None, description=STATUS)
    status_note: Maybe[Words | None] = Field(None, description=NOTE)
    superseded_by: Maybe[Id | None] = Field(None, description=SUCCESSOR)
    findings: Maybe[Findings | None] = Field(None, description=FINDINGS)
    idempotency_key: OnceKey = Field(None, description=KEY)


Sources = mutations(catalogue.SOURCE, SourceRef, CreateSourceInput, UpdateSourceInput)
