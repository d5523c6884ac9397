"""What goes wrong on a machine: each fault is one plain sentence in `doctor` and in the log, and does no damage."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from api import database, postgres
from api.accounts.viewer import Role
from api.articles.models import Article, ArticleKind, Stage
from api.changes import Change
from tests import builders, people
from tests.api.web.edge_server import WHOLE, Server
from tests.conftest import named

SECRET = "5f1e8a9c" * 8
AHEAD = """
import datetime, sys
import time_machine
from api.__main__ import main

with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)):
    sys.exit(main(sys.argv[1:]))
"""
CREATE = """
mutation ($input: CreateArticleInput!) { createArticle(input: $input) { article { id slug } userErrors { code } } }
"""


def told(log: Path) -> list[dict]:
    """The findings in a process's log."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "not_well"]


def ran(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"SECRET_KEY": SECRET} | environment
    return subprocess.run(
        [sys.executable, *command], env=given, capture_output=True, text=True, check=False, timeout=60
    )


def examined(*command: str, **environment: str) -> tuple[int, dict[str, str]]:
    """The exit code of `doctor`, and what it says of each part."""
    done = ran(*(command or ("-m", "api", "doctor")), **environment)
    assert done.stderr == ""
    return done.returncode, {line[10:20].strip(): line[:10] + line[21:] for line in done.stdout.splitlines()}


def readiness(server: Server) -> httpx.Response:
    return httpx.get(f"{server.url}/readyz")


def asked(server: Server, query: str, said: dict | None = None, headers: dict | None = None) -> httpx.Response:
    body = {"query": query, "variables": {"input": said} if said else {}}
    return httpx.post(f"{server.url}/graphql", json=body, headers=headers, timeout=10)


@contextlib.contextmanager
def serving(url: str, folder: Path) -> Iterator[Server]:
    log = folder.parent / f"{folder.name}.log"  # on the same disk: a log that cannot be written stops nobody
    server = Server(log, WHOLE, DATABASE_URL=url, SECRET_KEY=SECRET, DATA_DIR=str(folder), LOG_FORMAT="json")
    try:
        yield server
    finally:
        server.stop()


async def test_a_wrong_password_is_told_and_nothing_is_answered_wrongly(database, tmp_path):
    name = "someone"
    connection = await asyncpg.connect(**_credentials(database))
    await connection.execute(f"DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN PASSWORD 'right'")
    folder = await connection.fetchval("SHOW data_directory")
    await connection.close()
    with _asked_for_passwords(Path(folder), name) as reload:
        await reload(database)
        url = database.replace("://postgres@", f"://{name}:wrong@")
        sentence = "The database refuses the password in DATABASE_URL: check it."

        code, said = examined(DATABASE_URL=url, DATA_DIR=str(tmp_path))
        assert (code, said["database"]) == (2, f"CRITICAL  {sentence}")
        with serving(url, tmp_path / "data") as server:
            answer = asked(server, "{ clinic { name } }")
            ready = readiness(server)
        assert [(line["part"], line["said"]) for line in told(server.log)] == [("database", sentence)]
        assert (answer.status_code, answer.headers["retry-after"], ready.status_code) == (503, "2", 503)
        worker = ran("-m", "api", "worker", DATABASE_URL=url, DATA_DIR=str(tmp_path))
        assert (worker.returncode, worker.stderr) == (1, f"{sentence}\n")
    await reload(database)


async def test_a_missing_migration_is_told_and_the_tables_stay(database, tmp_path):
    connection = await asyncpg.connect(**_credentials(database))
    await connection.execute("DELETE FROM tortoise_migrations WHERE name = '0009_pull'")
    sentence = "The tables lack 1 changes: run `python -m api migrate`."

    code, said = examined(DATABASE_URL=database, DATA_DIR=str(tmp_path))
    assert (code, said["tables"]) == (2, f"CRITICAL  {sentence}")
    with serving(database, tmp_path / "data") as server:
        ready = readiness(server)
    assert [(line["part"], line["said"]) for line in told(server.log)] == [("tables", sentence)]
    assert (ready.status_code, list(ready.json()["reasons"])) == (503, ["migrations"])
    assert await connection.fetchval("SELECT count(*) FROM tortoise_migrations WHERE name = '0009_pull'") == 0
    await connection.close()


async def test_a_clock_that_is_off_by_an_hour_is_told_and_a_schedule_keeps_to_the_databases(database, tmp_path):
    author = await builders.practitioner()
    article = await builders.draft("Sleep", kind=ArticleKind.NEWS, authors=(author,))
    at = datetime.now(UTC) + timedelta(minutes=30)
    await builders.schedule(article, at)
    given = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "DATA_DIR": str(tmp_path / "data"), "LOG_FORMAT": "json"}

    code, said = examined("-c", AHEAD, "doctor", **given)
    assert (code, _off_by_an_hour([said["clock"].removeprefix("CRITICAL  ")])) == (2, True)
    server = Server(tmp_path / "api.log", ("-c", AHEAD, "serve"), **given)
    try:
        worked = _worked_for_a_while(tmp_path / "worker.log", given)
        shown = asked(server, "{ articles(first: 1) { totalCount } }")
        assert (shown.status_code, shown.json()["data"]) == (200, {"articles": {"totalCount": 0}})
    finally:
        server.stop()
    for log in (server.log, worked):
        (finding,) = [line for line in told(log) if line["part"] == "clock"]
        assert (finding["severity"], _off_by_an_hour([finding["said"]])) == ("CRITICAL", True)
    (row,) = await Article.all()
    assert (row.live_id, row.stage, row.scheduled_for) == (None, Stage.SCHEDULED, at)
    assert await Change.all().count() == 0


