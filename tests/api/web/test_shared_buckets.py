"""Buckets that processes share: a real Valkey, and real servers that are asked one after the other."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from edge_server import ROOT, WHOLE, Server

from api.web.graphql.buckets import Buckets, Payer
from tests import builders, valkeys
from tests.api.caching.programs import running
from tests.valkeys import Valkey

shared = pytest.importorskip("api.web.graphql.shared", reason="the package valkey is not installed")

PER_MINUTE = 600
ASKED = '{"query": "{ a: articles(first: 100) { totalCount } }"}'
PAYER = Payer("address 203.0.113.0/24", PER_MINUTE)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    with valkeys.running(tmp_path) as found:
        yield found


@pytest.fixture
async def buckets(valkey: Valkey) -> AsyncIterator[Any]:
    made = shared.Shared(url=valkey.url, key=b"k" * 32)
    yield made
    await made.close()


def served(number: int, database: str, valkey: Valkey, folder: Path) -> Server:
    given = {
        "DATABASE_URL": database, "SECRET_KEY": "s" * 40, "DATA_DIR": str(folder), "VALKEY_URL": valkey.url,
        "COST_PER_MINUTE": str(PER_MINUTE), "CACHE_BYTES": "0", "LOG_FORMAT": "json",
    }  # fmt: skip
    return Server(folder / f"{number}.log", WHOLE, **given)


@pytest.fixture
async def two(database: str, valkey: Valkey, tmp_path: Path) -> AsyncIterator[list[Server]]:
    await builders.clinic()
    servers = [served(number, database, valkey, tmp_path) for number in range(2)]
    yield servers
    assert [server.stop() for server in servers] == [0, 0]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30, headers={"content-type": "application/json"}) as client:
        yield client


async def ask(client: httpx.AsyncClient, server: Server) -> httpx.Response:
    return await client.post(server.url + "/graphql", content=ASKED)


def cost_of(answer: httpx.Response) -> int:
    return int(answer.json()["extensions"]["cost"]["requested"])


def left(answer: httpx.Response) -> int:
    return int(answer.json()["extensions"]["cost"]["remaining"])


def events(server: Server) -> list[str]:
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    return [line["event"] for line in lines if line["event"].startswith("buckets")]


async def until(answers: Any, seconds: float = 10) -> None:
    for _ in range(int(seconds / 0.05)):
        if await answers():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_two_processes_pour_into_one_bucket_which_names_nobody(
    client: httpx.AsyncClient, two: list[Server], valkey: Valkey
):
    first = await ask(client, two[0])
    (key,) = valkey.keys()
    ends = int(valkey.said(f"PTTL {key}").decode().strip(":\r\n"))
    second = await ask(client, two[1])
    cost = cost_of(first)
    most = PER_MINUTE // cost
    answers = [await ask(client, two[number % 2]) for number in range(2 * most)]

    prefix, _, name = key.rpartition(":")
    assert (prefix, len(name), set(name) - set("0123456789abcdef")) == ("meridian:bucket", 32, set())
    assert 0 < ends <= 60_001
    assert left(second) < PER_MINUTE - cost
    taken = [answer for answer in answers if answer.status_code == 200]
    assert len(taken) < 2 * most
    refused = next(answer for answer in answers if answer.status_code != 200)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["extensions"]["code"]) == (429, "THROTTLED")
    assert [events(server) for server in two] == [[], []]


async def test_a_valkey_that_stops_changes_no_answer_and_is_used_again_when_it_is_back(
    client: httpx.AsyncClient, two: list[Server], valkey: Valkey
):
    cost = cost_of(await ask(client, two[0]))
    valkey.stop()

    answers = [await ask(client, two[number % 2]) for number in range(6)]

    assert {answer.status_code for answer in answers} == {200}
    assert left(answers[0]) < PER_MINUTE - cost, "what was poured before is remembered"
    assert left(answers[1]) == PER_MINUTE - cost, "each counts by itself"
    assert [events(server) for server in two] == [["buckets_not_shared"]] * 2
    valkey.start()

    async def both() -> bool:
        return all(events(server)[-1] == "buckets_shared_again" for server in two)

    await until(both)
    await ask(client, two[0])
    assert left(await ask(client, two[1])) < PER_MINUTE - cost


async def test_a_valkey_that_freezes_is_waited_for_once_and_not_by_each(
    client: httpx.AsyncClient, database: str, valkey: Valkey, tmp_path: Path
):
    await builders.clinic()
    server = served(0, database, valkey, tmp_path)
    await ask(client, server)
    valkey.freeze()
    took: list[float] = []
    try:
        for _ in range(25):
            began = time.perf_counter()
            answer = await ask(client, server)
            took.append(time.perf_counter() - began)
            assert answer.status_code in {200, 429}
            await asyncio.sleep(0.1)  # longer, in all, than it takes to ask again
    finally:
        valkey.thaw()
        assert server.stop() == 0

    assert took[0] >= shared.WITHIN
    assert sorted(took)[len(took) // 2] < shared.WITHIN
    assert events(server)[0] == "buckets_not_shared"
    assert events(server).count("buckets_not_shared") == 1


async def test_of_all_who_come_when_it_freezes_nobody_waits_for_longer(valkey: Valkey):
    valkey.freeze()
    waited: list[float] = []

    async def take(buckets: Any) -> None:
        began = time.perf_counter()
        await buckets.take(PAYER, 1)
        waited.append(time.perf_counter() - began)

    for _ in range(25):  # the client once lost the end of the time of one in a thousand
        buckets = shared.Shared(url=valkey.url, key=b"k" * 32)
        await asyncio.gather(*(take(buckets) for _ in range(100)))
        await buckets.close()

    assert len(waited) == 2_500
    assert shared.WITHIN <= min(waited) <= max(waited) < 10 * shared.WITHIN


async def test_who_comes_while_it_is_frozen_does_not_even_take_turns_with_others(buckets: Any, valkey: Valkey):
    await buckets.take(PAYER, 1)
    valkey.freeze()
    began = time.perf_counter()
    together = await asyncio.gather(*(buckets.take(PAYER, 1) for _ in range(100)))
    waited = time.perf_counter() - began

    for _ in range(12):
        with pytest.raises(StopIteration) as at_once:
            buckets.take(PAYER, 1).send(None)
        assert at_once.value.value.wait == 0
        await asyncio.sleep(0.1)  # meanwhile it is asked again, in vain
    valkey.thaw()

    assert shared.WITHIN <= waited < 10 * shared.WITHIN, "one after the other they would have waited 100 times"
    assert PER_MINUTE - 101 <= min(level.remaining for level in together) <= PER_MINUTE - 80


async def test_what_is_poured_leaks_by_the_clock_of_valkey(buckets: Any):
    full = await buckets.take(PAYER, PER_MINUTE)
    refused = await buckets.take(PAYER, 5)
    await asyncio.sleep(0.6)
    again = await buckets.take(PAYER, 5)

    assert (full.remaining, full.reset, full.wait) == (0, 60, 0)
    assert (refused.remaining, refused.wait) == (0, 1)
    assert (again.wait, again.remaining) == (0, 1)


async def test_what_was_spent_already_fills_the_bucket_and_no_more(buckets: Any):
    spent = await buckets.take(PAYER, 5 * PER_MINUTE, anyway=True)
    looked = [await buckets.take(PAYER, 0) for _ in range(2)]

    assert (spent.remaining, spent.wait) == (0, 0)
    assert [one.reset for one in looked] == [60, 60]


async def test_many_at_once_are_counted_each(buckets: Any):
    levels = await asyncio.gather(*(buckets.take(PAYER, 10) for _ in range(100)))

    assert 60 <= sum(not one.wait for one in levels) <= 62  # 600 fit; a little leaks meanwhile
    assert buckets._lost is None


async def test_only_the_first_of_many_who_ask_for_one_answer_is_charged(database: str, valkey: Valkey, tmp_path: Path):
    await builders.clinic()
    async with running(database, tmp_path, cost_per_minute=100, valkey_url=valkey.url) as program:
        answers = await asyncio.gather(*(program.post("{ articles(first: 100) { totalCount } }") for _ in range(60)))

    assert {answer.status_code for answer in answers} == {200}
    assert min(left(answer) for answer in answers) >= 100 - cost_of(answers[0])


async def test_it_says_what_the_buckets_of_one_process_say(buckets: Any):
    here = Buckets()
    for cost, anyway in ((0, False), (100, False), (PER_MINUTE, False), (300, False), (900, True), (1, False)):
        there, alone = await buckets.take(PAYER, cost, anyway=anyway), here.pour(PAYER, cost, anyway=anyway)
        assert abs(there.remaining - alone.remaining) <= 1
        assert abs(there.reset - alone.reset) <= 1
        assert abs(there.wait - alone.wait) <= 1


async def test_answers_that_came_too_late_are_nobody_elses(buckets: Any, valkey: Valkey):
    for number in range(20):
        await buckets.take(Payer(f"token {number}", 1_000), 10 * number)
    valkey.freeze()
    late = [await buckets.take(Payer(f"token {number}", 1_000), 0) for number in range(20)]
    valkey.thaw()

    async def found() -> bool:
        return buckets._lost is None

    await until(found)
    levels = await asyncio.gather(*(buckets.take(Payer(f"token {number}", 60), 0) for number in range(20, 40)))
    assert {level.remaining for level in levels} == {60}
    assert [round(level.remaining, -1) >= 1_000 - 10 * number for number, level in enumerate(late)] == [True] * 20


def test_without_the_setting_nothing_of_it_is_loaded():
    script = """
import sys
from api import app, settings
app.build(settings.read({"SECRET_KEY": "s" * 40, "DATA_DIR": sys.argv[1]}), "postgres://nobody@127.0.0.1:1/none")
print([name for name in sys.modules if name.partition(".")[0] == "valkey" or name.endswith("graphql.shared")])
"""
    told = subprocess.run(
        [sys.executable, "-c", script, str(ROOT / ".cache")], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == "[]"
