"""One client's connection: uvicorn's own, with bounds on the head of a request and on how long we are kept waiting.

A client has so many seconds for the head of a request, some between two requests, and must take in what it asked for.
A body's time is counted by whoever reads it; what nobody reads is soon cut off.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from api.web.answers import JSON
from api.web.codes import Code
from api.web.crowds import Crowd

UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)
MOST_HEAD_BYTES = 128_000
"""A query of the largest size in the address, and headers beside it; uvicorn itself would read on for ever."""

MOST_ADDRESS_BYTES = 65_535
"""The parser counts no further."""

HEAD_SECONDS = 10
KEEP_ALIVE_SECONDS = 5
BODY_SECONDS = 150
"""The last resort: 10 s for a question, 120 s for a picture are counted where they are read."""
LINGER_SECONDS = 3
WRITE_SECONDS = 12


class Connection(HttpToolsProtocol):
    """Refuses what is no request, in the form of every other refusal, and ends what takes too long."""

    url = b""
    head_open = False
    body_open = False
    head_bytes = 0

    def __init__(self, crowd: Crowd, **given: Any) -> None:  # noqa: ANN401 - as uvicorn hands it over
        super().__init__(**given)
        self.crowd = crowd
        self._deadlines: dict[str, asyncio.TimerHandle] = {}

    @property
    def keeps_waiting(self) -> bool:
        return self.body_open or not self.answering

    @property
    def answering(self) -> bool:
        """Whether a request is on its way to its answer."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def turn_out(self) -> None:
        self.crowd.leave(self)
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        if self.crowd.enter(self, self.client[0] if self.client else None):
            self._set("head", HEAD_SECONDS, self._headless)
        else:
            self.refuse(503, Code.UNAVAILABLE, "Too many connections are open: try again shortly.")

    def connection_lost(self, exc: Exception | None) -> None:
        self.crowd.leave(self)
        for name in tuple(self._deadlines):
            self._unset(name)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self.head_open = True
        self.head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.head_open = False
        self.body_open = True
        self._unset("head")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.body_open = False
        self._unset("body")
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.body_open:
            self._set("body", LINGER_SECONDS, self.transport.abort)
        if self.transport.is_closing():
            self._set("write", WRITE_SECONDS, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        super().data_received(data if self.body_open else without_upgrade(data))
        if self.transport.is_closing():
            return
        if self.body_open:
            self._set("body", BODY_SECONDS, self.transport.abort, again=False)
        elif self.head_open or not self.answering:
            self._set("head", HEAD_SECONDS, self._headless, again=False)
        if not self.head_open:
            return
        self.head_bytes += len(data)
        if self.head_bytes > MOST_HEAD_BYTES:
            sentence = f"The head of the request is too large: at most {MOST_HEAD_BYTES:,} bytes are read."
            self.refuse(431, Code.PAYLOAD_TOO_LARGE, sentence)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._set("write", WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unset("write")

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._set("write", WRITE_SECONDS, self.transport.abort)  # for an answer that nobody takes in

    def send_400_response(self, msg: str) -> None:
        del msg
        if len(self.url) > MOST_ADDRESS_BYTES:
            sentence = f"The address is too long: at most {MOST_ADDRESS_BYTES:,} bytes are read. Send it by POST."
            self.refuse(414, Code.PAYLOAD_TOO_LARGE, sentence)
        else:
            self.refuse(400, Code.BAD_USER_INPUT, "This is not a valid HTTP request.")

    def refuse(self, status: int, code: Code, sentence: str) -> None:
        body = orjson.dumps({"errors": [{"message": sentence, "extensions": {"code": code}}]})
        headers = {b"content-type": JSON, b"content-length": b"%d" % len(body), b"connection": b"close"}
        lines = b"".join(b"%s: %s\r\n" % header for header in headers.items())
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
        self.transport.close()
        self._set("write", WRITE_SECONDS, self.transport.abort)

    def _headless(self) -> None:
        """The head of a request did not arrive in time; a client that never said anything is told nothing."""
        if self.head_open:
            sentence = f"The head of the request did not arrive within {HEAD_SECONDS} seconds."
            self.refuse(408, Code.BAD_USER_INPUT, sentence)
        else:
            self.transport.close()

    def _set(self, name: str, seconds: float, act: Callable[[], None], *, again: bool = True) -> None:
        """Do it when the time has passed; what is set already is set anew, or left as it is."""
        if again or name not in self._deadlines:
            self._unset(name)
            self._deadlines[name] = self.loop.call_later(seconds, act)

    def _unset(self, name: str) -> None:
        if name in self._deadlines:
            self._deadlines.pop(name).cancel()


def send_whole(send: object, status: int, *ready: bytes) -> bool:
    """Write an answer that is ready, as its server would, which looks at each header anew; False when it must.

    A third of the time of an answer that is kept was spent there.
    """
    cycle = getattr(send, "__self__", None)
    if type(cycle) is not RequestResponseCycle or not cycle.keep_alive or cycle.flow.write_paused:
        return False
    if cycle.disconnected or cycle.response_started:
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(b"".join((STATUS_LINE[status], usual(cycle.default_headers), *ready)))
    cycle.message_event.set()
    cycle.on_response()
    return True


class _Usual:
    """The headers of every answer as lines; the server makes a new list of them each second."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.lines = b""

    def __call__(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        if headers is not self.headers:
            self.headers, self.lines = headers, b"".join(b"%b: %b\r\n" % header for header in headers)
        return self.lines


usual = _Usual()


def without_upgrade(data: bytes) -> bytes:
    """Rename the Upgrade header in the head of a request: we stay with HTTP/1.1, and need not say so (RFC 9110, 7.8).

    Java's client asks for HTTP/2 in every request that is not encrypted, and the parser would drop the request's body.
    """
    if b"pgrade:" not in data and b"PGRADE:" not in data:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return UPGRADE.sub(b"\r\nx-upgrade:", head) + end + rest
