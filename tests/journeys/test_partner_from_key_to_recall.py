"""A partner's whole life with the example that we hand out: a key, a rehearsal, a mirror, and a take-down to its end.

The API, the worker and the partner's site are processes of their own; only the deadline's day is not waited for.
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts.viewer import Role
from api.articles.models import Severity, UnpublishKind
from api.publishing import withdrawing, workflow
from api.publishing.acting import Acting
from api.syndication import recalls
from api.syndication.models import Copy, Partner, Recall, RecallStatus
from tests import builders, people
from tests.api.web.edge_server import WHOLE, Server
from tests.asking import ROOT, SITE

WISH = {"name": "Health Portal", "contact": "bo@portal.example", "siteOrigins": ["https://portal.example"],
        "fullText": True}  # fmt: skip
TERMS = {"termsVersion": "2026-11", "name": "Bo Lin", "accepted": True}
SAID = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "A dose was wrong.", Severity.SAFETY)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def running(*command: str, **environment: str) -> Iterator[None]:
    """A program of its own, until the end of the test."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env={**os.environ, **environment})
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


class Api:
    """The clinic's API as its outsiders reach it."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def act(self, name: str, said: dict[str, Any], shown: str, token: str = "") -> Any:
        """What a mutation answers."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        document = f"mutation ($i: {kind}!) {{ {name}(input: $i) {{ {shown} userErrors {{ code message }} }} }}"
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30) as client:
            answer = await client.post("/graphql", json={"query": document, "variables": {"i": said}})
        return answer.json()["data"][name]

    async def partner(self, admin: str, **wish: Any) -> tuple[str, str]:
        """The id and the key of a new partner, who has accepted the terms."""
        made = await self.act("createPartner", WISH | wish, "partner { id } claim { token }", admin)
        got = await self.act("claimPartner", TERMS | {"token": made["claim"]["token"]}, "secret")
        return made["partner"]["id"], got["secret"]

    async def rehearse(self, key: str, step: str) -> None:
        """Take the step as soon as the partner's program has fetched what the last one made."""

        async def taken() -> bool:
            return (await self.act("rehearse", {"step": step}, "partner { id }", key))["userErrors"] == []

        await until(taken)


async def until(so: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await so():  # noqa: ASYNC110 - other processes have no event for it
            await asyncio.sleep(0.1)


@pytest.fixture
def environment(database: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database, "SECRET_KEY": people.SECRET_KEY, "DATA_DIR": str(tmp_path / "data"),
        "PUBLIC_SITE_URL": SITE, "OUTBOUND_LOOPBACK": "1",
    }  # fmt: skip


@pytest.fixture
def api(environment: dict[str, str], tmp_path: Path) -> Iterator[Api]:
    server = Server(tmp_path / "log", WHOLE, **environment)
    with running("-m", "api", "worker", **environment):
        yield Api(server.url)
    server.stop()


async def status(partner: str, article: str) -> RecallStatus | None:
    found = await Recall.get_or_none(partner_id=partner, article_id=article)
    return found.status if found else None


async def test_a_copy_follows_its_original_to_the_end_and_whoever_is_not_there_is_in_breach(api: Api, tmp_path: Path):
    await builders.clinic()
    admin = await people.token(await people.member(Role.ADMIN))
    portal, key = await api.partner(admin)
    port, site = free_port(), tmp_path / "site"
    shown = "secret webhook { id }"
    hook = await api.act("createWebhook", {"url": f"http://127.0.0.1:{port}/"}, shown, key)
    carried = {"MERIDIAN_KEY": key, "MERIDIAN_WEBHOOK_SECRET": hook["secret"], "PORT": str(port)}

    with running(str(ROOT / "examples/partner/hooks.py"), api.url, str(site), **carried):
        for step in ("PUBLISH", "CORRECT", "RECALL"):
            await api.rehearse(key, step)

        async def active() -> bool:
            return (await Partner.get(id=portal)).activated_at is not None

        await until(active)

        article = await builders.live("On necks", "Words on necks.", slug="draft-of-necks")
        await workflow.change_slug(article.id, None, "necks", Acting(SITE))
        page = site / f"{article.id}.html"

        async def mirrored() -> bool:
            return page.exists() and await Copy.filter(partner_id=portal, article_id=article.id).exists()

        await until(mirrored)
        assert "Words on necks." in page.read_text()
        assert f'<link rel="canonical" href="{SITE}/articles/necks">' in page.read_text()

        absent, other = await api.partner(admin, name="Absent")
        await Partner.filter(id=absent).update(activated_at=builders.NOW)
        await api.act("createWebhook", {"url": f"http://127.0.0.1:{free_port()}/"}, shown, other)
        async with httpx.AsyncClient(base_url=api.url, headers={"authorization": f"Bearer {other}"}) as client:
            asked = {"query": "{ changes { nodes { article { syndication { html } } } } }"}
            assert "Words on necks." in (await client.post("/graphql", json=asked)).text
        await withdrawing.unpublish(article.id, None, SAID, Acting(SITE))

        async def acknowledged() -> bool:
            return await status(portal, article.id) is RecallStatus.ACKNOWLEDGED

        await until(acknowledged)

    assert "Words on necks." not in page.read_text()
    assert "A dose was wrong." in page.read_text()
    assert json.loads((site / "state.json").read_text())["pages"][article.id] == {"title": None, "live": False}
    owed = await Recall.get(partner_id=absent)
    assert owed.status is RecallStatus.PENDING
    assert await recalls.breach(owed.acknowledge_by - timedelta(seconds=1)) == 0
    assert await recalls.breach(owed.acknowledge_by) == 1
    assert await status(absent, article.id) is RecallStatus.BREACHED
    assert await status(portal, article.id) is RecallStatus.ACKNOWLEDGED
