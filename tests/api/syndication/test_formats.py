"""Readers that others wrote understand every form: feedsmith the feeds, schema-dts the JSON-LD."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from api import app, ids, settings
from api.articles.models import UnpublishKind
from api.publishing import withdrawing
from api.publishing.acting import Acting
from tests import builders
from tests.api.syndication.json_feed import validated
from tests.asking import SITE

FORMATS = Path(__file__).parent / "formats"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
TYPES = {"MedicalWebPage", "NewsArticle", "MedicalCondition", "MedicalTherapy", "Person"}
PAGES = """{ articles(first: 100) { nodes { slug jsonLd } } conditions(first: 100) { nodes { jsonLd } }
  treatments(first: 100) { nodes { jsonLd } } practitioners(first: 100) { nodes { jsonLd } } }"""


@pytest.fixture(scope="module")
def packages() -> None:
    if not (FORMATS / "node_modules" / "feedsmith").is_dir():
        run("npm", "ci", "--ignore-scripts")


@pytest.fixture
async def client(sample: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    configured = settings.Settings(data_dir=tmp_path, secret_key="s" * 40, public_site_url=SITE, public_feeds="full")
    built, _ = app.build(configured, sample)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api.test") as connected:
        yield connected


def run(name: str, *arguments: str, said: str = "", folder: Path = FORMATS) -> str:
    """Run node or npm: the one beside this Python first, where `make` puts them."""
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(f"{name} is not installed: `make test` installs it.")
    done = subprocess.run(
        [found, *arguments], cwd=folder, env={**os.environ, "PATH": PATH}, input=said, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    return done.stdout


async def every_feed(client: httpx.AsyncClient) -> dict[str, Any]:
    rooms = {"conditions": builders.Condition, "treatments": builders.Treatment, "practitioners": builders.Practitioner}
    places = ["/feeds/articles"]
    for room, model in rooms.items():
        places += [f"/feeds/{room}/{row.slug}" for row in await model.filter(is_published=True)]
    addresses = [(f"{place}.{form}", form) for place in places for form in ("atom", "rss", "json")]
    return {address: {"form": form, "text": (await client.get(address)).text} for address, form in addresses}


async def test_feedsmith_reads_every_feed_as_it_was_meant(packages, client):
    row = await builders.Article.filter(live_id__isnull=False).order_by("id").first()
    said = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "It was wrong.")
    await withdrawing.unpublish(row.id, None, said, Acting(SITE))
    feeds = await every_feed(client)
    found = json.loads(run("node", "feeds.js", said=json.dumps(feeds)))
    assert len(found) == len(feeds) > 50
    atom, rss, plain = (found[f"/feeds/articles.{form}"] for form in ("atom", "rss", "json"))
    titles = [item["title"] for item in plain["items"]]
    assert [entry["title"] if isinstance(entry["title"], str) else entry["title"]["value"]
            for entry in atom["entries"]] == titles  # fmt: skip
    gone = [item for item in rss["items"] if item["title"].startswith("Withdrawn: ")]
    live = rss["items"][len(gone) :]
    assert gone[0]["guid"]["value"] == f"tag:{SITE[8:]},{ids.made_on(row.id)}:{row.id}"
    assert [item["title"] for item in live] == titles
    assert [item["guid"]["value"] for item in live] == [item["id"] for item in plain["items"]]
    assert len(titles) >= 10


async def test_every_json_feed_is_one_by_the_standard(client):
    for address, feed in (await every_feed(client)).items():
        if address.endswith(".json"):
            validated(json.loads(feed["text"]))
    good = json.loads((await client.get("/feeds/articles.json")).text)
    for broken in ({"version": "1.1"}, {"title": ""}, {"items": [{"id": "1"}]}, {"authors": [{}]}, {"extra": 1},
                   {"next_url": good["feed_url"]}, {"items": [good["items"][0], good["items"][0]]}):  # fmt: skip
        with pytest.raises(ValidationError):
            validated(good | broken)


async def test_the_json_ld_of_every_page_has_the_types_of_schema_org(packages, client, tmp_path):
    data = (await client.post("/graphql", json={"query": PAGES})).json()["data"]
    said = [node["jsonLd"] for pages in data.values() for node in pages["nodes"]]
    said += [(await client.get(f"/articles/{node['slug']}.jsonld")).json() for node in data["articles"]["nodes"]]
    assert {page["@type"] for page in said} == TYPES
    assert len(said) >= 40
    (tmp_path / "node_modules").symlink_to(FORMATS / "node_modules")
    shutil.copy(FORMATS / "tsconfig.json", tmp_path)
    names = ", ".join(sorted(TYPES))
    lines = [f"import type {{ WithContext, {names} }} from 'schema-dts';"]
    lines += [f"export const p{n}: WithContext<{page['@type']}> = {json.dumps(page)};" for n, page in enumerate(said)]
    (tmp_path / "pages.ts").write_text("\n".join(lines))
    tsc = str(FORMATS / "node_modules" / "typescript" / "bin" / "tsc")
    run("node", tsc, "-p", ".", folder=tmp_path)
    (tmp_path / "pages.ts").write_text(
        "\n".join([*lines, f"export const x: WithContext<Person> = {json.dumps(said[0])};"])
    )
    with pytest.raises(AssertionError, match="error TS"):
        run("node", tsc, "-p", ".", folder=tmp_path)
