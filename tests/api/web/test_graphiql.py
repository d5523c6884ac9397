"""The page at /graphql for people."""

import re
from pathlib import Path

import httpx
import orjson
import pytest

from api.web import graphiql

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the vendor files, which `npm ci` brings."""
    files = {name: tmp_path / name for name in graphiql.VENDORED}
    for path in files.values():
        path.write_text("/* vendor */")
    monkeypatch.setattr(graphiql, "VENDORED", files)


@pytest.fixture
def absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphiql, "VENDORED", {"graphiql.js": tmp_path / "graphiql.js"})


@pytest.mark.usefixtures("installed")
async def test_a_browser_gets_a_page_that_loads_everything_from_here(client: httpx.AsyncClient):
    page = await client.get("/graphql", headers=BROWSER)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    answers = {address: (await client.get(address)).status_code for address in addresses if address != "data:,"}

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert set(answers.values()) == {200}
    assert len(answers) == 6
    assert all(address.startswith("/graphql/assets/") for address in answers)


@pytest.mark.usefixtures("installed")
async def test_no_script_runs_on_the_page_but_ours(client: httpx.AsyncClient):
    page = await client.get("/graphql", headers=BROWSER)
    policy = page.headers["content-security-policy"]

    assert "script-src 'self';" in policy
    assert policy.startswith("default-src 'none';")
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []
    assert " on" not in " ".join(re.findall(r"<\w+([^>]*)>", page.text)).replace(" content=", "")


@pytest.mark.usefixtures("absent")
async def test_without_its_files_the_page_says_what_to_run(client: httpx.AsyncClient):
    page = await client.get("/graphql", headers=BROWSER)

    assert page.status_code == 200
    assert "npm ci --ignore-scripts --prefix api/web/graphiql" in page.text
    assert (await client.get("/graphql/assets/graphiql.js")).status_code == 404


async def test_a_browser_that_asks_something_gets_its_answer(client: httpx.AsyncClient):
    answer = await client.get("/graphql", params={"query": "{ hello }"}, headers=BROWSER)

    assert answer.json()["data"] == {"hello": "world"}


async def test_the_page_begins_with_examples(client: httpx.AsyncClient):
    answer = await client.get("/graphql/assets/examples.json")

    examples = orjson.loads(answer.content)
    assert len(examples) >= 3
    assert all(example.startswith("# ") for example in examples)


@pytest.mark.parametrize("name", ["page.html", "__init__.py", "..%2f__init__.py", "package.json", "node_modules", ""])
async def test_nothing_else_of_the_folder_is_served(client: httpx.AsyncClient, name: str):
    assert (await client.get(f"/graphql/assets/{name}")).status_code == 404
