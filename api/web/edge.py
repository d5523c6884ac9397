"""Around everything: the last net for faults, the headers that protect browsers, and what is noted of every request.

The log names method, path, status and time; no address, no query string and no header but the request's id, for they
tell of people.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from api.errors import NotFound, Refused, Unavailable
from api.web import logs
from api.web.answers import PROTECTION, Answer, Header, Turned
from api.web.codes import SENTENCES, Code
from api.web.connections import send_whole
from api.web.graphql.errors import masked
from api.web.metrics import Metrics
from api.web.noting import Notes, begin
from api.web.spans import Spans

UNTOLD = frozenset({"/healthz", "/readyz", "/metrics"})
LONGEST_PATH = 200
NOT_PLAIN = frozenset({b"connection", b"transfer-encoding"})
PROTECTED = frozenset(name for name, _ in PROTECTION)
BODILESS = frozenset({204, 304})
HTTP_CODES = {401: Code.UNAUTHENTICATED, 403: Code.FORBIDDEN, 404: Code.NOT_FOUND, 429: Code.THROTTLED}
HTTP_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method: see the Allow header.",
}


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, metrics: Metrics | None = None, spans: Spans | None = None) -> None:
        self.app = app
        self.metrics = metrics or Metrics()
        self.spans = spans or Spans()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        notes = begin(scope)
        further = ((b"x-request-id", notes.request_id.encode()),)
        response = _Response(send, further, is_head=scope["method"] == "HEAD")
        bind_contextvars(request_id=notes.request_id)  # each request has a context of its own
        try:
            await self._answer(scope, receive, response)
        finally:
            self._note(scope, notes, response)

    def _note(self, scope: Scope, notes: Notes, response: "_Response") -> None:
        seconds = time.perf_counter() - notes.began
        self.metrics.note(notes, scope["method"], response.status, seconds)
        self.spans.note(notes, response.status, seconds)
        if scope["path"] not in UNTOLD:
            _tell(scope, notes, response, seconds)

    async def _answer(self, scope: Scope, receive: Receive, response: "_Response") -> None:
        try:
            await self.app(scope, receive, response.send)
        except Exception as error:
            answer = _answer_to(error, scope)
            if response.status:
                raise
            await answer.send(response.send, with_body=scope["method"] != "HEAD")


@dataclass
class _Response:
    """Passes an answer on, protected, and remembers what the log shall tell of it."""

    to: Send
    further: tuple[Header, ...] = field(default=())
    status: int = 0
    size: int = 0
    is_head: bool = False
    _held: Message | None = None

    async def send(self, message: Message) -> None:
        """Hold the head until the first of the body is there: both leave together where that is all of it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._held = {**message, "headers": self._protected(message.get("headers", []))}
            return
        body = message.get("body", b"")
        self.size += len(body)
        head, self._held = self._held, None
        if head is not None:
            if not message.get("more_body", False) and self._whole(head["headers"], body):
                return
            await self.to(head)
        await self.to(message)

    def send_whole(self, status: int, headers: Sequence[Header], body: bytes) -> bool:
        """Send all of an answer at once, without its length among the headers; False when it must go piece by piece."""
        length = () if status in BODILESS else ((b"content-length", b"%d" % len(body)),)
        if self.is_head or not _written(self.to, status, self._protected([*length, *headers]), body):
            return False
        self.status, self.size = status, len(body)
        return True

    def _protected(self, headers: Iterable[Header]) -> list[Header]:
        given = list(headers)
        names = {name for name, _ in given}
        own = PROTECTION if PROTECTED.isdisjoint(names) else [one for one in PROTECTION if one[0] not in names]
        return [*given, *own, *self.further]

    def _whole(self, headers: list[Header], body: bytes) -> bool:
        """Write an answer that is all there at once; the server looks at those that are not plain."""
        told = dict(headers)
        length = b"" if self.status in BODILESS else b"%d" % len(body)
        if self.is_head or told.get(b"content-length", b"") != length:
            return False
        return _written(self.to, self.status, headers, body)


def _written(to: Send, status: int, headers: list[Header], body: bytes) -> bool:
    """Whether the answer was written whole, which the server leaves to us where its headers are plain."""
    if not NOT_PLAIN.isdisjoint(name for name, _ in headers):
        return False
    head = b"".join([b"%b: %b\r\n" % header for header in headers])
    if head.count(b"\n") != len(headers) or head.count(b"\r") != len(headers):
        return False
    return send_whole(to, status, head, b"\r\n", body)


def _answer_to(error: Exception, scope: Scope) -> Answer:
    if isinstance(error, Turned):
        return error.answer()
    if isinstance(error, HTTPException):
        return _http(error).answer()
    if isinstance(error, Unavailable):
        return Turned(503, Code.UNAVAILABLE, error.message, headers=[(b"retry-after", b"2")]).answer()
    if isinstance(error, Refused):
        missing = isinstance(error, NotFound)
        return Turned(
            404 if missing else 400, Code.NOT_FOUND if missing else Code.BAD_USER_INPUT, error.message
        ).answer()
    extensions = masked(error, None, scope["path"][:LONGEST_PATH])
    return Turned(500, Code.INTERNAL, SENTENCES[Code.INTERNAL], extensions=extensions).answer()


def _http(error: HTTPException) -> Turned:
    headers = [(name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items()]
    code = HTTP_CODES.get(error.status_code, Code.BAD_USER_INPUT)
    return Turned(error.status_code, code, HTTP_SENTENCES.get(error.status_code, error.detail), headers=headers)


def _tell(scope: Scope, notes: Notes, response: _Response, seconds: float) -> None:
    told = {
        "method": scope["method"],
        "path": scope["raw_path"].decode("latin-1")[:LONGEST_PATH],
        "status": response.status or None,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": response.size,
    }
    if notes.operation:
        told["operation"] = notes.operation
    logs.tell("request", notes.request_id, told)