def _off_by_an_hour(sentences: Iterable[str]) -> bool:
    """Whether one says so; starting a process takes a second or two of its own."""
    said = r"This machine's clock and the database's are 3(59|60)\d s apart: set both by NTP\."
    return any(re.fullmatch(said, sentence) for sentence in sentences)


def _worked_for_a_while(log: Path, given: dict[str, str]) -> Path:
    """A worker whose clock is off has done each duty of every second; its log."""
    with log.open("wb") as file:
        worker = subprocess.Popen([sys.executable, "-c", AHEAD, "worker"], env=os.environ | given, stderr=file)
    try:
        end = time.monotonic() + 60
        while "not_well" not in log.read_text():
            assert worker.poll() is None and time.monotonic() < end, log.read_text()  # noqa: PT018
            time.sleep(0.1)
        time.sleep(3)
    finally:
        worker.terminate()
        assert worker.wait(40) == 0
    return log


async def test_settings_that_lose_data_are_read_back_at_the_start(database, tmp_path):
    connection = await asyncpg.connect(**_credentials(database))
    await connection.execute(f'ALTER DATABASE "{_credentials(database)["database"]}" SET synchronous_commit = off')
    await connection.close()
    with serving(database, tmp_path / "data") as server:
        pass
    assert [(line["severity"], line["said"]) for line in told(server.log)] == [
        ("CRITICAL", "PostgreSQL runs with synchronous_commit off: what was saved can be lost. Turn it on.")
    ]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a size of its own, which only root can make."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=230m,mode=711", "tmpfs", str(place)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(command, check=False).returncode:
        pytest.skip("a file system of its own needs root and the right to mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
async def on_a_small_disk(small: Path) -> AsyncIterator[tuple[str, Path]]:
    """A database whose files are on it, and an editor's clinic within."""
    with postgres.running(small) as url:
        await database.migrate(url)
        await database.connect(url)
        yield url, small
        await database.disconnect()


async def test_a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room(on_a_small_disk):
    url, small = on_a_small_disk
    await builders.clinic()
    headers = {"authorization": f"Bearer {await people.token(await people.member(Role.EDITOR))}"}
    ballast = small / "ballast"
    with serving(url, small / "data") as server:
        _fill(ballast, small)
        assert examined(DATABASE_URL=url, DATA_DIR=str(small / "data"))[1]["disk"].startswith("CRITICAL")
        kept, refused = [], 0
        end = time.monotonic() + 60
        for number in range(3_000):
            answer = asked(
                server, CREATE, {"title": f"Article {number}", "body": {"markdown": "word " * 1_500}}, headers
            )
            assert "errors" not in answer.json() or answer.status_code == 503, answer.text
            if answer.status_code == 200 and (made := answer.json()["data"]["createArticle"]["article"]):
                kept.append(made["id"])
            else:
                refused += 1
                assert (answer.status_code, "retry-after" in answer.headers) == (503, True), answer.text
            if refused >= 3 or time.monotonic() > end:
                break
        assert refused >= 3
        ballast.unlink()
        after = _until_done(server, headers)
    connection = await asyncpg.connect(**_credentials(url))
    there = {row["id"] for row in await connection.fetch("SELECT id FROM article")}
    await connection.close()
    assert there == {*kept, after}


def test_a_data_folder_that_cannot_be_written_is_told(small, server, migrated):
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    code, said = examined(DATABASE_URL=named(server, migrated), DATA_DIR=str(small))
    assert code == 2
    assert said["disk"] == (
        f"CRITICAL  DATA_DIR {small} cannot be written (Read-only file system): make room or give rights."
    )
    with serving(named(server, migrated), small) as serving_still:
        assert readiness(serving_still).status_code == 200
    (finding,) = [line for line in told(small.parent / "small.log") if line["part"] == "disk"]
    assert finding["said"] == said["disk"].removeprefix("CRITICAL  ")


def _fill(ballast: Path, folder: Path) -> None:
    """Leave half a megabyte."""
    with ballast.open("wb") as file:
        while shutil.disk_usage(folder).free > 500_000:
            file.write(b"\0" * 100_000)
            file.flush()


def _until_done(server: Server, headers: dict[str, str]) -> str:
    end = time.monotonic() + 30
    while True:
        answer = asked(server, CREATE, {"title": "There is room again"}, headers)
        if answer.status_code == 200 and (made := answer.json()["data"]["createArticle"]["article"]):
            return made["id"]
        assert time.monotonic() < end, answer.text
        time.sleep(0.5)


@contextlib.contextmanager
def _asked_for_passwords(folder: Path, name: str) -> Iterator:
    """Let the server ask this one role for its password."""
    rules = folder / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all {name} scram-sha-256\n{before}")

    async def reload(url: str) -> None:
        connection = await asyncpg.connect(**_credentials(url))
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()
        await asyncio.sleep(0.3)

    try:
        yield reload
    finally:
        rules.write_text(before)


def _credentials(url: str) -> dict:
    return database.credentials(url)
