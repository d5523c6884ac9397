"""What whoever holds a key pays for what is fetched beside /graphql: from the same bucket, told by the same headers."""

from collections.abc import Callable
from dataclasses import dataclass

from api.web import bearer
from api.web.answers import Header, Turned
from api.web.codes import Code
from api.web.graphql.bills import headers_of, too_much
from api.web.graphql.buckets import Buckets, Payer


@dataclass(frozen=True)
class Till:
    """`quota` says whose bucket pays; None for whoever has none, and where the minute has no limit."""

    buckets: Buckets
    quota: Callable[[bearer.Viewer], Payer | None]

    async def charge(self, viewer: bearer.Viewer, cost: int) -> tuple[Header, ...]:
        """Charge for one answer; what its headers say. Refused with 429 when it is too much for now."""
        payer = self.quota(viewer) if cost else None
        if payer is None:
            return ()
        level = await self.buckets.take(payer, cost)
        if level.wait:
            sentence, told = too_much(level, cost, "with a token")
            raise Turned(429, Code.THROTTLED, sentence, headers=headers_of(level), extensions=told)
        return headers_of(level)
