"""Signing in: the same work and the same answer, whether an account is unknown, disabled, waiting or another's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api.accounts import emails, failures, passwords, tokens
from api.accounts.acting import locked_member, note
from api.accounts.models import Member
from api.accounts.viewer import Viewer
from api.errors import Invalid

if TYPE_CHECKING:
    from api.accounts.failures import Origin, Try
    from api.accounts.tokens import Minted

LIFETIME = timedelta(hours=12)
NAME = "Sign-in"


class WrongSignIn(Invalid):
    """E-mail and password do not let you in: check both. After ten failures an account waits a quarter of an hour."""


class WrongPassword(Invalid):
    """This is not your password: check it. After ten failures it is not looked at for a quarter of an hour."""


@dataclass(frozen=True)
class Proof:
    """That somebody knew a member's password; `digest` is the one it was held against."""

    member_id: str
    digest: str


async def prove(email: str, password: str, origin: Origin) -> Proof:
    """Look at an e-mail and a password; every refusal is the same but for too many tries from one address."""
    account = emails.normal(email)
    member = await Member.get_or_none(email=account)
    proof = await _proof(member, await failures.count(origin, account, _digest(member)), password)
    if proof is None:
        raise WrongSignIn
    return proof


async def prove_again(viewer: Viewer, password: str, origin: Origin, *, field: str) -> Proof:
    """Look at the password of whoever is signed in; `field` is where it stands in the input."""
    member = await Member.get_or_none(id=viewer.member or "")
    account = member.email if member else ""
    proof = await _proof(member, await failures.count(origin, account, _digest(member), again=True), password)
    if proof is None:
        raise WrongPassword(path=(field,))
    return proof


async def prove_and_choose(viewer: Viewer, current: str, wanted: str, origin: Origin) -> tuple[Proof, str]:
    """Look at the password of whoever is signed in; the proof, and the digest of the new password if it will do."""
    proof = await prove_again(viewer, current, origin, field="current_password")
    member = await Member.get(id=proof.member_id)
    chosen = passwords.check(wanted, field="new_password", email=member.email)
    return proof, await passwords.digest(chosen)


async def open_session(proof: Proof) -> Minted:
    """A token for whoever proved the password, unless it was changed in the meantime."""
    async with in_transaction():
        member = await locked_member(proof.member_id)
        if member.password_digest != proof.digest or member.disabled_at is not None:
            raise WrongSignIn
        minted = await tokens.make(member, NAME, datetime.now(UTC) + LIFETIME)
        await note(Viewer(member.id), "signIn", member.id, {"token": minted.token.id})
    return minted


def _digest(member: Member | None) -> str | None:
    return member.password_digest if member else None


async def _proof(member: Member | None, tried: Try, password: str) -> Proof | None:
    able = member is not None and member.disabled_at is None and not tried.locked
    kept = member.password_digest if member and able else None
    right = await passwords.verify(kept, password)
    if member is None or kept is None or not right:
        return None
    await failures.forgive(tried)
    return Proof(member.id, await _renewed(member, kept, password))


async def _renewed(member: Member, kept: str, password: str) -> str:
    """The digest with today's effort; computed anew, now that the password is at hand, when it had less."""
    if not passwords.is_outdated(kept):
        return kept
    fresh = await passwords.digest(passwords.normal(password))
    changed = await Member.filter(id=member.id, password_digest=kept).update(password_digest=fresh)
    return fresh if changed else kept
