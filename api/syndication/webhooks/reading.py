"""Which webhooks and deliveries exist for a viewer: a partner's own, and all of them for an admin."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from api.accounts.viewer import Role, Scope
from api.paging import Key, Listing
from api.sql import Sql, sql
from api.syndication.webhooks.models import Delivery, DeliveryAttempt, Webhook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer

SENT = Sql("delivery JOIN webhook ON webhook.id = delivery.webhook_id")
MADE = (Key("webhook.created_at", "timestamptz"), Key("webhook.id", "text"))
AGE = (Key("delivery.created_at", "timestamptz"), Key("delivery.id", "text"))


def webhooks(viewer: Viewer) -> Listing:
    """The webhooks, oldest first."""
    return Listing("webhook.oldest", Sql("webhook"), (_visible(viewer),), MADE)


def webhooks_of(viewer: Viewer) -> Listing:
    """The webhooks below each partner, oldest first."""
    return Listing("webhook.of_partner", Sql("webhook"), (_visible(viewer),), MADE, parent="webhook.partner_id")


def deliveries(viewer: Viewer, *more: Sql) -> Listing:
    """The deliveries of the last 30 days, newest first."""
    return Listing("delivery.newest", SENT, (_visible(viewer), *more), AGE, descending=True)


def deliveries_of(viewer: Viewer) -> Listing:
    """The deliveries below each partner, newest first."""
    return Listing(
        "delivery.of_partner", SENT, (_visible(viewer),), AGE, descending=True, parent="webhook.partner_id"
    )  # fmt: skip


def in_state(state: str) -> Sql:
    return sql("delivery.state = ?", state)


def deliveries_to(viewer: Viewer) -> Listing:
    """The deliveries below each webhook, newest first."""
    return Listing(
        "delivery.to_webhook", SENT, (_visible(viewer),), AGE, descending=True, parent="delivery.webhook_id"
    )  # fmt: skip


async def webhooks_by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Webhook]:
    """Those of the webhooks that exist for the viewer, by id."""
    found = Webhook.filter(id__in=list(wanted))
    if viewer.partner is not None:
        found = found.filter(partner_id=viewer.partner.partner)
    return {row.id: row for row in await found} if _sees_any(viewer) else {}


async def deliveries_by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Delivery]:
    """Those of the deliveries that exist for the viewer, by id."""
    found = Delivery.filter(id__in=list(wanted))
    if viewer.partner is not None:
        found = found.filter(webhook__partner_id=viewer.partner.partner)
    return {row.id: row for row in await found} if _sees_any(viewer) else {}


async def attempts(deliveries: Sequence[str]) -> list[list[DeliveryAttempt]]:
    """Every try of each delivery, oldest first; deliveries that the viewer was shown."""
    found: dict[str, list[DeliveryAttempt]] = defaultdict(list)
    for row in await DeliveryAttempt.filter(delivery_id__in=list(deliveries)).order_by("id"):
        found[row.delivery_id].append(row)
    return [found[key] for key in deliveries]


def _sees_any(viewer: Viewer) -> bool:
    return viewer.partner is not None or (Role.ADMIN in viewer.roles and Scope.PARTNERS in viewer.scopes)


def _visible(viewer: Viewer) -> Sql:
    if viewer.partner is not None:
        return sql("webhook.partner_id = ?", viewer.partner.partner)
    return Sql("TRUE" if _sees_any(viewer) else "FALSE")
