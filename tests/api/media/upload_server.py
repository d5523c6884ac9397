"""The whole API as a real process, for uploads: its folder, its memory, and requests that no library would send."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from forms_by_hand import BOUNDARY

from api import database as db

ROOT = Path(__file__).parents[3]
SITE = "https://clinic.example"
PAUSE_SECONDS, SECONDS = 1.5, 3
SERVING = f"""
import dataclasses, sys
from api import app, settings
from api.web.serve import serve

whole = app._uploads

def impatient(configured):
    uploads = whole(configured)
    uploads.limits = dataclasses.replace(uploads.limits, seconds={SECONDS}, pause_seconds={PAUSE_SECONDS})
    return uploads

app._uploads = impatient
configured = settings.read()
built, health = app.build(configured, configured.database_url)
serve(built, host="127.0.0.1", port=configured.api_port, health=health, log_format="json")
"""


@dataclass
class Server:
    """A process that serves one database and one folder."""

    database: str
    data: Path
    port: int = 0
    before: int = 0

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": self.database,
            "DATA_DIR": str(self.data),
            "API_PORT": str(self.port),
            "PUBLIC_SITE_URL": SITE,
            "SECRET_KEY": "k" * 32,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-c", SERVING], env=environment, stderr=log)
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
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def media(self) -> Path:
        return self.data / "media"

    def files(self) -> set[str]:
        """Every file in the data folder but the log and the lock, which are there for good."""
        known = {self.log, self.media / ".incoming" / "turn"}
        return {
            str(path.relative_to(self.data)) for path in self.data.rglob("*") if path.is_file() and path not in known
        }

    def memory(self, name: str = "VmRSS") -> int:
        """Resident bytes, as the kernel counts them: now, or at most so far (VmHWM)."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

    def forget_peak(self) -> None:
        """Have the kernel count the peak from here on."""
        self.before = self.memory()
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(30) == 0


@dataclass
class Clinic:
    """A server, and a token for each role by its name."""

    server: Server
    tokens: dict[str, str]

    def headers(self, role: str = "AUTHOR", boundary: str = BOUNDARY) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.tokens[role]}",
            "content-type": f"multipart/form-data; boundary={boundary}",
            "connection": "close",
        }

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        connection = await asyncpg.connect(**db.credentials(self.server.database))
        try:
            return [dict(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    async def assets(self) -> int:
        (found,) = await self.rows("SELECT count(*) AS count FROM media_asset")
        return int(found["count"])


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[int, str, str]:
        """Status, code and sentence of a refusal, which has exactly this form."""
        (error,) = self.json["errors"]
        assert set(self.json) == {"errors"}
        assert self.headers["cache-control"] == "private, no-store"
        return self.status, error["extensions"]["code"], error["message"]


async def send(
    server: Server, headers: dict[str, str], body: Iterable[bytes] | AsyncIterable[bytes], *, hang_up: bool = False
) -> Reply:
    """Send a request as it is given, byte for byte, and read the answer while it is still being sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"POST /media HTTP/1.1\r\nhost: clinic.test\r\n{lines}\r\n".encode("latin-1"))
    sending = asyncio.create_task(_pour(body, writer))
    try:
        if hang_up:
            await sending
            return Reply(0, {}, b"")
        return await asyncio.wait_for(_read(reader), 30)
    finally:
        sending.cancel()
        await asyncio.wait([sending])
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _pour(body: Iterable[bytes] | AsyncIterable[bytes], writer: asyncio.StreamWriter) -> None:
    try:
        if isinstance(body, AsyncIterable):
            async for piece in body:
                writer.write(piece)
                await writer.drain()
        else:
            for piece in body:
                writer.write(piece)
                await writer.drain()
    except ConnectionError:
        return


async def _read(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Reply(int(head[0].split()[1]), headers, body)
