"""A worker's rounds: one errand at a time for each address, many addresses at once, so that nobody waits for others.

An address is taken by a lease that its worker renews every second. A worker that is killed leaves leases that run out
within five, and errands that are still to be run: another one runs them again.
"""

from __future__ import annotations

import asyncio
import secrets
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import structlog

from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.sql import Sql

AT_ONCE = 200
LEASE = timedelta(seconds=5)
RENEWAL = timedelta(seconds=1)
TAKE = "UPDATE %s SET lease = ?, leased_until = ? WHERE id IN (SELECT id FROM %s WHERE "
FREE = " AND (leased_until IS NULL OR leased_until < ?) LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING id"
KEEP = "UPDATE %s SET leased_until = ? WHERE lease = ?"
LEAVE = "UPDATE %s SET lease = NULL, leased_until = NULL WHERE id = ? AND lease = ?"

log = structlog.get_logger(__name__)

Errand = TypeVar("Errand")


class Rounds(ABC, Generic[Errand]):
    """Runs the errands of the addresses in `table`, as long as `turn` is called; `clock` tells the time."""

    table: ClassVar[str]
    """Its rows are the addresses; `lease` and `leased_until` are ours."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        lease: timedelta = LEASE,
        at_once: int = AT_ONCE,
    ) -> None:
        self._clock = clock
        self._lease = lease
        self._at_once = at_once
        self._name = secrets.token_hex(16)
        self._under_way: set[asyncio.Task[None]] = set()
        self._run = 0
        self._ending = False
        self._kept_at = clock()

    async def turn(self) -> int:
        """Set out to every address that has something due, and wait for none of them.

        Returns how many errands came to their end since the last turn.
        """
        await self._keep()
        await self._prepare()
        for address in await self._take():
            task = asyncio.create_task(self._serve(address))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        run, self._run = self._run, 0
        return run

    async def settle(self) -> None:
        """Wait until every address that was set out to has been served."""
        while self._under_way:
            await asyncio.wait(self._under_way, timeout=RENEWAL.total_seconds())
            await self._keep()

    async def end(self) -> None:
        """Let what is under way come to its end, and begin nothing more."""
        self._ending = True
        await self.settle()

    async def _prepare(self) -> None:
        """Find out what there is to do, before addresses are taken."""

    @abstractmethod
    def _due(self, now: datetime) -> Sql:
        """Which rows of the table have something due."""

    @abstractmethod
    async def _next(self, address: Any, now: datetime) -> Errand | None:  # noqa: ANN401 - a key of the table
        """What is due at an address, while the lease is ours; it is renewed on the way."""

    @abstractmethod
    async def _do(self, errand: Errand) -> None:
        """Run it to its end, good or bad, so that it is not due any more."""

    async def _keep(self) -> None:
        """Renew the leases of all that is under way."""
        now = self._clock()
        if self._under_way and now - self._kept_at >= RENEWAL:
            self._kept_at = now
            await rows(sql(KEEP % self.table, now + self._lease, self._name))

    async def _take(self) -> list[Any]:
        now, room = self._clock(), self._at_once - len(self._under_way)
        if room <= 0:
            return []
        take = sql(TAKE % (self.table, self.table), self._name, now + self._lease)
        return [row["id"] for row in await rows(take + self._due(now) + sql(FREE, now, room))]

    async def _serve(self, address: Any) -> None:  # noqa: ANN401 - as above
        """Run what is due at one address, one after the other, while the lease is ours."""
        try:
            while not self._ending and (errand := await self._next(address, self._clock())):
                await self._do(errand)
                self._run += 1
        except Exception as error:
            log.warning("not_served", table=self.table, address=address, exc_info=error)
        finally:
            await rows(sql(LEAVE % self.table, address, self._name))
