"""Requests over kept connections, as fast as they are answered, from one process; and what each took.

The client reads no more of an answer than its length and its status, so that it costs less than any server that it
measures. It talks HTTP/1.1 to loopback only.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEAD_END = b"\r\n\r\n"


@dataclass
class Round:
    """What one round gave: requests a second, seconds of each request in order, and the answers that were not 200."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    bytes: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency in seconds that this share of the requests did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Connection(asyncio.Protocol):
    """One kept connection: sends the next request when the answer to the one before is complete.

    `every`: so many seconds after the one before at the soonest.
    """

    def __init__(self, requests: Iterator[bytes], until: float, measured: Round, every: float) -> None:
        self.requests, self.until, self.measured, self.every = requests, until, measured, every
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.pending = bytearray()
        self.missing = 0
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.measured.bytes += len(data)
        if self.missing:
            self.missing -= len(data)
            if self.missing <= 0:
                self._answered()
            return
        self.pending += data
        end = self.pending.find(HEAD_END)
        if end < 0:
            return
        head = bytes(self.pending[:end]).lower()
        if not head.startswith(b"http/1.1 200"):
            self.measured.refused += 1
        at = head.find(b"content-length:")
        if at < 0:
            raise ValueError("An answer without its length cannot be measured.")
        length = int(head[at + 15 : head.find(b"\r\n", at) if head.find(b"\r\n", at) > 0 else len(head)])
        self.missing = length - (len(self.pending) - end - len(HEAD_END))
        self.pending.clear()
        if self.missing <= 0:
            self._answered()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("The server closed the connection."))

    def _answered(self) -> None:
        self.missing = 0
        now = time.perf_counter()
        self.measured.latencies.append(now - self.began)
        wait = self.began + self.every - now
        if now + max(0.0, wait) < self.until:
            if wait > 0:
                asyncio.get_running_loop().call_later(wait, self._ask)
            else:
                self._ask()
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()

    def _ask(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(next(self.requests))  # type: ignore[attr-defined]


async def round_of(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float, pace: float = 0.0
) -> Round:
    """Ask for so many seconds over so many connections, going through the requests again and again.

    `pace`: at most so many requests in a second, all connections together; 0 for as many as are answered.
    """
    measured, loop, endless = Round(), asyncio.get_running_loop(), cycle(requests)
    every = connections / pace if pace else 0.0
    began = time.perf_counter()
    opened = [
        (
            await loop.create_connection(
                lambda: Connection(endless, began + seconds, measured, every), "127.0.0.1", port
            )
        )[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.done for connection in opened))
    measured.seconds = time.perf_counter() - began
    return measured


def get(target: str, *headers: str) -> bytes:
    """A GET request as bytes."""
    lines = [f"GET {target} HTTP/1.1", "host: 127.0.0.1", "accept: application/graphql-response+json", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(target: str, body: bytes, *headers: str) -> bytes:
    """A POST request of JSON as bytes."""
    lines = [
        f"POST {target} HTTP/1.1", "host: 127.0.0.1", "accept: application/graphql-response+json",
        "content-type: application/json", f"content-length: {len(body)}", *headers,
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
