"""A kept answer in the form in which it is sent: status, headers and bytes, made once for each way of asking."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import brotli

from api.caching import Kept
from api.web.answers import PROTECTION, Header
from api.web.graphql.negotiation import Media
from api.web.graphql.responses import CACHEABLE, CORS, HOT, TIMINGS, entity_tag

VARY: Header = (b"vary", b"Accept, Authorization, Accept-Encoding")
SMALLEST = 1_000
"""Bytes of a body that is worth compressing."""
PACKERS: dict[bytes, Callable[[bytes], bytes]] = {
    b"br": lambda body: bytes(brotli.compress(body, quality=5)),
    b"gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
STALE: tuple[Header, ...] = (
    TIMINGS[HOT],
    (b"meridian-cache", b"stale"),
    (b"warning", b'110 - "Response is Stale"'),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an answer beside its status: the operation's name, and what making it cost."""

    operation: str | None = None
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it goes to the server: as ASGI's two messages, and as the bytes of its head and body."""

    status: int
    told: Told
    messages: tuple[dict[str, Any], dict[str, Any]]
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """One answer as the server's messages, for those who have it already and those who do not."""

    etag: bytes
    body: bytes
    headers: tuple[Header, ...]
    whole: Ready
    unchanged: Ready

    @property
    def size(self) -> int:
        """Bytes, about, beside the body."""
        return 1_000 + 2 * len(self.whole.head) + 2 * len(self.unchanged.head)


def shape(entry: Kept, media: Media, encoding: bytes, told: Told) -> Shape:
    """Make the form of a kept answer; `encoding` as a client takes it, b"" for none."""
    body = entry.packed.get(encoding, entry.body)
    packed: tuple[Header, ...] = ((b"content-encoding", encoding),) if body is not entry.body else ()
    etag = entity_tag(entry.body, media)
    if packed:
        etag = etag[:-1] + b"-" + encoding + b'"'
    kept: tuple[Header, ...] = (
        CACHEABLE, VARY, (b"etag", etag), (b"cache-tag", b",".join(sorted(tag.encode() for tag in entry.tags))), *CORS
    )  # fmt: skip
    headers = ((b"content-type", media.header), *packed, *kept)
    sent = ((b"content-length", b"%d" % len(body)), *headers, TIMINGS[HOT], *PROTECTION)
    whole = _ready(200, told, body, sent)
    return Shape(etag, body, headers, whole, _ready(304, told, b"", (*kept, TIMINGS[HOT], *PROTECTION)))


def pack(entry: Kept, encoding: bytes) -> int:
    """Compress a kept answer, once; how many bytes more it takes."""
    if not encoding or encoding in entry.packed or len(entry.body) < SMALLEST:
        return 0
    entry.packed[encoding] = PACKERS[encoding](entry.body)
    return len(entry.packed[encoding])


@lru_cache(maxsize=64)
def encoding_for(accepted: bytes) -> bytes:
    """The best encoding that an Accept-Encoding header names; b"" for none."""
    named = {}
    for part in accepted.lower().split(b","):
        name, _, quality = part.partition(b";")
        named[name.strip()] = quality.replace(b" ", b"") not in {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}
    return next((one for one in PACKERS if named.get(one)), b"")


def _ready(status: int, told: Told, body: bytes, headers: tuple[Header, ...]) -> Ready:
    start = {"type": "http.response.start", "status": status, "headers": list(headers)}
    rest = {"type": "http.response.body", "body": body, "more_body": False}
    head = b"".join(b"%b: %b\r\n" % header for header in headers) + b"\r\n"
    return Ready(status, told, (start, rest), head, body)
