"""Who is asking."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import Parent, field

from api.accounts import reading, viewer
from api.accounts.viewer import Role, Scope
from api.comments import reading as comments
from api.publishing import links
from schema.comment import OwnComment
from schema.context import Info
from schema.node import made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import ArticleRef, MemberRef, PartnerRef, PractitionerRef, RevisionRef, TokenRef


@strawberry.type(description="What a review link asks of the practitioner whom it names.")
class Reviewing:
    is_type_of = made_from(links.Asked)

    until: datetime = field(description="When the link ends.")

    @field(description="The article.")
    @staticmethod
    async def article(asked: Parent[links.Asked], info: Info) -> ArticleRef | None:
        row: ArticleRef | None = await info.context.loaders.by_id("article").load(asked.article)
        return row

    @field(description="The revision to decide on; null once the article has moved on.")
    @staticmethod
    async def revision(asked: Parent[links.Asked], info: Info) -> RevisionRef | None:
        row: RevisionRef | None = await info.context.loaders.revisions().load(asked.revision)
        return row

    @field(description="Who is asked.")
    @staticmethod
    def reviewer(asked: Parent[links.Asked]) -> PractitionerRef:
        return asked.reviewer


@strawberry.type(description="Who is asking.")
class Viewer:
    is_authenticated: bool = field(description="Whether a token or a key was sent that holds.")
    display_name: str | None = field(description="The member's name; null for anybody else.")

    @field(description="The roles of the member, with those that they include, in the order of the enum.")
    @staticmethod
    def roles(asking: Parent[viewer.Viewer]) -> list[Role]:
        return [role for role in Role if role in asking.roles]

    @field(description="What the token in use is for, in the order of the enum; nothing without a member's token.")
    @staticmethod
    def scopes(asking: Parent[viewer.Viewer]) -> list[Scope]:
        return [scope for scope in Scope if scope in asking.scopes] if asking.member else []

    @field(description="What a review link asks of its reviewer; null without such a link.")
    @staticmethod
    async def reviewing(asking: Parent[viewer.Viewer]) -> Reviewing | None:
        return await links.asked(asking) if asking.review_link else None  # type: ignore[return-value] # made from the room's

    @field(description="The member who asks; null for anybody else.")
    @staticmethod
    async def member(asking: Parent[viewer.Viewer], info: Info) -> MemberRef | None:
        return await info.context.loaders.by_id("member").load(asking.member) if asking.member else None

    @field(description="The partner whose key asks; null for anybody else.")
    @staticmethod
    async def partner(asking: Parent[viewer.Viewer], info: Info) -> PartnerRef | None:
        return await info.context.loaders.by_id("partner").load(asking.partner.partner) if asking.partner else None

    @field(description="The comment whose private link is in use, with all that is kept of it; null for anybody else.")
    @staticmethod
    async def comment(asking: Parent[viewer.Viewer]) -> OwnComment | None:
        row: Any = await comments.own(asking)
        return row

    @field(description="The member's own tokens that hold now, newest first.")
    @staticmethod
    async def tokens(
        asking: Parent[viewer.Viewer],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TokenRef]:
        return await connection(info, reading.tokens(asking, own=True), "token", (first, after, last, before))
