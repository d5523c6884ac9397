"""Whose document is read next: one at a time, everybody in turn, with a rest after each that was dear.

Reading a document takes one stretch of the event loop. Four in a row would keep everybody waiting for four stretches,
and whoever sends a hundred would be served a hundred times before the next.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from api.errors import Unavailable

QUICK = 0.005
"""Seconds of reading after which nobody needs a rest; most documents take two thousandths."""
LONGEST_REST = 0.1
MOST_OF_ONE = 100
MOST = 200
"""Who waits holds what came with the document, a megabyte or more: a small machine has room for two hundred."""
SECONDS = 5.0
"""How long a document may wait for its turn: as long as an operation without a token may take."""


class TooManyDocuments(Unavailable):
    """Too many new documents are waiting to be read: try again shortly."""


@dataclass
class Turns:
    """Gives turns one after the other; those who wait are asked in a circle, each by the order of what it sent.

    After what took long the loop belongs to everything else for as long again, so that documents never have more than
    half of it.
    """

    most_of_one: int = MOST_OF_ONE
    most: int = MOST
    _busy: bool = False
    _count: int = 0
    _waiting: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return self._count

    @contextlib.asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """Wait for a turn of `who`; refused when too many wait already, or when it takes too long."""
        if self._busy:
            await self._wait(who)
        self._busy = True
        began = time.perf_counter()
        try:
            yield
        finally:
            lasted = time.perf_counter() - began
            rest = min(lasted, LONGEST_REST) if lasted > QUICK else 0
            asyncio.get_running_loop().call_later(rest, self._next)

    async def _wait(self, who: str) -> None:
        """Stand in the queue; whoever goes away when it was just called hands its turn on."""
        called = self._enter(who)
        try:
            async with asyncio.timeout(SECONDS):
                await called
        except BaseException as error:
            if called.done() and not called.cancelled() and called.exception() is None:
                self._next()
            if isinstance(error, TimeoutError):
                raise TooManyDocuments from error
            raise

    def _enter(self, who: str) -> asyncio.Future[None]:
        own = self._waiting.get(who, deque())
        if len(own) >= self.most_of_one:
            raise TooManyDocuments
        if self._count >= self.most:
            self._make_room(len(own))
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        own.append(called)
        self._waiting[who] = own
        self._count += 1
        return called

    def _make_room(self, has: int) -> None:
        """Send away the newest of whoever has most, for somebody who has so many; refused where nobody has more."""
        longest = max(self._waiting.values(), key=len)
        if len(longest) <= has + 1:
            raise TooManyDocuments
        sent_away = longest.pop()
        self._count -= 1
        if not sent_away.done():
            sent_away.set_exception(TooManyDocuments())

    def _next(self) -> None:
        """Call the next one who still waits; it goes behind all others when it has more."""
        while self._waiting:
            who, own = self._waiting.popitem(last=False)
            called = own.popleft()
            self._count -= 1
            if own:
                self._waiting[who] = own
            if not called.done():
                called.set_result(None)
                return
        self._busy = False
