"""Changes of what is public in the catalogue, waiting for another member's eyes, and the decision on them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from pydantic import Field
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api.ids import kind_of
from api.publishing import catalogue, models
from schema.context import Info
from schema.errors import UserError, camel
from schema.gate import GateReport
from schema.inputs import KEY, SAID, Id, Input, Key
from schema.node import Node, made_from
from schema.payloads import ERRORS

Note = Annotated[str, Field(max_length=1_000)]


@strawberry.type(description="A change to the clinical part of a public entry, which another member decides on.")
class Proposal(Node):
    is_type_of = made_from(models.Proposal)

    id: ID = field(description="The id, `pro_…`.")
    proposed_at: datetime = field(description="When it was proposed.")
    decided_at: datetime | None = field(description="When it was decided on; null while it waits.")
    approved: bool | None = field(description="Whether it was approved; null while it waits.")
    note: str | None = field(description="What was said with the decision.")

    @field(description="The entry, as it is now.")
    @staticmethod
    async def entry(proposal: Parent[models.Proposal], info: Info) -> Node | None:
        return await info.context.loaders.by_id(kind_of(proposal.thing)).load(proposal.thing)

    @field(description="The version of the entry that it was proposed for; once that has passed, it is outdated.")
    @staticmethod
    def entry_version(proposal: Parent[models.Proposal]) -> int:
        return proposal.thing_version

    @field(description="What the fields are to say, by the names of the update's input.")
    @staticmethod
    def changes(proposal: Parent[models.Proposal]) -> JSON:
        return JSON(_camel(proposal.changes))

    @field(description="Who proposed it.")
    @staticmethod
    def proposed_by_name(proposal: Parent[models.Proposal]) -> str:
        member: Any = proposal.proposed_by
        return member.display_name

    @field(description="Who decided on it; null while it waits.")
    @staticmethod
    def decided_by_name(proposal: Parent[models.Proposal]) -> str | None:
        member: Any = proposal.decided_by
        return member.display_name if member else None


@strawberry.pydantic.input(description="A decision on a proposal.")
class ApproveCatalogueChangeInput(Input):
    proposal: Id = Field(description="The proposal, `pro_…`.")
    approve: bool = Field(description="Whether the change is to be made; false turns it down.")
    note: Note | None = Field(None, description="What the proposer should know, up to 1,000 characters.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of approveCatalogueChange.")
class ApproveCatalogueChangePayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    proposal: Proposal | None = field(default=None, description="The proposal as it is now.")
    entry: Node | None = field(default=None, description="The entry as it is now; with CONFLICT the current one.")
    gate_report: GateReport | None = field(default=None, description="What the gate found; filled when it blocks.")


@strawberry.type
class Deciding:
    @field(description="Decides on a proposal: makes the change, or turns it down. Nobody approves what they proposed.")
    async def approve_catalogue_change(
        self,
        info: Info,
        input: Annotated[ApproveCatalogueChangeInput, SAID],
    ) -> ApproveCatalogueChangePayload:
        doing = info.context.acting()
        decided = await catalogue.decide(input.proposal, doing, approve=input.approve, note=input.note)
        info.context.renew()
        loaders = info.context.loaders
        return ApproveCatalogueChangePayload(
            proposal=await loaders.by_id("proposal").load(decided.id),
            entry=await loaders.by_id(kind_of(decided.thing)).load(decided.thing),
        )


def _camel(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, dict):
        return {camel(name): _camel(each) for name, each in value.items()}
    return [_camel(each) for each in value] if isinstance(value, list) else value
