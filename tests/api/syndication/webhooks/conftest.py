"""Somebody else's machine, for every test of webhooks."""

from collections.abc import AsyncIterator

import pytest

from tests.receiving import Receiver, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening
