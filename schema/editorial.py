"""The editors' side: what waits, which articles are where, who did what, what differs, what publishing would do."""

from typing import Annotated, Any

import strawberry
from strawberry import ID, field

from api import views, worklist
from api.accounts import reading as accounts
from api.comments import reading as comments
from api.publishing import comparing, desk, planning
from api.publishing.catalogue import proposals
from api.syndication import reading, recalls
from api.syndication.webhooks import reading as sent
from api.syndication.webhooks.models import DeliveryState
from schema.context import Info
from schema.desk import AuditEntry, EditorialArticleFilter, ModerationFilter, ProposalFilter, WorklistEntry
from schema.paging import After, Before, Connection, First, Last, connection
from schema.partner import OpenOnly
from schema.permissions import EDITORIAL, require
from schema.planning import PlannedPublication, RevisionDiff
from schema.refs import (
    ArticleRef,
    CommentRef,
    DeliveryRef,
    MemberRef,
    PartnerRef,
    ProposalRef,
    RecallRef,
    TokenRef,
    WebhookRef,
)
from schema.views import DayViews

MOST_DAYS = 400
Ids = Annotated[list[ID], strawberry.argument(description="The articles, 1 to 100.")]


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
