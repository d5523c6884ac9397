"""Connections that only read, for statements which are asked again and again.

asyncpg's own pool and statement cache cost five times what the statement itself costs the process; here a connection
is taken from a list, and its prepared statements from a dictionary.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict, deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from api.database import GUARDS, credentials, patience
from api.errors import TooLong, Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from api.sql import Ask

Found = TypeVar("Found")

PARTS = GUARDS | {"default_transaction_read_only": "on", "jit": "off"}
"""For statements that are part of an answer, whoever asks for it."""
# A statement that makes a whole answer takes longer to plan than to run: it is planned once, for whatever values.
SETTINGS = PARTS | {"statement_timeout": "4000", "plan_cache_mode": "force_generic_plan"}
MOST_CONNECTIONS = 8
MOST_STATEMENTS = 200
LONGEST = 60.0
"""Seconds that anybody waits who set no other limit."""
LOOK = 0.1
"""Seconds between two looks at who has waited too long: a timer for each statement would cost as much as asking it."""
NOT_OPEN = "The database is not connected: wait until the program has started."

OTHERS: ContextVar[Sequence[Readers]] = ContextVar("others", default=())
"""The readers of another server of the same tables, which are asked instead of those with the same settings."""


@contextlib.contextmanager
def instead(*others: Readers) -> Iterator[None]:
    """Whatever is asked of any readers within this block is asked of that one of these which has their settings."""
    token = OTHERS.set(others)
    try:
        yield
    finally:
        OTHERS.reset(token)


class Reader:
    """One connection with the statements that it has prepared, the oldest of which go first.

    `until` is when whoever asks gives up, by the loop's clock.
    """

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.until = 0.0
        self.is_late = False
        self._prepared: OrderedDict[str, Any] = OrderedDict()

    async def fetch(self, statement: str, values: Sequence[Any]) -> bytes:
        prepared = self._prepared.get(statement) or await self._prepare(statement)
        found: bytes = await prepared.fetchval(*values)
        return found

    async def rows(self, statement: str, values: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        prepared = self._prepared.get(statement) or await self._prepare(statement)
        try:
            found: Sequence[Mapping[str, Any]] = await prepared.fetch(*values)
        except asyncpg.InvalidCachedStatementError:  # a table is not what it was: nobody else would ask anew
            found = await (await self._prepare(statement)).fetch(*values)
        return found

    def give_up(self) -> None:
        """Nobody waits any longer: the connection ends, and in the server `statement_timeout` ends what was asked."""
        self.is_late = True
        self.connection.terminate()

    async def _prepare(self, statement: str) -> Any:  # noqa: ANN401 - asyncpg has no types
        prepared = self._prepared[statement] = await self.connection.prepare(statement)
        if len(self._prepared) > MOST_STATEMENTS:
            self._prepared.popitem(last=False)
        return prepared


class Turn(asyncio.Future["Reader | None"]):
    """The place in the queue of somebody who waits `until` then, by the loop's clock.

    Its result is the connection that came free, or None where there may be a new one.
    """

    def __init__(self, until: float) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self.until = until

    def give_up(self) -> None:
        if not self.done():
            self.set_exception(TooLong())


class Readers:
    """As many connections as are needed at once, up to `most`; those who come when all are busy wait their turn."""

    def __init__(
        self,
        url: str,
        setting: str = "DATABASE_URL",
        *,
        most: int = MOST_CONNECTIONS,
        settings: Mapping[str, str] = SETTINGS,
    ) -> None:
        self._credentials = credentials(url, setting)
        self._settings = dict(settings)
        self._most = most
        self._idle: list[Reader] = []
        self._busy: set[Reader] = set()
        self._waiting: deque[Turn] = deque()
        self._count = 0
        self._is_open = False
        self._look: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        return self._is_open

    def way(self) -> Ask | None:
        """How rows are asked for; None while nothing may be asked here: the pool answers, or says what is wrong."""
        return self.rows if self._is_open else None

    async def open(self) -> None:
        """Let statements be asked; the first connection is made when the first one is."""
        self._is_open = True

    async def close(self) -> None:
        """Ask nothing more; connections in use are closed when they come back."""
        self._is_open = False
        if self._look:
            self._look.cancel()
            self._look = None
        for turn in self._waiting:
            if not turn.done():
                turn.set_exception(Unavailable(NOT_OPEN))
        self._waiting.clear()
        while self._idle:
            await self._idle.pop().connection.close()
            self._count -= 1

    async def fetch(self, statement: str, values: Sequence[Any]) -> bytes:
        """The one value that a statement gives: a JSON text, as it stands; within `patience` in all."""
        return await self._asked(Reader.fetch, statement, values)

    async def rows(self, statement: str, values: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        """The rows that a statement gives, likewise."""
        return await self._asked(Reader.rows, statement, values)

    async def _asked(
        self, ask: Callable[[Reader, str, Sequence[Any]], Awaitable[Found]], statement: str, values: Sequence[Any]
    ) -> Found:
        other = next((each for each in OTHERS.get() if each._settings == self._settings), self)  # noqa: SLF001 - one of us
        if other is not self:
            return await other._asked(ask, statement, values)  # noqa: SLF001 - one of us
        loop = asyncio.get_running_loop()
        until = loop.time() + (patience.get() or LONGEST)
        if self._look is None:
            self._look = loop.call_later(LOOK, self._give_up, loop)
        reader = self._at_hand() or await self._taken(until)
        reader.until = until
        self._busy.add(reader)
        try:
            return await ask(reader, statement, values)
        except asyncio.CancelledError:
            reader.connection.terminate()  # it is still busy with what nobody waits for
            raise
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            if reader.is_late:
                raise TooLong from error
            raise
        finally:
            self._busy.discard(reader)
            self._give_back(reader)

    def _give_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let go whoever has waited too long; look again for as long as somebody waits."""
        now = loop.time()
        everybody: list[Reader | Turn] = [*self._busy, *self._waiting]
        for each in everybody:
            if each.until < now:
                each.give_up()
        self._waiting = deque(turn for turn in self._waiting if not turn.done())
        self._look = loop.call_later(LOOK, self._give_up, loop) if self._busy or self._waiting else None

    def _at_hand(self) -> Reader | None:
        """A connection that nobody uses."""
        if not self._is_open:
            raise Unavailable(NOT_OPEN)
        while self._idle:
            reader = self._idle.pop()
            if not reader.connection.is_closed():
                return reader
            self._count -= 1
        return None

    async def _taken(self, until: float) -> Reader:
        """A new connection where there may be one more, else the next that comes free."""
        while self._count >= self._most:
            if reader := await self._turn(until):
                return reader
        return await self._connected(until)

    async def _connected(self, until: float) -> Reader:
        self._count += 1
        connection = None
        try:
            async with asyncio.timeout_at(until):
                # Without any cache asyncpg takes PgBouncer to stand between, and prepares each statement for each run.
                connection = await asyncpg.connect(
                    **self._credentials, server_settings=self._settings, statement_cache_size=1
                )
                await connection.set_type_codec(
                    "json", schema="pg_catalog", encoder=_as_it_is, decoder=_as_it_is, format="binary"
                )
        except BaseException as error:
            if connection:
                connection.terminate()
            self._count -= 1
            self._wake()
            if isinstance(error, TimeoutError):
                raise TooLong from error
            raise
        return Reader(connection)

    async def _turn(self, until: float) -> Reader | None:
        turn = Turn(until)
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and not turn.exception():
                self._hand_on(turn.result())
            raise

    def _give_back(self, reader: Reader) -> None:
        if reader.connection.is_closed() or not self._is_open:
            reader.connection.terminate()
            self._count -= 1
            self._wake()
        else:
            self._hand_on(reader)

    def _hand_on(self, reader: Reader | None) -> None:
        """Give a connection to whoever has waited longest, past those who have only just come."""
        if not self._wake(reader) and reader:
            self._idle.append(reader)

    def _wake(self, reader: Reader | None = None) -> bool:
        """Call the next who waits, if anybody does."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(reader)
                return True
        return False


def _as_it_is(value: bytes) -> bytes:
    return value
