"""Who watches the moderation queue, and what they are told when it moves: ids alone, never a word of a comment.

The database says what happened in the transaction in which it happened (migration 0018), and every process of the API
hears all of it in the same order. What was heard lately is kept in memory, so that who lost a connection goes on where
it broke, at any process that heard that place.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from api.comments.models import CommentStatus
from api.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANNEL: Final = "meridian_queue"
REMEMBERED: Final = 1_000
"""Happenings that each process remembers for who comes back."""
MOST_WAITING: Final = 200
"""Happenings that wait for one watcher; who takes them in more slowly begins anew."""
MOST_WATCHERS: Final = 50
MOST_OF_ONE: Final = 4
"""Streams of one process, in all and of one member."""


class TooManyStreams(RateLimited):
    """Too many streams are open: close one, or try again in a minute."""


class Event(StrEnum):
    """What a watcher is told. `BEGIN`: ask for the queue as it stands; everything from here on is told."""

    BEGIN = "begin"
    HELD = "held"
    DECIDED = "decided"
    REPLIED = "replied"
    ERASED = "erased"


@dataclass(frozen=True)
class Happening:
    """One thing that befell one comment; `id` is a place in the stream, `status` is None once it is erased."""

    id: str
    event: Event
    comment: str | None = None
    article: str | None = None
    status: CommentStatus | None = None


@dataclass(eq=False)
class Watcher:
    """What waits to be told to one stream."""

    waiting: deque[Happening] = field(default_factory=deque)
    _roused: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, happening: Happening) -> None:
        """Leave it for the stream; a stream that is too far behind is told to begin anew instead."""
        if len(self.waiting) >= MOST_WAITING:
            self.waiting.clear()
            happening = Happening(happening.id, Event.BEGIN)
        self.waiting.append(happening)
        self._roused.set()

    async def wait(self, seconds: float) -> None:
        """Until something waits, but no longer than so many seconds."""
        if not self.waiting:
            self._roused.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._roused.wait()


@dataclass
class Watch:
    """The watchers of one process, and what they may have missed."""

    _heard: deque[Happening] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _watchers: dict[Watcher, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begin()

    def __len__(self) -> int:
        return len(self._watchers)

    def begin(self) -> None:
        """Begin anew where nothing was heard for a while: what happened meanwhile is in the queue alone."""
        self._heard.clear()
        self._add(Happening(secrets.token_hex(8), Event.BEGIN))

    def hear(self, payload: str) -> None:
        """Take in what the database says: the place, what happened, the comment, its article, and where it stands."""
        place, event, comment, article, *status = payload.split()
        stands = CommentStatus(status[0]) if status else None
        self._add(Happening(place, Event(event), comment, article, stands))

    @contextlib.contextmanager
    def watching(self, member: str, after: str | None = None) -> Iterator[Watcher]:
        """Watch for as long as the block lasts, from the place `after` where it is remembered, else from here on."""
        if len(self._watchers) >= MOST_WATCHERS or Counter(self._watchers.values())[member] >= MOST_OF_ONE:
            raise TooManyStreams
        watcher = Watcher()
        for happening in self._missed(after):
            watcher.tell(happening)
        self._watchers[watcher] = member
        try:
            yield watcher
        finally:
            del self._watchers[watcher]

    def _add(self, happening: Happening) -> None:
        self._heard.append(happening)
        for watcher in self._watchers:
            watcher.tell(happening)

    def _missed(self, after: str | None) -> list[Happening]:
        heard = list(self._heard)
        known = next((place for place, one in enumerate(heard) if one.id == after), None)
        return [Happening(heard[-1].id, Event.BEGIN)] if known is None else heard[known + 1 :]
