"""From a result to the bytes of its answer: status by media type, what may be cached, what a browser may read."""

from typing import Any

import orjson
from graphql import ExecutionResult
from xxhash import xxh3_128_hexdigest

from api.web.answers import NO_STORE, Answer, Header
from api.web.codes import Code, Codes
from api.web.graphql.errors import format_all
from api.web.graphql.exchange import Exchange
from api.web.graphql.negotiation import Media

ALLOWED: Header = (b"allow", b"GET, HEAD, POST, OPTIONS")
CORS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, RateLimit, Retry-After"),
)
PREFLIGHT = Answer(
    204,
    headers=(
        ALLOWED,
        *CORS,
        (b"access-control-allow-methods", b"GET, HEAD"),
        (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
        (b"access-control-max-age", b"86400"),
    ),
)
VARY: Header = (b"vary", b"Accept, Authorization")
PRIVATE: Header = (b"cache-control", b"private, no-store")
CACHEABLE: Header = (b"cache-control", b"public, max-age=0, s-maxage=0")
RETRY: Header = (b"retry-after", b"2")
HOT, COLD, FALLBACK = "hot", "cold", "fallback"
TIMINGS: dict[str, Header] = {name: (b"server-timing", name.encode()) for name in (HOT, COLD, FALLBACK)}


class Whole(Answer):
    """An answer that has all its headers, but for what its asker owes."""


def respond(
    exchange: Exchange, result: ExecutionResult, codes: Codes, operation: str | None, *, kept: bool = True
) -> Answer:
    """Answer a request that was understood; refused as a whole, it has no `data` (GraphQL over HTTP, 6.4)."""
    errors = format_all(result.errors, codes, operation) if result.errors else []
    refused = result.data is None and not any("path" in error for error in errors)
    content: dict[str, Any] = {"errors": errors} if errors else {}
    if not refused:
        content["data"] = result.data
    if exchange.bill and exchange.bill.cost is not None:
        content["extensions"] = {"cost": exchange.bill.told(public=exchange.is_public)}
    status, more = _status(exchange, errors, refused=refused, empty=result.data is None)
    if not refused:
        exchange.notes.temperature = temperature_of(result)
        more = (*more, TIMINGS[exchange.notes.temperature])
    headers = ((b"content-type", exchange.media.header), *((NO_STORE,) if errors or not kept else ()), *more)
    return Answer(status, orjson.dumps(content), headers)


def temperature_of(result: ExecutionResult) -> str:
    """Whether one statement made the answer, or resolvers did."""
    data: object = result.data
    return COLD if isinstance(data, orjson.Fragment) else FALLBACK


def finish(exchange: Exchange, answer: Answer) -> Answer:
    """Add what caches, browsers and whoever counts need to know; 304 for those who have this answer already."""
    owed = exchange.bill.headers() if exchange.bill else ()
    if answer is PREFLIGHT or isinstance(answer, Whole):
        return Answer(answer.status, answer.body, (*answer.headers, *owed)) if owed else answer
    headers = [*answer.headers, *owed]
    stands = any(name == b"cache-control" for name, _ in headers)
    if exchange.is_private:
        headers = [*(one for one in headers if one[0] != b"cache-control"), PRIVATE, VARY]
    elif exchange.is_post:
        headers += () if stands else (NO_STORE,)
    elif stands:
        headers += (VARY, *CORS)
    else:
        return _cacheable(exchange, answer, headers)
    return Answer(answer.status, answer.body, tuple(headers))


def _cacheable(exchange: Exchange, answer: Answer, headers: list[Header]) -> Answer:
    """What anybody may keep, with its tag; 304 for whoever has it already."""
    tag = entity_tag(answer.body, exchange.media)
    headers += (CACHEABLE, VARY, (b"etag", tag), *CORS)
    if exchange.tags:
        headers.append((b"cache-tag", exchange.tags))
    if (held := exchange.values(b"if-none-match")) and _has(held, tag):
        return Answer(304, headers=tuple(header for header in headers if header[0] != b"content-type"))
    return Answer(answer.status, answer.body, tuple(headers))


def entity_tag(body: bytes, media: Media) -> bytes:
    """What differs when an answer does; no secret and no seal, so that the hash need only be quick."""
    return b'"%b-%b"' % (xxh3_128_hexdigest(body).encode(), media.mark)


def _status(
    exchange: Exchange, errors: list[dict[str, Any]], *, refused: bool, empty: bool
) -> tuple[int, tuple[Header, ...]]:
    if refused and any(error["extensions"]["code"] == Code.THROTTLED for error in errors):
        return 429, ()
    if refused:
        return 400 if exchange.media is Media.GRAPHQL else 200, ()
    if empty and any(error["extensions"]["code"] == Code.UNAVAILABLE for error in errors):
        return 503, (RETRY,)
    return 200, ()


def _has(conditions: list[bytes], tag: bytes) -> bool:
    held = [one.strip().removeprefix(b"W/") for condition in conditions for one in condition.split(b",")]
    return tag in held or b"*" in held
