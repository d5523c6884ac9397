"""What one request is charged, and what its answer says of that: `extensions.cost`, and the RateLimit headers.

An answer that anybody may keep says only what is the same for everybody; how its asker stands is in the headers then.
The headers are those of draft-ietf-httpapi-ratelimit-headers-11.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from graphql import GraphQLError

from api.web.answers import Header
from api.web.codes import Code
from api.web.graphql.buckets import Buckets, Level, Payer
from api.web.graphql.limits import Limits, refusal

FREE_SECONDS = 0.01
COST_PER_SECOND = 10_000
"""Of reading a document that is not known yet: 10 ms are free, and 0.1 ms more count 1."""


@dataclass
class Bill:
    """One request's: `payer` is None for whom the minute has no limit."""

    limits: Limits
    buckets: Buckets
    payer: Payer | None
    cost: int | None = None
    level: Level | None = None
    read_for: float = 0.0
    """Seconds that were spent on reading its document."""

    @property
    def most(self) -> int:
        """The most that one document may cost here; more than a minute's quota would never fit."""
        return min(self.limits.cost, self.payer.per_minute) if self.payer else self.limits.cost

    async def require_room(self) -> None:
        """Refuse whose bucket is full before anything is done."""
        await self._take(0)
        if self.level and not self.level.remaining:
            await self._take(1)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Measure the time that a document takes to be read, right or wrong; refused when the bucket has filled since.

        How it stands is as this process knows it: nobody else is asked while all others wait for their turn. Garbage is
        looked for afterwards: what others have left behind is not charged to whoever comes next.
        """
        if self.payer and not self.buckets.pour(self.payer, 0).remaining:
            self._stand(self.buckets.pour(self.payer, 1), 1)
        collects = gc.isenabled()
        gc.disable()
        began = time.thread_time()
        try:
            yield
        finally:
            self.read_for += time.thread_time() - began
            if collects:
                gc.enable()

    async def charge_reading(self) -> None:
        """Charge for the time that reading took."""
        beyond = self.read_for - FREE_SECONDS
        if self.payer and beyond > 0:
            self.level = await self.buckets.take(self.payer, int(beyond * COST_PER_SECOND), anyway=True)

    async def charge(self, cost: int) -> None:
        """Charge for running an operation; refuses one that costs too much, now or ever."""
        self.cost = cost
        if cost > self.most:
            raise refusal(Code.COST_LIMIT_EXCEEDED, "cost", self.most, self.limits.who, cost)
        await self._take(cost)

    def let_pass(self, cost: int) -> None:
        """Say what an operation costs whose answer is there, or on its way for somebody else; charge nothing.

        How the bucket stands is told as this process knows it: such an answer asks nobody.
        """
        self.cost = cost
        self.level = self.buckets.pour(self.payer, 0) if self.payer else None

    def told(self, *, public: bool) -> dict[str, object]:
        """What stands in `extensions.cost`."""
        level = None if public else self.level
        return {
            "requested": self.cost,
            "limit": self.limits.cost if public else self.most,
            "perMinute": level and level.per_minute,
            "remaining": level and level.remaining,
            "resetSeconds": level and level.reset,
        }

    def headers(self) -> tuple[Header, ...]:
        return headers_of(self.level) if self.level else ()

    async def _take(self, cost: int) -> None:
        if self.payer is None:
            return
        self._stand(await self.buckets.take(self.payer, cost), cost)

    def _stand(self, level: Level, cost: int) -> None:
        """Note how the bucket stands, and refuse what does not fit."""
        self.level = level
        if level.wait:
            sentence, told = too_much(level, cost, self.limits.who)
            raise GraphQLError(sentence, extensions={"code": Code.THROTTLED, **told})


def headers_of(level: Level) -> tuple[Header, ...]:
    """How somebody's bucket stands, for programs."""
    retry: tuple[Header, ...] = ((b"retry-after", b"%d" % level.wait),) if level.wait else ()
    return (
        *retry,
        (b"ratelimit-policy", b'"cost";q=%d;w=60' % level.per_minute),
        (b"ratelimit", b'"cost";r=%d;t=%d' % (level.remaining, level.reset)),
    )


def too_much(level: Level, cost: int, who: str) -> tuple[str, dict[str, object]]:
    """What is said to who asks for more than is left: the sentence, and its numbers."""
    sentence = (
        f"This costs {cost:,}, and {level.remaining:,} of the {level.per_minute:,} that you may ask for in a minute "
        f"{who} are left: try again in {level.wait:,} seconds."
    )
    return sentence, {
        "limit": "cost per minute", "maximum": level.per_minute, "asked": cost, "retryAfterSeconds": level.wait,
    }  # fmt: skip
