"""One-time links `mrc_…` by which a partner accepts the clinic's terms and is shown a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from api import ids
from api.accounts import secret_texts
from api.accounts.acting import note
from api.clinic import the_clinic
from api.errors import Invalid, NotFound
from api.syndication import keys
from api.syndication.acting import grant_of, locked_partner, partner_of
from api.syndication.models import Partner, PartnerClaim

if TYPE_CHECKING:
    from api.accounts.viewer import Viewer
    from api.syndication.keys import Made

PREFIX = "mrc_"
LIFETIME = timedelta(days=14)
KEPT_AFTER_ITS_END = timedelta(days=30)
LONGEST_NAME = 120


class DeadClaim(NotFound):
    """This link does not hold: it was used, has expired or was never made. Ask the clinic for a new one."""


class TermsNotAccepted(Invalid):
    """The terms must be accepted before there is a key: read them, and tick the box if you agree."""


class TermsChanged(Invalid):
    """These are not the terms that hold now: read them again, and accept the newer version."""


class NoName(Invalid):
    """Say who accepts the terms: your name, up to 120 characters."""


@dataclass(frozen=True)
class Claimable:
    """A new link: the row, and the text that is shown this once."""

    claim: PartnerClaim
    text: str

    def address(self, site: str) -> str:
        """The page on the clinic's site where the terms are accepted."""
        return f"{site}/partners/claim/{self.text}"


@dataclass(frozen=True)
class Acceptance:
    """What somebody says of the terms: which version, in whose name, and whether the box was ticked."""

    version: str
    name: str
    accepted: bool = True


async def make(partner: Partner) -> Claimable:
    """Make a link for the partner, and end the earlier ones; the caller holds the partner's lock."""
    now = datetime.now(UTC)
    await PartnerClaim.filter(partner_id=partner.id, used_at=None).update(used_at=now)
    identity = ids.partner_claim()
    secret = secret_texts.make(PREFIX, identity)
    claim = await PartnerClaim.create(id=identity, partner=partner, digest=secret.digest, expires_at=now + LIFETIME)
    return Claimable(claim, secret.text)


async def renew(asking: Viewer, partner_id: str) -> tuple[Partner, Claimable]:
    """A new link, for a partner who lost the first one or every key."""
    async with in_transaction():
        partner = await locked_partner(partner_id)
        claim = await make(partner)
        await note(asking, "createClaimLink", partner.id, {"until": claim.claim.expires_at.isoformat()})
    return partner, claim


async def claim(text: str, said: Acceptance) -> tuple[Partner, Made]:
    """Accept the terms by a link, and get a key; the link ends. Nothing is written when anything is refused."""
    identity, secret = secret_texts.parts(PREFIX, text, "pcl")
    found = await PartnerClaim.get_or_none(id=identity)
    if not secret_texts.is_genuine(found.digest if found else None, secret) or found is None:
        raise DeadClaim(path=("token",))
    async with in_transaction():
        partner = await locked_partner(found.partner_id)
        await found.refresh_from_db()
        now = datetime.now(UTC)
        if found.used_at is not None or found.expires_at <= now or partner.suspended_at is not None:
            raise DeadClaim(path=("token",))
        await _accept(partner, said, now)
        found.used_at = now
        await found.save(update_fields=["used_at"])
        made = await keys.make(partner, now)
        await note(keys.viewer(grant_of(partner)), "claimPartner", partner.id, {"terms": said.version})
    return partner, made


async def accept(asking: Viewer, said: Acceptance) -> Partner:
    """Accept the terms that hold now with a key, after they changed."""
    async with in_transaction():
        partner = await locked_partner(partner_of(asking))
        before = partner.terms_accepted
        await _accept(partner, said, datetime.now(UTC))
        old = {"terms": before["version"]} if before else None
        await note(asking, "acceptTerms", partner.id, {"terms": said.version}, old)
    return partner


async def forget(now: datetime) -> int:
    """Drop the links that ended long ago."""
    end = now - KEPT_AFTER_ITS_END
    return await PartnerClaim.filter(Q(expires_at__lt=end) | Q(used_at__lt=end)).delete()


async def _accept(partner: Partner, said: Acceptance, now: datetime) -> None:
    clinic = await the_clinic()
    if not said.accepted:
        raise TermsNotAccepted(path=("accepted",))
    if not 1 <= len(said.name.strip()) <= LONGEST_NAME:
        raise NoName(path=("name",))
    if said.version != clinic.syndication_terms["version"]:
        raise TermsChanged(path=("terms_version",))
    partner.terms_accepted = {"version": said.version, "by": said.name.strip(), "at": now.isoformat()}
    partner.version += 1
    await partner.save(update_fields=["terms_accepted", "version"])
