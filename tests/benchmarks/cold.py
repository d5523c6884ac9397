"""What a cold read costs: by its plan and by Strawberry, against a bare route that returns the same bytes.

Run by `python -m tests.benchmarks.cold [ROUNDS] [SECONDS]`. It makes a database of its own with the sample clinic and
starts one process for each way; they are asked in turns, so that whatever else the machine does falls on all alike.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from api import database as db
from api import postgres
from api.sample import loading
from tests import people
from tests.api.web.edge_server import ROOT, WHOLE, Server
from tests.asking import SITE
from tests.benchmarks import costs, load

CONNECTIONS = 16
BARS = {"planned": 4, "executed": 60}
UNPLANNED = """
import sys
from schema.plan import Plans
async def answer(*_):
    return None
Plans.answer = answer
from api.__main__ import main
sys.exit(main(["serve"]))
"""
BARE = """
import os, runpy, sys
sys.argv[1:] = [os.environ["API_PORT"], sys.argv[1]]
runpy.run_module("tests.benchmarks.bare", run_name="__main__")
"""
ASKED = {
    "article page": ("ArticlePage", {"by": {"slug": "neck-pain-and-acupuncture"}}),
    "list of 20": ("ArticlesPage", {"first": 20, "orderBy": "NEWEST"}),
    "condition page": ("ConditionPage", {"slug": "neck-pain"}),
    "home": ("HomePage", {}),
}


@dataclass
class Way:
    """One process that answers one question, and what each round with it took."""

    name: str
    server: Server
    request: bytes
    database: int = 0
    milliseconds: list[float] = field(default_factory=list)
    in_database: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)

    async def round(self, seconds: float) -> None:
        before = [costs.of(pid).cpu for pid in (self.server.process.pid, self.database) if pid]
        measured = await load.round_of(self.server.port, [self.request], connections=CONNECTIONS, seconds=seconds)
        after = [costs.of(pid).cpu for pid in (self.server.process.pid, self.database) if pid]
        assert not measured.refused
        spent = [1_000 * (late - early) / len(measured.latencies) for early, late in zip(before, after, strict=True)]
        self.milliseconds.append(spent[0])
        self.in_database.append(spent[1] if len(spent) > 1 else 0.0)
        self.per_second.append(measured.per_second)


def target(name: str, variables: dict[str, object]) -> str:
    manifest = json.loads((ROOT / "schema" / "operations.json").read_text())
    digest = next(key for key, text in manifest.items() if text.startswith(f"query {name}"))
    return "/graphql?" + urlencode({"documentId": digest, "variables": json.dumps(variables)})


def asked(server: Server, target: str) -> bytes:
    with urllib.request.urlopen(server.url + target) as answer:  # noqa: S310 - our own server
        return answer.read()


@dataclass(frozen=True)
class Run:
    """Where the run keeps its files, the process of the database, how many rounds, and the seconds of each."""

    folder: Path
    cluster: int
    rounds: int
    seconds: float


async def measure(run: Run, url: str) -> bool:
    folder = run.folder
    said = {"DATABASE_URL": url, "DATA_DIR": str(folder), "SECRET_KEY": people.SECRET_KEY, "COST_PER_MINUTE": "0"}
    said |= {"CACHE_BYTES": "0", "LOG_FORMAT": "json"}
    planned = Server(folder / "planned.log", WHOLE, **said)
    executed = Server(folder / "executed.log", ("-c", UNPLANNED), **said)
    held = True
    try:
        for title, (name, variables) in ASKED.items():
            held &= await one(run, title, target(name, variables), (planned, executed))
    finally:
        planned.stop()
        executed.stop()
    return held


async def one(run: Run, title: str, where: str, servers: tuple[Server, Server]) -> bool:
    folder = run.folder
    body = asked(servers[0], where)
    assert json.loads(body) == json.loads(asked(servers[1], where))
    (folder / "body").write_bytes(body)
    bare = Server(folder / "bare.log", ("-c", BARE, str(folder / "body")))
    ways = [
        Way("bare", bare, load.get("/graphql")),
        Way("planned", servers[0], load.get(where), run.cluster),
        Way("executed", servers[1], load.get(where), run.cluster),
    ]
    try:
        for each in ways:
            await each.round(min(run.seconds, 1))
            each.milliseconds.clear()
            each.in_database.clear()
            each.per_second.clear()
        for _ in range(run.rounds):
            for each in ways:
                await each.round(run.seconds)
    finally:
        bare.stop()
    return report(title, len(body), ways)


def report(title: str, size: int, ways: list[Way]) -> bool:
    """Print the medians as multiples of the bare route; whether the bars hold."""
    print(f"{title}, {size:,} bytes")
    bare, held = statistics.median(ways[0].milliseconds), True
    for way in ways:
        own, other = statistics.median(way.milliseconds), statistics.median(way.in_database)
        bar = BARS.get(way.name)
        held &= bar is None or own <= bar * bare
        print(
            f"  {way.name}: {own:.3f} ms CPU, {own / bare:.1f} ×" + (f" (bar {bar} ×)" if bar else "")
            + f", PostgreSQL {other:.2f} ms, {statistics.median(way.per_second):,.0f} requests/s"
        )  # fmt: skip
    return held


async def whole(rounds: int, seconds: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="meridian-cold-") as name:
        folder = Path(name)
        with postgres.running(folder) as url:
            await db.migrate(url)
            await db.connect(url)
            await loading.load(folder / "media", SITE)
            await db.disconnect()
            cluster = int(next(folder.rglob("postmaster.pid")).read_text().split()[0])
            return await measure(Run(folder, cluster, rounds, seconds), url)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("seconds", nargs="?", type=float, default=4)
    given = parser.parse_args(arguments)
    return 0 if asyncio.run(whole(given.rounds, given.seconds)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
