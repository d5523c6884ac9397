"""One client's connection: uvicorn's own, with a bound on the head of a request; no deadline for it yet."""

import re

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.web.answers import JSON
from api.web.codes import Code

UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)
MOST_HEAD_BYTES = 128_000
"""A query of the largest size in the address, and headers beside it; uvicorn itself would read on for ever."""

MOST_ADDRESS_BYTES = 65_535
"""The parser counts no further."""


class Connection(HttpToolsProtocol):
    """Refuses what is no request, in the form of every other refusal."""

    url = b""
    head_open = False
    body_open = False
    head_bytes = 0

    def on_message_begin(self) -> None:
        self.head_open = True
        self.head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.head_open = False
        self.body_open = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.body_open = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data if self.body_open else without_upgrade(data))
        if not self.head_open or self.transport.is_closing():
            return
        self.head_bytes += len(data)
        if self.head_bytes > MOST_HEAD_BYTES:
            sentence = f"The head of the request is too large: at most {MOST_HEAD_BYTES:,} bytes are read."
            self.refuse(431, Code.PAYLOAD_TOO_LARGE, sentence)

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


def without_upgrade(data: bytes) -> bytes:
    """Rename the Upgrade header in the head of a request: we stay with HTTP/1.1, and need not say so (RFC 9110, 7.8).

    Java's client asks for HTTP/2 in every request that is not encrypted, and the parser would drop the request's body.
    """
    if b"pgrade:" not in data and b"PGRADE:" not in data:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return UPGRADE.sub(b"\r\nx-upgrade:", head) + end + rest
