"""The time that an operation has holds around its plan, and its answer tells in which way it was made."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import asyncpg
import httpx
import pytest
from graphql import parse

from api import database as db
from api.accounts.viewer import ANONYMOUS
from api.errors import TooLong, Unavailable
from api.readers import Readers
from api.web.graphql.execution import Execution
from api.web.graphql.limits import Limits
from api.web.metrics import Metrics
from schema.plan import Plans
from schema.root import schema
from tests import builders
from tests.api.web import small_clinic
from tests.schema.plan.planned import both

Plan = Callable[..., Awaitable[bytes | None]]


def client(plan: Plan, metrics: Metrics | None = None, **limits: float) -> httpx.AsyncClient:
    endpoint = small_clinic.graphql(anonymous_limits=Limits(**limits))  # type: ignore[arg-type] # seconds
    execution = Execution(small_clinic.SCHEMA, lambda asker: asker, db.patience.set, plan=plan)  # type: ignore[arg-type] # as above
    return small_clinic.connect(replace(endpoint, execution=execution), metrics=metrics)


async def test_a_plan_has_no_more_time_than_one_statement(database: str):
    readers = Readers(database)
    await readers.open()

    async def endless(*_: object) -> bytes:
        return await readers.fetch("SELECT pg_sleep(60)::text::json", [])

    began = time.monotonic()
    async with client(endless, statement_seconds=0.2) as asking:
        answer = await asking.post("/graphql", json={"query": "{ hello }"})

    assert time.monotonic() - began < 5
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert await readers.fetch("SELECT '[1]'::json", []) == b"[1]"
    await readers.close()


async def test_those_who_wait_their_turn_have_no_more_time_either(database: str):
    readers = Readers(database, most=1)
    await readers.open()
    told = db.patience.set(0.3)

    found = await asyncio.gather(
        *(readers.fetch("SELECT pg_sleep(60)::text::json", []) for _ in range(3)), return_exceptions=True
    )

    assert [type(each) for each in found] == [TooLong] * 3
    assert await readers.fetch("SELECT '[1]'::json", []) == b"[1]"
    db.patience.reset(told)
    await readers.close()


@pytest.mark.parametrize("fault", [TooLong(), asyncpg.QueryCanceledError("canceling statement due to timeout")])
async def test_a_statement_that_was_ended_is_our_fault_and_worth_another_try(fault: Exception):
    async def ended(*_: object) -> bytes:
        raise fault

    plans = Plans(schema._schema, ended, site="https://clinic.example", cursor_key=b"k" * 32)

    async def plan(*_: object) -> bytes | None:
        document = parse("{ clinic { name } }")
        return await plans.answer(document, document.definitions[0], {}, ANONYMOUS)  # type: ignore[arg-type]

    async with client(plan) as asking:
        answer = await asking.post("/graphql", json={"query": "{ hello }"})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["errors"] == [
        {
            "message": "Looking this up took too long: ask for less, or try again shortly.",
            "extensions": {"code": "UNAVAILABLE"},
        }
    ]


async def test_who_has_waited_longest_is_served_before_who_has_only_just_come(database: str):
    readers, order = Readers(database, most=1), list[str]()
    await readers.open()

    async def ask(who: str, times: int = 1) -> None:
        for _ in range(times):
            await readers.fetch("SELECT '[1]'::json", [])
            order.append(who)

    await asyncio.gather(ask("greedy", 20), ask("patient"))

    assert order.index("patient") <= 1
    await readers.close()


async def test_who_waits_when_the_readers_are_closed_is_told_at_once(database: str):
    readers = Readers(database, most=1)
    await readers.open()
    waiting = [asyncio.create_task(readers.fetch("SELECT pg_sleep(0.3)::text::json", [])) for _ in range(3)]
    await asyncio.sleep(0.1)

    await readers.close()
    found = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(each) for each in found[1:]] == [Unavailable] * 2


async def test_what_a_plan_took_is_gone_from_the_time_of_the_resolvers():
    async def late(*_: object) -> None:
        await asyncio.sleep(0.4)

    async with client(late, seconds=1.0) as asking:
        answer = await asking.post("/graphql", json={"query": "{ unhurried }"})  # takes a second by itself

    assert answer.status_code == 503


async def test_the_answer_and_the_counts_tell_in_which_way_it_was_made():
    async def planned(document: object, operation: object, variables: dict[str, bool], _viewer: object) -> bytes | None:
        return b'{"hello":"planned"}' if variables.get("short") else None

    metrics = Metrics()
    document = "query ($short: Boolean!) { hello @skip(if: $short) }"
    async with client(planned, metrics) as asking:
        told = []
        for short in (True, False):
            answer = await asking.post("/graphql", json={"query": document, "variables": {"short": short}})
            told.append((answer.headers["server-timing"], answer.json()["data"]["hello"] == "planned"))
        counted = (await asking.get("/metrics")).text

    assert told == [("cold", True), ("fallback", False)]
    for temperature in ("cold", "fallback"):
        labels = f'kind="query",method="POST",status="200",temperature="{temperature}"'
        assert f"meridian_requests_total{{{labels}}} 1.0" in counted


@pytest.mark.parametrize(
    "mutation",
    [
        "mutation { submitComment(input: {}) { userErrors { code } } }",
        "mutation { __typename }",
    ],
)
async def test_a_mutation_is_never_planned(database: str, mutation: str):
    await builders.clinic()
    async with both(database) as pair:
        assert await pair.unchecked(mutation) is None
        assert pair.sent == []
