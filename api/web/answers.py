"""A whole answer as a value: its status, its headers and its bytes; and the JSON form of every refusal at the edge."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from starlette.types import Send

from api.web.codes import Code

Header = tuple[bytes, bytes]
SendWhole = Callable[[int, Sequence[Header], bytes], bool]
"""Sends status, headers but for the length, and body in one piece; False where it cannot, and nothing was sent."""

JSON = b"application/json; charset=utf-8"
NO_STORE: Header = (b"cache-control", b"no-store")
CLOSE: Header = (b"connection", b"close")
PROTECTION: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


@dataclass(frozen=True)
class Answer:
    """All of an answer but its length, which is counted when it is sent."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()

    async def send(self, send: Send, *, closing: bool = False, with_body: bool = True) -> None:
        """Send it; `closing` leaves the last, empty part to the caller, who may have something to wait for."""
        at_once: SendWhole | None = getattr(getattr(send, "__self__", None), "send_whole", None)
        if at_once and with_body and not closing and at_once(self.status, self.headers, self.body):
            return
        length: tuple[Header, ...] = () if self.status in {204, 304} else ((b"content-length", _count(self.body)),)
        close = (CLOSE,) if closing else ()
        headers = [*length, *self.headers, *close]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = self.body if with_body else b""
        await send({"type": "http.response.body", "body": body, "more_body": closing})


class Turned(Exception):  # noqa: N818 - an answer, not a fault
    """The request is turned away at the edge, with this answer's status, code and one plain sentence."""

    def __init__(
        self,
        status: int,
        code: Code,
        message: str,
        *,
        headers: Iterable[Header] = (),
        extensions: Mapping[str, object] | None = None,
    ) -> None:
        """Take what the answer shall say; `extensions` stand beside the code."""
        self.status = status
        self.code = code
        self.message = message
        self.headers = tuple(headers)
        self.extensions = dict(extensions or {})
        super().__init__(message)

    def answer(self, content_type: bytes = JSON, headers: Iterable[Header] = ()) -> Answer:
        entry = {"message": self.message, "extensions": {"code": self.code, **self.extensions}}
        body = orjson.dumps({"errors": [entry]})
        return Answer(self.status, body, ((b"content-type", content_type), NO_STORE, *self.headers, *headers))


def _count(body: bytes) -> bytes:
    return str(len(body)).encode()
