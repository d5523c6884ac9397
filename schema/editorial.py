"""The editors' side: what waits, which articles are where, who did what, what differs, what publishing would do."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api import views, worklist
from api.accounts import reading as accounts
from api.articles import models
from api.comments import reading as comments
from api.comments.flags import FlagName
from api.comments.models import CommentStatus
from api.errors import NotFound
from api.publishing import comparing, desk, planning
from api.publishing.catalogue import proposals
from api.syndication import reading, recalls
from api.syndication.webhooks import reading as sent
from api.syndication.webhooks.models import DeliveryState
from schema.context import Info
from schema.errors import UserError, user_errors
from schema.gate import GateReport
from schema.node import made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.partner import OpenOnly
from schema.permissions import EDITORIAL, require
from schema.refs import (
    ArticleRef,
    CommentRef,
    DeliveryRef,
    MemberRef,
    PartnerRef,
    ProblemReportRef,
    ProposalRef,
    RecallRef,
    RevisionRef,
    TokenRef,
    WebhookRef,
)
from schema.views import DayViews

MOST_DAYS = 400
Ids = Annotated[list[ID], strawberry.argument(description="The articles, 1 to 100.")]
WorklistItem = Annotated[
    ArticleRef | CommentRef | ProposalRef | RecallRef | ProblemReportRef,
    strawberry.union("WorklistItem", description="What something waits about."),
]


@strawberry.type(description="Something that waits for somebody.")
class WorklistEntry:
    is_type_of = made_from(worklist.Waiting)

    kind: worklist.WorklistKind = field(description="What is to be done.")
    since: datetime = field(description="Since when it waits.")
    why: str | None = field(
        description="With SCHEDULE_CANCELLED what has changed, with CHANGES_REQUESTED the reviewer's note; else null."
    )

    @field(description="What it is about.")
    @staticmethod
    def item(waiting: Parent[worklist.Waiting]) -> WorklistItem:
        return waiting.item


@strawberry.input(description="Which articles; what is not given does not narrow.")
class EditorialArticleFilter:
    stage: models.Stage | None = field(default=None, description="Only those whose draft is at this stage.")
    author: ID | None = field(default=None, description="Only those that this practitioner wrote.")
    blocked_by: str | None = field(
        default=None,
        description="Only those that this rule blocks, such as `REV-001`. The worker asks about a draft a few seconds "
        "after it was saved.",
    )
    review_due_before: date | None = field(
        default=None, description="Only those whose live text must be reviewed before this day."
    )


@strawberry.input(description="Which comments; what is not given does not narrow.")
class ModerationFilter:
    status: CommentStatus | None = field(default=CommentStatus.PENDING, description="Only those; null for all.")
    article: ID | None = field(default=None, description="Only those below this article.")
    flag: FlagName | None = field(default=None, description="Only those that raised this flag.")
    contains: str | None = field(
        default=None,
        description="Only those in whose text or name these words stand: to find whose somebody asks for.",
    )
    score_at_least: int | None = field(
        default=None, description="Only those whose score is so high or higher; those without one are left out."
    )


@strawberry.input(description="Which proposals; what is not given does not narrow.")
class ProposalFilter:
    thing: ID | None = field(default=None, description="Only those for this entry.")
    waiting: bool | None = field(default=True, description="Only those that wait, or were decided on; null for both.")


@strawberry.type(description="One act in the log of all that was done.")
class AuditEntry:
    is_type_of = made_from(desk.LogEntry)

    actor_name: str | None = field(description="The member's name; null for the program, and for who is gone.")

    @field(description="When.")
    @staticmethod
    def at(log: Parent[desk.LogEntry]) -> datetime:
        return log.entry.at

    @field(description="Who: a member's id, or `system`.")
    @staticmethod
    def actor(log: Parent[desk.LogEntry]) -> str:
        return log.entry.actor

    @field(description="What was done, such as `publishArticle`.")
    @staticmethod
    def verb(log: Parent[desk.LogEntry]) -> str:
        return log.entry.verb

    @field(description="To what: an id.")
    @staticmethod
    def thing(log: Parent[desk.LogEntry]) -> ID:
        return ID(log.entry.thing)

    @field(description="What it was before, as far as it was changed.")
    @staticmethod
    def before(log: Parent[desk.LogEntry]) -> JSON | None:
        return JSON(log.entry.before) if log.entry.before is not None else None

    @field(description="What it was afterwards, as far as it was changed.")
    @staticmethod
    def after(log: Parent[desk.LogEntry]) -> JSON | None:
        return JSON(log.entry.after) if log.entry.after is not None else None


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


@strawberry.type(description="The editors' side. Each field needs a role; without it the field is FORBIDDEN.")
class Editorial:
    @field(description="What waits for this viewer, longest first.")
    @staticmethod
    async def worklist(
        info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[WorklistEntry] | None:
        _check(info)
        listing = worklist.listing(info.context.viewer)
        return await connection(info, listing, "waiting", (first, after, last, before))

    @field(description="Articles whose drafts this viewer may read, newest first.")
    @staticmethod
    async def articles(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[EditorialArticleFilter | None, strawberry.argument(description="Which.")] = None,
    ) -> Connection[ArticleRef] | None:
        _check(info)
        wanted = filter or EditorialArticleFilter()
        listing = desk.written(desk.Wanted(**vars(wanted)), info.context.viewer)
        return await connection(info, listing, "article", (first, after, last, before))

    @field(
        description="Who did what, newest first, as far as the token's scopes reach; what concerns members, partners "
        "and comments is shown to admins."
    )
    @staticmethod
    async def audit_log(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        thing: Annotated[ID | None, strawberry.argument(description="Only what was done to this thing.")] = None,
        actor: Annotated[ID | None, strawberry.argument(description="Only what this member did.")] = None,
    ) -> Connection[AuditEntry] | None:
        _check(info)
        listing = desk.log(info.context.viewer, thing, actor)
        return await connection(info, listing, "log", (first, after, last, before))

    @field(
        description="Comments as moderators see them, oldest first unless `orderBy` says otherwise: what waits, and "
        "what was decided lately. `GET /moderation/events` tells when it changes."
    )
    @staticmethod
    async def moderation_queue(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[ModerationFilter | None, strawberry.argument(description="Which.")] = None,
        order_by: Annotated[
            comments.ModerationOrder | None, strawberry.argument(description="What comes first.")
        ] = comments.ModerationOrder.OLDEST,
    ) -> Connection[CommentRef] | None:
        _check(info)
        wanted = comments.Wanted(**vars(filter or ModerationFilter()))
        listing = comments.queue(wanted, order_by or comments.ModerationOrder.OLDEST)
        return await connection(info, listing, "comment", (first, after, last, before))

    @field(description="The webhooks of the clinic and of all partners, oldest first.")
    @staticmethod
    async def webhooks(
        info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[WebhookRef] | None:
        _check(info)
        return await connection(info, sent.webhooks(info.context.viewer), "webhook", (first, after, last, before))

    @field(description="What was sent to webhooks within 30 days, or is on its way, newest first.")
    @staticmethod
    async def deliveries(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        state: Annotated[DeliveryState | None, strawberry.argument(description="Only those in this state.")] = None,
    ) -> Connection[DeliveryRef] | None:
        _check(info)
        narrowed = [sent.in_state(state)] if state else []
        listing = sent.deliveries(info.context.viewer, *narrowed)
        return await connection(info, listing, "delivery", (first, after, last, before))

    @field(description="The take-downs and who still holds a copy, newest first.")
    @staticmethod
    async def recalls(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        open_only: OpenOnly = False,  # noqa: FBT002 - clients name it
    ) -> Connection[RecallRef] | None:
        _check(info)
        listing = recalls.listing(only_open=open_only)
        return await connection(info, listing, "recall", (first, after, last, before))

    @field(description="The partners from A to Z, for admins.")
    @staticmethod
    async def partners(
        info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PartnerRef] | None:
        _check(info)
        return await connection(info, reading.partners(), "partner", (first, after, last, before))

    @field(description="Changes proposed to what is public in the catalogue, oldest first.")
    @staticmethod
    async def proposals(
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[ProposalFilter | None, strawberry.argument(description="Which.")] = None,
    ) -> Connection[ProposalRef] | None:
        _check(info)
        wanted = filter or ProposalFilter()
        listing = proposals.listing(wanted.thing, waiting=wanted.waiting)
        return await connection(info, listing, "proposal", (first, after, last, before))

    @field(description="The members, by name.")
    @staticmethod
    async def members(
        info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[MemberRef] | None:
        _check(info)
        return await connection(info, accounts.members(info.context.viewer), "member", (first, after, last, before))

    @field(description="Everybody's tokens that hold now, newest first.")
    @staticmethod
    async def tokens(
        info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[TokenRef] | None:
        _check(info)
        return await connection(info, accounts.tokens(info.context.viewer), "token", (first, after, last, before))

    @field(description="What differs between two revisions of one article.")
    @staticmethod
    async def diff(
        info: Info,
        older: Annotated[ID, strawberry.argument(name="from", description="The revision to compare with, `rev_…`.")],
        newer: Annotated[ID, strawberry.argument(name="to", description="The revision to compare, `rev_…`.")],
    ) -> RevisionDiff | None:
        _check(info)
        diff: Any = await comparing.compare(older, newer, info.context.viewer)
        return diff

    @field(description="A dry run of publishArticles: what would go live, what blocks, what it leans on.")
    @staticmethod
    async def publish_plan(info: Info, ids: Ids) -> list[PlannedPublication] | None:
        _check(info)
        plans: Any = await planning.plan(ids, info.context.acting())
        return plans

    @field(description="How often an article was read on each of the newest days; null where it does not exist.")
    @staticmethod
    async def views(
        info: Info,
        article: Annotated[ID, strawberry.argument(description="The article.")],
        days: Annotated[int, strawberry.argument(description=f"How many days at most, 1 to {MOST_DAYS}.")] = 30,
    ) -> list[DayViews] | None:
        _check(info)
        if await info.context.loaders.by_id("article").load(article) is None:
            return None
        rows: Any = await views.by_day(article, min(max(days, 1), MOST_DAYS))
        return rows


def _check(info: Info) -> None:
    """Ask the permission table for the field that is being answered."""
    require(EDITORIAL[info.field_name], info.context.viewer)
