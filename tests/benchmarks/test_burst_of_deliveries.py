"""What one delivery costs: statements, and milliseconds of this process's CPU, the receiver's included."""

import logging
import time

import pytest

from api.syndication.webhooks import outbox
from api.syndication.webhooks.models import Delivery, DeliveryState
from tests import builders
from tests.asking import Statements
from tests.couriers import change, courier
from tests.receiving import receiving

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(("addresses", "entries"), [(2, 10), pytest.param(20, 100, marks=pytest.mark.soak)])
async def test_a_burst_is_sent_with_two_statements_and_one_transaction_for_each_delivery(addresses: int, entries: int):
    async with receiving() as receiver:
        for number in range(addresses):
            await builders.webhook(receiver.url(f"/{number}"), of=await builders.partner())
        for _ in range(entries):
            await change()
        await outbox.fan_out(entries)
        taking, began, worked = courier(), time.monotonic(), time.process_time()
        with Statements() as sent:
            await taking.turn()
            await taking.settle()
        seconds, cpu = time.monotonic() - began, time.process_time() - worked
    count = addresses * entries
    assert await Delivery.filter(state=DeliveryState.DELIVERED).count() == count == len(receiver.messages)
    figures = "%s deliveries to %s addresses: %.0f a second, %.1f ms of CPU and %.1f statements each"
    said = (count, addresses, count / seconds, cpu / count * 1000, len(sent) / count)
    logging.getLogger(__name__).warning(figures, *said)
    assert len([each for each in sent.sent if "WITH held" in each]) == count + addresses
    assert len([each for each in sent.sent if "WITH told" in each]) == count
    assert len(sent) <= 3 * count + 5 * addresses
