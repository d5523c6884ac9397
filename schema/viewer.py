"""Who is asking."""

from typing import Any

import strawberry
from strawberry import Parent, field

from api.accounts import reading, viewer
from api.accounts.viewer import Role, Scope
from api.comments import reading as comments
from schema.comment import OwnComment
from schema.context import Info
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import MemberRef, TokenRef


@strawberry.type(description="Who is asking.")
class Viewer:
    is_authenticated: bool = field(description="Whether a token was sent that holds.")
    display_name: str | None = field(description="The member's name; null for anybody else.")

    @field(description="The roles of the member, with those that they include, in the order of the enum.")
    @staticmethod
    def roles(asking: Parent[viewer.Viewer]) -> list[Role]:
        return [role for role in Role if role in asking.roles]

    @field(description="What the token in use is for, in the order of the enum; nothing without a member's token.")
    @staticmethod
    def scopes(asking: Parent[viewer.Viewer]) -> list[Scope]:
        return [scope for scope in Scope if scope in asking.scopes] if asking.is_authenticated else []

    @field(description="The member who asks; null for anybody else.")
    @staticmethod
    async def member(asking: Parent[viewer.Viewer], info: Info) -> MemberRef | None:
        return await info.context.loaders.by_id("member").load(asking.member) if asking.member else None

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
