"""What is charged, what is left, and what whoever asks for too much is told."""

import gc
import hmac
import time
from hashlib import sha256
from typing import Any

import httpx
import pytest
from small_clinic import DONE, KEY, graphql
from small_clinic import connect as small

from api.accounts.viewer import ANONYMOUS, PartnerGrant, Viewer
from api.askers import payer
from api.web.graphql import Limits, Payer
from api.web.graphql.bills import Bill
from api.web.graphql.buckets import Buckets, Level

EDITOR = {"authorization": "Bearer mrd_1_editor"}
ME = Payer("me", 600)


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_bucket_takes_a_minutes_worth_and_empties_with_time(clock: Clock):
    buckets = Buckets(now=clock)

    assert buckets.pour(ME, 400) == Level(600, 200, 40)
    assert buckets.pour(ME, 300) == Level(600, 200, 40, wait=10)
    clock.time = 10
    assert buckets.pour(ME, 300) == Level(600, 0, 60)
    clock.time = 100
    assert buckets.pour(ME, 1) == Level(600, 599, 1)


def test_everybody_has_a_bucket_of_their_own_and_the_least_recent_is_forgotten():
    buckets = Buckets(most=100)
    for number in range(1_000):
        buckets.pour(Payer(str(number), 600), 600)

    assert len(buckets) == 100
    assert buckets.pour(Payer("999", 600), 100).wait > 0
    assert buckets.pour(Payer("0", 600), 100).wait == 0


def test_whoever_has_a_document_read_does_not_pay_for_what_others_left_behind():
    looked: list[str] = []
    watching = lambda phase, _found: looked.append(phase)  # noqa: E731 - one line to be taken out again
    gc.callbacks.append(watching)
    try:
        with Bill(Limits(), Buckets(), None).reading():
            kept = [[number] for number in range(100_000)]
            meanwhile = tuple(looked)
        assert len(kept) == 100_000
        assert meanwhile == ()
        assert gc.isenabled()
    finally:
        gc.callbacks.remove(watching)


def connect(clock: Clock, **changed: Any) -> httpx.AsyncClient:
    return small(graphql(buckets=Buckets(now=clock), **changed))


async def test_an_answer_tells_what_was_asked_and_what_is_left(clock: Clock):
    async with connect(clock) as client:
        answer = await client.post("/graphql", json={"query": "{ node { children(first: 10) { name } } }"})

    assert answer.json()["extensions"] == {
        "cost": {"requested": 14, "limit": 5_000, "perMinute": 50_000, "remaining": 49_986, "resetSeconds": 1}
    }
    assert answer.headers["ratelimit-policy"] == '"cost";q=50000;w=60'
    assert answer.headers["ratelimit"] == '"cost";r=49986;t=1'


async def test_an_answer_for_everybody_says_only_what_is_the_same_for_everybody(clock: Clock):
    async with connect(clock) as client:
        first = await client.get("/graphql", params={"query": "{ hello }"})
        second = await client.get("/graphql", params={"query": "{ hello }"})

    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert first.json()["extensions"] == {
        "cost": {"requested": 1, "limit": 5_000, "perMinute": None, "remaining": None, "resetSeconds": None}
    }
    assert second.headers["ratelimit"] == '"cost";r=49998;t=1'


async def test_the_cost_of_one_document_is_limited(clock: Clock):
    query = "{ node { children(first: 100) { children(first: 100) { name } } } }"
    async with connect(clock, anonymous_limits=Limits(cost=500)) as client:
        refused = await client.post("/graphql", json={"query": query})
        allowed = await client.post("/graphql", json={"query": query}, headers=EDITOR)

    (error,) = refused.json()["errors"]
    assert error["message"] == "This document has 12,202 cost; without a token at most 500 are allowed."
    assert error["extensions"] == {"code": "COST_LIMIT_EXCEEDED", "limit": "cost", "maximum": 500, "asked": 12_202}
    assert refused.json()["extensions"]["cost"]["requested"] == 12_202
    assert allowed.json()["extensions"]["cost"]["limit"] == 50_000
    assert "errors" not in allowed.json()


