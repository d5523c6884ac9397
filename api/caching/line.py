"""The database's word of what changed, over a connection of its own that listens and does nothing else.

Only while the line stands, and before the next moment at which something changes by itself, may a kept answer be
believed. A line that broke has missed something: everything is dropped before answers are believed again.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import asyncpg
import structlog

from api import database, ids

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

CHANNEL = "meridian_purge"
ECHO = "meridian_echo"
HEARTBEAT = 0.3
LEASE = 1.0
"""Seconds from a sign of life for which the line is believed: one that is cut without a word ends by itself."""
PATIENCE = 1.0
"""Seconds for which an answer is waited."""
NAME = "meridian line"
AGAIN = 0.25
RECENT = 2.0
DAY = 24 * 60 * 60
"""Seconds. What depends on the day is worked out by this process's clock (UTC) or by the database's."""
MOMENTS = "moments"
"""The tag of the next schedule: when it moves, or comes, everything that was believed up to it is looked at anew."""
NEXT = """
SELECT extract(epoch FROM least(
  (SELECT min(scheduled_for) FROM article WHERE scheduled_for > clock_timestamp()),
  date_trunc('day', clock_timestamp()) + interval '1 day') - clock_timestamp())::float8
"""
FAULTS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

log = structlog.get_logger(__name__)


@dataclass
class Line:
    """`until`: the moment (by `time.monotonic`) up to which kept answers are believed; 0 while the line does not stand.

    `generation` counts how often it stood anew: what was begun before belongs to another time. `further` channels are
    heard on the same connection; `on_listening` is called whenever it is a new one, which has missed something.
    """

    url: str
    on_purge: Callable[[frozenset[str]], None] = lambda _tags: None
    on_standing: Callable[[], None] = lambda: None
    on_listening: Callable[[], None] = lambda: None
    further: dict[str, Callable[[str], None]] = field(default_factory=dict)
    until: float = 0.0
    generation: int = 0
    failed_at: float = float("-inf")
    _moment: float = 0.0
    _asked: int = 0
    _heard: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _connection: asyncpg.Connection | None = None
    _echo: tuple[str, asyncio.Future[None]] | None = None
    _looking: asyncio.Event = field(default_factory=asyncio.Event)
    _tried: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def stands(self) -> bool:
        return time.monotonic() < self.until

    @property
    def ahead(self) -> float:
        """Seconds up to the next moment at which something changes by itself."""
        return self._moment - time.monotonic()

    @property
    def database_is_away(self) -> bool:
        """Whether an attempt to connect has just failed."""
        return time.monotonic() - self.failed_at < RECENT

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Keep the line for as long as the block lasts."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def caught_up(self) -> None:
        """Wait until everything that was committed before this call has been heard; a line too slow for it is given up.

        Words arrive in the order of commits, so it is enough to hear one of our own.
        """
        self._asked = mine = self._asked + 1
        async with self._turn:
            if self._heard >= mine or self._connection is None:
                return
            upto = self._asked
            await self._alive(self._hear_an_echo(self._connection))
            self._heard = upto

    async def tried(self) -> None:
        """Wait until the line stands, or an attempt has failed, for as long as one may take."""
        self._tried.clear()
        if not self.stands and not self.database_is_away:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE + AGAIN):
                    await self._tried.wait()

    async def _beat(self, connection: asyncpg.Connection) -> None:
        """What the database has to say is said before it answers."""
        async with self._turn:
            await self._alive(connection.execute("SELECT 1"))

    async def _alive(self, sign: Awaitable[object]) -> None:
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                await sign
        except FAULTS as error:
            self._lose(error)
        else:
            self.until = min(self._moment, began + LEASE)

    async def _keep(self) -> None:
        given = database.credentials(self.url) | {"server_settings": {"application_name": NAME}}
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    connection = await asyncpg.connect(**given)
            except FAULTS as error:
                self._fail(error)
            else:
                await self._listen(connection)
            await asyncio.sleep(AGAIN)

    async def _listen(self, connection: asyncpg.Connection) -> None:
        try:
            connection.add_termination_listener(self._cut)
            await connection.add_listener(CHANNEL, self._heard_of)
            await connection.add_listener(ECHO, self._echoed)
            for channel, hear in self.further.items():
                await connection.add_listener(channel, partial(_hand_over, hear))
            self.on_listening()
            self._connection = connection
            await self._look(connection)
            while self._connection is connection:
                await self._pause()
                if self._connection is connection:
                    await (self._beat(connection) if self.stands else self._look(connection))
        except FAULTS as error:
            self._lose(error)
        finally:
            self._connection = None
            self.until = self._moment = 0.0
            connection.terminate()

    async def _pause(self) -> None:
        """Until the next heartbeat, or sooner when the next moment must be looked up."""
        self._looking.clear()
        left = min(HEARTBEAT, max(0.01, self.until - time.monotonic()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                await self._looking.wait()

    async def _look(self, connection: asyncpg.Connection) -> None:
        """Find the next moment, and begin anew."""
        async with self._turn, asyncio.timeout(PATIENCE):
            self._looking.clear()
            began = time.monotonic()
            ahead = await connection.fetchval(NEXT)
            if self._looking.is_set():  # a schedule moved meanwhile
                return
            self.generation += 1
            self.on_standing()
            self._moment = began + min(ahead, DAY - time.time() % DAY)
            self.until = min(self._moment, began + LEASE)
            self._tried.set()

    async def _hear_an_echo(self, connection: asyncpg.Connection) -> None:
        word, heard = ids.new("echo"), asyncio.get_running_loop().create_future()
        self._echo = word, heard
        await connection.execute("SELECT pg_notify($1, $2)", ECHO, word)
        await heard

    def _heard_of(self, _connection: object, _process: int, _channel: str, payload: str) -> None:
        tags = frozenset(payload.split())
        if MOMENTS in tags:
            self.until = self._moment = 0.0
            self._looking.set()
        self.on_purge(tags)

    def _echoed(self, _connection: object, _process: int, _channel: str, payload: str) -> None:
        if self._echo and self._echo[0] == payload and not self._echo[1].done():
            self._echo[1].set_result(None)

    def _cut(self, connection: asyncpg.Connection) -> None:
        if self._connection in {connection, None}:
            self._lose(ConnectionResetError("the connection was closed"))

    def _lose(self, error: BaseException) -> None:
        if self._connection is not None:
            log.warning("cache_line_lost", error=type(error).__name__)
        self.until = self._moment = 0.0
        self._connection = None
        if self._echo and not self._echo[1].done():
            self._echo[1].set_exception(ConnectionResetError("the line was lost"))
        self._looking.set()

    def _fail(self, error: BaseException) -> None:
        if not self.database_is_away:
            log.warning("cache_line_refused", error=type(error).__name__)
        self.failed_at = time.monotonic()
        self._tried.set()


def _hand_over(hear: Callable[[str], None], _connection: object, _process: int, _channel: str, payload: str) -> None:
    hear(payload)
