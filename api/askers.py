"""Who asks: whom a bearer stands for, and which bucket pays for what is asked."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from api import sealing
from api.database import AWAY
from api.errors import Unavailable
from api.syndication import bearers
from api.web.graphql import Buckets, Payer

if TYPE_CHECKING:
    from api.accounts.viewer import Viewer
    from api.settings import Settings
    from api.web import bearer as edge

KNOWN_WITHIN = 4.0
"""Seconds that it may take to look a bearer up."""
WITH_A_TOKEN = 40
"""Times the cost per minute of whoever has none: 2,000,000."""


def buckets_of(configured: Settings) -> Buckets:
    """This process's own; shared with others where there is a Valkey, and only then is its client loaded."""
    if not configured.valkey_url:
        return Buckets()
    shared = importlib.import_module("api.web.graphql.shared").Shared
    return shared(url=configured.valkey_url, key=sealing.derive(configured.secret_key, "meridian/buckets"))  # type: ignore[no-any-return]


async def authenticate(secret: str, bearer: str) -> Viewer:
    """Whom a bearer stands for; nobody knows while the database is away or silent, and that is told as such."""
    try:
        async with asyncio.timeout(KNOWN_WITHIN):
            return await bearers.authenticate(secret, bearer)
    except AWAY as error:  # a TimeoutError is an OSError
        raise Unavailable from error


def payer(per_minute: int, asking: edge.Viewer) -> Payer | None:
    """Who holds a token has a bucket of its own, wherever it is used; a partner's has the size that was agreed."""
    viewer: Viewer = asking  # type: ignore[assignment] # the edge knows a viewer by one property
    if viewer.partner:
        return _partner(viewer.partner.partner, viewer.partner.quota)
    if viewer.is_authenticated:
        return Payer(f"token {viewer.token or viewer.member}", per_minute * WITH_A_TOKEN)
    return None


def payer_for_pages(per_minute: int, asking: edge.Viewer) -> Payer | None:
    return payer(per_minute, asking) if per_minute else None


async def remaining(per_minute: int, buckets: Buckets, partner: str, quota: int) -> int | None:
    """What a partner may still ask for in this minute; None where the minute has no limit."""
    return (await buckets.take(_partner(partner, quota), 0)).remaining if per_minute else None


def _partner(partner: str, quota: int) -> Payer:
    return Payer(f"partner {partner}", quota)
