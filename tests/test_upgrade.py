"""An upgrade loses nothing: the release before runs on the new tables; one that is killed is finished by the next."""

import asyncio
import contextlib
import io
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from api import database
from tests.conftest import named

ROOT = Path(__file__).parents[1]
PREVIOUS = "d9e8cfc1392e8b61bcbdf0c63182b7a92912ad92"
"""The release before this one: the commit at which its main stood."""

KILLS = 5
PAGE = "query($s: String!) { article(by: {slug: $s}) { title body { text } jsonLd comments { totalCount } } }"
CREATE = """mutation {
  createArticle(input: {title: "Made by the release before"}) { article { version } userErrors { message } }
}"""
TABLES = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'tortoise_migrations'
"""


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the release before, as it was."""
    packed = subprocess.run(["git", "archive", PREVIOUS, "api", "schema"], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip("the history of this clone does not reach the release before")
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def left_behind(server: str, previous: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the tables of the release before, and its sample clinic."""
    asyncio.run(said(server, 'CREATE DATABASE "left_behind"'))
    for arguments in (["migrate"], ["sample", "load"]):
        run(previous, named(server, "left_behind"), tmp_path_factory.mktemp("data"), *arguments)
    return "left_behind"


@pytest.fixture
def old_tables(server: str, left_behind: str) -> Iterator[str]:
    """The address of a copy of it."""
    asyncio.run(said(server, f'CREATE DATABASE "upgraded" TEMPLATE "{left_behind}"'))
    yield named(server, "upgraded")
    asyncio.run(said(server, 'DROP DATABASE "upgraded" WITH (FORCE)'))


def environment(url: str, data: Path, **more: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": "k" * 32, "DATA_DIR": str(data)} | more


def run(code: Path, url: str, data: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "api", *arguments]
    done = subprocess.run(
        command, cwd=code, env=environment(url, data), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def applied(url: str) -> set[str]:
    return {row["name"] for row in asyncio.run(said(url, "SELECT name FROM tortoise_migrations"))}


async def said(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(**database.credentials(url))
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


@contextlib.contextmanager
def in_use(url: str) -> Iterator[None]:
    """Somebody writes to every table, in a transaction that does not end."""
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(**database.credentials(url)))
    tables = loop.run_until_complete(connection.fetch(TABLES))
    names = ", ".join(f'"{row["relname"]}"' for row in tables)
    loop.run_until_complete(connection.execute(f"BEGIN; LOCK TABLE {names} IN ROW EXCLUSIVE MODE"))
    try:
        yield
    finally:
        loop.run_until_complete(connection.close())
        loop.close()


def test_the_release_before_runs_on_the_new_tables(old_tables, previous, tmp_path):
    before = applied(old_tables)

    said = run(ROOT, old_tables, tmp_path, "upgrade")

    assert re.findall(r"^\d\. (\w+)", said, re.MULTILINE) == ["Backup", "Tables", "This", "Now"]
    after = applied(old_tables)
    assert before < after
    known = {path.stem for path in (ROOT / "api" / "migrations").glob("[0-9]*.py")}
    assert after == known
    with serving(previous, old_tables, tmp_path) as api:
        listed = api.post("/graphql", json={"query": "{ articles(first: 5) { totalCount nodes { slug title } } }"})
        articles = listed.json()["data"]["articles"]
        assert articles["totalCount"] >= 5
        page = api.post(
            "/graphql",
            json={
                "query": PAGE,
                "variables": {"s": articles["nodes"][0]["slug"]},
            },
        ).json()
        assert page["data"]["article"]["title"] == articles["nodes"][0]["title"]
        token = re.search(r"mrd_\S+", run(previous, old_tables, tmp_path, "members", "mint-demo-token"))[0]
        made = api.post(
            "/graphql",
            headers={"authorization": f"Bearer {token}"},
            json={"query": CREATE},
        ).json()
        assert made["data"]["createArticle"] == {"article": {"version": 1}, "userErrors": []}


def test_an_upgrade_that_is_killed_is_finished_by_the_next(old_tables, tmp_path):
    before, sown = applied(old_tables), random.Random(7)  # noqa: S311 - when to kill
    known = {path.stem for path in (ROOT / "api" / "migrations").glob("[0-9]*.py")}
    for _round in range(KILLS):
        command = [sys.executable, "-m", "api", "migrate"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment(old_tables, tmp_path), stderr=subprocess.DEVNULL)
        time.sleep(sown.uniform(0.3, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert applied(old_tables) in (before, known)  # wholly or not at all
    run(ROOT, old_tables, tmp_path, "migrate")
    assert applied(old_tables) == known


def test_tables_that_somebody_holds_are_left_alone(old_tables, tmp_path):
    before = applied(old_tables)
    with in_use(old_tables):
        command = [sys.executable, "-m", "api", "migrate"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(old_tables, tmp_path), capture_output=True, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (
        1,
        "The tables are in use and nothing was changed: run this again, or stop what holds them for long.\n",
    )
    assert applied(old_tables) == before


class serving:  # noqa: N801 - read as a sentence
    """An API of this code's on a free port, for as long as the block lasts."""

    def __init__(self, code: Path, url: str, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        given = environment(url, data, API_PORT=str(self.port), SITE_PORT=str(self.port + 1))
        self.process = subprocess.Popen([sys.executable, "-m", "api", "serve"], cwd=code, env=given)

    def __enter__(self) -> httpx.Client:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)
        for _try in range(200):
            try:
                if self.client.get("/readyz").status_code == 200:
                    return self.client
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError("the API did not start")

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(30)
