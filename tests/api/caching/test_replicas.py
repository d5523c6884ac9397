"""Read replicas: a real second PostgreSQL that streams from the first, and the whole program in front of both."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from api import database as db
from api import doctor, postgres, settings
from api.accounts.viewer import Role
from api.caching import replicas
from api.caching.replicas import Replica, State
from api.clinic import Clinic
from api.postgres.process import Running as Process
from tests import builders, people
from tests.api.caching.programs import Running, running
from tests.standby import following

CLINIC = "{ clinic { strapline } }"
PAGE = '{ article(by: {slug: "sleep"}) { title } }'
CORRECT = """mutation($input: UpdateClinicInput!) {
  updateClinic(input: $input) { clinic { version strapline } userErrors { message } } }"""
UNHEARD = "SET LOCAL session_replication_role = replica"
"""Triggers are silent after this, so nobody is told of a change."""


@dataclass
class Two:
    """A primary with a clinic, and a standby of it."""

    primary: str
    standby: str
    process: Process
    folder: Path

    async def say(self, strapline: str, *, unheard: bool = False) -> None:
        connection = await asyncpg.connect(**db.credentials(self.primary))
        async with connection.transaction():
            if unheard:
                await connection.execute(UNHEARD)
            await connection.execute("UPDATE clinic SET strapline = $1", strapline)
        await connection.close()

    async def on_standby(self, statement: str) -> object:
        connection = await asyncpg.connect(**db.credentials(self.standby))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    @contextlib.asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """The standby takes in what comes, and replays nothing of it."""
        await self.on_standby("SELECT pg_wal_replay_pause()")
        for _ in range(500):
            if await self.on_standby("SELECT pg_get_wal_replay_pause_state()") == "paused":
                break
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            await self.on_standby("SELECT pg_wal_replay_resume()")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    with postgres.running(folder / "primary") as primary:
        asyncio.run(prepared(primary))
        with following(folder / "primary", folder / "standby") as (standby, process):
            yield Two(primary, standby, process, folder)


async def prepared(url: str) -> None:
    await db.migrate(url)
    await db.connect(url)
    await builders.clinic()
    await db.disconnect()


@pytest.fixture
async def program(two: Two, tmp_path: Path) -> AsyncIterator[Running]:
    await db.connect(two.primary)
    try:
        async with running(two.primary, tmp_path, replica_urls=(two.standby,)) as program:
            await read_from(program)
            yield program
    finally:
        await db.disconnect()


async def read_from(program: Running) -> Replica:
    """The replica that is read now, or as soon as it has come."""
    for _ in range(3_000):
        if program.line.stands and (chosen := program.answers.cache.replicas.chosen()):
            return chosen
        await asyncio.sleep(0.01)
    raise TimeoutError


async def strapline(program: Running, **more: str) -> str:
    answer = await program.get(CLINIC, more=more)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["data"]["clinic"]["strapline"])


async def test_readers_are_answered_by_the_replica_and_whoever_has_a_token_by_the_primary(two: Two, program: Running):
    token = await people.token(await people.member(Role.ADMIN, password=None))
    await two.say("Before")
    await program.settled()
    await read_from(program)
    async with two.paused():
        await two.say("Unheard of", unheard=True)

        read = await strapline(program), await strapline(program, authorization=f"Bearer {token}")

    assert read == ("Before", "Unheard of")


async def test_what_a_token_holder_wrote_is_read_by_everybody_at_once_however_far_behind_the_replica_is(
    two: Two, program: Running
):
    token = await people.token(await people.member(Role.ADMIN, password=None))
    await read_from(program)
    async with two.paused():
        said = {"expectedVersion": (await Clinic.get()).version, "strapline": "Written just now"}

        done = (await program.post(CORRECT, token=token, input=said)).json()
        assert "errors" not in done, done
        read = [await strapline(program) for _ in range(3)]
        mine = await strapline(program, authorization=f"Bearer {token}")

    assert done["data"]["updateClinic"]["userErrors"] == []
    assert {*read, mine} == {"Written just now"}


async def test_nothing_is_kept_from_a_replica_that_has_not_replayed_what_ended_the_answer_before(
    two: Two, program: Running
):
    for number in range(20):
        before, after = f"Before {number}", f"After {number}"
        await two.say(before)
        await program.settled()
        await read_from(program)
        async with two.paused():
            await two.say(after)
            await program.settled()
            assert program.answers.cache.replicas.chosen() is None
            assert await strapline(program) == after
        await read_from(program)
        assert await strapline(program) == after


async def test_no_reader_goes_back_in_time_while_changes_come_in_a_flood(two: Two, program: Running):
    seen: list[int] = []
    await two.say("0")
    await program.settled()
    ended = False

    async def read() -> None:
        while not ended:
            seen.append(int(await strapline(program)))
            await asyncio.sleep(0.0005)  # hot answers wait for nothing

    reading = asyncio.create_task(read())
    for number in range(1, 151):
        await two.say(str(number))
        await asyncio.sleep(0.001 * (number % 7))
    await program.settled()
    assert int(await strapline(program)) == 150
    ended = True
    await reading

    assert seen == sorted(seen)


async def test_a_replica_that_lags_is_not_read_and_comes_back_by_itself(
    two: Two, program: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replicas, "MOST_LAG", 0.5)
    replica = await read_from(program)
    async with two.paused():
        await two.say("Not replayed", unheard=True)
        await gone(program)
        assert replica.level == program.answers.cache.replicas.heard
        program.answers.cache.store.clear()
        assert await strapline(program) == "Not replayed"

    assert await read_from(program) is replica


async def gone(program: Running) -> None:
    began = time.monotonic()
    while program.answers.cache.replicas.chosen():
        assert time.monotonic() - began < 5
        await asyncio.sleep(0.01)


async def test_the_primary_answers_what_the_replica_refuses(two: Two, program: Running):
    """A replica that is stopped in the middle: nobody is told so before a reader finds it."""
    replica = await read_from(program)
    known = await strapline(program)
    await replica.client.close()
    replica.client.host, replica.client.port = "127.0.0.1", 1
    program.answers.cache.store.clear()
    assert replica.stands

    assert await strapline(program) == known


async def test_a_schedule_is_kept_by_the_moment_of_the_primary(two: Two, program: Running):
    draft = await builders.draft("Sleep", slug="sleep")
    await builders.schedule(draft, datetime.now(UTC) + timedelta(seconds=1.5))
    await program.settled()
    await read_from(program)
    assert (await program.get(PAGE)).json()["data"] == {"article": None}

    while program.line.ahead > 0.05 and program.line.stands:
        assert (await program.get(PAGE)).json()["data"] == {"article": None}
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)

    assert (await program.get(PAGE)).json()["data"]["article"]["title"] == "Sleep"


async def test_a_clock_that_is_ahead_and_a_server_that_follows_nobody_are_told_apart(two: Two, server: str):
    async with replicas.both(two.primary, two.standby) as (primary, standby):
        where = await replicas.position(primary)
        late = replicas.Position(where.place, where.clock - 5, where.cluster, where.asked)
        early = replicas.Position(where.place, where.clock + 5, where.cluster, where.asked)
        other = replicas.Position(where.place, where.clock, where.cluster + 1, where.asked)
        found = [await replicas.compared(standby, one) for one in (late, early, other)]
        itself = await replicas.compared(primary, where)

    assert found == [State.AHEAD, State.BEHIND, State.STRANGE]
    assert itself is State.STRANGE


async def test_anybody_who_may_connect_may_look_where_a_replica_is(two: Two):
    connection = await asyncpg.connect(**db.credentials(two.primary))
    await connection.execute("CREATE ROLE plain LOGIN")
    await connection.close()
    as_plain = [url.replace("postgres@", "plain@") for url in (two.primary, two.standby)]
    async with replicas.both(two.primary, two.standby) as (primary, standby):
        assert (await replicas.lag(primary, standby))[0] is State.LEVEL

    async with replicas.both(*as_plain) as (primary, standby):
        state, _ = await replicas.lag(primary, standby)

    assert state is State.LEVEL


async def test_the_doctor_tells_of_each_replica(two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    away = "postgres://postgres@127.0.0.1:1/meridian"
    given = settings.Settings(tmp_path, people.SECRET_KEY, replica_urls=(two.standby, away, two.primary))

    async def told() -> list[doctor.Finding]:
        return [one for one in await doctor.examine(given, two.primary) if one.part == "replica"]

    found = await told()
    monkeypatch.setattr(replicas, "MOST_LAG", 0.5)
    async with two.paused():
        await two.say("Not replayed", unheard=True)
        behind = (await told())[0]

    assert [one.level.name for one in found] == ["OK", "WARNING", "CRITICAL"]
    assert "follows within" in found[0].sentence
    assert "cannot be reached" in found[1].sentence
    assert "does not follow this database" in found[2].sentence
    assert (behind.level.name, "behind" in behind.sentence) == ("WARNING", True)


async def test_a_replica_that_ends_takes_nobody_with_it(two: Two, tmp_path: Path):
    with following(two.folder / "primary", tmp_path / "third") as (url, process):
        await db.connect(two.primary)
        try:
            async with running(two.primary, tmp_path / "data", replica_urls=(url,)) as program:
                await read_from(program)
                process.process.kill()
                for number in range(20):
                    program.answers.cache.store.clear()
                    assert await strapline(program), number
                await gone(program)
        finally:
            await db.disconnect()
