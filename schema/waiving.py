"""The mutation that lets a finding pass."""

from datetime import date
from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import field

from api.publishing import waiving
from schema.context import Info
from schema.gate import GateReport
from schema.inputs import KEY, SAID, VERSION, Id, Input, Key, Version
from schema.payloads import ArticlePayload, answered

Reason = Annotated[str, Field(min_length=1, max_length=1_000)]


@strawberry.pydantic.input(description="A finding that is to pass.")
class WaiveFindingInput(Input):
    article: Id = Field(description="The article.")
    expected_version: Version | None = Field(
        None, description=VERSION + " Without it the finding is looked for in what stands now."
    )
    rule: Annotated[str, Field(max_length=10)] = Field(description="The finding's rule, such as `CLM-004`.")
    fingerprint: Annotated[str, Field(max_length=64)] = Field(
        description="The finding's fingerprint; when the words in question change, the waiver no longer holds."
    )
    why: Reason = Field(description="Why it may stand, up to 1,000 characters.")
    until: date = Field(description="The last day on which that holds, at most three years away.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of waiveFinding.")
class WaiveFindingPayload(ArticlePayload):
    gate_report: GateReport | None = field(default=None, description="What the gate says now.")


@strawberry.type
class Waiving:
    @field(
        description="Lets a finding pass on one article: a WARN by an editor or reviewer, a BLOCK about wording by a "
        "reviewer who is no author of it; what blocks for the structure cannot pass, nor can findings on the catalogue."
    )
    async def waive_finding(
        self,
        info: Info,
        input: Annotated[WaiveFindingInput, SAID],
    ) -> WaiveFindingPayload:
        said = waiving.Waiving(input.rule, input.fingerprint, input.why, input.until)
        article = await waiving.waive(input.article, input.expected_version, said, info.context.acting())
        payload = await answered(WaiveFindingPayload, info, article)
        revision = article.draft_id or article.live_id
        payload.gate_report = await info.context.loaders.gate_reports.load(revision) if revision else None
        return payload
