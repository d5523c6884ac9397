"""Which partners and keys exist for a viewer: a partner's own, and all of them for an admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.accounts.viewer import Role, Scope
from api.paging import Key, Listing
from api.sql import Sql
from api.syndication.models import Partner, PartnerKey, Rehearsal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer

HOLDS = Sql("partner_key.revoked_at IS NULL AND (partner_key.expires_at IS NULL OR partner_key.expires_at > now())")


def manages(viewer: Viewer) -> bool:
    """Whether this is an admin, with a token that is meant for partners."""
    return Role.ADMIN in viewer.roles and Scope.PARTNERS in viewer.scopes


def partners() -> Listing:
    """The partners from A to Z; the caller has asked who may see them."""
    keys = (Key("lower(partner.name)", "text"), Key("partner.id", "text"))
    return Listing("partner.name", Sql("partner"), (), keys)


def keys() -> Listing:
    """The keys that hold now, newest first, below their partners."""
    ordered = (Key("partner_key.created_at", "timestamptz"), Key("partner_key.id", "text"))
    return Listing(
        "partner.keys", Sql("partner_key"), (HOLDS,), ordered, descending=True, parent="partner_key.partner_id"
    )


async def partners_by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Partner]:
    """Those of the partners that exist for the viewer, by id."""
    own = {viewer.partner.partner} if viewer.partner else set()
    seen = set(wanted) if manages(viewer) else own & set(wanted)
    return {row.id: row for row in await Partner.filter(id__in=list(seen))} if seen else {}


async def keys_by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, PartnerKey]:
    """Those of the keys that exist for the viewer, by id, whether they still hold or not."""
    found = PartnerKey.filter(id__in=list(wanted))
    if viewer.partner:
        found = found.filter(partner_id=viewer.partner.partner)
    elif not manages(viewer):
        return {}
    return {row.id: row for row in await found}


async def rehearsals(partners: Sequence[str]) -> list[Rehearsal | None]:
    """The last rehearsal of each partner."""
    found = {row.partner_id: row for row in await Rehearsal.filter(partner_id__in=list(partners))}
    return [found.get(partner) for partner in partners]
