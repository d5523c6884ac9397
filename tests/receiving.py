"""Somebody else's machine, on loopback: it keeps what is sent to it and answers as each path is told to."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Respond = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Message:
    """One request as it came, and when."""

    path: str
    headers: dict[str, str]
    body: str
    at: float
    method: str = "POST"

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Receiver:
    """A small HTTP server; `answers` says how a path answers, 204 when nothing is said."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)
    answers: dict[str, Respond] = field(default_factory=dict)
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, path: str) -> list[Message]:
        return [message for message in self.messages if message.path == path]

    def counted(self) -> dict[str, int]:
        """How often each id came."""
        counts: dict[str, int] = defaultdict(int)
        for message in self.messages:
            counts[message.id] += 1
        return counts

    async def until(self, number: int, seconds: float = 10) -> None:
        """Wait until so many messages have come."""
        async with asyncio.timeout(seconds):
            while len(self.messages) < number:  # noqa: ASYNC110 - there is no event for each number
                await asyncio.sleep(0.01)

    async def heard(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._hear(reader, writer)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()
            self._open.discard(task)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = head[0].split()
        message = Message(path, headers, body.decode(), asyncio.get_running_loop().time(), method)
        self.messages.append(message)
        await self.answer(message, writer)

    async def answer(self, message: Message, writer: asyncio.StreamWriter) -> None:
        await self.answers.get(message.path, status(204))(writer)

    async def hang_up(self) -> None:
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await asyncio.sleep(0)


Kind = TypeVar("Kind", bound=Receiver)


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    async with listening(Receiver()) as receiver:
        yield receiver


@contextlib.asynccontextmanager
async def listening(receiver: Kind) -> AsyncIterator[Kind]:
    server = await asyncio.start_server(receiver.heard, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await receiver.hang_up()


def status(code: int, body: bytes = b"", **headers: str) -> Respond:
    """Answer with this status."""

    async def respond(writer: asyncio.StreamWriter) -> None:
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {code} X\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body)
        await writer.drain()

    return respond


def in_turn(*responses: Respond) -> Respond:
    """Answer in these ways, one after the other, and with the last one ever after."""
    left = list(responses)

    async def respond(writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(writer)

    return respond


async def hang(_writer: asyncio.StreamWriter) -> None:
    """Say nothing, for a long time."""
    await asyncio.sleep(3600)


async def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection."""
    writer.transport.abort()


async def pour(writer: asyncio.StreamWriter) -> None:
    """Answer with a gigabyte."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    for _ in range(15_259):
        writer.write(b"x" * 65_536)
        await writer.drain()
