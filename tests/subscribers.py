"""A subscriber of feeds, on loopback: it wants what it asked for and echoes the hub's challenge, and keeps the rest."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.receiving import Message, Receiver, Respond, status


def said(message: Message) -> dict[str, str]:
    """The parameters in a message's address."""
    return {name: value[0] for name, value in parse_qs(urlsplit(message.path).query).items()}


@dataclass
class Subscriber(Receiver):
    """Answers questions of a hub by `wants`, deliveries by `answers`; both by path without the query."""

    wants: dict[str, Respond] = field(default_factory=dict)

    async def answer(self, message: Message, writer: asyncio.StreamWriter) -> None:
        path = urlsplit(message.path).path
        challenge = said(message).get("hub.challenge", "")
        if message.method == "GET":
            await self.wants.get(path, status(200, challenge.encode()))(writer)
        else:
            await self.answers.get(path, status(204))(writer)

    @property
    def asked(self) -> list[dict[str, str]]:
        """What the hub asked or said, without content."""
        return [said(message) for message in self.messages if message.method == "GET"]

    @property
    def sent(self) -> list[Message]:
        """What the hub sent."""
        return [message for message in self.messages if message.method == "POST"]


def without_challenge(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name != "hub.challenge"}
