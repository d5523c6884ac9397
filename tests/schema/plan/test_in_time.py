"""The time that an operation has holds around its plan, and its answer tells in which way it was made."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from api import database as db
from api.errors import TooLong
from api.readers import Readers
from api.web.graphql.execution import Execution
from api.web.graphql.limits import Limits
from api.web.metrics import Metrics
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
