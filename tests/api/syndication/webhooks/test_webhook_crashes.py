"""Every change reaches every address at least once, under one id, though the worker is killed again and again."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from api.syndication.webhooks.models import Delivery, DeliveryState
from tests import builders
from tests.couriers import change
from tests.receiving import Receiver, status
from tests.workers import Workers


async def settled(until: Callable[[int], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not until(await Delivery.filter(state=DeliveryState.DELIVERED).count()):  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.2)


@dataclass(frozen=True)
class Round:
    addresses: int
    entries: int
    kills: int
    seconds: float

    @property
    def wanted(self) -> int:
        return self.addresses * self.entries


async def answer_soon(writer: asyncio.StreamWriter) -> None:
    """Take a moment, so that a worker that is killed has something under way."""
    await asyncio.sleep(0.02)
    await status(200)(writer)


async def kill_often(workers: Workers, receiver: Receiver, tried: Round) -> None:
    """Kill a worker in the middle of its work, again and again."""
    for number in range(tried.kills):
        await receiver.until(tried.wanted * number // (tried.kills + 1) + 1, tried.seconds)
        await workers.kill()
        await workers.start()


async def test_a_worker_that_is_told_to_end_while_it_starts_ends_well(database, tmp_path):
    workers = Workers(database, tmp_path)
    await workers.start()
    await workers.end()
    assert b"Traceback" not in (tmp_path / "worker.log").read_bytes()


@pytest.mark.parametrize(
    "tried", [Round(20, 10, 3, 90), pytest.param(Round(50, 200, 25, 1_500), marks=pytest.mark.soak)]
)
async def test_every_delivery_arrives_under_one_id_through_kills(database, receiver: Receiver, tmp_path, tried: Round):
    for number in range(tried.addresses):
        receiver.answers[f"/{number}"] = answer_soon
        await builders.webhook(receiver.url(f"/{number}"))
    workers = Workers(database, tmp_path)
    try:
        await workers.start()
        await workers.start()
        killing = asyncio.create_task(kill_often(workers, receiver, tried))
        for number in range(tried.entries):
            await change(article=f"art_{number % 7:026d}")
        await settled(lambda done: done == tried.wanted, tried.seconds)
        await killing
    finally:
        await workers.end()

    assert workers.killed == tried.kills
    told = await Delivery.all()
    assert len({(each.webhook_id, each.change_id) for each in told}) == len(told) == tried.wanted
    assert {each.id for each in told} == set(receiver.counted())
    for number in range(tried.addresses):
        assert len({message.said["data"]["cursor"] for message in receiver.of(f"/{number}")}) == tried.entries
    assert b"Traceback" not in (tmp_path / "worker.log").read_bytes()
    logging.getLogger(__name__).warning(
        "%s deliveries, %s messages, %s kills", tried.wanted, len(receiver.messages), workers.killed
    )
