"""What members do with their tokens: make one with another, renew its secret, and end it.

A token without the member's password can make nothing that is wider than itself or lives longer. With the password a
member can make what a fresh sign-in could.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api.accounts import tokens
from api.accounts.acting import locked_member, note
from api.accounts.models import Token
from api.errors import Forbidden, Invalid, NotFound

if TYPE_CHECKING:
    from api.accounts.models import Member
    from api.accounts.tokens import Minted
    from api.accounts.viewer import Scope, Viewer

LONGEST = timedelta(days=365)
USUAL = timedelta(days=90)
OVERLAP = timedelta(hours=24)


class NoSuchToken(NotFound):
    """There is no such token: check its id."""


class NoLongerHolds(Invalid):
    """This token was revoked or has expired: make a new one."""


class TooWide(Invalid):
    """A token cannot give more scopes than it has: leave some out, or give your password too."""


class TooLong(Invalid):
    """A token cannot give more time than it has: choose an earlier moment, or give your password too."""


class TooFar(Invalid):
    """A token lives for a year at most: choose an earlier moment."""


class AlreadyOver(Invalid):
    """This moment is past: choose a later one."""


class NoScope(Invalid):
    """Name at least one scope: a token without any can change nothing."""


class NeedsPassword(Invalid):
    """This token was not made with the one that you use: give your password too."""


class WiderThanYours(Forbidden):
    """This token can do more than the one that you use: use a wider one."""


@dataclass(frozen=True)
class Wish:
    """What a new token is to be: its scopes and its end, when they are not to be those of the one in use."""

    name: str
    scopes: frozenset[Scope] | None = None
    expires_at: datetime | None = None


async def create(viewer: Viewer, wish: Wish, *, proven: bool) -> Minted:
    """Make a token: a child of the one in use or, when the password was given, one of its own."""
    async with in_transaction():
        member, asking = await _asking(viewer)
        scopes = tokens.scopes_of(asking) if wish.scopes is None else wish.scopes
        now = datetime.now(UTC)
        usual = now + USUAL if proven else asking.expires_at
        end = _end(wish.expires_at or usual, now)
        if not scopes:
            raise NoScope(path=("scopes",))
        if not proven and not scopes <= tokens.scopes_of(asking):
            raise TooWide(path=("scopes",))
        if not proven and end > asking.expires_at:
            raise TooLong(path=("expires_at",))
        minted = await tokens.make(member, wish.name, end, scopes, parent_id=None if proven else asking.id)
        await note(viewer, "createToken", minted.token.id, {"scopes": minted.token.scopes, "by": asking.id})
    return minted


async def rotate(viewer: Viewer, token_id: str, *, overlap: timedelta = OVERLAP, proven: bool) -> Minted:
    """Give the token a new secret, as a new row that ends when the old one would have.

    The old secret holds for the overlap; from now on the tokens made with it hang on the new one. A token without the
    member's password renews itself and those made with it, never the one that it was made with or a stranger.
    """
    async with in_transaction():
        member, asking = await _asking(viewer)
        old = await _own(viewer, token_id)
        if not tokens.holds(old):
            raise NoLongerHolds(path=("id",))
        if not proven and not await tokens.descends(old, asking):
            raise NeedsPassword(path=("password",))
        minted = await tokens.make(
            member,
            old.name,
            old.expires_at,
            tokens.scopes_of(old),
            parent_id=old.parent_id,
            predecessor_id=old.id,
        )
        await Token.filter(parent_id=old.id).update(parent_id=minted.token.id)
        await _let_go(old, overlap)
        await note(viewer, "rotateToken", old.id, {"token": minted.token.id, "until": old.expires_at.isoformat()})
    return minted


async def revoke(viewer: Viewer, token_id: str) -> Token:
    """End the token, its successors and predecessors by rotation, and all that were made with any of them."""
    async with in_transaction():
        token = await Token.get_or_none(id=token_id)
        if token is None or not _sees(viewer, token):
            raise NoSuchToken(path=("id",))
        await locked_member(token.member_id)
        if not viewer.manages_members and not tokens.scopes_of(token) <= viewer.scopes:
            raise WiderThanYours
        await tokens.revoke_family(token, datetime.now(UTC))
        await note(viewer, "revokeToken", token.id, {"revoked": True})
        await token.refresh_from_db()
    return token


async def sign_out(viewer: Viewer) -> Token:
    """End the token in use, and all that were made with it."""
    async with in_transaction():
        _member, token = await _asking(viewer)
        await tokens.revoke_family(token, datetime.now(UTC))
        await note(viewer, "signOut", token.id, {"revoked": True})
        await token.refresh_from_db()
    return token


async def _asking(viewer: Viewer) -> tuple[Member, Token]:
    """The member under its lock, and the token in use; refused when it was revoked since the request came in."""
    member = await locked_member(viewer.member or "")
    token = await Token.get_or_none(id=viewer.token or "")
    if token is None or not tokens.holds(token) or member.disabled_at is not None:
        raise NoLongerHolds
    return member, token


async def _own(viewer: Viewer, token_id: str) -> Token:
    token = await Token.get_or_none(id=token_id, member_id=viewer.member)
    if token is None:
        raise NoSuchToken(path=("id",))
    return token


def _sees(viewer: Viewer, token: Token) -> bool:
    return token.member_id == viewer.member or viewer.manages_members


def _end(wanted: datetime, now: datetime) -> datetime:
    if wanted <= now:
        raise AlreadyOver(path=("expires_at",))
    if wanted > now + LONGEST:
        raise TooFar(path=("expires_at",))
    return wanted


async def _let_go(old: Token, overlap: timedelta) -> None:
    """Let the old secret hold for the overlap and no longer; an overlap of nothing ends it at once."""
    now = datetime.now(UTC)
    old.expires_at = min(old.expires_at, now + overlap)
    old.revoked_at = None if overlap else now
    await old.save(update_fields=["expires_at", "revoked_at"])
