"""The worker sends each subscriber what stands at its topic, whole, once the log has gone on and it is something new.

A subscription stands at a place in the log. What is sent is what stands there at that moment, so changes that follow
one another quickly, or come while a callback is away, arrive as one: the newest.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from api import changes
from api.errors import Refused
from api.sql import rows, sql
from api.syndication.feeds import NoSuchFeed
from api.syndication.rounds import Rounds
from api.syndication.webhooks import retries
from api.syndication.websub import subscribing
from api.syndication.websub.models import Subscription
from api.syndication.websub.topics import Content, Latest
from api.syndication.websub.verifying import tell_denied

if TYPE_CHECKING:
    from datetime import datetime

    from api.outbound import Answer, Outbound
    from api.sql import Sql
    from api.syndication.feeds import Reach

AT_ONCE = 100
GONE = 410
DUE = "expires_at > ? AND due_at <= ? AND position < (SELECT max(id) FROM change)"
NEXT = f"UPDATE websub_subscription SET leased_until = ? WHERE id = ? AND lease = ? AND {DUE} RETURNING *"
TOLD = "UPDATE websub_subscription SET position = ?, sent = ?, tries = 0, due_at = ? WHERE id = ? AND lease = ?"
AGAIN = "UPDATE websub_subscription SET tries = tries + 1, due_at = ? WHERE id = ? AND lease = ?"
NO_MORE = "There is no such feed any more."


class Distributor(Rounds[Subscription]):
    """Sends what is new to whoever subscribed; `key` is the deployment's, derived for secrets."""

    table = "websub_subscription"

    def __init__(self, outbound: Outbound, reach: Reach, key: bytes, **further: Any) -> None:  # noqa: ANN401 - of the rounds
        super().__init__(**{"at_once": AT_ONCE} | further)
        self._outbound = outbound
        self._reach = reach
        self._key = key
        self._latest = Latest(reach)

    def _due(self, now: datetime) -> Sql:
        return sql(DUE, now, now)

    async def _next(self, address: int, now: datetime) -> Subscription | None:
        found = await rows(sql(NEXT, now + self._lease, address, self._name, now, now))
        return Subscription(**found[0]) if found else None

    async def _do(self, subscription: Subscription) -> None:
        position = await changes.newest()
        try:
            content = await self._latest.at(subscription.topic, position)
        except NoSuchFeed:
            await tell_denied(self._outbound, subscription, self._reach.site, NO_MORE)
            await _end(subscription)
            return
        if content.digest == subscription.sent:
            await self._told(subscription, position, content)
            return
        answer = await self._send(subscription, content)
        if answer and 200 <= answer.status < 300:  # noqa: PLR2004 - 2xx
            await self._told(subscription, position, content)
        elif answer and answer.status == GONE:
            await _end(subscription)
        else:
            await self._later(subscription, position, answer)

    async def _send(self, subscription: Subscription, content: Content) -> Answer | None:
        headers = {
            "content-type": content.media_type,
            "link": links(self._reach.hub or "", self._reach.site + subscription.topic),
        }
        secret = subscribing.secret_of(subscription, self._key)
        if secret:
            headers["x-hub-signature"] = f"sha256={hmac.digest(secret, content.body, 'sha256').hex()}"
        try:
            return await self._outbound.send("POST", subscription.callback, headers, content.body, most=0)
        except Refused:
            return None

    async def _told(self, subscription: Subscription, position: int, content: Content) -> None:
        now = self._clock()
        await rows(sql(TOLD, position, content.digest, now, subscription.id, self._name))

    async def _later(self, subscription: Subscription, position: int, answer: Answer | None) -> None:
        """Try again by the clock of the webhooks; when that has run out, not before there is something newer."""
        now = self._clock()
        again = retries.next_try(subscription.tries + 1, now)
        if again is None:
            await rows(sql(TOLD, position, subscription.sent, now, subscription.id, self._name))
            return
        asked = retries.asked_to_wait(answer.status, answer.headers, now) if answer else None
        await rows(sql(AGAIN, max(again, asked or again), subscription.id, self._name))


def links(hub: str, topic: str) -> str:
    """The Link header of a topic: who tells of it, and the address by which it names itself."""
    return f'<{hub}>; rel="hub", <{topic}>; rel="self"'


async def _end(subscription: Subscription) -> None:
    await Subscription.filter(id=subscription.id).delete()
