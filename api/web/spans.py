"""One span for each operation, sent to an OpenTelemetry collector when OTEL_EXPORTER_OTLP_ENDPOINT names one.

OTLP over HTTP in its JSON form, a few dozen lines; what the collector does not take in is dropped and counted, and no
reader ever waits for it. A span tells the operation's name, kind, cost and status, and nothing of who asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import structlog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.web.noting import Notes

TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
MOST_WAITING = 2_000
SECONDS = 2.0
PATIENCE = 3.0
SERVER, FAILED = 2, 2
FAULTS = 500

log = structlog.get_logger(__name__)


@dataclass
class Spans:
    """What waits to be sent, and where to; nothing is kept when there is nowhere."""

    endpoint: str = ""
    seconds: float = SECONDS
    dropped: int = 0
    _waiting: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))

    def note(self, notes: Notes, status: int, seconds: float) -> None:
        """Keep the span of an operation that has just ended; what is none (a picture, a feed) is left out."""
        if not self.endpoint or notes.cost is None:
            return
        self.dropped += len(self._waiting) == MOST_WAITING
        self._waiting.append(_span(notes, status, seconds))

    @contextlib.asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Send every few seconds, and the rest at the end."""
        if not self.endpoint:
            yield
            return
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client:
            sender = asyncio.create_task(self._repeat(client))
            try:
                yield
            finally:
                sender.cancel()
                await self._send(client)

    async def _repeat(self, client: httpx.AsyncClient) -> None:
        while True:
            await asyncio.sleep(self.seconds)
            await self._send(client)

    async def _send(self, client: httpx.AsyncClient) -> None:
        if not self._waiting:
            return
        spans = list(self._waiting)
        self._waiting.clear()
        service = {"attributes": [_attribute("service.name", "meridian-api")]}
        scoped = [{"scope": {"name": "meridian"}, "spans": spans}]
        try:
            answer = await client.post(
                f"{self.endpoint}/v1/traces", json={"resourceSpans": [{"resource": service, "scopeSpans": scoped}]}
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            self.dropped += len(spans)
            log.warning("spans_dropped", count=len(spans), error=type(error).__name__)


def _span(notes: Notes, status: int, seconds: float) -> dict[str, Any]:
    end = time.time_ns()
    parent = TRACEPARENT.fullmatch(notes.traceparent)
    told = {"graphql.operation.type": notes.kind, "graphql.operation.name": notes.operation or "",
            "meridian.temperature": notes.temperature, "meridian.cost": notes.cost,
            "meridian.request_id": notes.request_id, "http.response.status_code": status}  # fmt: skip
    return {
        "traceId": parent[1].decode() if parent else secrets.token_hex(16),
        "spanId": secrets.token_hex(8),
        **({"parentSpanId": parent[2].decode()} if parent else {}),
        "name": f"{notes.kind} {notes.operation}" if notes.operation else notes.kind,
        "kind": SERVER,
        "startTimeUnixNano": str(end - int(seconds * 1_000_000_000)),
        "endTimeUnixNano": str(end),
        "attributes": [_attribute(name, value) for name, value in told.items()],
        "status": {"code": FAILED} if status >= FAULTS else {},
    }


def _attribute(name: str, value: object) -> dict[str, Any]:
    said = {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)}
    return {"key": name, "value": said}
