"""Pictures over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import small_clinic

NAME = "0123456789abcdef" * 4 + "-640"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / f"{NAME}.webp").write_bytes(b"RIFF" * 50_000)
    (folder / f"{NAME}.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / f"{NAME}.png").write_bytes(b"never served")
    (folder / ("f" * 64 + "-1.jpg")).symlink_to(tmp_path / "secret.key")
    (folder / ("e" * 64 + "-1.jpg")).mkdir()
    (tmp_path / "secret.key").write_text("secret")
    async with small_clinic.connect(media=folder) as connected:
        yield connected


async def test_a_picture_may_be_kept_for_ever(client: httpx.AsyncClient):
    answer = await client.get(f"/media/{NAME}.webp")

    assert (answer.status_code, answer.content) == (200, b"RIFF" * 50_000)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["etag"] == f'"{NAME}.webp"'
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_head_says_how_large_it_is(client: httpx.AsyncClient):
    answer = await client.head(f"/media/{NAME}.jpg")

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "3")
    assert answer.headers["content-type"] == "image/jpeg"


async def test_who_has_it_is_not_sent_it_again(client: httpx.AsyncClient):
    answer = await client.get(f"/media/{NAME}.webp", headers={"if-none-match": f'"{NAME}.webp"'})
    other = await client.get(f"/media/{NAME}.jpg", headers={"if-none-match": f'"{NAME}.webp"'})

    assert (answer.status_code, answer.content) == (304, b"")
    assert other.status_code == 200


async def test_a_part_may_be_asked_for(client: httpx.AsyncClient):
    answer = await client.get(f"/media/{NAME}.webp", headers={"range": "bytes=0-3"})

    assert (answer.status_code, answer.content) == (206, b"RIFF")


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME}.png",
        f"{NAME}.webp%00",
        f"{NAME}.webp%0a",
        f"{NAME.upper()}.webp",
        "0" * 64 + "-640.webp",
        "e" * 64 + "-1.jpg",
        "f" * 64 + "-1.jpg",
        "..%2fsecret.key",
        "%2e%2e/secret.key",
        "../secret.key",
        f"..%2fmedia%2f{NAME}.webp",
        "%2fetc%2fpasswd",
        "",
        f"{NAME[:-3]}-000640.webp",
    ],
)
async def test_anything_else_is_not_there(client: httpx.AsyncClient, name: str):
    answer = await client.get(f"/media/{name}")

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
