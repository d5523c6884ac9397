"""Rounds of several servers in turn: what a request took, and what it cost the server and PostgreSQL."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.benchmarks import costs, load

if TYPE_CHECKING:
    from collections.abc import Iterable

WARM = 0.4
"""Seconds of each way before anything counts."""


@dataclass(frozen=True)
class Figure:
    """What one round gave, or the median of several: requests a second, and milliseconds of each request.

    `refused`: answers other than 200, such as those that took longer than anybody is given.
    """

    per_second: float
    p99: float
    cpu: float
    database: float
    refused: float = 0

    @property
    def both(self) -> float:
        """CPU of the server and of PostgreSQL."""
        return self.cpu + self.database


@dataclass
class Way:
    """One server that answers one question; `database` is the process of the PostgreSQL behind it."""

    name: str
    port: int
    requests: list[bytes]
    process: int
    database: int = 0
    found: list[Figure] = field(default_factory=list)

    async def round(self, connections: int, seconds: float, pace: float = 0.0) -> Figure:
        before = self._spent()
        measured = await load.round_of(self.port, self.requests, connections=connections, seconds=seconds, pace=pace)
        own, behind = (
            1_000 * (late - early) / len(measured.latencies) for early, late in zip(before, self._spent(), strict=True)
        )
        return Figure(measured.per_second, 1_000 * measured.percentile(0.99), own, behind, measured.refused)

    def _spent(self) -> list[float]:
        return [costs.of(self.process).cpu, costs.of(self.database).cpu if self.database else 0.0]


async def interleaved(ways: Iterable[Way], *, rounds: int, connections: int, seconds: float) -> dict[str, Figure]:
    """The medians of each way, which are asked in turns: whatever else the machine does falls on all alike."""
    ways = list(ways)
    for way in ways:
        await way.round(connections, min(WARM, seconds))
    for _ in range(rounds):
        for way in ways:
            way.found.append(await way.round(connections, seconds))
    return {way.name: median(way.found) for way in ways}


def median(found: list[Figure]) -> Figure:
    columns = zip(*((one.per_second, one.p99, one.cpu, one.database, one.refused) for one in found), strict=True)
    return Figure(*(statistics.median(column) for column in columns))
