"""Buckets that several processes share by a Valkey: poured into and leaking there, by its clock, in one step (067).

While it does not answer each process's own buckets count, which remember how every payer stood when it was last heard;
no answer waits for it then, and a task of its own asks until it is back.
"""

import asyncio
import contextlib
import hmac
from dataclasses import dataclass, field

import structlog
from valkey.asyncio import BlockingConnectionPool, Valkey
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import ValkeyError

from api.web.graphql.buckets import MINUTE, Buckets, Level, Payer

WITHIN, AGAIN = 0.1, 1.0
"""Seconds in which it must have answered, and after which it is asked again when it has not."""
MOST_CONNECTIONS = 16
FAULTS = (ValkeyError, OSError, ValueError)
TRIAL = Payer("trial", MINUTE)
POUR = """
local most, cost, anyway = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local time, filled, since = redis.call('TIME'), 0, 0
local now, rate = time[1] * 1000 + time[2] / 1000, most / 60000
local kept = redis.call('GET', KEYS[1])
if kept then filled, since = string.match(kept, '(%S+) (%S+)') end
filled = math.max(0, filled - math.max(0, now - since) * rate)
local over = filled + cost - most
if over <= 0 or anyway then filled, over = math.min(filled + cost, most), 0 end
if cost > 0 and filled > 0 then
  redis.call('SET', KEYS[1], string.format('%.3f %.3f', filled, now), 'PX', math.ceil(filled / rate) + 1)
end
return {tostring(filled), tostring(over)}
"""
"""A value is how full the bucket was and when, in ms; its key is gone by the time that the bucket is empty."""

log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Shared(Buckets):
    """The buckets of all processes that know `url` and `key`; Valkey sees names as keyed hashes only."""

    url: str = field(repr=False)
    key: bytes = field(repr=False)
    _lost: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        once = Retry(NoBackoff(), 0)
        # Its own clocks would get in the way of ours: until Python 3.12 `wait_for` can swallow that the time is over.
        clocks = {"timeout": None, "socket_timeout": None, "socket_connect_timeout": None}
        pool = BlockingConnectionPool.from_url(self.url, max_connections=MOST_CONNECTIONS, retry=once, **clocks)
        self._client = Valkey.from_pool(pool)
        self._script = self._client.register_script(POUR)

    async def take(self, payer: Payer, cost: int, *, anyway: bool = False) -> Level:
        """Pour where all processes do; here alone while that place does not answer."""
        if self._lost is None:
            try:
                return await self.ask(payer, cost, anyway=anyway)
            except FAULTS as error:
                self._lose(error)
        return self.pour(payer, cost, anyway=anyway)

    async def ask(self, payer: Payer, cost: int, *, anyway: bool = False) -> Level:
        """Pour there, or fail in time."""
        name = f"meridian:bucket:{hmac.digest(self.key, payer.name.encode(), 'sha256').hex()[:32]}"
        async with asyncio.timeout(WITHIN):
            filled, over = await self._script(keys=[name], args=[payer.per_minute, cost, int(anyway)])
        return self._stands(payer, float(filled), float(over), self.now())

    async def close(self) -> None:
        if self._lost:
            self._lost.cancel()
        with contextlib.suppress(*FAULTS):
            await self._client.aclose()

    def _lose(self, error: Exception) -> None:
        if self._lost is None:
            log.warning("buckets_not_shared", why=type(error).__name__)
            self._lost = asyncio.create_task(self._find())

    async def _find(self) -> None:
        """Ask until there is an answer; by what is asked otherwise, so that whatever was wrong is over."""
        while True:
            await asyncio.sleep(AGAIN)
            with contextlib.suppress(*FAULTS):
                await self.ask(TRIAL, 1, anyway=True)
                break
        self._lost = None
        log.info("buckets_shared_again")
