"""One statement takes as long as its asker may take, and is then ended in the server too."""

import asyncio

import pytest
from tortoise.transactions import in_transaction

from api import database as db
from api.errors import TooLong
from api.readers import Readers
from api.sql import Sql, rows, sql

RUNNING = "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'"


@pytest.fixture(autouse=True)
def short(database):
    told = db.patience.set(0.3)
    yield
    db.patience.reset(told)


async def test_a_statement_that_takes_too_long_is_ended():
    with pytest.raises(TooLong, match="Looking this up took too long: ask for less"):
        await rows(Sql("SELECT pg_sleep(20)"))

    assert (await rows(Sql(RUNNING)))[0]["n"] == 0


async def test_within_a_transaction_too_and_the_connection_is_well_afterwards():
    with pytest.raises(TooLong):
        async with in_transaction():
            await rows(Sql("SELECT pg_sleep(20)"))

    assert [row["n"] for row in await asyncio.gather(*(one(n) for n in range(3)))] == [0, 1, 2]


async def test_a_read_of_a_whole_answer_that_takes_too_long_is_ended_too(database):
    readers = Readers(database)
    await readers.open()
    with pytest.raises(TooLong):
        await readers.fetch("SELECT pg_sleep(20)::text::json", [])
    assert await readers.fetch("SELECT '[1]'::json", []) == b"[1]"
    await readers.close()


async def one(number: int) -> dict[str, int]:
    return dict((await rows(sql("SELECT ?::int AS n", number)))[0])


async def test_without_an_asker_the_servers_own_guard_holds():
    db.patience.set(None)

    assert (await rows(Sql("SHOW statement_timeout")))[0]["statement_timeout"] == "10s"
