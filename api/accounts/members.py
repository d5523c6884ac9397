"""Members: who may sign in, as what, and for how long.

A new password, other roles and being disabled end whatever the member was signed in with. The last admin who can sign
in stays one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from api.accounts import emails, invitations, tokens
from api.accounts.acting import locked_member, note
from api.accounts.models import Member
from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from api.accounts.invitations import Invited
    from api.accounts.sessions import Proof

LOCK = "SELECT pg_advisory_xact_lock(hashtext('meridian.members'))"
LONGEST_NAME = 120


class EmailTaken(Invalid):
    """There is a member with this e-mail already: update that one, or make a new link with reset-password."""


class NoRoles(Invalid):
    """A member has at least one role: name it, or disable the member."""


class NoName(Invalid):
    """A member has a name, up to 120 characters: say how colleagues call them."""


class NoMembersRole(Invalid):
    """PARTNER is the role of a partner's key: use createPartner instead."""


class NeedsPractitioner(Invalid):
    """A reviewer decides as a practitioner: name the practitioner too."""


class LastAdmin(Invalid):
    """This is the last admin who can sign in: make somebody else an admin first."""


class NobodyThere(NotFound):
    """There is no member with this e-mail: see `python -m api members list`."""


class IsDisabled(Invalid):
    """This member is disabled: an admin can enable them with updateMember."""


class NotAllowedAnyMore(Invalid):
    """Your password was changed or your account disabled in the meantime: sign in again."""


@dataclass(frozen=True)
class NewMember:
    """Who is to be invited."""

    email: str
    display_name: str
    roles: frozenset[Role]
    practitioner_id: str | None = None


async def create(viewer: Viewer, said: NewMember) -> tuple[Member, Invited]:
    """Make a member, who chooses a password by the link that comes back."""
    email = emails.check(said.email)
    _check(said.display_name, said.roles, said.practitioner_id)
    async with in_transaction():
        await get_connection("default").execute_query(LOCK)
        if await Member.filter(email=email).exists():
            raise EmailTaken(path=("email",))
        member = await Member.create(
            email=email,
            display_name=said.display_name.strip(),
            roles=_in_order(said.roles),
            practitioner_id=said.practitioner_id,
        )
        invited = await invitations.make(member, invitations.FOR_THE_FIRST_TIME)
        await note(viewer, "createMember", member.id, _snapshot(member))
    return member, invited


async def update(viewer: Viewer, member_id: str, expected: int, changes: dict[str, Any]) -> Member:
    """Change `display_name`, `roles`, `practitioner_id` or `is_disabled`; other roles and disabling end all tokens."""
    async with in_transaction():
        await get_connection("default").execute_query(LOCK)
        member = await locked_member(member_id)
        if member.version != expected:
            raise _stale(member, expected)
        before = _snapshot(member)
        now = datetime.now(UTC)
        _apply(member, changes, now)
        _check(member.display_name, frozenset(Role(role) for role in member.roles), member.practitioner_id)
        await _keep_an_admin(member, before)
        member.version += 1
        await member.save()
        await _end_what_changed(member, before, now)
        await note(viewer, "updateMember", member.id, _snapshot(member), before)
    return member


async def change_password(viewer: Viewer, proof: Proof, digest: str) -> Member:
    """Set the password of this digest in place of the one that was proved; every token ends."""
    async with in_transaction():
        member = await locked_member(proof.member_id)
        if member.password_digest != proof.digest or member.disabled_at is not None:
            raise NotAllowedAnyMore
        member.password_digest = digest
        member.version += 1
        await member.save(update_fields=["password_digest", "version"])
        await invitations.end_all(member)
        revoked = await tokens.revoke_all(member, datetime.now(UTC))
        await note(viewer, "changePassword", member.id, {"tokensRevoked": revoked})
    return member


async def invite(said: NewMember) -> tuple[Member, Invited]:
    """From the shell: make a member, or a new link for one who never chose a password."""
    async with in_transaction():
        await get_connection("default").execute_query(LOCK)
        waiting = await Member.get_or_none(email=emails.check(said.email), password_digest=None, disabled_at=None)
        if waiting is None:
            return await create(ANONYMOUS, said)
        member = await locked_member(waiting.id)
        _check(said.display_name, said.roles, said.practitioner_id)
        before = _snapshot(member)
        member.display_name, member.roles = said.display_name.strip(), _in_order(said.roles)
        member.practitioner_id = said.practitioner_id or member.practitioner_id
        member.version += 1
        await member.save()
        await _end_what_changed(member, before, datetime.now(UTC))
        await note(ANONYMOUS, "inviteMember", member.id, _snapshot(member), before)
        return member, await invitations.make(member, invitations.FOR_THE_FIRST_TIME)


async def reset_password(email: str) -> tuple[Member, Invited]:
    """From the shell: a link by which the member chooses a new password; the old one holds until then."""
    found = await Member.get_or_none(email=emails.check(email))
    if found is None:
        raise NobodyThere
    async with in_transaction():
        member = await locked_member(found.id)
        if member.disabled_at is not None:
            raise IsDisabled
        invited = await invitations.make(member, invitations.AFTER_IT_WAS_FORGOTTEN)
        await note(ANONYMOUS, "resetPassword", member.id, {"until": invited.invitation.expires_at.isoformat()})
    return member, invited


def _apply(member: Member, changes: dict[str, Any], now: datetime) -> None:
    if "display_name" in changes:
        member.display_name = changes["display_name"].strip()
    if "roles" in changes:
        member.roles = _in_order(changes["roles"])
    if "practitioner_id" in changes:
        member.practitioner_id = changes["practitioner_id"]
    if "is_disabled" in changes:
        member.disabled_at = (member.disabled_at or now) if changes["is_disabled"] else None


def _check(name: str, roles: AbstractSet[Role], practitioner_id: str | None) -> None:
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise NoName(path=("display_name",))
    if not roles:
        raise NoRoles(path=("roles",))
    if Role.PARTNER in roles:
        raise NoMembersRole(path=("roles",))
    if Role.REVIEWER in roles and practitioner_id is None:
        raise NeedsPractitioner(path=("practitioner",))


async def _keep_an_admin(member: Member, before: dict[str, Any]) -> None:
    """Refuse what would leave nobody who can manage members; the caller holds the lock of all members."""
    was_admin = Role.ADMIN in before["roles"] and not before["isDisabled"]
    if not was_admin or (Role.ADMIN in member.roles and member.disabled_at is None):
        return
    able = Member.filter(roles__contains=[Role.ADMIN.value], disabled_at=None, password_digest__isnull=False)
    if not await able.exclude(id=member.id).exists():
        raise LastAdmin(path=("is_disabled" if member.disabled_at else "roles",))


async def _end_what_changed(member: Member, before: dict[str, Any], now: datetime) -> None:
    disabled = member.disabled_at is not None
    if disabled or set(member.roles) != set(before["roles"]):
        await tokens.revoke_all(member, now)
    if disabled:
        await invitations.end_all(member)


def _stale(member: Member, expected: int) -> Conflict:
    refusal = Conflict(
        f"This member is at version {member.version} and you sent version {expected}: read it again and repeat.",
        path=("expected_version",),
    )
    refusal.thing = member.id
    return refusal


def _in_order(roles: AbstractSet[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _snapshot(member: Member) -> dict[str, Any]:
    return {
        "roles": list(member.roles),
        "practitioner": member.practitioner_id,
        "isDisabled": member.disabled_at is not None,
    }
