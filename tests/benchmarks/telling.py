"""What a run found, as a table in Markdown and as a plot; both replace those of the run before."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tests.benchmarks import writes
from tests.benchmarks.measuring import Figure

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
PLOT = Path("pictures") / "performance.png"
USUAL = 16
HOT, P99, COLD, FALLBACK, GROWTH, SEARCH, PEER = 1.0, 2.0, 4.0, 60.0, 1.3, 3.0, 2.0
START, IDLE, AFTER, FLAT = 1.5, 120e6, 300e6, 1.05
GROWING = {"article page": GROWTH, "list of 20": GROWTH, "condition hub": GROWTH, "sync page of 20": GROWTH}
Found: TypeAlias = dict[str, Figure]


@dataclass(frozen=True)
class Line:
    """One question at one temperature: ours beside the bare route with the same bytes."""

    question: str
    temperature: str
    size: int
    connections: int
    ours: Figure
    bare: Figure
    paced: Figure | None = None
    """The bare route when it is asked no more often than ours answers."""

    @property
    def throughput(self) -> float:
        return self.ours.per_second / self.bare.per_second

    @property
    def late(self) -> float:
        return self.ours.p99 / self.bare.p99

    @property
    def work(self) -> float:
        """CPU of the API's process as a multiple of the bare route's."""
        return self.ours.cpu / self.bare.cpu if self.bare.cpu else float("nan")

    @property
    def at_its_pace(self) -> float | None:
        """The same where the bare route answers as seldom as ours: a process that sleeps between wakes up cold."""
        return self.ours.cpu / self.paced.cpu if self.paced and self.paced.cpu else None

    @property
    def refused(self) -> str:
        return f" ({self.ours.refused:.0f} refused)" if self.ours.refused else ""

    def told(self) -> str:
        return (
            f"{self.question}, {self.temperature}, {self.size:,} articles, {self.connections} connections: "
            f"{self.ours.per_second:,.0f}/s, {self.throughput:.2f} × bare; CPU {self.ours.cpu:.3f} ms, "
            f"{self.work:.1f} × bare, PostgreSQL {self.ours.database:.3f} ms{self.refused}"
        )


@dataclass(frozen=True)
class Bar:
    """A promise of the contract, and what this run found of it."""

    sentence: str
    found: float
    bound: float
    unit: str = "×"
    least: bool = False

    @property
    def holds(self) -> bool:
        return self.found >= self.bound if self.least else self.found <= self.bound


@dataclass
class Report:
    """Everything that a run found."""

    given: argparse.Namespace
    lines: list[Line] = field(default_factory=list)
    peer: dict[str, Found] = field(default_factory=dict)
    times: writes.Times | None = None
    start: float = 0.0
    idle: int = 0
    after: dict[str, int] = field(default_factory=dict)
    many: tuple[int, int, int] | None = None
    """Hot requests asked of one process, and its memory after the first of them and after the last."""
    seconds: float = 0.0

    def at(self, temperature: str, connections: int | None = None) -> list[Line]:
        return [
            one
            for one in self.lines
            if one.temperature == temperature and (connections is None or one.connections == connections)
        ]

    def usual(self, temperature: str) -> list[Line]:
        """Over 16 connections where those were tried, else over the most."""
        most = max((one.connections for one in self.at(temperature)), default=0)
        tried = self.at(temperature, USUAL)
        return tried or self.at(temperature, most)

    def bars(self) -> Iterator[Bar]:
        for line in self.usual("hot"):
            yield Bar(f"Hot {line.question}: requests/s", line.throughput, HOT, least=True)
            yield Bar(f"Hot {line.question}: p99", line.late, P99)
        for line in self.usual("cold"):
            yield from _work("Cold", line, COLD)
        for line in self.usual("fallback"):
            yield from _work("Fallback", line, FALLBACK)
        yield from self._growth()
        yield from self._written()
        yield from self._compared()
        yield Bar("From a start to being ready", self.start, START, "s")
        yield Bar("Memory when idle", self.idle / 1e6, IDLE / 1e6, "MB")
        for name, resident in self.after.items():
            yield Bar(f"Memory after the run ({name})", resident / 1e6, AFTER / 1e6, "MB")
        if self.many:
            asked, first, last = self.many
            yield Bar(f"Memory after {asked // 1_000:,},000 requests, beside after the first", last / first, FLAT)

    def _growth(self) -> Iterator[Bar]:
        small, large = min(self.given.sizes), max(self.given.sizes)
        for line in self.at("by size") if small < large else ():
            first = next(one for one in self.at("by size") if (one.question, one.size) == (line.question, small))
            bound = GROWING.get(line.question, SEARCH if line.question == "search" else None)
            if line.size == large and bound:
                grown = line.ours.both / first.ours.both
                yield Bar(f"CPU of a cold {line.question}, {large:,} articles beside {small:,}", grown, bound)

    def _written(self) -> Iterator[Bar]:
        for verb, bound in writes.BARS.items() if self.times else ():
            assert self.times
            found = self.times.median(f"{verb}, HTTP") / self.times.median("bare")
            yield Bar(f"{verb} an article, beside a bare INSERT and COMMIT", found, bound)

    def _compared(self) -> Iterator[Bar]:
        for name, found in self.peer.items():
            ours, theirs = found["ours"], found["peer"]
            faster = ours.per_second / theirs.per_second
            yield Bar(f"Cold {name}, requests/s beside PostGraphile", faster, PEER, least=True)
            yield Bar(f"Cold {name}, CPU with PostgreSQL beside PostGraphile", ours.both / theirs.both, 1.0)


def _work(temperature: str, line: Line, bound: float) -> Iterator[Bar]:
    yield Bar(f"{temperature} {line.question}: CPU of the API", line.work, bound)
    if line.at_its_pace is not None:
        yield Bar(f"{temperature} {line.question}: CPU of the API, the bare route at its pace", line.at_its_pace, bound)


def write(told: str, place: Path, page: Path) -> None:
    """Put a table in place of the one in the page, or in a copy of it elsewhere."""
    head, _, rest = page.read_text().partition(BEGIN)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{head}{BEGIN}\n\n{told}\n{END}{rest.partition(END)[2]}")


def table(report: Report) -> str:
    """The whole finding as Markdown."""
    given = report.given
    run = (
        f"{datetime.now(UTC):%d %B %Y}, {report.seconds / 60:.0f} minutes, {os.cpu_count()} cores of {_processor()}, "
        f"Python {platform.python_version()}; {given.rounds} rounds of {given.seconds:g} s each, medians."
    )
    picture = f"![CPU of each request, and requests a second, beside the bare route]({PLOT.as_posix()})"
    parts = [run, picture, _bars(report), _lines(report), *([_peer(report)] if report.peer else [])]
    return "\n\n".join(parts) + "\n"


def _bars(report: Report) -> str:
    rows = [
        (
            bar.sentence,
            f"{bar.found:,.2f} {bar.unit}",
            f"{'≥' if bar.least else '≤'} {bar.bound:g} {bar.unit}",
            "held" if bar.holds else "**missed**",
        )
        for bar in report.bars()
    ]
    return _table(("bar", "found", "bound", ""), rows)


def _lines(report: Report) -> str:
    rows = [
        (
            line.question,
            "cold" if line.temperature == "by size" else line.temperature,
            f"{line.size:,}",
            str(line.connections),
            f"{line.ours.per_second:,.0f} / {line.bare.per_second:,.0f}{line.refused}",
            f"{line.throughput:.2f}",
            f"{line.ours.p99:.1f} / {line.bare.p99:.1f}",
            f"{line.ours.cpu:.3f} / {line.bare.cpu:.3f}",
            f"{line.work:.1f}",
            "" if line.at_its_pace is None else f"{line.at_its_pace:.1f}",
            f"{line.ours.database:.3f}",
        )
        for line in report.lines
    ]
    names = ("question", "", "articles", "conn.", "requests/s / bare", "ratio", "p99 ms / bare",
             "CPU ms / bare", "ratio", "at its pace", "PostgreSQL ms")  # fmt: skip
    return _table(names, rows)


def _peer(report: Report) -> str:
    rows = [
        (
            name,
            {"bare": "bare route", "ours": "Meridian, cold", "peer": "PostGraphile 5"}[way],
            f"{one.per_second:,.0f}",
            f"{one.p99:.1f}",
            f"{one.cpu:.3f}",
            f"{one.database:.3f}",
            f"{one.both:.3f}",
        )
        for name, found in report.peer.items()
        for way, one in found.items()
    ]
    names = ("the same content", "server", "requests/s", "p99 ms", "CPU ms", "PostgreSQL ms", "together")
    return _table(names, rows)


def _table(names: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [names, ("---",) * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
