"""What differs between two revisions, and what publishing would do."""

import strawberry
from strawberry import ID, Parent, field

from api.errors import NotFound
from api.publishing import comparing, planning
from schema.context import Info
from schema.errors import UserError, user_errors
from schema.gate import GateReport
from schema.node import made_from
from schema.refs import ArticleRef, RevisionRef


@strawberry.type(description="A field or a block on both sides.")
class DiffHunk:
    place: str = field(description="Which: `title`, `authors`, `content[3]`; of a removed block its place before.")
    change: comparing.DiffChange = field(description="What became of it.")
    before: str | None = field(description="The older text; of a block its Markdown, of relations their names.")
    after: str | None = field(description="The newer text.")


@strawberry.type(description="What differs between two revisions.")
class RevisionDiff:
    is_type_of = made_from(comparing.Diff)

    fields: list[DiffHunk] = field(description="Every field.")
    blocks: list[DiffHunk] = field(description="Every top-level block, in reading order.")
    markdown: str = field(description="The same as one unified diff of the Markdown; empty when nothing differs.")

    @field(description="The revision that was compared with.", name="from")
    @staticmethod
    def older(diff: Parent[comparing.Diff]) -> RevisionRef:
        return diff.older

    @field(description="The revision that was compared.", name="to")
    @staticmethod
    def newer(diff: Parent[comparing.Diff]) -> RevisionRef:
        return diff.newer


@strawberry.type(description="Something that readers cannot see, and that a draft names, cites or links to.")
class PlannedLeaning:
    id: ID = field(description="Its id.")
    name: str = field(description="Its name, key or slug.")
    is_planned: bool = field(description="Whether it would go live by the same plan.")


@strawberry.type(description="An address, and what it does once the article is live.")
class PlannedAddress:
    path: str = field(description="The path on the clinic's site.")
    change: planning.AddressChange = field(description="What it does from then on.")


@strawberry.type(description="What publishing one article now would do; nothing was written.")
class PlannedPublication:
    is_type_of = made_from(planning.Planned)

    id: ID = field(description="The id that was asked about.")
    leans_on: list[PlannedLeaning] = field(description="What readers would not find behind it.")
    addresses: list[PlannedAddress] = field(description="The addresses that change; none for what is live already.")

    @field(description="The article; null when there is none that this viewer may publish.")
    @staticmethod
    async def article(planned: Parent[planning.Planned], info: Info) -> ArticleRef | None:
        if isinstance(planned.refusal, NotFound):
            return None
        row: ArticleRef | None = await info.context.loaders.by_id("article").load(planned.id)
        return row

    @field(description="Whether it would go live.")
    @staticmethod
    def would_publish(planned: Parent[planning.Planned]) -> bool:
        return planned.refusal is None

    @field(description="Why it would not; empty when it would.")
    @staticmethod
    def user_errors(planned: Parent[planning.Planned]) -> list[UserError]:
        return user_errors(planned.refusal) if planned.refusal else []

    @field(description="What the gate says; null when the draft's stage already stands in the way.")
    @staticmethod
    def gate_report(planned: Parent[planning.Planned]) -> GateReport | None:
        return planned.report  # type: ignore[return-value] # GateReport is made from the room's
