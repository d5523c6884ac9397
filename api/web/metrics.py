"""`/metrics`: what this process counted, and what the tables say is waiting, in Prometheus's text form.

Whoever reaches the API directly may read it, with METRICS_TOKEN when one is set; Caddy lets nobody through to it.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response

from api.web.answers import Turned
from api.web.codes import Code
from api.web.counting import Requests
from api.web.noting import METHODS, STREAM, Notes

PREFIX = "meridian_"

log = structlog.get_logger(__name__)


class Waiting(Protocol):
    """As much of what is read from the tables as is told; None where there is nothing to tell."""

    @property
    def recalls(self) -> Mapping[str, int]: ...
    @property
    def findings(self) -> Mapping[str, int]: ...


Read = Callable[[], Awaitable[Waiting]]

PLAIN = {
    "meridian_schedules_overdue": "Scheduled articles that should have been settled a minute ago.",
    "meridian_deliveries_pending": "Deliveries to webhooks that are on their way.",
    "meridian_deliveries_overdue": "Deliveries to webhooks that should have been tried a minute ago.",
    "meridian_deliveries_oldest_seconds": "Age of the oldest delivery that is on its way.",
    "meridian_letters_waiting": "Mail that waits for its server.",
    "meridian_letters_oldest_seconds": "Age of the oldest mail that waits.",
    "meridian_worker_seconds": "Seconds since a worker was last seen; none when there never was one.",
    "meridian_backup_seconds": "Age of the newest backup; none when there is none.",
}


class Metrics:
    """The counts of one process, in a registry of their own."""

    def __init__(self, read: Read | None = None, token: str = "") -> None:
        """Take what reads the tables, and the token that whoever asks must show, if any."""
        self._read = read
        self._token = token.encode()
        self.registry = CollectorRegistry()
        self._requests = Requests()
        self.registry.register(self._requests)
        self._cost = self._counter("meridian_cost", "Cost of the operations that were run.", ("kind",))
        self._up = self._gauge("meridian_database_up", "1 when the tables could be read for this answer.")
        self._plain = {name: self._gauge(name, told) for name, told in PLAIN.items()}
        self._recalls = self._gauge("meridian_recalls", "Recalls that partners have not confirmed.", ("status",))
        self._findings = self._gauge(
            "meridian_gate_findings", "Findings of the gate about live articles.", ("severity",)
        )
        # A label's series is found by its values, by which prometheus_client takes a lock and joins texts.
        self._costs = cache(self._cost.labels)

    def watch(self, name: str, told: str, measure: Callable[[], float]) -> None:
        """Tell a number that is known at any moment, such as how many connections are open."""
        self._gauge(name, told).set_function(measure)

    def note(self, notes: Notes, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        said = method if method in METHODS else "other"
        lasted = None if notes.kind == STREAM else seconds
        self._requests.note(notes.kind, notes.temperature, said, status, lasted)
        if notes.cost:
            self._costs(notes.kind).inc(notes.cost)

    def note_hot(self, status: int, seconds: float) -> None:
        """Count one answer that was sent as it was kept; nothing was run for it, so it has no cost."""
        self._requests.note("query", "hot", "GET", status, seconds)

    async def serve(self, request: Request) -> Response:
        """Answer whoever may know."""
        shown = request.headers.get("authorization", "").encode()
        if self._token and not hmac.compare_digest(shown, b"Bearer " + self._token):
            raise Turned(401, Code.UNAUTHENTICATED, "Send METRICS_TOKEN in the Authorization header, as Bearer.")
        if self._read:
            await self._look(self._read)
        headers = {"cache-control": "no-store"}
        return Response(generate_latest(self.registry), 200, headers, CONTENT_TYPE_PLAIN_0_0_4)

    async def _look(self, read: Read) -> None:
        """Bring the gauges up to date; a database that is away is told as such, and nothing else of it."""
        try:
            waiting = await read()
        except Exception as error:
            log.warning("tables_not_read", exc_info=error)
            self._up.set(0)
            return
        self._up.set(1)
        for name, gauge in self._plain.items():
            value = getattr(waiting, name.removeprefix(PREFIX))
            gauge.set(float("nan") if value is None else value)
        for status, many in waiting.recalls.items():
            self._recalls.labels(status).set(many)
        for severity, many in waiting.findings.items():
            self._findings.labels(severity).set(many)

    def _counter(self, name: str, told: str, labels: Sequence[str]) -> Counter:
        return Counter(name, told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, labels: Sequence[str] = ()) -> Gauge:
        return Gauge(name, told, labels, registry=self.registry)
