"""One answer made once for all who ask at the same time, kept while it holds, and shown late only in need."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.caching.replicas import MOST_SKEW, Replicas
from api.caching.store import Kept, Store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

    from api.caching.line import Line

MOST_TRIES = 3
OLDEST = 24 * 60 * 60.0
"""Seconds: what is shown while the database is away was right at most so long ago."""


@dataclass(frozen=True)
class Made:
    """What came of making an answer: its bytes if it may be kept, and in which way; whether the database was away.

    `failed`: something went wrong on our side, so that it is worth while to ask another server.
    """

    answer: object
    body: bytes | None = None
    away: bool = False
    failed: bool = False
    way: str = ""


@dataclass(eq=False)
class Flight:
    """An answer on its way, for all who asked for it; `raced`: what it depends on changed meanwhile."""

    tags: frozenset[str]
    task: asyncio.Task[Made | Kept] | None = None
    raced: bool = False


@dataclass
class Cache:
    """What is kept, and the line on which it is told what no longer holds."""

    store: Store
    line: Line
    replicas: Replicas = field(default_factory=Replicas)
    _flights: dict[Hashable, Flight] = field(default_factory=dict)
    _aloft: set[Flight] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.line.on_purge = self.purge
        self.line.on_standing = self.clear

    def find(self, key: Hashable) -> Kept | None:
        """What is kept and holds."""
        return self.store.find(key) if self.line.stands else None

    def stale(self, key: Hashable) -> Kept | None:
        """What held when the database was last heard, where it cannot be reached now."""
        found = self.store.find(key) if not self.line.stands and self.line.database_is_away else None
        return found if found and time.monotonic() - found.at < OLDEST else None

    def is_coming(self, key: Hashable) -> bool:
        """Whether somebody else has asked for it already, and nothing has changed since."""
        return key in self._flights

    async def make(self, key: Hashable, tags: frozenset[str], fill: Callable[[], Awaitable[Made]]) -> Made | Kept:
        """The answer, made by whoever asked first; that one may go away, the answer is made for the others."""
        flight = self._flights.get(key)
        if flight is None or flight.task is None:
            flight = self._flights[key] = Flight(tags)
            self._aloft.add(flight)
            flight.task = asyncio.create_task(self._fly(key, flight, fill))
            flight.task.add_done_callback(_seen)
        assert flight.task is not None  # noqa: S101 - for the type checker
        return await asyncio.shield(flight.task)

    def purge(self, tags: frozenset[str]) -> None:
        """Drop what depends on one of these, and let nobody join who is making it."""
        self.replicas.changed()
        self.store.purge(tags)
        for key, flight in list(self._flights.items()):
            if flight.tags & tags:
                del self._flights[key]
        for flight in self._aloft:
            flight.raced = flight.raced or bool(flight.tags & tags)

    def clear(self) -> None:
        """Begin anew."""
        self.replicas.changed()
        self.store.clear()
        self._flights.clear()

    async def _fly(self, key: Hashable, flight: Flight, fill: Callable[[], Awaitable[Made]]) -> Made | Kept:
        try:
            for _ in range(MOST_TRIES):
                flight.raced, generation = False, self.line.generation if self.line.stands else -1
                made = await self._made(fill)
                if not flight.raced:
                    break
            if made.body is None:
                return made
            entry = Kept(key, made.body, flight.tags, time.monotonic(), made.way)
            if not flight.raced and self.line.stands and self.line.generation == generation:
                self.store.keep(entry)
            return entry
        finally:
            self._aloft.discard(flight)
            if self._flights.get(key) is flight:
                del self._flights[key]

    async def _made(self, fill: Callable[[], Awaitable[Made]]) -> Made:
        """Made by a replica that has come as far as what was heard; by the primary without one, or where it fails."""
        generation = self.line.generation
        replica = self.replicas.chosen() if self._is_quiet(generation) else None
        if replica is None:
            return await fill()
        with replica.reading():
            made = await fill()
        if made.failed and made.away:
            replica.lose()
        if made.failed or (made.away and not replica.stands) or not self._is_quiet(generation):
            return await fill()
        return made

    def _is_quiet(self, generation: int) -> bool:
        """Whether nothing changes by itself for as long as clocks may differ."""
        return self.line.stands and self.line.generation == generation and self.line.ahead > MOST_SKEW


def _seen(task: asyncio.Task[Made | Kept]) -> None:
    """Whoever asked may be gone; what went wrong is told to those who are not."""
    if not task.cancelled():
        task.exception()
