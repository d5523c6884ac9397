"""The plot of a run: what a request costs, and how many there are in a second, beside the bare route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.telling import Line, Report

API, DATABASE, BARE = "#2f6f73", "#d58f4a", "#b9bfc4"
CROWDS = ("hot", "cold", "fallback")


def draw(report: Report, place: Path) -> None:
    """Draw both halves into one picture."""
    mpl.use("agg")
    place.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(figsize=(11, 4.6), dpi=110, layout="constrained")
    left, right = canvas.subplots(1, 2)
    _costs(left, [*report.usual("hot"), *report.usual("cold"), *report.usual("fallback"), *_smallest(report)])
    _crowds(right, report)
    canvas.savefig(place, metadata={"Software": None})


def _smallest(report: Report) -> list[Line]:
    """What is asked at every size but was not asked before, at the smallest."""
    known = {line.question for line in report.at("cold")}
    size = min(report.given.sizes)
    return [line for line in report.at("by size") if line.size == size and line.question not in known]


def _costs(axes: Any, lines: list[Line]) -> None:
    names = [f"{line.question}, {line.temperature.replace('by size', 'cold')}" for line in lines]
    own, behind = [line.ours.cpu for line in lines], [line.ours.database for line in lines]
    places = range(len(lines))
    axes.barh(places, own, color=API, label="API")
    axes.barh(places, behind, left=own, color=DATABASE, label="PostgreSQL")
    axes.scatter([line.bare.cpu for line in lines], places, color="black", marker="|", s=120, label="bare route")
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds of CPU for one request")
    axes.legend(frameon=False)


def _crowds(axes: Any, report: Report) -> None:
    for temperature, mark in zip(CROWDS, "os^", strict=True):
        found = [line for line in report.at(temperature) if line.question == "article page"]
        crowd = [line.connections for line in found]
        axes.plot(crowd, [line.ours.per_second for line in found], marker=mark, label=f"article page, {temperature}")
        if temperature == "hot":
            bare = [line.bare.per_second for line in found]
            axes.plot(crowd, bare, marker=mark, color=BARE, linestyle="--", label="bare route, the same bytes")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    crowds = sorted(report.given.connections)
    axes.set_xticks(crowds, [str(one) for one in crowds])
    axes.set_xlabel("connections")
    axes.set_ylabel("requests a second")
    axes.legend(frameon=False)
