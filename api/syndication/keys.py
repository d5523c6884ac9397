"""Keys of partners' programs: made once, shown once, kept as a digest, renewed with an overlap, and revoked.

Whoever makes or ends a partner's keys holds the partner's row lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from api import ids
from api.accounts import secret_texts
from api.accounts.acting import note
from api.accounts.tokens import PREFIX, USE_IS_WRITTEN
from api.accounts.viewer import Role, Scope, Viewer
from api.errors import Invalid, NotFound
from api.syndication.acting import grant_of, locked_partner, partner_of
from api.syndication.models import Partner, PartnerKey

if TYPE_CHECKING:
    from api.accounts.viewer import PartnerGrant

LIFETIME = timedelta(days=365)
MOST = 10


class NoSuchKey(NotFound):
    """There is no such key: check its id."""


class KeyEnded(Invalid):
    """This key was revoked or has expired: ask the clinic for a new link."""


class TooManyKeys(Invalid):
    """A partner has up to 10 keys that hold at once: revoke one that is not in use."""


@dataclass(frozen=True)
class Made:
    """A new key: the row, and the text that is shown this once."""

    key: PartnerKey
    text: str


async def make(partner: Partner, now: datetime) -> Made:
    """Make a key of 256 random bits that holds for a year; the caller holds the partner's lock."""
    holding = Q(expires_at=None) | Q(expires_at__gt=now)
    if await PartnerKey.filter(holding, partner_id=partner.id, revoked_at=None).count() >= MOST:
        raise TooManyKeys
    identity = ids.partner_key()
    secret = secret_texts.make(PREFIX, identity)
    key = await PartnerKey.create(id=identity, partner=partner, digest=secret.digest, expires_at=now + LIFETIME)
    return Made(key, secret.text)


async def viewer_of(text: str) -> Viewer | None:
    """Whom a key stands for; None when it is unknown, expired or revoked, or the partner is suspended."""
    identity, secret = secret_texts.parts(PREFIX, text, "pky")
    key = await PartnerKey.get_or_none(id=identity).select_related("partner")
    genuine = secret_texts.is_genuine(key.digest if key else None, secret)
    if key is None or not genuine or not holds(key, datetime.now(UTC)) or key.partner.suspended_at is not None:
        return None
    await _note_use(key)
    return viewer(grant_of(key.partner), key.id)


def viewer(grant: PartnerGrant, key: str | None = None) -> Viewer:
    """The viewer that a key makes: no member, one role, one scope."""
    return Viewer(roles=frozenset({Role.PARTNER}), scopes=frozenset({Scope.PARTNERS}), token=key, partner=grant)


def holds(key: PartnerKey, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


async def rotate(asking: Viewer, key_id: str, overlap: timedelta) -> Made:
    """A new key of the asking partner's in place of this one, which still holds for the overlap and no longer.

    Unlike a member's token the new key has a whole life before it: nobody else would renew it.
    """
    async with in_transaction():
        partner = await locked_partner(partner_of(asking))
        now = datetime.now(UTC)
        old = await PartnerKey.get_or_none(id=key_id, partner_id=partner.id)
        if old is None:
            raise NoSuchKey(path=("id",))
        if not holds(old, now):
            raise KeyEnded(path=("id",))
        made = await make(partner, now)
        old.expires_at = min(old.expires_at or now + overlap, now + overlap)
        old.revoked_at = None if overlap else now
        await old.save(update_fields=["expires_at", "revoked_at"])
        await note(asking, "rotatePartnerKey", partner.id, {"old": old.id, "new": made.key.id})
    return made


async def revoke(asking: Viewer, key_id: str) -> PartnerKey:
    """End a key at once: one's own, or for an admin any partner's. One that has ended stays as it is."""
    async with in_transaction():
        key = await PartnerKey.get_or_none(id=key_id)
        if key is None or (asking.partner is not None and asking.partner.partner != key.partner_id):
            raise NoSuchKey(path=("id",))
        await locked_partner(key.partner_id)
        await key.refresh_from_db()
        if key.revoked_at is None:
            key.revoked_at = datetime.now(UTC)
            await key.save(update_fields=["revoked_at"])
            await note(asking, "revokePartnerKey", key.partner_id, {"key": key.id})
    return key


async def _note_use(key: PartnerKey) -> None:
    """Write when the key was last used and its partner last seen, at most once a minute."""
    now = datetime.now(UTC)
    stale = now - USE_IS_WRITTEN
    if key.last_used_at is None or key.last_used_at < stale:
        await PartnerKey.filter(Q(last_used_at=None) | Q(last_used_at__lt=stale), id=key.id).update(last_used_at=now)
        await Partner.filter(id=key.partner_id).update(last_seen_at=now)
