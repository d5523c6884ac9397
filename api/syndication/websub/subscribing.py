"""What somebody asks the hub for: written down to be verified, or refused at once when it can never be."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from api import changes, sealing
from api.errors import Invalid, RateLimited
from api.sql import rows, sql
from api.syndication.websub import topics
from api.syndication.websub.models import Intent, Mode, Subscription

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.outbound import Outbound

PURPOSE = "meridian/websub"
SALT = 16
DEFAULT_LEASE = timedelta(days=10)
SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=5), timedelta(days=30)
SECRET_BYTES = 199
"""Less than 200, section 5.1 of the Recommendation."""
WAITING, WAITING_PER_HOST = 1_000, 20
"""How many intents may wait to be verified."""
MOST, MOST_PER_HOST = 10_000, 300
"""How many subscriptions may hold."""
UNVERIFIED = timedelta(hours=1)
# A later request takes the place of an earlier one that is not verified yet: with a new id, so that the answer to the
# earlier one does not count for it.
ASK = """
INSERT INTO websub_intent (mode, topic, callback, host, lease_seconds, salt, secret, position, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (topic, callback) DO UPDATE
   SET id = excluded.id, mode = excluded.mode, lease_seconds = excluded.lease_seconds, salt = excluded.salt,
       secret = excluded.secret, position = excluded.position, created_at = excluded.created_at,
       lease = NULL, leased_until = NULL
"""
ROOM = (
    "SELECT count(*) AS n, count(*) FILTER (WHERE host = ?) AS of_host FROM websub_%s WHERE (topic, callback) <> (?, ?)"
)
FORGET = """
WITH expired AS (DELETE FROM websub_subscription WHERE expires_at <= ? RETURNING id),
     unverified AS (DELETE FROM websub_intent WHERE created_at < ? RETURNING id)
SELECT (SELECT count(*) FROM expired) + (SELECT count(*) FROM unverified) AS n
"""


class BadRequest(Invalid):
    """Send hub.mode (subscribe or unsubscribe), hub.topic and hub.callback, each once."""


class BadLease(Invalid):
    """hub.lease_seconds is a positive decimal number of seconds, such as 864000."""


class LongSecret(Invalid):
    """hub.secret has less than 200 bytes."""


class Crowded(RateLimited):
    """Too many requests wait to be verified, in all or for this callback's host: try again in a minute."""


@dataclass(frozen=True)
class Asked:
    """A request as it was sent."""

    mode: Mode
    topic: str
    callback: str
    lease: timedelta
    secret: bytes | None

    @classmethod
    def read(cls, said: Mapping[str, str], site: str) -> Asked:
        """Take the parameters that the Recommendation names and leave others alone; refused when they are wrong."""
        try:
            mode, topic, callback = Mode(said["hub.mode"]), said["hub.topic"], said["hub.callback"]
        except (KeyError, ValueError):
            raise BadRequest from None
        secret = said.get("hub.secret", "").encode() or None
        if secret and len(secret) > SECRET_BYTES:
            raise LongSecret
        lease = DEFAULT_LEASE if mode is Mode.UNSUBSCRIBE else _lease(said.get("hub.lease_seconds", ""))
        return cls(mode, topics.path_of(topic, site), callback, lease, secret)


async def accept(asked: Asked, outbound: Outbound, key: bytes) -> None:
    """Write down what was asked for, to be verified; `key` is the deployment's, derived for `PURPOSE`."""
    host = outbound.check(asked.callback).host.lower()
    if "#" in asked.callback:
        raise Invalid("hub.callback has no fragment: leave out what begins with #.")
    waiting = await _others("intent", asked.topic, asked.callback, host)
    if waiting[0] >= WAITING or waiting[1] >= WAITING_PER_HOST:
        raise Crowded
    salt = secrets.token_bytes(SALT) if asked.secret else None
    masked = sealing.mask(key, salt, asked.secret) if salt and asked.secret else None
    place = (asked.mode.value, asked.topic, asked.callback, host, int(asked.lease.total_seconds()))
    await rows(sql(ASK, *place, salt, masked, await changes.newest(), datetime.now(UTC)))


async def has_room(intent: Intent) -> bool:
    """Whether there may be one more subscription, in all and for this host; one that holds may be renewed."""
    others = await _others("subscription", intent.topic, intent.callback, intent.host)
    return others[0] < MOST and others[1] < MOST_PER_HOST


def secret_of(row: Subscription, key: bytes) -> bytes | None:
    """The secret as the subscriber gave it."""
    return sealing.mask(key, row.salt, row.secret) if row.salt and row.secret else None


async def forget(now: datetime) -> int:
    """Drop subscriptions that have expired, and intents that nobody verified; how many there were."""
    return int((await rows(sql(FORGET, now, now - UNVERIFIED)))[0]["n"])


async def _others(table: str, topic: str, callback: str, host: str) -> tuple[int, int]:
    (counted,) = await rows(sql(ROOM % table, host, topic, callback))
    return counted["n"], counted["of_host"]


def _lease(said: str) -> timedelta:
    if not said:
        return DEFAULT_LEASE
    if not (said.isascii() and said.isdecimal()) or not int(said[:20]):
        raise BadLease
    wanted = timedelta(seconds=min(int(said[:20]), LONGEST_LEASE.total_seconds()))
    return max(wanted, SHORTEST_LEASE)
