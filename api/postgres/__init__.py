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

from api.postgres.account import binaries
from api.postgres.cluster import MAJOR, DataUnusable, opened
from api.postgres.ownership import turn
from api.postgres.process import NotStarted, start

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
    ...
