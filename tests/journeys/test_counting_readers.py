"""Readers of the site are counted over HTTP: by two of its processes, each reader once a day, and nobody is known."""

import asyncio
import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.bootstrap.node import node_program
from api.bootstrap.steps import Stop
from api.sql import rows, sql
from tests import builders
from tests.api.web.edge_server import WHOLE, Server

FRONTEND = Path(__file__).parents[2] / "frontend"
SECRET = "a secret that API and site share, of 32 bytes and more"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:{number}) Gecko/20100101 Firefox/{number}"
KEYS = "SELECT key FROM view_key"


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "log", WHOLE, DATABASE_URL=database, SECRET_KEY=SECRET, DATA_DIR=str(tmp_path))
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def site(api: str) -> Iterator[str]:
    """One process of the built site; its end is part of what is tried, for then it tells what it has not told yet."""
    given = {"API_URL": api, "SECRET_KEY": SECRET, "PORT": "0", "TRUSTED_PROXIES": "127.0.0.1"}
    command = [str(node_program()), "--disable-warning=ExperimentalWarning", str(FRONTEND / "server.ts")]
    with subprocess.Popen(command, env=os.environ | given, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found
            yield found[0]
        finally:
            process.terminate()
            assert process.wait(15) == 0


async def both_have_the_salt(api: Server) -> None:
    for _ in range(200):
        if api.log.read_text().count("RecordViews") == 2:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)


def headers(visitor: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"203.0.113.{visitor % 50}", "User-Agent": BROWSER.format(number=100 + visitor // 50)}


async def test_a_thousand_views_by_a_hundred_visitors_through_two_processes_are_a_hundred(served):
    if not (FRONTEND / "dist" / "server").exists():
        pytest.skip("the site is not built; `make test` builds it")
    try:
        node_program()
    except Stop as lacking:
        pytest.skip(str(lacking))
    await builders.clinic()
    article = await builders.live("Sleep", slug="sleep")
    with site(served.url) as first, site(served.url) as second:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=8), timeout=60) as client:

            async def read(where: str, **further: str) -> int:
                return (await client.get(f"{where}/articles/sleep", headers=further)).status_code

            await both_have_the_salt(served)
            seen = await asyncio.gather(
                *(read((first, second)[view % 2], **headers(view % 100)) for view in range(1000))
            )
            assert set(seen) == {200}
            alone = headers(7) | {"X-Forwarded-For": "198.51.100.1"}
            for refusing in ({"Sec-GPC": "1"}, {"DNT": "1"}, {"Sec-Purpose": "prefetch"}, {"User-Agent": "a crawler"}):
                assert await read(first, **alone | refusing) == 200
    kept = [row["key"] for row in await rows(sql(KEYS))]
    assert (len(kept), len(set(kept))) == (100, 100)
    assert not [key for key in kept if "203.0" in key or "Firefox" in key]
    assert await rows(sql("SELECT 1 FROM view_count WHERE article_id = ?", article.id)) == []
