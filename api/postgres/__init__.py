"""The embedded PostgreSQL: started from the wheel's binaries, owned by this process, gone when this process is gone.

    with postgres.running(Path(".data")) as url:
        ...  # url suits asyncpg, Tortoise and libpq

Whoever starts the server owns it: a pipe to a watchdog ends it when the owner ends, even by kill -9. Whoever finds it
running only uses it, so one process (the launcher) starts it and hands the address to the others.
"""

import contextlib
import dataclasses
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from api.postgres import cluster, ownership, process
from api.postgres.account import MAJOR, binaries
from api.postgres.cluster import DataUnusable
from api.postgres.process import NotStarted, Running, start

__all__ = ["MAJOR", "DataUnusable", "NotStarted", "Server", "binaries", "running", "serving"]

DATABASE = "meridian"


@dataclasses.dataclass(frozen=True)
class Server:
    """A server that answers: its address and, where this process owns it, its process."""

    url: str
    process: subprocess.Popen[bytes] | None = None

    def has_ended(self) -> bool:
        """Tell whether a server of our own has stopped by itself."""
        return self.process is not None and self.process.poll() is not None


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """Yield the address of the database whose files are in this folder, starting its server when none answers."""
    with serving(folder) as server:
        yield server.url


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Do as `running`, but yield the server itself."""
    folder = folder.absolute()
    cluster.check_path(folder)
    with contextlib.ExitStack() as duties:
        with ownership.turn(folder):
            mine = ownership.claim(folder)
            ours = None
            if mine:
                duties.enter_context(mine)
                ours = _start(folder)
                duties.callback(ours.stop)
            sockets = ours.sockets if ours else _found(folder)
        try:
            yield Server(f"postgres://postgres@/{DATABASE}?host={quote(sockets)}", ours.process if ours else None)
        finally:
            if mine:
                mine.close()  # before the server stops, so that nobody counts on it from here on


def _start(folder: Path) -> Running:
    place, account = cluster.opened(folder, DATABASE)
    return start(account, place, log=folder / "postgres.log")


def _found(folder: Path) -> str:
    answering = process.answering(cluster.place_of(folder))
    if answering is None:
        raise NotStarted(f"Another process keeps the database in {folder}, and it does not answer; stop that process.")
    return answering.sockets
