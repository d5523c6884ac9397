"""The edge around the real schema and the sample clinic."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api import app, settings
from api.web import graphiql


@pytest.fixture
async def client(sample: str, media: Path, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "media").symlink_to(media)
    configured = settings.Settings(data_dir=tmp_path, secret_key="s" * 40)
    built, _ = app.build(configured, sample)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://clinic.test") as connected:
        yield connected


async def test_every_example_of_the_page_is_answered_with_content(client: httpx.AsyncClient):
    for example in graphiql.examples():
        answer = await client.post("/graphql", json={"query": example})

        assert "errors" not in answer.json(), answer.text
        assert all(answer.json()["data"].values())


async def test_it_is_ready_on_a_migrated_database(client: httpx.AsyncClient):
    answer = await client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_a_forged_cursor_has_its_own_code(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json={"query": '{ articles(after: "forged") { totalCount } }'})

    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_CURSOR"}


async def test_what_no_clinic_has_is_null_and_not_an_error(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json={"query": '{ article(by: { slug: "nowhere" }) { title } }'})

    assert answer.json()["data"] == {"article": None}


@pytest.mark.parametrize(
    "token", ["mrd_tok_unknown_secret", "mrd_", f"mrd_{'a' * 500}_secret", "mrp_forged", "mrr_x", "x"]
)
async def test_a_token_that_nobody_made_is_unauthenticated(client: httpx.AsyncClient, token: str):
    answer = await client.get("/graphql?query={__typename}", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_a_picture_of_the_sample_is_served(client: httpx.AsyncClient):
    query = "{ articles(first: 20) { nodes { heroImage { renditions { url mime width } } } } }"
    answer = await client.post("/graphql", json={"query": query})
    heroes = [node["heroImage"] for node in answer.json()["data"]["articles"]["nodes"]]
    rendition = next(hero["renditions"][0] for hero in heroes if hero)

    picture = await client.get(httpx.URL(rendition["url"]).path)

    assert (picture.status_code, picture.headers["content-type"]) == (200, rendition["mime"])
    assert len(picture.content) > 1_000
