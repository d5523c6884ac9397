"""Around everything: the last net for faults, the headers that protect browsers, and one line in the log per request.

The log names method, path, status and time; no address, no query string and no header, for they tell of people.
"""

import time
from dataclasses import dataclass

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import NotFound, Refused, Unavailable
from api.web.answers import PROTECTION, Answer, Turned
from api.web.codes import SENTENCES, Code
from api.web.graphql.errors import masked

UNTOLD = frozenset({"/healthz", "/readyz"})
LONGEST_PATH = 200
HTTP_CODES = {401: Code.UNAUTHENTICATED, 403: Code.FORBIDDEN, 404: Code.NOT_FOUND, 429: Code.THROTTLED}
HTTP_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method: see the Allow header.",
}

log = structlog.get_logger(__name__)


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        response = _Response(send)
        started = time.perf_counter()
        try:
            await self._answer(scope, receive, response)
        finally:
            if scope["path"] not in UNTOLD:
                _tell(scope, response, time.perf_counter() - started)

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
    status: int = 0
    size: int = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", []))
            names = {name.lower() for name, _ in headers}
            message = {**message, "headers": [*headers, *(one for one in PROTECTION if one[0] not in names)]}
        self.size += len(message.get("body", b""))
        await self.to(message)


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


def _tell(scope: Scope, response: _Response, seconds: float) -> None:
    operation = scope.get("state", {}).get("operation")
    log.info(
        "request",
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1")[:LONGEST_PATH],
        status=response.status or None,
        milliseconds=round(seconds * 1000, 1),
        bytes=response.size,
        **({"operation": operation} if operation else {}),
    )
