"""Bearer tokens of members: made once, shown once, kept as a digest, and turned into a viewer."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from api import ids
from api.accounts.models import Member, Token
from api.accounts.viewer import Role, Viewer, with_implied

if TYPE_CHECKING:
    from datetime import timedelta

PREFIX = "mrd_"


@dataclass(frozen=True)
class Minted:
    """A new token: the row, and the text that is shown this once."""

    token: Token
    text: str


async def mint(member: Member, name: str, lifetime: timedelta) -> Minted:
    """Make a token of 256 random bits for the member."""
    secret = secrets.token_urlsafe(32)
    identity = ids.token()
    expires = datetime.now(UTC) + lifetime
    token = await Token.create(id=identity, member=member, name=name, digest=_digest(secret), expires_at=expires)
    return Minted(token, f"{PREFIX}{identity.removeprefix('tok_')}_{secret}")


async def viewer_of(text: str) -> Viewer | None:
    """Whom a token stands for; None when it is unknown, expired or revoked, or its member was disabled."""
    identity, _, secret = text.removeprefix(PREFIX).partition("_")
    known = ids.prefix_of(f"tok_{identity}")  # of anything else Tortoise may say that it is too long to look for
    token = await Token.get_or_none(id=f"tok_{identity}" if known else "").select_related("member")
    genuine = hmac.compare_digest(token.digest if token else bytes(32), _digest(secret))
    if token is None or not genuine or not _holds(token):
        return None
    await Token.filter(id=token.id).update(last_used_at=datetime.now(UTC))
    return _viewer(token.member)


def _holds(token: Token) -> bool:
    return token.revoked_at is None and token.expires_at > datetime.now(UTC) and token.member.disabled_at is None


def _viewer(member: Member) -> Viewer:
    roles = with_implied(frozenset(Role(role) for role in member.roles))
    return Viewer(member.id, member.display_name, roles, member.practitioner_id)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
