"""A real server in a process of its own: of the small clinic, or of the whole product."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[3]
SMALL = """
import os
import small_clinic
from api.web.health import Health
from api.web.serve import serve
health = Health()
port = int(os.environ["API_PORT"])
serve(small_clinic.build(health=health), host="127.0.0.1", port=port, health=health, log_format="json")
"""
WHOLE = ("-m", "api", "serve")


class Server:
    """Serves on a free port from when it is made until `stop`."""

    def __init__(self, log: Path, command: tuple[str, ...] = ("-c", SMALL), **environment: str) -> None:
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, stderr=file, env=self._environment(environment)
            )
        self._wait()

    def _environment(self, further: Mapping[str, str]) -> dict[str, str]:
        path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
        return {**os.environ, "PYTHONPATH": path, "API_PORT": str(self.port), **further}

    def _wait(self) -> None:
        for _ in range(400):
            try:
                httpx.get(f"{self.url}/healthz")
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
            else:
                return
        raise TimeoutError

    @property
    def memory(self) -> int:
        """Resident bytes."""
        statm = Path(f"/proc/{self.process.pid}/statm")
        if statm.exists():
            return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], check=True, capture_output=True)
        return int(told.stdout) * 1024

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)
