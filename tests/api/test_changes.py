import asyncio
from datetime import UTC, datetime

import pytest
from tortoise.transactions import in_transaction

from api.changes import DEADLINES, Change, ChangeKind, ChangeReason, record
from api.sql import Sql, rows


def change(name: str) -> Change:
    return Change(
        kind=ChangeKind.UPSERT,
        reason=ChangeReason.UPDATED,
        at=datetime.now(UTC),
        article_id="art_1",
        slug=name,
        url=f"https://clinic.example/articles/{name}",
    )


@pytest.mark.parametrize("each", [12, pytest.param(625, marks=pytest.mark.soak)])
async def test_a_reader_of_the_log_misses_nothing_while_eight_write(database, each):
    """Whoever reads `id > last` while others write sees every entry once, in the order of the ids."""
    writers = 8
    finished = asyncio.Event()

    async def write(writer: int) -> None:
        for number in range(each):
            async with in_transaction() as transaction:
                await rows(Sql("SELECT pg_sleep(0.002)"))
                await record(change(f"w{writer}-{number}"), transaction)

    async def read() -> list[int]:
        seen: list[int] = []
        while True:
            was_finished = finished.is_set()
            newer = await Change.filter(id__gt=seen[-1] if seen else 0).order_by("id").values_list("id", flat=True)
            seen.extend(newer)
            if was_finished and not newer:
                return seen

    reading = asyncio.create_task(read())
    await asyncio.gather(*(write(writer) for writer in range(writers)))
    finished.set()
    seen = await reading
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == writers * each
    assert set(seen) == set(await Change.all().values_list("id", flat=True))
    slugs = await Change.all().order_by("id").values_list("slug", flat=True)
    for writer in range(writers):
        assert [slug for slug in slugs if slug.startswith(f"w{writer}-")] == [f"w{writer}-{n}" for n in range(each)]


async def test_an_entry_is_not_there_when_its_transaction_fails(database):
    with pytest.raises(RuntimeError, match="after"):
        await _record_and_fail()
    assert await Change.all().count() == 0


async def test_what_endangers_somebody_must_be_acknowledged_within_a_day():
    assert {name: limit.total_seconds() / 3600 for name, limit in DEADLINES.items()} == {"SAFETY": 24, "ROUTINE": 168}


async def _record_and_fail() -> None:
    async with in_transaction() as transaction:
        await record(change("lost"), transaction)
        raise RuntimeError("after")
