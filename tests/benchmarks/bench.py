"""Everything in one run: each figure beside its ceiling, as a ratio and as CPU for each request (Linux).

`make bench` asks at 1,000, 10,000 and 100,000 articles, five rounds of each server in turn, and writes the table and
the plot of docs/performance.md. A shorter run writes them into .cache/bench/ instead:

    make bench ROUNDS=1 SIZES=1000
    make bench ROUNDS=3 SIZES=1000,10000 SECONDS=1
    make bench PEER=postgraphile
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from api import postgres
from tests.asking import ROOT
from tests.benchmarks import drawing, load, peering, telling, writes
from tests.benchmarks.measuring import Way, interleaved, median
from tests.benchmarks.questions import EVERYWHERE, FALLBACK, HUB, LIST, PAGE, SEARCH, Question
from tests.benchmarks.stage import Bare, Server, Stage, asked, listed, say
from tests.benchmarks.telling import Line, Report

ROUNDS, SIZES, SECONDS, CONNECTIONS = 5, "1000,10000,100000", 2.0, "1,16,64"
USUAL = 16
"""Connections where not all are tried."""
MANY, FIRST = 200_000, 20_000
"""So many requests are asked of one process, whose memory is compared with what it was after the first of them."""
PEERS = ("postgraphile",)


class Bench:
    """One run: how many rounds of how many seconds, and what was found so far."""

    def __init__(self, given: argparse.Namespace, stage: Stage) -> None:
        self.given, self.stage = given, stage
        self.report = Report(given)
        self.smallest = min(given.sizes)
        self.list: dict[int, Question] = {}

    async def run(self) -> Report:
        """Everything, one part after the other."""
        await self.stage.prepare(self.given.sizes)
        url = self.stage.databases[self.smallest]
        self.report.start, self.report.idle = self.stage.starts(url)
        say(f"ready after {self.report.start:.2f} s, {self.report.idle / 1e6:.0f} MB when idle")
        keeping = self.stage.api(url, keeps=True)
        reading = {size: self.stage.api(base, keeps=False) for size, base in self.stage.databases.items()}
        for question in (PAGE, LIST):
            await self.at_each_crowd(question, "hot", keeping)
        self.list = {size: await listed(server) for size, server in reading.items()}
        for question in (PAGE, self.list[self.smallest]):
            await self.at_each_crowd(question, "cold", reading[self.smallest])
        await self.at_each_crowd(FALLBACK, "fallback", reading[self.smallest])
        for question in EVERYWHERE:
            await self.at_each_size(question, reading)
        await self.many(keeping)
        self.report.after = {"hot": keeping.memory, "cold": reading[self.smallest].memory}
        self.stage.running.close()
        await self.mutations()
        if self.given.peer:
            await self.peer()
        return self.report

    async def at_each_crowd(self, question: Question, temperature: str, server: Server) -> None:
        """One question over few and many connections, beside the bare route with the same bytes."""
        each = question.each if temperature != "hot" else question.each[:1]
        body = await asked(server, each, hot=temperature == "hot")
        bare = Bare(self.stage.folder, body)
        try:
            for connections in self.given.connections:
                ways = [self.bare(bare, question), self.way("ours", server, [one.request() for one in each])]
                found = await self.timed(ways, connections)
                ours, paced = found["ours"], None
                if temperature != "hot":
                    paced = await self.paced(ways[0], connections, ours.per_second)
                self.add(Line(question.name, temperature, self.smallest, connections, ours, found["bare"], paced))
        finally:
            bare.stop()

    async def at_each_size(self, question: Question, servers: dict[int, Server]) -> None:
        """One cold question at every size in turn, so that the sizes can be compared."""
        keys = self.stage.keys
        each = {size: (self.list[size] if question is LIST else question).each for size in servers}
        bodies = {size: await asked(server, each[size], keys[size]) for size, server in servers.items()}
        bare = Bare(self.stage.folder, bodies[self.smallest])
        try:
            ways = [
                self.way(str(size), server, [one.request(keys[size]) for one in each[size]])
                for size, server in servers.items()
            ]
            found = await self.timed([self.bare(bare, question), *ways], USUAL)
        finally:
            bare.stop()
        for size in servers:
            self.add(Line(question.name, "by size", size, USUAL, found[str(size)], found["bare"]))

    async def many(self, server: Server) -> None:
        """Everything from the cache, again and again, and what the process takes of memory meanwhile."""
        requests = [one.request() for question in (PAGE, LIST, HUB, SEARCH) for one in question.each]
        asked, began = 0, 0
        while asked < FIRST + MANY:
            measured = await load.round_of(server.port, requests, connections=USUAL, seconds=1)
            asked += len(measured.latencies)
            began = began or (server.memory if asked >= FIRST else 0)
        self.report.many = (asked, began, server.memory)
        say(f"{asked:,} hot requests: {began / 1e6:.0f} MB after the first {FIRST:,}, {server.memory / 1e6:.0f} MB")

    async def mutations(self) -> None:
        """Create and publish beside a bare insert, as tests/benchmarks/writes.py has it."""
        url = await self.stage.copy("migrated", "written")
        await writes.db.connect(url)
        try:
            times = await writes.measure(url, self.stage.folder, max(6, 6 * self.given.rounds))
        finally:
            await writes.db.disconnect()
        self.report.times = times
        for verb in writes.BARS:
            say(f"{verb}: {times.median(f'{verb}, HTTP'):.1f} ms, bare insert {times.median('bare'):.2f} ms")

    async def peer(self) -> None:
        """PostGraphile on the same tables, in turn with ours, once both have given the same."""
        url = await self.stage.copy(f"of_{self.smallest}", "peered")  # nobody is connected to the original any more
        await peering.prepare(url)
        ours = self.stage.api(url, keeps=False)
        peer = peering.Peer(self.stage.folder, url)
        try:
            for pair in peering.PAIRS:
                asking, body = await pair.same(ours, peer)
                bare = Bare(self.stage.folder, body)
                ways = [
                    Way("bare", bare.port, asking.ours[:1], bare.process.pid),
                    self.way("ours", ours, asking.ours),
                    self.way("peer", peer, asking.theirs),
                ]
                try:
                    found = await self.timed(ways, USUAL)
                finally:
                    bare.stop()
                self.report.peer[pair.name] = found
                told = found["ours"].per_second / found["peer"].per_second
                say(f"{pair.name}: the same content field by field; {told:.2f} × the requests/s of PostGraphile")
        finally:
            peer.stop()
            self.stage.running.close()

    def way(self, name: str, server: Server, requests: list[bytes]) -> Way:
        return Way(name, server.port, requests, server.process.pid, self.stage.process)

    def bare(self, bare: Bare, question: Question) -> Way:
        """The bare route knows one path."""
        path = Question(question.name, path="/graphql") if question.path else question
        return Way("bare", bare.port, [path.request("none")], bare.process.pid)

    async def timed(self, ways: list[Way], connections: int) -> telling.Found:
        given = self.given
        return await interleaved(ways, rounds=given.rounds, connections=connections, seconds=given.seconds)

    async def paced(self, way: Way, connections: int, pace: float) -> telling.Figure:
        """The same server when it is asked no more often than so."""
        return median([await way.round(connections, self.given.seconds, pace) for _ in range(self.given.rounds)])

    def add(self, line: Line) -> None:
        self.report.lines.append(line)
        say(line.told())


def arguments(given: list[str]) -> argparse.Namespace:
    """What was asked for, on the command line or as variables of `make`."""
    said = os.environ
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=said.get("ROUNDS") or ROUNDS, help="rounds of each (ROUNDS)")
    parser.add_argument("--sizes", type=numbers, default=said.get("SIZES") or SIZES, help="articles (SIZES)")
    parser.add_argument("--seconds", type=float, default=said.get("SECONDS") or SECONDS, help="of a round (SECONDS)")
    parser.add_argument("--connections", type=numbers, default=said.get("CONNECTIONS") or CONNECTIONS)
    parser.add_argument("--peer", choices=PEERS, default=said.get("PEER") or None, help="compare with it, too (PEER)")
    parser.add_argument("--out", type=Path, default=None, help="a folder for the table and the plot")
    found = parser.parse_args(given)
    if found.peer not in {None, *PEERS}:
        parser.error(f"PEER is {found.peer!r}: there is {' and '.join(PEERS)}.")
    return found


def numbers(text: str) -> list[int]:
    found = sorted({int(part) for part in text.split(",")})
    if found[0] < 1:
        raise argparse.ArgumentTypeError("give numbers above 0, with commas between")
    return found


def main(given: list[str]) -> int:
    options = arguments(given)
    whole = options.rounds >= ROUNDS and options.seconds >= SECONDS and options.sizes == numbers(SIZES)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as name:
        folder = Path(name)
        with postgres.serving(folder) as cluster:
            assert cluster.process
            stage = Stage(cluster.url, folder, cluster.process.pid)
            with stage.running:
                report = asyncio.run(Bench(options, stage).run())
    report.seconds = time.monotonic() - began
    where = options.out or (ROOT / "docs" if whole else ROOT / ".cache" / "bench")
    told = telling.table(report)
    print(told)
    telling.write(told, where / "performance.md", ROOT / "docs" / "performance.md")
    drawing.draw(report, where / telling.PLOT)
    say(f"{report.seconds / 60:.1f} minutes; written to {where / 'performance.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
