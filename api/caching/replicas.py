"""Replicas of the database, read for whoever has no token; never one that has not replayed what was heard.

A replica is behind by moments, and a word of a change may arrive before the change does. So it is read only while it
has replayed the position at which the primary was after the last word that the line heard; until then, and whenever
it is away, lags or fails, the primary is read. What is kept is thus never older than what ended the answer before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog

from api import database, readers
from api.readers import PARTS, Readers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

SETTING = "DATABASE_REPLICA_URLS"
NAME = "meridian replica"
HEARTBEAT = 0.3
MOST_LAG = 2.0
"""Seconds from the moment at which the primary was where the replica has come since: then it must have come further."""
MOST_SKEW = 0.1
"""Seconds by which a replica's clock may be ahead of the primary's; near a schedule only the primary is read."""
PATIENCE = 1.0
AGAIN = 0.5
SHORTEST, LONGEST = 0.002, 0.05
"""Seconds between two looks at a replica that is coming."""
POSITION = """
SELECT pg_current_wal_insert_lsn()::text AS place, extract(epoch FROM clock_timestamp())::float8 AS clock,
       (SELECT system_identifier FROM pg_control_system()) AS cluster
"""
REPLAYED = """
SELECT coalesce(pg_last_wal_replay_lsn() >= $1::text::pg_lsn, false) AS reached, pg_is_in_recovery() AS follows,
       extract(epoch FROM clock_timestamp())::float8 AS clock,
       (SELECT system_identifier FROM pg_control_system()) AS cluster
"""
FAULTS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

log = structlog.get_logger(__name__)


class State(Enum):
    """How a replica stands to its primary."""

    LEVEL = "has replayed everything"
    BEHIND = "is behind"
    AHEAD = "has a clock that is ahead"
    STRANGE = "does not follow this database"


@dataclass(frozen=True)
class Position:
    """Where the primary was, by its log and its clock, and when we asked (by `time.monotonic`)."""

    place: str
    clock: float
    cluster: int
    asked: float


@dataclass(eq=False)
class Replica:
    """One replica: `level` counts the words up to which it is known to have come, `until` how long that is believed."""

    url: str
    primary: str
    level: int = -1
    until: float = 0.0
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    _told: State | None = None

    def __post_init__(self) -> None:
        self.client = database.client(self.url, SETTING)
        self.readers = (Readers(self.url, SETTING), Readers(self.url, SETTING, settings=PARTS))

    @property
    def stands(self) -> bool:
        return time.monotonic() < self.until

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Whatever is asked of the database within this block is asked of the replica."""
        with database.instead(self.client), readers.instead(*self.readers):
            yield

    def lose(self) -> None:
        """Believe nothing of it until it has shown where it is."""
        self.until = 0.0
        self.woken.set()

    async def keep(self, heard: Callable[[], int]) -> None:
        """Follow the replica for as long as the program runs; `heard` counts the words."""
        while True:
            try:
                async with both(self.primary, self.url) as (primary, replica):
                    while True:
                        await self._come(primary, replica, heard())
                        await self._pause()
            except FAULTS as error:
                self._say(type(error).__name__)
                self.until = 0.0
            await asyncio.sleep(AGAIN)

    async def _come(self, primary: asyncpg.Connection, replica: asyncpg.Connection, heard: int) -> None:
        """Wait until the replica is where the primary is now; a further word, or too long a wait, ends it."""
        self.woken.clear()
        wanted, state, pause = await position(primary), State.BEHIND, SHORTEST
        while not self.woken.is_set() and time.monotonic() - wanted.asked < MOST_LAG:
            state = await compared(replica, wanted)
            if state is State.LEVEL:
                self.level, self.until = heard, wanted.asked + MOST_LAG
                self._say(state)
                return
            if state is not State.BEHIND:
                break
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST)
        else:
            if self.woken.is_set():
                return
        self.until = 0.0
        self._say(state)

    async def _pause(self) -> None:
        await asyncio.sleep(SHORTEST)  # words that come in a flood are looked at together
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await self.woken.wait()

    def _say(self, state: State | str) -> None:
        """Tell the log when it begins and when it ends."""
        told = state if isinstance(state, State) else State.BEHIND
        if told is not self._told:
            tell = log.info if told is State.LEVEL else log.warning
            tell("replica", host=database.credentials(self.url, SETTING)["host"], state=str(state))
        self._told = told


@dataclass
class Replicas:
    """All replicas. A process prefers one of them, drawn by lot, so that no reader goes back from one to another."""

    urls: tuple[str, ...] = ()
    primary: str = ""
    heard: int = 0

    def __post_init__(self) -> None:
        self.all = [Replica(url, self.primary) for url in self.urls]
        random.shuffle(self.all)

    def __bool__(self) -> bool:
        return bool(self.all)

    def changed(self) -> None:
        """A word was heard: replicas must come as far before they are read again."""
        self.heard += 1
        for replica in self.all:
            replica.woken.set()

    def chosen(self) -> Replica | None:
        """One that has replayed all that was heard; None when the primary is to be read."""
        return next((each for each in self.all if each.level == self.heard and each.stands), None)

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Follow them for as long as the block lasts."""
        for each in self.all:
            for kind in each.readers:
                await kind.open()
        tasks = [asyncio.create_task(each.keep(lambda: self.heard)) for each in self.all]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for each in self.all:
                for kind in each.readers:
                    await kind.close()
                await each.client.close()


@contextlib.asynccontextmanager
async def both(primary: str, replica: str) -> AsyncIterator[list[asyncpg.Connection]]:
    """A connection to each, for looking at them alone."""
    opened: list[asyncpg.Connection] = []
    try:
        for given in (database.credentials(primary), database.credentials(replica, SETTING)):
            async with asyncio.timeout(PATIENCE):
                opened.append(await asyncpg.connect(**given, server_settings={"application_name": NAME}))
        yield opened
    finally:
        for connection in opened:
            connection.terminate()


async def position(primary: asyncpg.Connection) -> Position:
    """Where the primary is now."""
    asked = time.monotonic()
    return Position(**await _asked(primary, POSITION), asked=asked)


async def lag(primary: asyncpg.Connection, replica: asyncpg.Connection) -> tuple[State, float]:
    """How the replica stands, and how many seconds it took to come where the primary was."""
    wanted = await position(primary)
    state = await compared(replica, wanted)
    while state is State.BEHIND and time.monotonic() - wanted.asked < MOST_LAG:
        await asyncio.sleep(SHORTEST)
        state = await compared(replica, wanted)
    return state, time.monotonic() - wanted.asked


async def compared(replica: asyncpg.Connection, wanted: Position) -> State:
    """Whether the replica has come as far, by its log and by its clock."""
    found = await _asked(replica, REPLAYED, wanted.place)
    if not found["follows"] or found["cluster"] != wanted.cluster:
        return State.STRANGE
    if found["clock"] > wanted.clock + time.monotonic() - wanted.asked + MOST_SKEW:
        return State.AHEAD
    return State.LEVEL if found["reached"] and found["clock"] >= wanted.clock else State.BEHIND


async def _asked(connection: asyncpg.Connection, statement: str, *values: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        return dict(await connection.fetchrow(statement, *values))
