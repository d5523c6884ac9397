"""A small SMTP server on loopback for tests: it takes letters, or answers as it is told to."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from api.settings import MailServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from email.message import EmailMessage

SENDER = "desk@clinic.example"


class PostOffice:
    """What it was given, and what it answers to RCPT and to the message itself."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.at_recipient = "250 ok"
        self.at_end = "250 ok"
        self.after_end: Callable[[], None] | None = None
        self.port = 0

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port, SENDER)

    @property
    def subjects(self) -> list[str]:
        return [letter["Subject"] for letter in self.letters]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 ready")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                say("354 go on")
                raw = await reader.readuntil(b"\r\n.\r\n")
                if self.at_end.startswith("250"):
                    self.letters.append(message_from_bytes(_plain(raw), policy=policy.default))
                say(self.at_end)
                if self.after_end:
                    self.after_end()
            elif verb == "RCPT":
                self.recipients.append(line)
                say(self.at_recipient)
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say("250 ok")
        writer.close()


def _plain(raw: bytes) -> bytes:
    """The message as it was before its dots were doubled and its lines ended for the wire."""
    return raw[:-3].replace(b"\r\n..", b"\r\n.").replace(b"\r\n", b"\n")


@asynccontextmanager
async def open_office() -> AsyncIterator[PostOffice]:
    office = PostOffice()
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()
