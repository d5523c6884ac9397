"""A hub, as the whole program has it: its door, its worker, and somebody who subscribes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import app, paging, sealing, settings
from api.outbound import Outbound
from api.syndication.feeds import Reach
from api.syndication.websub import subscribing
from api.syndication.websub.distributing import Distributor
from api.syndication.websub.verifying import Verifier
from tests import builders
from tests.couriers import SECRET_KEY, Clock, carry
from tests.receiving import listening
from tests.subscribers import Subscriber

SITE, API = "https://clinic.example", "https://api.clinic.example"
HUB = f"{API}/websub"
TOPIC = f"{SITE}/feeds/articles.atom"


@dataclass
class House:
    """Asks the hub over HTTP, and does what its worker does."""

    client: httpx.AsyncClient
    outbound: Outbound
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        reach = Reach(SITE, sealing.derive(SECRET_KEY, paging.PURPOSE), None, whole=False, hub=HUB)
        self.verifier = Verifier(self.outbound, reach, clock=self.clock)
        key = sealing.derive(SECRET_KEY, subscribing.PURPOSE)
        self.distributor = Distributor(self.outbound, reach, key, clock=self.clock)

    async def ask(self, callback: str, mode: str = "subscribe", topic: str = TOPIC, **further: str) -> httpx.Response:
        """Send what a subscriber sends; `lease_seconds` and the like are parameters of the hub."""
        said = {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback}
        more = {f"hub.{name}": value for name, value in further.items()}
        return await self.client.post("/websub", data=said | more)

    async def verify(self) -> None:
        await carry(self.verifier)

    async def subscribed(self, callback: str, **further: str) -> None:
        """Ask, and have it verified."""
        answer = await self.ask(callback, **further)
        assert answer.status_code == 202, answer.text
        await self.verify()

    async def distribute(self) -> None:
        await carry(self.distributor)

    async def feed(self, address: str = TOPIC) -> httpx.Response:
        answer = await self.client.get(address.removeprefix(SITE))
        assert answer.status_code == 200
        return answer


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    said: dict[str, Any] = {"public_site_url": SITE, "public_api_url": API, "outbound_loopback": True}
    await builders.clinic()
    built, _ = app.build(settings.Settings(data_dir=tmp_path, secret_key=SECRET_KEY, **said), database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api.test") as client:
        yield House(client, Outbound(allow_loopback=True, seconds=5))


@pytest.fixture
async def subscriber() -> AsyncIterator[Subscriber]:
    async with listening(Subscriber()) as somebody:
        yield somebody
