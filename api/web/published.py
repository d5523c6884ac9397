"""What everybody may fetch and keep: validators, encodings and CORS around bytes that a room has made.

`ETag` is a hash of the bytes. `Last-Modified` follows the log of changes, removals included, in whole seconds rounded
up; it is never of the last two seconds, since a change within the same second would look like no change to whoever asks
by date alone. For the same reason a date answers 304 only where the newest change, to the microsecond, is not later.
"""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import brotli
from anyio import to_thread

from api.accounts.viewer import ANONYMOUS
from api.errors import NotFound, Refused, Unavailable
from api.sql import asking
from api.web import bearer
from api.web.answers import Answer, Header, Turned
from api.web.callers import values
from api.web.codes import SENTENCES, Code

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Receive, Scope, Send

    from api.accounts.viewer import Viewer
    from api.sql import Ask
    from api.web.tills import Till

CORS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
PREFLIGHT = Answer(
    204,
    headers=(
        (b"allow", b"GET, HEAD, OPTIONS"),
        *CORS,
        (b"access-control-allow-methods", b"GET, HEAD"),
        (b"access-control-allow-headers", b"Authorization, If-None-Match, If-Modified-Since"),
        (b"access-control-max-age", b"86400"),
    ),
)
METHODS = ("GET", "HEAD", "OPTIONS")
PUBLIC: Header = (b"cache-control", b"public, max-age=0, s-maxage=0")
PRIVATE: Header = (b"cache-control", b"private, no-store")
VARY: Header = (b"vary", b"Accept-Encoding, Authorization")
SECOND = timedelta(seconds=1)
SETTLED = 2 * SECOND
SMALLEST, QUICK = 1_000, 64_000
"""Bytes: smaller answers are not worth packing; larger ones are packed beside the other requests."""


@dataclass(frozen=True)
class Published:
    """Bytes for everybody, or for one partner; `caching` is how long they hold, when not until something changes.

    `links` is what the Link header says.
    """

    body: bytes
    media_type: str
    modified: datetime | None = None
    tags: tuple[str, ...] = ()
    caching: str | None = None
    links: str | None = None


@dataclass(frozen=True)
class Door:
    """An address where things are fetched. `away` are the exceptions of a database that cannot be reached.

    What is fetched with a key costs `cost`, out of the quota that `till` knows. `way` is how the database is asked
    for what is only read.
    """

    make: Callable[[Scope, Viewer], Awaitable[Published]]
    authenticate: Callable[[str], Awaitable[Viewer]]
    away: tuple[type[Exception], ...] = ()
    till: Till | None = None
    cost: Callable[[Viewer], int] = lambda _viewer: 0
    way: Callable[[], Ask | None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive  # nothing is read: these are GETs
        answer = await self._answer(scope)
        await answer.send(send, with_body=scope["method"] != "HEAD")

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] == "OPTIONS":
            return PREFLIGHT
        asking.set(self.way())  # each request has a context of its own
        try:
            viewer = await self._viewer(scope)
            paid = await self.till.charge(viewer, self.cost(viewer)) if self.till else ()
            answer = await answered(scope, await self.make(scope, viewer))
            return replace(answer, headers=(*answer.headers, *paid))
        except self.away as error:
            raise Unavailable(SENTENCES[Code.UNAVAILABLE]) from error
        except NotFound as error:
            raise Turned(404, Code.NOT_FOUND, error.message, headers=CORS) from error
        except Turned as turned:
            raise Turned(
                turned.status,
                turned.code,
                turned.message,
                headers=[*turned.headers, *CORS],
                extensions=turned.extensions,
            ) from turned
        except Refused as error:
            if isinstance(error, Unavailable):
                raise
            raise Turned(400, Code.BAD_USER_INPUT, error.message, headers=CORS) from error

    async def _viewer(self, scope: Scope) -> Viewer:
        token = bearer.token(values(scope, b"authorization"))
        return await bearer.viewer_of(token, self.authenticate) if token else ANONYMOUS


async def answered(scope: Scope, made: Published) -> Answer:
    """Answer with the bytes, packed as the client takes them; 304 to whoever has them already."""
    digest = urlsafe_b64encode(sha256(made.media_type.encode() + b"\n" + made.body).digest()[:18]).decode()
    moment = _told(made.modified)
    encoding = _encoding(values(scope, b"accept-encoding")) if len(made.body) >= SMALLEST else ""
    headers: tuple[Header, ...] = (
        (b"etag", f'"{digest}{"-" + encoding if encoding else ""}"'.encode()),
        *(((b"last-modified", format_datetime(moment, usegmt=True).encode()),) if moment else ()),
        _caching(scope, made),
        *(((b"cache-tag", ",".join(made.tags).encode()),) if made.tags else ()),
        *(((b"link", made.links.encode()),) if made.links else ()),
        VARY,
        *CORS,
    )
    if _has(scope, digest, made.modified):
        return Answer(304, headers=headers)
    body = await _packed(made.body, encoding)
    kind: Header = (b"content-type", f"{made.media_type}; charset=utf-8".encode())
    packed: tuple[Header, ...] = ((b"content-encoding", encoding.encode()),) if encoding else ()
    return Answer(200, body, (kind, *packed, *headers))


def _caching(scope: Scope, made: Published) -> Header:
    if values(scope, b"authorization"):
        return PRIVATE
    return (b"cache-control", made.caching.encode()) if made.caching else PUBLIC


def _told(modified: datetime | None) -> datetime | None:
    """The time of the last change as a header may say it: a later one is never of the same second."""
    if modified is None:
        return None
    settled = (datetime.now(UTC) - SETTLED).replace(microsecond=0)
    whole = modified.astimezone(UTC).replace(microsecond=0)
    return min(whole if whole == modified else whole + SECOND, settled)


def _has(scope: Scope, digest: str, modified: datetime | None) -> bool:
    """Whether the client has these very bytes, in any encoding, or nothing has changed since the date that it has."""
    conditions = values(scope, b"if-none-match")
    if conditions:
        held = [one.strip().removeprefix("W/").strip('"') for one in b",".join(conditions).decode("latin-1").split(",")]
        return "*" in held or any(one in {digest, f"{digest}-gzip", f"{digest}-br"} for one in held)
    since = values(scope, b"if-modified-since")
    return modified is not None and bool(since) and _unchanged(modified, since[0].decode("latin-1"))


def _unchanged(modified: datetime, since: str) -> bool:
    """Whether the newest change is not later than a date; one that is yet to come says nothing."""
    try:
        moment = parsedate_to_datetime(since)
        return modified <= moment <= datetime.now(UTC)
    except (ValueError, TypeError):  # no date, or one of no time zone
        return False


def _encoding(accepted: list[bytes]) -> str:
    """`br` before `gzip`, where the client takes it."""
    weights: dict[str, str] = {}
    for one in b",".join(accepted).decode("latin-1").split(","):
        name, _, rest = one.strip().lower().partition(";")
        weights[name.strip()] = rest.replace(" ", "")
    refused = {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((name for name in ("br", "gzip") if name in weights and weights[name] not in refused), "")


async def _packed(body: bytes, encoding: str) -> bytes:
    if not encoding:
        return body
    return _pack(body, encoding) if len(body) < QUICK else await to_thread.run_sync(_pack, body, encoding)


def _pack(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    packed: bytes = brotli.compress(body, quality=5)
    return packed
