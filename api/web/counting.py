"""Requests and how long they took, as plain numbers: one loop alone adds to them, so that no lock is taken.

An answer that is kept takes some fifty microseconds in all; prometheus_client's own counter and histogram would be two
of them.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BOUNDS = [*map(str, SECONDS), "+Inf"]


class Durations:
    """How many took at most so long, and how long all took together."""

    __slots__ = ("counts", "sum")

    def __init__(self) -> None:
        self.counts = [0] * len(BOUNDS)
        self.sum = 0.0

    def note(self, seconds: float) -> None:
        self.counts[bisect_left(SECONDS, seconds)] += 1
        self.sum += seconds


class Requests(Collector):
    """The two series of one process."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str, str, int], int] = defaultdict(int)
        self._durations: defaultdict[tuple[str, str], Durations] = defaultdict(Durations)

    def note(self, kind: str, temperature: str, method: str, status: int, seconds: float | None) -> None:
        """Count one; every value but the last is of a small, closed set. A stream takes no time worth telling: None."""
        self._counts[kind, temperature, method, status] += 1
        if seconds is not None:
            self._durations[kind, temperature].note(seconds)

    def collect(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        counted = CounterMetricFamily(
            "meridian_requests", "Requests that were answered.", labels=("kind", "temperature", "method", "status")
        )
        for (kind, temperature, method, status), many in self._counts.items():
            counted.add_metric((kind, temperature, method, str(status) if status else "none"), many)
        yield counted
        took = HistogramMetricFamily(
            "meridian_request_seconds",
            "From a request's head to the end of its answer.",
            labels=("kind", "temperature"),
        )
        for labels, durations in self._durations.items():
            took.add_metric(labels, list(zip(BOUNDS, accumulate(durations.counts), strict=True)), durations.sum)
        yield took
