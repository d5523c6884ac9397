"""What every verb on partners shares: the partner under its lock, how it stands, and its grant."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from api.accounts.viewer import PartnerGrant
from api.errors import NotFound
from api.syndication.models import Partner

if TYPE_CHECKING:
    from api.accounts.viewer import Viewer


class PartnerStatus(StrEnum):
    """How a partner stands."""

    INVITED = "INVITED"
    SANDBOX = "SANDBOX"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class NoSuchPartner(NotFound):
    """There is no such partner: check the id."""


def status_of(partner: Partner) -> PartnerStatus:
    """Suspended before all else; invited until the terms are accepted; in the sandbox until a rehearsal is passed."""
    if partner.suspended_at is not None:
        return PartnerStatus.SUSPENDED
    if partner.terms_accepted is None:
        return PartnerStatus.INVITED
    return PartnerStatus.SANDBOX if partner.activated_at is None else PartnerStatus.ACTIVE


def grant_of(partner: Partner) -> PartnerGrant:
    """What the partner's keys open: in the sandbox no full texts in bulk but the rehearsal's own."""
    return PartnerGrant(
        partner=partner.id,
        full_text=partner.full_text,
        topics=frozenset(partner.topics),
        quota=partner.quota,
        sandbox=status_of(partner) is not PartnerStatus.ACTIVE,
        refresh=timedelta(seconds=partner.refresh_max_seconds),
    )


def partner_of(viewer: Viewer) -> str:
    """The id of the partner who asks; refused for everybody else."""
    if viewer.partner is None:
        raise NoSuchPartner
    return viewer.partner.partner


async def locked_partner(partner_id: str) -> Partner:
    """The partner under its row's lock, inside a transaction."""
    partner = await Partner.select_for_update(no_key=True).get_or_none(id=partner_id)
    if partner is None:
        raise NoSuchPartner(path=("id",))
    return partner
