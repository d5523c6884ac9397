"""Readers are counted by day, and nobody is known: what lets one be recognised goes when the day is counted."""

import asyncio
import hashlib
import hmac
import subprocess
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from api import database as db
from api import postgres, views
from api.errors import Invalid
from api.publishing import erasing
from api.publishing.acting import Acting
from api.views import ViewCount
from tests import builders
from tests.asking import SITE

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)


def key(salt: str, reader: str, slug: str = "sleep") -> str:
    digest = hmac.new(salt.encode(), f"{reader}\n{slug}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


async def saw(slug: str, *readers: str, now: datetime = NOON) -> int:
    salt = (await views.day(from_site=True, now=now)).salt
    return await views.record(
        now.date(), [views.Seen(slug, [key(salt, reader, slug) for reader in readers])], from_site=True, now=now
    )


async def test_a_thousand_views_by_a_hundred_visitors_are_a_hundred(database):
    article = await builders.live("Sleep", slug="sleep")
    readers = [f"192.0.2.{number % 100}" for number in range(1000)]
    batches = [readers[start : start + 50] for start in range(0, 1000, 50)]
    await views.day(from_site=True, now=NOON)
    recorded = await asyncio.gather(*(saw("sleep", *batch) for batch in batches))  # several site processes at once
    assert sum(recorded) == 100
    assert await views.totals([article.id]) == [0]  # the day is not over
    assert await views.count_days(TOMORROW) == 1
    assert await views.totals([article.id]) == [100]


async def test_a_visitor_counts_again_on_the_next_day_and_for_another_article(database):
    first, second = await builders.live("Sleep", slug="sleep"), await builders.live("Walking", slug="walking")
    assert [await saw("sleep", "a"), await saw("sleep", "a"), await saw("walking", "a")] == [1, 0, 1]
    assert await saw("sleep", "a", now=TOMORROW) == 1
    assert await views.count_days(TOMORROW + timedelta(days=1)) == 2
    assert await views.totals([first.id, second.id]) == [2, 1]
    days = await views.by_day(first.id, 10)
    assert [(row.day, row.views) for row in days] == [(date(2026, 3, 5), 1), (date(2026, 3, 4), 1)]


async def test_two_workers_count_a_day_once(database):
    article = await builders.live("Sleep", slug="sleep")
    await saw("sleep", "a", "b", "c")
    assert sorted(await asyncio.gather(*(views.count_days(TOMORROW) for _ in range(4)))) == [0, 0, 0, 1]
    assert await views.totals([article.id]) == [3]


async def test_every_process_of_the_site_is_given_one_salt(database):
    days = await asyncio.gather(*(views.day(from_site=True, now=NOON) for _ in range(8)))
    assert len({day.salt for day in days}) == 1
    assert days[0].until == datetime(2026, 3, 5, tzinfo=UTC)
    assert (await views.day(from_site=True, now=TOMORROW)).salt != days[0].salt


async def test_nobody_else_is_given_the_salt_or_counted(database):
    await builders.live("Sleep", slug="sleep")
    with pytest.raises(views.OnlyTheSite):
        await views.day(from_site=False, now=NOON)
    with pytest.raises(views.OnlyTheSite):
        await views.record(NOON.date(), [], from_site=False, now=NOON)
    assert await views.count_days(TOMORROW) == 0


async def test_what_readers_do_not_see_is_not_counted(database):
    await builders.draft("Sleep", slug="sleep")
    assert await saw("sleep", "a") == 0
    assert await saw("nothing-here", "a") == 0


async def test_views_of_a_day_that_is_counted_come_too_late(database):
    article = await builders.live("Sleep", slug="sleep")
    salt = (await views.day(from_site=True, now=NOON)).salt
    just_after = datetime(2026, 3, 5, 0, 5, tzinfo=UTC)
    told = [views.Seen("sleep", [key(salt, "a")])]
    assert await views.count_days(just_after) == 0  # what is on its way may still come
    assert await views.record(NOON.date(), told, from_site=True, now=just_after) == 1
    assert await views.count_days(TOMORROW) == 1
    assert await views.record(NOON.date(), told, from_site=True, now=TOMORROW) == 0
    assert await views.totals([article.id]) == [1]


async def test_what_is_no_key_is_refused_and_nothing_is_kept(database):
    await builders.live("Sleep", slug="sleep")
    await views.day(from_site=True, now=NOON)
    for keys, sentence in ((["192.0.2.1"], "22 characters"), (["a" * 22] * 1001, "up to 1,000")):
        with pytest.raises(Invalid, match=sentence):
            await views.record(NOON.date(), [views.Seen("sleep", keys)], from_site=True, now=NOON)
    assert await views.count_days(TOMORROW) == 1
    assert await ViewCount.all().count() == 0


async def test_yesterdays_keys_cannot_be_computed_again_and_no_dump_ever_has_them(database):
    await builders.live("Sleep", slug="sleep")
    salt, readers = (await views.day(from_site=True, now=NOON)).salt, ["192.0.2.7 Mozilla/5.0 (canary)"]
    await saw("sleep", *readers)
    made = key(salt, readers[0])
    assert await every_row_has(database, made, salt)
    assert not dumped_has(database, made, salt, "192.0.2.7", "canary")  # unlogged: not in a dump of the day itself
    await views.count_days(TOMORROW)
    assert not await every_row_has(database, made, salt, "192.0.2.7", "canary")
    assert not dumped_has(database, made, salt, "192.0.2.7", "canary")


async def test_an_article_that_is_erased_takes_its_counts_along(database):
    article = await builders.live("Sleep", slug="sleep")
    await saw("sleep", "a")
    await views.count_days(TOMORROW)
    await erasing.erase(article.id, None, erasing.EraseReason.LEGAL, Acting(SITE))
    assert await ViewCount.all().count() == 0


async def every_row_has(url: str, *texts: str) -> bool:
    connection = await asyncpg.connect(**db.credentials(url))
    tables = await connection.fetch(TABLES)
    rows = [str(row) for table in tables for row in await connection.fetch(f'SELECT * FROM "{table["relname"]}"')]
    await connection.close()
    return any(text in row for row in rows for text in texts)


def dumped_has(url: str, *texts: str) -> bool:
    known = db.credentials(url)
    dump = subprocess.run(
        [
            str(postgres.binaries() / "pg_dump"), "-h", known["host"], "-U", known["user"], "-d", known["database"],
            "--no-unlogged-table-data",
        ],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "COPY public.view_count" in dump
    return any(text in dump for text in texts)
