"""The small clinic behind a real server, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[3]
SERVING = """
import small_clinic
from api.web.health import Health
from api.web.serve import serve
import sys
health = Health()
serve(small_clinic.build(health=health), host="127.0.0.1", port=int(sys.argv[1]), health=health, log_format="json")
"""


class Server:
    """A process that serves the small clinic on a port of its own."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
        command = [sys.executable, "-c", SERVING, str(self.port)]
        with log.open("wb") as file:
            self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, stderr=file)
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
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
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], check=True, capture_output=True)
        return int(told.stdout) * 1024

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)
