"""`/moderation/events`: the moderation queue as it moves, as server-sent events, for moderators alone.

As everywhere, no cookie is read, and a token does not cross origins.

A stream ends with its token: it is looked at anew before something is told, and now and then. It ends too when the
process is asked to end, so that its client goes on at another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import orjson
from starlette.routing import Route

from api.comments.watching import TooManyStreams
from api.errors import Unavailable
from api.web import bearer
from api.web.answers import Header, Turned
from api.web.callers import values
from api.web.codes import SENTENCES, Code

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from api.accounts.viewer import Viewer
    from api.comments.watching import Happening, Watch, Watcher
    from api.web.health import Health

PATH: Final = "/moderation/events"
TICK: Final = 0.5
"""Seconds between two looks whether the process is ending."""
BEAT: Final = 15.0
"""Seconds after which a silent stream says that it is there, less than proxies commonly wait."""
TRUSTED: Final = 1.0
STALE: Final = 5.0
"""Seconds for which a token that was looked at is believed: when something is to be told, and when nothing is."""
LATER: Final = 3_000
"""Milliseconds after which a client whose stream ended comes back."""
LONGEST_PLACE: Final = 64
RETRY: Header = (b"retry-after", b"60")
HEADERS: tuple[Header, ...] = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # `no-transform`, `x-accel-buffering`: a proxy that packs or collects would hold back what is to be told at once.
    (b"cache-control", b"private, no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"vary", b"Authorization"),
)


@dataclass(frozen=True)
class Queue:
    """The door; `authenticate` says Unavailable while the database is away."""

    watch: Watch
    authenticate: Callable[[str], Awaitable[Viewer]]
    health: Health

    def routes(self) -> list[BaseRoute]:
        return [Route(PATH, self, methods=("GET", "HEAD"))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token, member = await self._moderator(scope)
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
            await send({"type": "http.response.body", "body": b""})
            return
        if self.health.draining:
            raise Unavailable(SENTENCES[Code.UNAVAILABLE])
        try:
            with self.watch.watching(member, _place(scope)) as watcher:
                await self._stream(_Stream(send, watcher), token, receive)
        except TooManyStreams as error:
            raise Turned(429, Code.THROTTLED, error.message, headers=[RETRY]) from error

    async def _moderator(self, scope: Scope) -> tuple[str, str]:
        """The token and the member: somebody who decides on comments, with a token that is meant for it."""
        token = bearer.token(values(scope, b"authorization"))
        viewer = await bearer.viewer_of(token, self.authenticate) if token else None
        if token is None or viewer is None or viewer.member is None:
            raise bearer.unauthenticated("Send a moderator's token, as Authorization: Bearer.")
        if not viewer.moderates:
            sentence = "The queue is for moderators with a token of the scope COMMENTS: ask an admin."
            raise Turned(403, Code.FORBIDDEN, sentence)
        return token, viewer.member

    async def _stream(self, stream: _Stream, token: str, receive: Receive) -> None:
        """Tell what happens until the client goes, the token ends or the process does."""
        await stream.open()
        gone = asyncio.ensure_future(_gone(receive))
        looked = time.monotonic()
        try:
            while not (gone.done() or self.health.draining):
                await stream.watcher.wait(TICK)
                if time.monotonic() - looked > (TRUSTED if stream.watcher.waiting else STALE):
                    if not await self._still(token):
                        break
                    looked = time.monotonic()
                await stream.tell()
            await stream.close()
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone

    async def _still(self, token: str) -> bool:
        """Whether the token still is a moderator's; where nobody can say it the stream ends, and its client asks."""
        try:
            return (await bearer.viewer_of(token, self.authenticate)).moderates
        except (Turned, Unavailable):
            return False


@dataclass
class _Stream:
    """The bytes of one stream; its client is waited for, and cut off by the connection's own deadline."""

    send: Send
    watcher: Watcher
    said_at: float = field(default_factory=time.monotonic)

    async def open(self) -> None:
        await self.send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        await self._say(b"retry: %d\n\n" % LATER)

    async def tell(self) -> None:
        """What waits; when nothing was told for a while, that the stream is there."""
        told = b"".join(encoded(self.watcher.waiting.popleft()) for _ in range(len(self.watcher.waiting)))
        if told:
            await self._say(told)
        elif time.monotonic() - self.said_at > BEAT:
            await self._say(b": here\n\n")

    async def close(self) -> None:
        await self.send({"type": "http.response.body", "body": b""})

    async def _say(self, said: bytes) -> None:
        await self.send({"type": "http.response.body", "body": said, "more_body": True})
        self.said_at = time.monotonic()


def encoded(happening: Happening) -> bytes:
    """One event as it is sent."""
    said = {"comment": happening.comment, "article": happening.article, "status": happening.status}
    data = orjson.dumps(said if happening.comment else {})
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (happening.id.encode(), happening.event.encode(), data)


def _place(scope: Scope) -> str | None:
    """From where a client that comes back goes on; what is no place of ours is as good as none."""
    said = values(scope, b"last-event-id")
    return said[0].decode("latin-1") if said and len(said[0]) <= LONGEST_PLACE else None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
