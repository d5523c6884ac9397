"""Partners: who may show what, on whose sites, and how they are changed; an admin's work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tortoise.transactions import in_transaction

from api import catalogue, ids
from api.accounts import emails
from api.accounts.acting import note
from api.accounts.viewer import ANONYMOUS
from api.conditions import Condition
from api.errors import Conflict, Invalid
from api.syndication import claims
from api.syndication.acting import locked_partner
from api.syndication.models import Partner
from api.treatments import Treatment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.accounts.viewer import Viewer
    from api.syndication.claims import Claimable

LONGEST_NAME = 160
PLACES = ("{slug}", "{id}")
TOPICS = {"cnd": Condition, "trt": Treatment}
TERMS = ("topics", "full_text", "quota", "refresh_max_seconds")
COLUMNS = ("name", "contact", "site_origins", "copy_url_template", *TERMS)


class NoName(Invalid):
    """A partner has a name, up to 160 characters: say whose site it is."""


class NoOrigin(Invalid):
    """Name the partner's sites as origins, such as https://partner.example, without a path."""


class BadTemplate(Invalid):
    """Give the address of a copy on one of the partner's sites with {slug} or {id} in it."""


class NoSuchTopic(Invalid):
    """A topic is a condition or a treatment that readers see: check the ids."""


async def create(asking: Viewer, said: Mapping[str, Any]) -> tuple[Partner, Claimable]:
    """Make a partner, who accepts the terms and gets a key by the link that comes back."""
    partner = Partner(**said)
    await _check(partner)
    async with in_transaction():
        await partner.save()
        claim = await claims.make(partner)
        await note(asking, "createPartner", partner.id, _snapshot(partner))
    return partner, claim


async def update(asking: Viewer, partner_id: str, expected: int, said: Mapping[str, Any]) -> Partner:
    """Change what is said of COLUMNS, and `is_suspended`: a suspended partner's keys open nothing."""
    async with in_transaction():
        partner = await locked_partner(partner_id)
        if partner.version != expected:
            raise _stale(partner, expected)
        before = _snapshot(partner)
        for name in COLUMNS:
            if name in said:
                setattr(partner, name, said[name])
        if "is_suspended" in said:
            partner.suspended_at = (partner.suspended_at or datetime.now(UTC)) if said["is_suspended"] else None
        await _check(partner)
        partner.version += 1
        await partner.save()
        await note(asking, "updatePartner", partner.id, _snapshot(partner), before)
    return partner


def copy_url(partner: Partner, article_id: str, slug: str) -> str | None:
    """Where the partner shows its copy; None when that is not known, or no more."""
    template = partner.copy_url_template or ""
    if not template or ("{slug}" in template and not slug):
        return None
    return template.replace("{slug}", slug).replace("{id}", article_id)


async def _check(partner: Partner) -> None:
    partner.name, partner.contact = partner.name.strip(), emails.normal(partner.contact)
    if not 1 <= len(partner.name) <= LONGEST_NAME:
        raise NoName(path=("name",))
    if not partner.contact:
        raise emails.BadEmail(path=("contact",))
    partner.site_origins = [_origin(each) for each in partner.site_origins]
    if len(partner.site_origins) == 0:
        raise NoOrigin(path=("site_origins",))
    template: str | None = partner.copy_url_template
    if template and not _is_template(template, partner.site_origins):
        raise BadTemplate(path=("copy_url_template",))
    await _check_topics(partner.topics)


async def _check_topics(topics: Sequence[str]) -> None:
    found: set[str] = set()
    for prefix, model in TOPICS.items():
        wanted = [topic for topic in topics if ids.prefix_of(topic) == prefix]
        found |= (await catalogue.by_id(model, wanted, ANONYMOUS)).keys() if wanted else set()
    if set(topics) - found:
        raise NoSuchTopic(path=("topics",))


def _origin(text: str) -> str:
    """An address's scheme, host and port in small letters; anything more is refused."""
    parts = _split(text)
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and not parts.username
    if parts.scheme not in {"https", "http"} or not parts.hostname or not bare:
        raise NoOrigin(path=("site_origins",))
    return f"{parts.scheme}://{parts.netloc}".lower()


def _is_template(text: str, origins: Sequence[str]) -> bool:
    parts = _split(text)
    inside = any(place in parts.path + parts.query for place in PLACES)
    return inside and f"{parts.scheme}://{parts.netloc}".lower() in origins


def _split(text: str) -> Any:  # noqa: ANN401 - urllib's own
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _stale(partner: Partner, expected: int) -> Conflict:
    refusal = Conflict(
        f"This partner is at version {partner.version} and you sent version {expected}: read it again and repeat.",
        path=("expected_version",),
    )
    refusal.thing = partner.id
    return refusal


def _snapshot(partner: Partner) -> dict[str, Any]:
    """What the audit log keeps; no contact stands there."""
    kept = {name: getattr(partner, name) for name in COLUMNS if name != "contact"}
    return kept | {"isSuspended": partner.suspended_at is not None}
