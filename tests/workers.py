"""The real worker, in processes of its own that can be killed."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.couriers import SECRET_KEY

ROOT = Path(__file__).parents[1]


class Workers:
    """The real worker, started anew whenever it is killed."""

    def __init__(self, database: str, folder: Path) -> None:
        self._log = (folder / "worker.log").open("wb")
        self._environment = {
            "PATH": os.environ.get("PATH", ""), "DATABASE_URL": database, "SECRET_KEY": SECRET_KEY,
            "DATA_DIR": str(folder), "OUTBOUND_LOOPBACK": "1",
        }  # fmt: skip
        self._running: list[asyncio.subprocess.Process] = []
        self.killed = 0

    async def start(self) -> None:
        command = (sys.executable, "-m", "api", "worker")
        self._running.append(
            await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log
            )
        )

    async def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        worker = self._running.pop(0)
        if number is signal.SIGTERM:
            await heeds(worker.pid, number)
        worker.send_signal(number)
        assert await worker.wait() == (0 if number is signal.SIGTERM else -number)
        self.killed += number is signal.SIGKILL

    async def end(self) -> None:
        while self._running:
            await self.kill(signal.SIGTERM)
        self._log.close()


async def heeds(process: int, number: signal.Signals) -> None:
    """Wait until Python itself has started, and our program has said what a signal is to do."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        await asyncio.sleep(2)
        return
    async with asyncio.timeout(20):
        while not int(status.read_text().partition("SigCgt:")[2].split()[0], 16) & 1 << (number - 1):  # noqa: ASYNC110 - a process tells nobody
            await asyncio.sleep(0.01)
