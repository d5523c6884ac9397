"""Answers from the cache beside their ceiling: a bare route of the same bytes, in turn, in one run.

`python -m tests.benchmarks.hot [SECONDS]` starts both on a sample clinic of its own; five rounds each, medians.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
import orjson

from api import database, postgres
from api.sample import loading
from tests.api.web.edge_server import Server
from tests.benchmarks.load import get, round_of

ROOT = Path(__file__).parents[2]
ROUNDS = 5
CONNECTIONS = 16
PAGES = {
    "page": ("ArticlePage", {"by": {"slug": "neck-pain-and-acupuncture"}}),
    "list": ("ArticlesPage", {"first": 20, "orderBy": "NEWEST"}),
}


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    with tempfile.TemporaryDirectory() as folder, postgres.running(Path(folder)) as url:
        asyncio.run(_prepare(url, Path(folder)))
        given = {"DATABASE_URL": url, "SECRET_KEY": "bench " * 8, "DATA_DIR": folder, "COST_PER_MINUTE": "0"}
        api = Server(Path(folder) / "api.log", ("-m", "api", "serve"), **given)
        try:
            for name in PAGES:
                _compare(name, api, Path(folder), seconds)
            print(f"resident after it all: {api.memory / 1e6:.0f} MB")
        finally:
            api.stop()


async def _prepare(url: str, folder: Path) -> None:
    await database.migrate(url)
    await database.connect(url)
    await loading.load(folder / "media", "https://clinic.example")
    await database.disconnect()


def _compare(name: str, api: Server, folder: Path, seconds: float) -> None:
    operation, variables = PAGES[name]
    trusted = orjson.loads((ROOT / "schema" / "operations.json").read_bytes())
    key = next(key for key, text in trusted.items() if f"query {operation}" in text)
    target = "/graphql?" + urlencode({"documentId": key, "variables": orjson.dumps(variables).decode()})
    accept = {"accept": "application/graphql-response+json", "accept-encoding": "identity"}
    for _ in range(50):
        answer = httpx.get(api.url + target, headers=accept)
        if answer.headers["server-timing"] == "hot":
            break
        time.sleep(0.1)
    else:
        raise SystemExit("The cache never became warm.")
    (folder / name).write_bytes(answer.content)
    bare = _Bare(folder / name)
    try:
        _rounds(name, {"bare": bare, "api": api}, get(target), len(answer.content), seconds)
    finally:
        bare.stop()


class _Bare(Server):
    """The bare route, which has no health to ask for."""

    def __init__(self, body: Path) -> None:
        self.body = body
        super().__init__(body.with_suffix(".log"), ("-c", "pass"))

    def _wait(self) -> None:
        self.process.wait()
        command = [sys.executable, "-m", "tests.benchmarks.bare", str(self.port), str(self.body)]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        super()._wait()


def _rounds(name: str, servers: dict[str, Server], request: bytes, size: int, seconds: float) -> None:
    found: dict[str, list[tuple[float, float, float]]] = {"api": [], "bare": []}
    for _ in range(ROUNDS):
        for which, server in servers.items():
            before = _cpu(server)
            measured = asyncio.run(round_of(server.port, [request], connections=CONNECTIONS, seconds=seconds))
            assert measured.refused == 0
            spent = (_cpu(server) - before) / len(measured.latencies)
            found[which].append((measured.per_second, measured.percentile(0.99), spent))
    ours, ceiling = (_medians(found[which]) for which in ("api", "bare"))
    print(
        f"{name}, {size:,} bytes, {CONNECTIONS} connections: {ours[0]:,.0f}/s beside {ceiling[0]:,.0f}/s = "
        f"{ours[0] / ceiling[0]:.2f}; p99 {ours[1] * 1000:.2f} ms beside {ceiling[1] * 1000:.2f} ms = "
        f"{ours[1] / ceiling[1]:.2f}; CPU {ours[2] * 1000:.3f} ms beside {ceiling[2] * 1000:.3f} ms"
    )


def _medians(rounds: list[tuple[float, float, float]]) -> list[float]:
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def _cpu(server: Server) -> float:
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    main()
