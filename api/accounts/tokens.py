"""Bearer tokens of members: made once, shown once, kept as a digest, and turned into a viewer.

Whoever makes or ends a member's tokens holds the member's row lock, so that none slips past a revocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tortoise.connection import get_connection
from tortoise.expressions import Q

from api import ids
from api.accounts import secret_texts
from api.accounts.models import Member, Token
from api.accounts.viewer import Role, Scope, Viewer, useful, with_implied
from api.rows import partly
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

PREFIX = "mrd_"
EVERYTHING = frozenset(Scope)
USE_IS_WRITTEN = timedelta(minutes=1)
KEPT_AFTER_ITS_END = timedelta(days=90)

REVOKE = """
WITH RECURSIVE family AS (
  SELECT id, predecessor_id FROM token WHERE id = $1
   UNION SELECT other.id, other.predecessor_id FROM token other
         JOIN family ON family.id IN (other.parent_id, other.predecessor_id) OR other.id = family.predecessor_id
)
UPDATE token SET revoked_at = $2 WHERE id IN (SELECT id FROM family) AND revoked_at IS NULL
"""
"""Those made with it, and those that it took over from or that took over from it, however many steps away."""
DESCENT = """
WITH RECURSIVE line AS (
  SELECT id, parent_id FROM token WHERE id = $1
   UNION SELECT token.id, token.parent_id FROM token JOIN line ON token.id = line.parent_id
)
SELECT FROM line WHERE id = $2
"""


BEARER = """
SELECT token.*, member.disabled_at IS NOT NULL AS is_disabled, member.display_name, member.roles, member.practitioner_id
  FROM token JOIN member ON member.id = token.member_id WHERE token.id = ?
"""


@dataclass(frozen=True)
class Minted:
    """A new token: the row, and the text that is shown this once."""

    token: Token
    text: str


async def mint(member: Member, name: str, lifetime: timedelta) -> Minted:
    """Make a token with every scope for the member."""
    return await make(member, name, datetime.now(UTC) + lifetime)


async def make(
    member: Member,
    name: str,
    expires_at: datetime,
    scopes: AbstractSet[Scope] = EVERYTHING,
    *,
    parent_id: str | None = None,
    predecessor_id: str | None = None,
) -> Minted:
    """Make a token of 256 random bits for the member, with the scopes that the member's roles have a use for."""
    identity = ids.token()
    secret = secret_texts.make(PREFIX, identity)
    token = await Token.create(
        id=identity,
        member=member,
        parent_id=parent_id,
        predecessor_id=predecessor_id,
        name=name,
        digest=secret.digest,
        scopes=in_order(scopes & useful(frozenset(Role(role) for role in member.roles))),
        expires_at=expires_at,
    )
    return Minted(token, secret.text)


async def viewer_of(text: str) -> Viewer | None:
    """Whom a token stands for; None when it is unknown, expired or revoked, or its member was disabled."""
    identity, secret = secret_texts.parts(PREFIX, text, "tok")
    found = await rows(sql(BEARER, identity))
    token = partly(Token, found[0]) if found else None
    genuine = secret_texts.is_genuine(token.digest if token else None, secret)
    if token is None or not genuine or not holds(token) or found[0]["is_disabled"]:
        return None
    await _note_use(token)
    roles = with_implied(frozenset(Role(role) for role in found[0]["roles"]))
    return Viewer(
        token.member_id,
        found[0]["display_name"],
        roles,
        found[0]["practitioner_id"],
        scopes=scopes_of(token) & useful(roles),
        token=token.id,
    )


def holds(token: Token) -> bool:
    return token.revoked_at is None and token.expires_at > datetime.now(UTC)


def scopes_of(token: Token) -> frozenset[Scope]:
    return frozenset(Scope(scope) for scope in token.scopes)


def in_order(scopes: AbstractSet[Scope]) -> list[str]:
    return [scope.value for scope in Scope if scope in scopes]


async def descends(token: Token, from_: Token) -> bool:
    """Whether the token is this one, or was made with it, by however many steps."""
    found, _rows = await get_connection("default").execute_query(DESCENT, [token.id, from_.id])
    return found > 0


async def revoke_family(token: Token, now: datetime) -> None:
    """End the token, what it was before and after rotations, and all that were made with any of these.

    The caller holds the member's lock.
    """
    await get_connection("default").execute_query(REVOKE, [token.id, now])


async def revoke_all(member: Member, now: datetime) -> int:
    """End every token of the member; the caller holds the member's lock."""
    return await Token.filter(member_id=member.id, revoked_at=None).update(revoked_at=now)


async def forget(now: datetime) -> int:
    """Drop the tokens that ended long ago; none outlives the token that it was made with."""
    end = now - KEPT_AFTER_ITS_END
    return await Token.filter(Q(expires_at__lt=end) | Q(revoked_at__lt=end)).delete()


async def _note_use(token: Token) -> None:
    """Write when the token was last used, at most once a minute."""
    now = datetime.now(UTC)
    stale = now - USE_IS_WRITTEN
    if token.last_used_at is None or token.last_used_at < stale:
        await Token.filter(Q(last_used_at=None) | Q(last_used_at__lt=stale), id=token.id).update(last_used_at=now)
