"""The picture that a link to an article is shown with."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.routing import Route, Router

from api.articles.cards import card_of
from api.articles.models import Article, Revision
from api.media.cards import Card, draw
from api.web.application import _nothing
from api.web.cards import Cards
from api.web.edge import Edge
from tests import builders

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    cards = Cards(tmp_path / "cards", card_of, draw)
    app = Edge(Router([Route("/media/og/{name}", cards.serve)], default=_nothing))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as connected:
        yield connected


async def hash_of(article: Article) -> str:
    return (await Revision.get(id=article.live_id or article.draft_id)).content_hash


async def test_a_picture_is_drawn_once_and_kept(client: httpx.AsyncClient, tmp_path: Path):
    await builders.clinic()
    article = await builders.live("Sleep")
    name = f"{await hash_of(article)}.png"
    answer = await client.get(f"/media/og/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    kept = tmp_path / "cards" / name
    kept.write_bytes(b"as it was")
    assert (await client.get(f"/media/og/{name}")).content == b"as it was"
    again = await client.get(f"/media/og/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for each in (answer, again):
        assert each.headers["cache-control"] == "public, max-age=60"
        assert each.headers["cache-tag"] == f"article:{article.id}"


async def test_what_readers_cannot_see_has_no_picture(client: httpx.AsyncClient, tmp_path: Path):
    await builders.clinic()
    live = await builders.live("Sleep")
    draft = await builders.draft("Secret")
    hidden = await hash_of(live)
    await Article.filter(id=live.id).update(live_id=None)
    for name in (f"{await hash_of(draft)}.png", f"{hidden}.png", "0" * 64 + ".png", "x.png", f"{hidden}.jpg"):
        assert (await client.get(f"/media/og/{name}")).status_code == 404
    assert not (tmp_path / "cards").exists()


@pytest.mark.parametrize("title", ["Sleep", "wide " * 22, "W" * 110, "é–“ł” 痛み", ""])
async def test_every_title_fits(title: str):
    picture = Image.open(io.BytesIO(draw(Card(title, "Clinic", "Reviewed by Bo Lin, 1 May 2026")))).convert("RGB")
    paper = picture.getpixel((5, 300))
    assert {picture.getpixel((1199, y)) for y in range(20, 630)} == {paper}
