"""Which members and tokens exist for a viewer: one's own, and everybody's for an admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.accounts.models import Member, Token
from api.accounts.viewer import Role, Viewer, with_implied
from api.paging import Key, Listing
from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTIVE = "SELECT display_name, roles, practitioner_id FROM member WHERE id = ? AND disabled_at IS NULL"
HOLDS = Sql("token.revoked_at IS NULL AND token.expires_at > now()")


def members(viewer: Viewer) -> Listing:
    """The members from A to Z."""
    keys = (Key("lower(member.display_name)", "text"), Key("member.id", "text"))
    return Listing("member.name", Sql("member"), (_visible(viewer, "member.id"),), keys)


def tokens(viewer: Viewer, *, own: bool = False) -> Listing:
    """The tokens that hold now, newest first; `own` leaves out other members' for admins, too."""
    mine = sql("token.member_id = ?", viewer.member) if own else Sql("TRUE")
    return _tokens("token.newest", viewer, mine)


def tokens_of(viewer: Viewer) -> Listing:
    """The tokens that hold now, newest first, below their members."""
    return _tokens("token.of_member", viewer, parent="token.member_id")


async def colleagues(wanted: Sequence[str]) -> list[Member | None]:
    """The members with these ids, of whom those who work here are told the name."""
    found = {member.id: member for member in await Member.filter(id__in=list(wanted))}
    return [found.get(key) for key in wanted]


async def active(member: str) -> Viewer | None:
    """An active member as a viewer, by the roles that they have now; None for one who was disabled."""
    found = await rows(sql(ACTIVE, member))
    if not found:
        return None
    roles = with_implied(frozenset(Role(role) for role in found[0]["roles"]))
    return Viewer(member, found[0]["display_name"], roles, found[0]["practitioner_id"])


async def members_by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Member]:
    """Those of the members that exist for the viewer, by id."""
    seen = wanted if viewer.manages_members else {viewer.member} & set(wanted)
    return {member.id: member for member in await Member.filter(id__in=list(seen))} if seen else {}


async def tokens_by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Token]:
    """Those of the tokens that exist for the viewer, by id, whether they still hold or not."""
    if viewer.member is None:
        return {}
    found = Token.filter(id__in=list(wanted))
    return {
        token.id: token for token in await (found if viewer.manages_members else found.filter(member_id=viewer.member))
    }


def _tokens(name: str, viewer: Viewer, *where: Sql, parent: str = "") -> Listing:
    keys = (Key("token.created_at", "timestamptz"), Key("token.id", "text"))
    visible = (HOLDS, _visible(viewer, "token.member_id"), *where)
    return Listing(name, Sql("token"), visible, keys, descending=True, parent=parent)


def _visible(viewer: Viewer, column: str) -> Sql:
    if viewer.manages_members:
        return Sql("TRUE")
    return sql(f"{column} = ?", viewer.member) if viewer.member else Sql("FALSE")
