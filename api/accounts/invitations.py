"""One-time links `mri_…` by which a member chooses a password: the first time, or after it was forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from api import ids
from api.accounts import passwords, secret_texts, tokens
from api.accounts.acting import locked_member, note
from api.accounts.models import Invitation, Member
from api.accounts.viewer import Viewer
from api.errors import NotFound

PREFIX = "mri_"
FOR_THE_FIRST_TIME = timedelta(days=7)
AFTER_IT_WAS_FORGOTTEN = timedelta(days=1)
KEPT_AFTER_ITS_END = timedelta(days=30)


class DeadLink(NotFound):
    """This link does not hold: it was used, has expired or was never made. Ask an admin for a new one."""


@dataclass(frozen=True)
class Invited:
    """A new link: the row, and the text that is shown this once."""

    invitation: Invitation
    text: str

    def address(self, site: str) -> str:
        """The page on the clinic's site where a password is chosen."""
        return f"{site}/invitation/{self.text}"


@dataclass(frozen=True)
class Answered:
    """A link that somebody holds, and the digest of the password they chose; without one the link holds no longer."""

    invitation_id: str
    member_id: str
    digest: str | None


async def make(member: Member, lifetime: timedelta) -> Invited:
    """Make a link for the member, and end the earlier ones; the caller holds the member's lock."""
    await end_all(member)
    identity = ids.invitation()
    secret = secret_texts.make(PREFIX, identity)
    expires = datetime.now(UTC) + lifetime
    invitation = await Invitation.create(id=identity, member=member, digest=secret.digest, expires_at=expires)
    return Invited(invitation, secret.text)


async def end_all(member: Member) -> None:
    """Let no link of the member hold any longer; the caller holds the member's lock."""
    await Invitation.filter(member_id=member.id, used_at=None).update(used_at=datetime.now(UTC))


async def answer(text: str, password: str) -> Answered:
    """Look at the link, then at the password; nothing is hashed for a link that does not hold."""
    identity, secret = secret_texts.parts(PREFIX, text, "inv")
    found = await Invitation.get_or_none(id=identity).select_related("member")
    genuine = secret_texts.is_genuine(found.digest if found else None, secret)
    if found is None or not genuine:
        raise DeadLink(path=("token",))
    if not _holds(found, found.member):
        return Answered(found.id, found.member_id, None)
    chosen = passwords.check(password, email=found.member.email)
    return Answered(found.id, found.member_id, await passwords.digest(chosen))


async def accept(answered: Answered) -> Member:
    """Set the password and end the link, and with it whatever the member was signed in with."""
    async with in_transaction():
        member = await locked_member(answered.member_id)
        invitation = await Invitation.get(id=answered.invitation_id)
        if answered.digest is None or not _holds(invitation, member):
            raise DeadLink(path=("token",))
        now = datetime.now(UTC)
        member.password_digest = answered.digest
        member.version += 1
        await member.save(update_fields=["password_digest", "version"])
        await end_all(member)
        revoked = await tokens.revoke_all(member, now)
        await note(Viewer(member.id), "acceptInvitation", member.id, {"tokensRevoked": revoked})
    return member


async def forget(now: datetime) -> int:
    """Drop the links that ended long ago."""
    end = now - KEPT_AFTER_ITS_END
    return await Invitation.filter(Q(expires_at__lt=end) | Q(used_at__lt=end)).delete()


def _holds(invitation: Invitation, member: Member) -> bool:
    in_time = invitation.used_at is None and invitation.expires_at > datetime.now(UTC)
    return in_time and member.disabled_at is None
