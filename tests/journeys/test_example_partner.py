"""The example partner keeps a mirror of the clinic: all that is live and nothing else, after every break."""

import asyncio
import importlib.util
import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from api import app, settings
from api.articles.models import Severity, UnpublishKind
from api.publishing import erasing, withdrawing, workflow
from api.publishing.acting import Acting
from api.sql import rows, sql
from tests import builders
from tests.asking import ROOT, SITE

FOLDER = ROOT / "examples" / "partner"


@pytest.fixture(scope="module")
def partner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_partner", FOLDER / "partner.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Clinic:
    """The API in this process, asked by a partner that knows nothing of asyncio."""

    def __init__(self, database: str, folder: Path, partner: ModuleType) -> None:
        configured = settings.Settings(data_dir=folder, secret_key="s" * 40, public_site_url=SITE, public_feeds="full")
        self.app, _ = app.build(configured, database)
        self.partner, self.folder, self.key = partner, folder / "site", ""

    async def sync(self, size: int = 50, *, fails_after: int | None = None) -> int:
        """Let the partner read; its connection breaks after so many requests."""
        loop, asked = asyncio.get_running_loop(), 0

        def handle(request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            if fails_after is not None and asked > fails_after:
                raise httpx.ReadError("broken", request=request)
            answer = asyncio.run_coroutine_threadsafe(self._send(request), loop).result(30)
            told = {name: answer.headers[name] for name in ("Retry-After",) if name in answer.headers}
            return httpx.Response(answer.status_code, content=answer.content, headers=told)

        def run() -> int:
            headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
            transport = httpx.MockTransport(handle)
            with httpx.Client(transport=transport, base_url="http://api.test", headers=headers) as client:
                return int(self.partner.sync(client, self.folder, size))

        return await asyncio.to_thread(run)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
            kept = {
                name: request.headers[name] for name in ("content-type", "authorization") if name in request.headers
            }
            return await client.post("/graphql", content=request.content, headers=kept)

    @property
    def shown(self) -> dict[str, str]:
        """The pages, by article."""
        return {path.stem: path.read_text() for path in self.folder.glob("art_*.html")}

    @property
    def state(self) -> dict[str, Any]:
        return json.loads((self.folder / "state.json").read_text())


@pytest.fixture
def clinic(database: str, tmp_path: Path, partner: ModuleType) -> Clinic:
    return Clinic(database, tmp_path, partner)


def test_it_is_small(partner: ModuleType):
    assert len((FOLDER / "partner.py").read_text().splitlines()) <= 150


def test_what_it_sends_is_committed(partner: ModuleType):
    assert json.loads((ROOT / "schema" / "operations.json").read_text())[partner.DOCUMENT] == partner.OPERATION


async def test_it_mirrors_what_is_live_and_drops_what_is_taken_down(clinic: Clinic):
    articles = [await builders.live(f"Live <{number}>", f"Words {number}.") for number in range(5)]
    assert await clinic.sync(size=2) == 5
    assert set(clinic.shown) == {row.id for row in articles}
    for number, row in enumerate(articles):
        page = clinic.shown[row.id]
        assert f"Words {number}." in page
        assert "meridian-attribution" in page
        assert '<meta name="robots" content="noindex">' in page
        assert f'<link rel="canonical" href="{SITE}/articles/{row.slug}">' in page
    index = (clinic.folder / "index.html").read_text()
    assert index.count("<li>") == 5
    assert "Live &lt;0&gt;" in index
    assert await clinic.sync() == 0

    await builders.live("New", "New words.")  # without a Change: the log alone counts
    said = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "It was <wrong>.", Severity.SAFETY)
    await withdrawing.unpublish(articles[0].id, None, said, Acting(SITE))
    moved = withdrawing.TakeDown(UnpublishKind.MOVED, "See there.", moved_to=f"/articles/{articles[4].slug}")
    await withdrawing.unpublish(articles[1].id, None, moved, Acting(SITE))
    await erasing.erase(articles[2].id, None, erasing.EraseReason.LEGAL, Acting(SITE))
    await workflow.change_slug(articles[3].id, None, "new-address", Acting(SITE))
    assert await clinic.sync(size=1) == 4
    assert set(clinic.shown) == {articles[0].id, articles[1].id, articles[3].id, articles[4].id}
    assert "Words 0." not in clinic.shown[articles[0].id]
    assert "It was &lt;wrong&gt;." in clinic.shown[articles[0].id]
    assert f'href="{SITE}/articles/{articles[4].slug}"' in clinic.shown[articles[1].id]
    assert f"{SITE}/articles/new-address" in clinic.shown[articles[3].id]
    assert (clinic.folder / "index.html").read_text().count("<li>") == 2


async def test_it_waits_when_its_quota_is_used_up_and_reads_on(clinic: Clinic):
    row = await builders.live("Live", "Words.")
    clinic.key = await builders.key(await builders.partner(quota=3_000))
    began = time.monotonic()
    for _ in range(4):  # a page of 20 costs more than 750
        await clinic.sync(size=20)
    assert 1 <= time.monotonic() - began < 20
    assert set(clinic.shown) == {row.id}


async def test_a_reading_that_breaks_off_goes_on_where_it_was(clinic: Clinic):
    articles = [await builders.live(f"Live {number}") for number in range(6)]
    for broken in (1, 1):
        with pytest.raises(httpx.ReadError):
            await clinic.sync(size=2, fails_after=broken)
    assert len(clinic.shown) == 4
    assert await clinic.sync(size=2) == 2
    assert set(clinic.shown) == {row.id for row in articles}
    assert clinic.state["unfinished"] is None


async def test_one_whose_place_has_expired_begins_anew_and_keeps_nothing_that_is_not_there_any_more(clinic: Clinic):
    stays, goes = await builders.live("Stays"), await builders.live("Goes")
    await clinic.sync()
    await workflow.change_slug(stays.id, None, "stays-here", Acting(SITE))
    await rows(sql("UPDATE article SET live_id = NULL, draft_id = live_id, stage = 'DRAFT' WHERE id = ?", goes.id))
    await rows(sql("INSERT INTO change_horizon (id, position) VALUES (1, 1000)"))
    await rows(sql("SELECT setval('change_id_seq', 2000)"))
    await workflow.change_slug(stays.id, None, "stays", Acting(SITE))
    await clinic.sync()
    assert set(clinic.shown) == {stays.id}
    assert f"{SITE}/articles/stays" in clinic.shown[stays.id]
