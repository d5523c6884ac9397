"""What is fetched beside /graphql with a partner's key counts against its quota, and says how that stands."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api import app, settings
from tests import builders
from tests.asking import SITE

PAGES = {"/feeds/articles.atom": 760, "/articles/sleep.jsonld": 20, f"/oembed?url={SITE}/articles/sleep": 5,
         "/sitemap.xml": 20}  # fmt: skip


@pytest.fixture
async def client(database: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    await builders.clinic()
    await builders.live("Sleep", slug="sleep")
    built, _ = app.build(settings.Settings(data_dir=tmp_path, secret_key="s" * 40, public_site_url=SITE), database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api.test") as connected:
        yield connected


async def test_each_channel_is_charged_to_the_partners_one_bucket_and_says_so(client):
    partner = await builders.partner(quota=1_000)
    first, second = [{"authorization": f"Bearer {await builders.key(partner)}"} for _ in range(2)]
    spent = 0
    for address, cost in PAGES.items():
        answer = await client.get(address, headers=first)
        spent += cost
        assert answer.status_code == 200, address
        assert answer.headers["ratelimit-policy"] == '"cost";q=1000;w=60'
        (left,) = re.findall(r'"cost";r=(\d+);t=\d+', answer.headers["ratelimit"])
        assert 1_000 - spent <= int(left) <= 1_000 - spent + 100  # time empties it
    asked = await client.post("/graphql", json={"query": "{ clinic { name } }"}, headers=second)
    (left,) = re.findall(r'"cost";r=(\d+);t=\d+', asked.headers["ratelimit"])
    assert int(left) < 300

    refused = await client.get("/feeds/articles.rss", headers=second)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "THROTTLED"
    assert error["extensions"]["asked"] == 760
    assert (await builders.Partner.get(id=partner.id)).quota == 1_000


async def test_summaries_cost_less_and_readers_without_a_key_pay_nothing(client):
    partner = await builders.partner(quota=1_000, full_text=False)
    key = {"authorization": f"Bearer {await builders.key(partner)}"}
    for _ in range(10):
        assert (await client.get("/feeds/articles.atom", headers=key)).status_code == 200
    for _ in range(100):
        answer = await client.get("/feeds/articles.atom")
        assert answer.status_code == 200
        assert "ratelimit" not in answer.headers