async def test_who_asks_for_too_much_in_a_minute_waits(clock: Clock):
    DONE.clear()
    mutation = {"query": 'mutation { rename(to: "x") }'}
    async with connect(clock, per_minute=60) as client:
        await client.post("/graphql", json=mutation)
        for _ in range(59):
            await client.post("/graphql", json={"query": "{ hello }"})
        refused = await client.post("/graphql", json=mutation)
        clock.time = 1
        again = await client.post("/graphql", json={"query": "{ hello }"})

    (error,) = refused.json()["errors"]
    assert (refused.status_code, refused.headers["retry-after"], len(DONE)) == (429, "1", 1)
    assert error["message"] == (
        "This costs 1, and 0 of the 60 that you may ask for in a minute without a token are left: "
        "try again in 1 seconds."
    )
    assert error["extensions"] == {
        "code": "THROTTLED", "limit": "cost per minute", "maximum": 60, "asked": 1, "retryAfterSeconds": 1,
    }  # fmt: skip
    assert again.status_code == 200


async def test_no_limit_a_minute_when_it_is_lifted(clock: Clock):
    async with connect(clock, per_minute=0) as client:
        answers = [await client.post("/graphql", json={"query": "{ hello }"}) for _ in range(100)]

    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers
    assert answers[0].json()["extensions"]["cost"]["perMinute"] is None


def signed(body: bytes, address: str = "203.0.113.7") -> dict[str, str]:
    moment = str(int(time.time()))
    told = f"{moment}\n{address}\nPOST\n/graphql\n{sha256(body).hexdigest()}"
    signature = hmac.new(KEY, told.encode(), sha256).hexdigest()
    return {"meridian-site": f"t={moment},ip={address},v1={signature}", "content-type": "application/json"}


async def test_the_site_reads_without_a_limit_and_writes_at_its_readers_charge(clock: Clock):
    DONE.clear()
    read, write = b'{"query":"{ hello }"}', b'{"query":"mutation { rename(to: \\"x\\") }"}'
    async with connect(clock, per_minute=3) as client:
        reads = [await client.post("/graphql", content=read, headers=signed(read)) for _ in range(10)]
        writes = [await client.post("/graphql", content=write, headers=signed(write)) for _ in range(5)]

    assert {answer.status_code for answer in reads} == {200}
    assert [answer.status_code for answer in writes] == [200, 200, 200, 429, 429]
    assert len(DONE) == 3


def test_a_token_has_a_bucket_of_its_own_and_a_partner_the_size_agreed():
    grant = PartnerGrant("prt_1", full_text=True, topics=frozenset(), quota=7_000, sandbox=False)

    assert payer(50_000, ANONYMOUS) is None
    assert payer(50_000, Viewer("mbr_1", token="tok_1")) == Payer("token tok_1", 2_000_000)
    assert payer(50_000, Viewer(partner=grant)) == Payer("partner prt_1", 7_000)


async def test_reading_a_costly_document_is_charged_though_it_is_refused(clock: Clock):
    query = "{" + " ".join(["node { child { name } }"] * 19) + "}"
    async with connect(clock, anonymous_limits=Limits(tokens=4_000, root_fields=1_000)) as client:
        await client.post("/graphql", json={"query": "{" + "node { child { child { name } } } " * 300 + "}"})
        answer = await client.post("/graphql", json={"query": query})

    assert answer.json()["extensions"]["cost"]["remaining"] < 49_950


async def test_an_introspection_is_worked_out_once(clock: Clock):
    endpoint = graphql(buckets=Buckets(now=clock))
    async with small(endpoint) as client:
        first = await client.get("/graphql", params={"query": "{ __schema { types { name } } }"})
        again = await client.get("/graphql", params={"query": "{ __schema { types { name } } }"})

    assert len(endpoint.introspection._kept) == 1
    assert first.content == again.content
