"""The worker asks each callback whether it wanted what was asked for in its name; only its echo makes it so."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tortoise.transactions import in_transaction

from api import changes
from api.errors import Refused
from api.sql import Sql, rows, sql
from api.syndication.feeds import NoSuchFeed
from api.syndication.rounds import Rounds
from api.syndication.websub import subscribing, topics
from api.syndication.websub.models import Intent, Mode, Subscription

if TYPE_CHECKING:
    from datetime import datetime

    from api.outbound import Outbound
    from api.syndication.feeds import Reach

READ = 200
NEXT = "UPDATE websub_intent SET leased_until = ? WHERE id = ? AND lease = ? RETURNING *"
DONE = "DELETE FROM websub_intent WHERE id = ? AND lease = ? RETURNING id"
# What it has been told already stays so; the clock of its retries begins anew.
SUBSCRIBE = """
INSERT INTO websub_subscription
  (topic, callback, host, salt, secret, expires_at, position, sent, tries, due_at, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
ON CONFLICT (topic, callback) DO UPDATE
   SET salt = excluded.salt, secret = excluded.secret, expires_at = excluded.expires_at, tries = 0,
       due_at = excluded.due_at
"""
GONE = "There is no such feed."
FULL = "This hub takes no more subscriptions, in all or for this host."


class Verifier(Rounds[Intent]):
    """Verifies what was asked for, each once: whoever missed the question asks again."""

    table = "websub_intent"

    def __init__(self, outbound: Outbound, reach: Reach, **further: Any) -> None:  # noqa: ANN401 - of the rounds
        super().__init__(**further)
        self._outbound = outbound
        self._reach = reach

    def _due(self, _now: datetime) -> Sql:
        return Sql("TRUE")

    async def _next(self, address: int, now: datetime) -> Intent | None:
        found = await rows(sql(NEXT, now + self._lease, address, self._name))
        return Intent(**found[0]) if found else None

    async def _do(self, intent: Intent) -> None:
        digest, denied = None, None
        if intent.mode == Mode.SUBSCRIBE:
            digest, denied = await self._valid(intent)
        if denied:
            await tell_denied(self._outbound, intent, self._reach.site, denied)
            await rows(sql(DONE, intent.id, self._name))
            return
        asked_at = self._clock()
        wanted = await self._wanted(intent)
        async with in_transaction():
            ours = await rows(sql(DONE, intent.id, self._name))
            if ours and wanted:
                await _apply(intent, asked_at, digest)

    async def _valid(self, intent: Intent) -> tuple[str | None, str | None]:
        """The hash of what stands at the topic, where nothing came since it was asked for; why not, if it may not."""
        try:
            content = await topics.read(intent.topic, self._reach)
        except NoSuchFeed:
            return None, GONE
        if not await subscribing.has_room(intent):
            return None, FULL
        return (content.digest if await changes.newest() == intent.position else None), None

    async def _wanted(self, intent: Intent) -> bool:
        """Whether the callback says that it wanted this: 2xx, and the challenge for a body."""
        challenge = secrets.token_urlsafe(32)
        said = {"hub.mode": str(intent.mode), "hub.topic": self._reach.site + intent.topic, "hub.challenge": challenge}
        if intent.mode == Mode.SUBSCRIBE:
            said["hub.lease_seconds"] = str(intent.lease_seconds)
        try:
            answer = await self._outbound.send("GET", with_query(intent.callback, said), most=READ)
        except Refused:
            return False
        return 200 <= answer.status < 300 and hmac.compare_digest(answer.body, challenge.encode())  # noqa: PLR2004 - 2xx


async def tell_denied(outbound: Outbound, asked: Intent | Subscription, site: str, reason: str) -> None:
    """Say that there is no subscription, or none any more; whether it is heard or not."""
    said = {"hub.mode": "denied", "hub.topic": site + asked.topic, "hub.reason": reason}
    try:
        await outbound.send("GET", with_query(asked.callback, said), most=0)
    except Refused:
        return


def with_query(callback: str, said: dict[str, str]) -> str:
    """The callback with more parameters behind its own, which are left as they are."""
    mark = "" if callback.endswith(("?", "&")) else "&" if "?" in callback else "?"
    return f"{callback}{mark}{urlencode(said)}"


async def _apply(intent: Intent, asked_at: datetime, digest: str | None) -> None:
    if intent.mode == Mode.UNSUBSCRIBE:
        await Subscription.filter(topic=intent.topic, callback=intent.callback).delete()
        return
    until = asked_at + timedelta(seconds=intent.lease_seconds)
    place = (intent.topic, intent.callback, intent.host, intent.salt, intent.secret)
    await rows(sql(SUBSCRIBE, *place, until, intent.position, digest, asked_at, asked_at))
