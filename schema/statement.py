"""What is known about a treatment for a condition."""

from datetime import date

import strawberry
from strawberry import ID, Parent, field

from api import statements
from api.evidence import enums
from schema.context import Info
from schema.entry import Entry
from schema.node import Node, made_from
from schema.refs import ConditionRef, PractitionerRef, SourceRef, TreatmentRef


@strawberry.type(description="What a guideline says.")
class Guideline:
    body: str = field(description="Who issued it.")
    code: str = field(description="Its number.")
    says: str = field(description="What it says, in our words.")


@strawberry.type(
    description="One line of an evidence table: treatment, condition, outcome, against what, and how sure."
)
class EvidenceStatement(Node, Entry):
    is_type_of = made_from(statements.EvidenceStatement)

    id: ID = field(description="The id, `est_…`.")
    outcome: str = field(description="What was measured.")
    comparator: enums.Comparator = field(description="Against what.")
    timepoint: enums.Timepoint = field(description="When.")
    certainty: enums.Certainty = field(description="How sure one can be (GRADE).")
    certainty_basis: str | None = field(description="Whose judgement the certainty is.")
    summary: str = field(description="What is known, in up to 40 words.")
    assessed_at: date = field(description="The day of the judgement.")

    @field(description="The treatment.")
    @staticmethod
    async def treatment(statement: Parent[statements.EvidenceStatement], info: Info) -> TreatmentRef:
        return await info.context.loaders.by_id("treatment").load(statement.treatment_id)

    @field(description="The condition.")
    @staticmethod
    async def condition(statement: Parent[statements.EvidenceStatement], info: Info) -> ConditionRef:
        return await info.context.loaders.by_id("condition").load(statement.condition_id)

    @field(description="The sources on which it rests.")
    @staticmethod
    async def sources(statement: Parent[statements.EvidenceStatement], info: Info) -> list[SourceRef]:
        return await info.context.loaders.linked(statements.StatementSource, "statement", "source").load(statement.id)

    @field(description="What a guideline says of it.")
    @staticmethod
    def guideline(statement: Parent[statements.EvidenceStatement]) -> Guideline | None:
        return Guideline(**statement.guideline) if statement.guideline else None

    @field(description="Who judged it.")
    @staticmethod
    async def assessed_by(statement: Parent[statements.EvidenceStatement], info: Info) -> PractitionerRef:
        return await info.context.loaders.by_id("practitioner").load(statement.assessed_by_id)
