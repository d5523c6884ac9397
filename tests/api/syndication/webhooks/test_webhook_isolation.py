"""Partners that misbehave in every way delay nobody else: from the entry of the log to the other's machine in time."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from api.syndication.webhooks.delivering import Courier
from api.syndication.webhooks.models import Delivery, DeliveryState
from tests import builders
from tests.couriers import change, courier
from tests.receiving import Receiver, hang, in_turn, pour, reset, status

BAD = {
    "/hangs": hang, "/resets": reset, "/redirects": status(302, Location="/elsewhere"), "/pours": pour,
    "/fails": status(500), "/mixed": in_turn(reset, status(500), hang),
}  # fmt: skip
GOOD = [f"/good{number}" for number in range(5)]
PACE = 0.25  # seconds between two turns of the worker


async def turning(taking: Courier, until: Callable[[], bool]) -> None:
    """Call the courier as the worker does."""
    while not until():
        await taking.turn()
        await asyncio.sleep(PACE)


@pytest.mark.parametrize(("entries", "apart"), [(10, 0.4), pytest.param(400, 0.5, marks=pytest.mark.soak)])
async def test_one_bad_partner_of_each_kind_delays_no_other(database, receiver: Receiver, entries: int, apart: float):
    clock = asyncio.get_running_loop().time
    for path, answer in BAD.items():
        receiver.answers[path] = answer
        await builders.webhook(receiver.url(path), of=await builders.partner())
    for path in GOOD:
        await builders.webhook(receiver.url(path), of=await builders.partner())
    taking = courier(seconds=5)
    written: list[float] = []

    async def write() -> None:
        for _ in range(entries):
            await change()
            written.append(clock())
            await asyncio.sleep(apart)

    await asyncio.gather(
        write(), turning(taking, lambda: all(len(receiver.of(path)) == entries for path in GOOD))
    )  # fmt: skip

    await taking.end()
    waited = sorted(
        message.at - written[place] for path in GOOD for place, message in enumerate(receiver.of(path))
    )  # fmt: skip
    p50, p99 = (waited[int(len(waited) * part)] for part in (0.5, 0.99))
    figures = "%s deliveries beside %s bad addresses: p50 %.2f s, p99 %.2f s, longest %.2f s"
    logging.getLogger(__name__).warning(figures, len(waited), len(BAD), p50, p99, waited[-1])
    assert p99 <= 2
    assert receiver.of("/elsewhere") == []
    assert await Delivery.filter(state=DeliveryState.DELIVERED).count() >= entries * len(GOOD)
