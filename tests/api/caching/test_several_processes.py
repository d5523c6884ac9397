"""Real servers: several on one database, several behind one port, and one whose database goes away."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from api import database as db
from api import postgres
from api.accounts.viewer import Role
from api.clinic import Clinic
from tests import builders, people
from tests.api.web.edge_server import WHOLE, Server

PAGE = '/graphql?query={article(by:{slug:"sleep"}){title}}'
CORRECT = """mutation($input: UpdateClinicInput!) {
  updateClinic(input: $input) { clinic { version strapline } userErrors { message } } }"""
CLINIC = "/graphql?query={clinic{name strapline}}"


SIGN_IN = 'mutation { signIn(input: {email: "a@b.example", password: "x"}) { userErrors { code } } }'
LINES = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = 'meridian line' AND datname = current_database()"
)


def get(server: Server, asked: str) -> httpx.Response:
    """An answer to a GET, or to a mutation, which goes by POST."""
    if asked.startswith("mutation"):
        return httpx.post(server.url + "/graphql", json={"query": asked})
    return httpx.get(server.url + asked)


def children(server: Server) -> set[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.process.pid)], check=True, capture_output=True)
    return {int(line) for line in told.stdout.split()}


@pytest.fixture
async def four(database: str, tmp_path: Path) -> AsyncIterator[list[Server]]:
    await builders.clinic()
    servers = [
        Server(tmp_path / f"{number}.log", WHOLE, DATABASE_URL=database, SECRET_KEY="s" * 40, DATA_DIR=str(tmp_path))
        for number in range(4)
    ]
    yield servers
    assert [server.stop() for server in servers] == [0, 0, 0, 0]


async def test_what_was_changed_is_seen_at_once_here_and_within_50_ms_everywhere_else(four: list[Server]):
    token = await people.token(await people.member(Role.ADMIN, password=None))
    late: list[float] = []
    async with httpx.AsyncClient() as client:
        for number in range(10):
            for server in four * 2:
                answer = await client.get(server.url + CLINIC)
            assert answer.headers["server-timing"] == "hot"
            said = {"expectedVersion": (await Clinic.get()).version, "strapline": f"Line {number}"}
            answer = await client.post(
                four[0].url + "/graphql",
                json={"query": CORRECT, "variables": {"input": said}},
                headers={"authorization": f"Bearer {token}"},
            )
            told = time.perf_counter()
            assert answer.json()["data"]["updateClinic"]["userErrors"] == []

            assert (await client.get(four[0].url + CLINIC)).json()["data"]["clinic"]["strapline"] == f"Line {number}"
            for server in four[1:]:
                while (await client.get(server.url + CLINIC)).json()["data"]["clinic"]["strapline"] != f"Line {number}":
                    assert time.perf_counter() - told < 1
                late.append(time.perf_counter() - told)

    assert sorted(late)[len(late) // 2] < 0.05


async def test_one_of_several_behind_a_port_dies_and_is_put_back(database: str, tmp_path: Path):
    await builders.clinic()
    command = (*WHOLE, "--processes", "3")
    server = Server(tmp_path / "log", command, DATABASE_URL=database, SECRET_KEY="s" * 40, DATA_DIR=str(tmp_path))
    try:
        first = children(server)
        assert len(first) == 3

        os.kill(min(first), signal.SIGKILL)
        for _ in range(50):
            assert get(server, CLINIC).status_code == 200
            await asyncio.sleep(0.05)

        assert len(children(server)) == 3
        assert children(server) != first
    finally:
        assert server.stop() == 0
    with pytest.raises(httpx.ConnectError):
        get(server, "/healthz")


async def test_none_of_them_outlives_the_one_that_started_them(database: str, tmp_path: Path):
    command = (*WHOLE, "--processes", "2")
    server = Server(tmp_path / "log", command, DATABASE_URL=database, SECRET_KEY="s" * 40, DATA_DIR=str(tmp_path))
    mine = children(server)

    server.process.kill()
    server.process.wait()

    for _ in range(100):
        if not any(Path(f"/proc/{number}/cmdline").exists() and _lives(number) for number in mine):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("A process is still there.")


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_readers_keep_their_pages_while_the_database_is_away(tmp_path: Path):
    with postgres.running(tmp_path) as url:
        await asyncio.to_thread(asyncio.run, db.migrate(url))
        await db.connect(url)
        await builders.clinic()
        await db.disconnect()
        given = {"DATABASE_URL": url, "SECRET_KEY": "s" * 40, "DATA_DIR": str(tmp_path)}
        server = await asyncio.to_thread(Server, tmp_path / "log", WHOLE, **given)
        for _ in range(40):
            answer = get(server, CLINIC)
            if answer.headers["server-timing"] == "hot":
                break
            await asyncio.sleep(0.05)
    try:
        gone = time.monotonic()
        while get(server, CLINIC).headers.get("meridian-cache") != "stale":
            assert time.monotonic() - gone < 3

        late = get(server, CLINIC)
        never = get(server, PAGE)
        change = get(server, SIGN_IN)
        assert (late.status_code, late.json(), late.headers["cache-control"]) == (200, answer.json(), "no-store")
        assert late.headers["warning"] == '110 - "Response is Stale"'
        assert "errors" in never.json()
        assert (change.status_code, change.headers["retry-after"]) == (503, "2")

        with postgres.running(tmp_path) as again:
            assert again == url
            back = time.monotonic()
            while get(server, CLINIC).headers.get("server-timing") != "hot" or "meridian-cache" in answer.headers:
                assert time.monotonic() - back < 3
                await asyncio.sleep(0.05)
            assert get(server, PAGE).json()["data"] == {"article": None}
    finally:
        assert server.stop() == 0


async def test_a_process_that_lost_its_line_believes_nothing_until_it_stands_again(four: list[Server], database: str):
    async with httpx.AsyncClient() as client:
        for _ in range(2):
            assert (await client.get(four[3].url + CLINIC)).status_code == 200
        connection = await asyncpg.connect(**db.credentials(database))
        await connection.execute(LINES)
        await connection.execute("UPDATE clinic SET strapline = 'Changed unheard'")
        await connection.close()

        answer = await client.get(four[3].url + CLINIC)

    assert answer.json()["data"]["clinic"]["strapline"] == "Changed unheard"
