"""What every verb on members and tokens shares: the member under its lock, and the audit entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.accounts.models import Member
from api.audit import AuditEntry
from api.errors import NotFound

if TYPE_CHECKING:
    from api.accounts.viewer import Viewer


class NoSuchMember(NotFound):
    """There is no such member: check the id."""


async def locked_member(member_id: str) -> Member:
    """The member under its row's lock, inside a transaction."""
    member = await Member.select_for_update().get_or_none(id=member_id)
    if member is None:
        raise NoSuchMember(path=("id",))
    return member


async def note(
    viewer: Viewer, verb: str, thing: str, after: dict[str, Any], before: dict[str, Any] | None = None
) -> None:
    """Write who did what; no secret, password or e-mail stands here."""
    await AuditEntry.create(actor=viewer.actor, verb=verb, thing=thing, before=before, after=after)
