"""Whose document is read next."""

import asyncio
import time
from hashlib import sha256

import pytest
import small_clinic

from api.web.graphql import turns
from api.web.graphql.buckets import Payer
from api.web.graphql.turns import TooManyDocuments, Turns

DEAR = 0.03


async def read(queue: Turns, who: str, order: list[str], seconds: float = 0.0) -> None:
    """Read a document that keeps the loop for so long."""
    async with queue.turn(who):
        time.sleep(seconds)  # noqa: ASYNC251 - as reading does
        order.append(who)


async def test_who_sends_one_is_not_behind_all_of_who_sends_many():
    queue, order = Turns(most_of_one=30), []

    async with asyncio.TaskGroup() as all_at_once:
        for who in ["many"] * 20 + ["one", "another"]:
            all_at_once.create_task(read(queue, who, order))

    assert order[:4] == ["many", "many", "one", "another"]
    assert order[4:] == ["many"] * 18


async def test_the_documents_of_one_are_read_in_the_order_in_which_they_came():
    queue, order = Turns(most_of_one=30), []

    async def numbered(number: int) -> None:
        async with queue.turn("one"):
            order.append(number)

    await asyncio.gather(*map(numbered, range(30)))

    assert order == list(range(30))


async def test_dear_documents_leave_the_loop_to_everything_else_for_half_of_the_time():
    queue, order = Turns(), []
    reading = asyncio.gather(*(read(queue, f"attacker {number}", order, DEAR) for number in range(8)))
    turns_between, longest, before = 0, 0.0, time.perf_counter()

    while not reading.done():
        await asyncio.sleep(0)
        now = time.perf_counter()
        turns_between, longest, before = turns_between + 1, max(longest, now - before), now

    assert len(order) == 8
    assert turns_between >= 100
    assert longest < 2 * DEAR  # never two in a row


async def test_who_went_away_while_waiting_is_passed_over():
    queue, order = Turns(), []
    first = asyncio.create_task(read(queue, "first", order, DEAR))
    leaving = asyncio.create_task(read(queue, "leaving", order))
    last = asyncio.create_task(read(queue, "last", order))
    await asyncio.sleep(0)

    leaving.cancel()
    await asyncio.gather(first, last)

    assert order == ["first", "last"]
    assert len(queue) == 0


async def test_who_goes_away_just_when_it_is_called_hands_its_turn_on():
    queue, order = Turns(), []
    async with queue.turn("first"):
        leaving = asyncio.create_task(read(queue, "leaving", order))
        last = asyncio.create_task(read(queue, "last", order))
        await asyncio.sleep(0)
    queue._next()  # called now
    leaving.cancel()
    async with asyncio.timeout(1):
        await last

    assert order == ["last"]


async def test_one_who_sends_too_many_is_refused_and_nobody_else():
    queue, order = Turns(most_of_one=2), []

    async with asyncio.TaskGroup() as waiting, queue.turn("first"):
        for who in ("flood", "flood", "other"):
            waiting.create_task(read(queue, who, order))
        await asyncio.sleep(0)
        with pytest.raises(TooManyDocuments, match=r"^Too many new documents are waiting"):
            await read(queue, "flood", order)

    assert order == ["flood", "other", "flood"]


async def test_all_that_wait_are_bounded():
    queue, order = Turns(most=2), []

    async with asyncio.TaskGroup() as waiting, queue.turn("first"):
        for who in ("a", "b"):
            waiting.create_task(read(queue, who, order))
        await asyncio.sleep(0)
        with pytest.raises(TooManyDocuments):
            await read(queue, "c", order)

    assert order == ["a", "b"]


async def test_where_all_places_are_taken_the_newest_of_who_has_most_makes_room():
    queue, order = Turns(most=3), []

    async with queue.turn("first"):
        flood = [asyncio.create_task(read(queue, "flood", order)) for _ in range(3)]
        await asyncio.sleep(0)
        other = asyncio.create_task(read(queue, "other", order))
        await asyncio.sleep(0)
    found = await asyncio.gather(*flood, other, return_exceptions=True)

    assert [type(each) for each in found] == [type(None), type(None), TooManyDocuments, type(None)]
    assert order == ["flood", "other", "flood"]
    assert len(queue) == 0


async def test_committed_documents_wait_for_nobody():
    text = "{ hello }"
    endpoint = small_clinic.graphql(turns=Turns(most=0))
    endpoint.documents.committed = frozenset({sha256(text.encode()).hexdigest()})

    async with small_clinic.connect(endpoint) as client, endpoint.turns.turn("somebody"):
        committed = await client.post("/graphql", json={"query": text})

    assert committed.status_code == 200


async def test_what_waits_for_too_long_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "SECONDS", 0.02)
    queue, order = Turns(), []

    async with queue.turn("first"):
        with pytest.raises(TooManyDocuments):
            await read(queue, "second", order)
    monkeypatch.undo()
    await read(queue, "third", order)

    assert order == ["third"]


async def test_an_editor_is_answered_before_most_of_a_flood_of_new_documents():
    endpoint = small_clinic.graphql(
        quota=lambda viewer: Payer(viewer.name, 10**9) if viewer.is_authenticated else None, turns=Turns(most_of_one=30)
    )
    answered: list[str] = []

    async with small_clinic.connect(endpoint) as client:

        async def send(who: str, number: int, **headers: str) -> None:
            query = f"{{ a{number}: hello node {{ {'name ' * 90} }} }}"
            answer = await client.post("/graphql", json={"query": query}, headers=headers)
            assert "errors" not in answer.json()
            answered.append(who)

        flood = [send("flood", number) for number in range(20)]
        await asyncio.gather(*flood, send("editor", 99, Authorization="Bearer mrd_1_editor"))

    assert answered.index("editor") <= 3


async def test_too_many_new_documents_are_told_to_come_again():
    endpoint = small_clinic.graphql(turns=Turns(most_of_one=1))

    async with small_clinic.connect(endpoint) as client:
        asking = [client.post("/graphql", json={"query": f"{{ a{number}: hello }}"}) for number in range(6)]
        answers = await asyncio.gather(*asking)

    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert len(refused) < 6
    assert refused[0].headers["retry-after"] == "2"
    assert refused[0].json()["errors"][0] == {
        "message": "Too many new documents are waiting to be read: try again shortly.",
        "extensions": {"code": "UNAVAILABLE"},
    }
