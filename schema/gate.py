"""What the publish gate says."""

from datetime import date

import strawberry
from strawberry import Parent, field

from api.gate import findings
from schema.context import Info
from schema.enums import FindingSeverity
from schema.refs import PractitionerRef


@strawberry.type(description="Why a finding was let pass.")
class Waiver:
    why: str = field(description="The reason.")
    until: date | None = field(description="The last day on which it holds.")

    @field(description="The name of the member who let it pass.")
    @staticmethod
    def by_name(waiver: Parent[findings.Waiver]) -> str:
        return waiver.name

    @field(description="Who let it pass, where that is a practitioner of the clinic; else see `byName`.")
    @staticmethod
    async def by(waiver: Parent[findings.Waiver], info: Info) -> PractitionerRef | None:
        if not waiver.who:
            return None
        row: PractitionerRef | None = await info.context.loaders.by_id("practitioner").load(waiver.who)
        return row


@strawberry.type(description="Something that the gate found.")
class Finding:
    rule: str = field(description="The rule, such as `CIT-001`.")
    message: str = field(description="What is wrong.")
    path: str = field(description="Where, such as `content[3]`.")
    excerpt: str | None = field(description="The words in question.")
    help: str = field(description="What to write instead.")
    fingerprint: str = field(description="What a waiver is bound to: it stays the same while the words do.")
    waiver: Waiver | None = field(description="The waiver that holds; null when none does.")

    @field(description="BLOCK stands between the draft and readers; WARN asks to be mended or waived.")
    @staticmethod
    def severity(finding: Parent[findings.Finding]) -> FindingSeverity:
        return FindingSeverity[finding.severity.value]


@strawberry.type(description="What the gate says of a revision.")
class GateReport:
    passes: bool = field(description="Whether it may go live.")
    passes_for_review: bool = field(
        description="Whether it may be submitted: nothing blocks but what a review settles."
    )
    policy_version: str = field(description="The version of rules and claim policy.")
    findings: list[Finding] = field(description="What was found, in a stable order.")
