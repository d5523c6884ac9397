"""Members and their tokens, as they themselves and admins see them."""

from datetime import datetime

import strawberry
from strawberry import ID, Parent, field

from api.accounts import models, reading
from api.accounts.viewer import Role, Scope
from schema.context import Info
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import MemberRef, PractitionerRef, TokenRef


@strawberry.type(description="Who signs in. Seen by the member and by admins.")
class Member(Node):
    is_type_of = made_from(models.Member)

    id: ID = field(description="The id, `mbr_…`.")
    email: str = field(description="The e-mail to sign in with.")
    display_name: str = field(description="How colleagues call them.")
    disabled_at: datetime | None = field(description="Since when the member cannot sign in; null when they can.")
    created_at: datetime = field(description="When the member was invited.")
    version: int = field(description="Grows by one with every change; updateMember names the one that it expects.")

    @field(description="The roles that were given, without those that they include, in the order of the enum.")
    @staticmethod
    def roles(member: Parent[models.Member]) -> list[Role]:
        return [role for role in Role if role in member.roles]

    @field(description="The practitioner as whom the member writes and reviews.")
    @staticmethod
    async def practitioner(member: Parent[models.Member], info: Info) -> PractitionerRef | None:
        linked = member.practitioner_id
        return await info.context.loaders.by_id("practitioner").load(linked) if linked else None

    @field(description="Whether the member has yet to choose a password by the link that they were sent.")
    @staticmethod
    def is_invited(member: Parent[models.Member]) -> bool:
        return member.password_digest is None

    @field(description="The member's tokens that hold now, newest first.")
    @staticmethod
    async def tokens(
        member: Parent[models.Member],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TokenRef]:
        listing = reading.tokens_of(info.context.viewer)
        return await connection(info, listing, "token", (first, after, last, before), below=member.id)


@strawberry.type(description="A secret that a member or a program carries. The secret itself is shown once, when made.")
class Token(Node):
    is_type_of = made_from(models.Token)

    id: ID = field(description="The id, `tok_…`.")
    name: str = field(description="What it is for, in the words of whoever made it.")
    created_at: datetime = field(description="When it was made.")
    expires_at: datetime = field(description="When it ends by itself.")
    last_used_at: datetime | None = field(description="When it was last used, to the minute; null when it never was.")
    revoked_at: datetime | None = field(description="When it was ended; null when it was not.")

    @field(description="What it may be used for, in the order of the enum.")
    @staticmethod
    def scopes(token: Parent[models.Token]) -> list[Scope]:
        return [scope for scope in Scope if scope in token.scopes]

    @field(description="Whether this is the token of this request.")
    @staticmethod
    def is_current(token: Parent[models.Token], info: Info) -> bool:
        return token.id == info.context.viewer.token

    @field(description="The member whose it is; null when that is not for this viewer to see.")
    @staticmethod
    async def member(token: Parent[models.Token], info: Info) -> MemberRef | None:
        return await info.context.loaders.by_id("member").load(token.member_id)

    @field(description="The token with which this one ends: it was made with that one, or replaced by it.")
    @staticmethod
    async def parent(token: Parent[models.Token], info: Info) -> TokenRef | None:
        return await info.context.loaders.by_id("token").load(token.parent_id) if token.parent_id else None
