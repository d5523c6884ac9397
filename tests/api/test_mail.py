"""The outbox: letters are kept with what they tell of, handed over outside of transactions, once, and tried again."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from post_office import SENDER, PostOffice, open_office
from tortoise.transactions import in_transaction

from api import mail
from api.mail import Letter
from api.settings import MailServer

pytestmark = pytest.mark.usefixtures("database")
TO = "ada@clinic.example"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with open_office() as opened:
        yield opened


async def test_a_letter_arrives_whole(office):
    await mail.send(TO, "A review is asked of you", "Bitte lesen: 5 µg — gut.\n.\nEnde")
    assert await mail.deliver(office.server) == 1
    (letter,) = office.letters
    row = await Letter.get()
    assert letter.get_content() == "Bitte lesen: 5 µg — gut.\n.\nEnde\n"
    assert (letter["To"], letter["From"], letter["Subject"]) == (TO, SENDER, "A review is asked of you")
    assert letter["Message-ID"] == f"<{row.id}@clinic.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert row.sent_at is not None
    assert await mail.deliver(office.server) == 0
    assert len(office.letters) == 1


async def test_a_letter_of_a_transaction_that_failed_was_never_written(office):
    async with in_transaction() as transaction:
        await mail.send(TO, "A review is asked of you", "Now.")
        await transaction.rollback()
    assert await mail.deliver(office.server) == 0
    assert office.letters == []


async def test_four_workers_send_each_letter_once(office):
    for number in range(12):
        await mail.send(TO, f"Number {number}", "Text.")
    assert sum(await asyncio.gather(*(mail.deliver(office.server) for _ in range(4)))) == 12
    assert sorted(office.subjects) == sorted(f"Number {number}" for number in range(12))


async def test_no_transaction_is_open_while_the_server_listens(office, database):
    open_ones = """SELECT count(*) AS number FROM pg_stat_activity WHERE datname = current_database()
      AND state LIKE 'idle in transaction%'"""
    seen: list[int] = []
    script = f"""
import asyncio, asyncpg
from api import database as db
async def look():
    connection = await asyncpg.connect(**db.credentials({database!r}))
    print(await connection.fetchval({open_ones!r}))
    await connection.close()
asyncio.run(look())
"""
    office.after_end = lambda: seen.append(int(subprocess.check_output([sys.executable, "-c", script])))
    await mail.send(TO, "One", "Text.")
    await mail.deliver(office.server)
    assert seen == [0]


@pytest.mark.parametrize("where", ["at_recipient", "at_end"])
async def test_a_letter_that_is_put_off_goes_later(office, where):
    setattr(office, where, "451 later")
    await mail.send(TO, "One", "Text.")
    assert await mail.deliver(office.server) == 0
    row = await Letter.get()
    assert (row.tries, row.sent_at, row.refused_at) == (1, None, None)
    assert timedelta(seconds=50) < row.not_before - datetime.now(UTC) < timedelta(seconds=70)
    setattr(office, where, "250 ok")
    assert await mail.deliver(office.server) == 0  # not yet
    await Letter.all().update(not_before=datetime.now(UTC) - timedelta(seconds=1))
    assert await mail.deliver(office.server) == 1
    assert office.subjects == ["One"]


async def test_a_letter_that_is_refused_for_good_is_not_tried_again_and_keeps_no_other_back(office):
    office.at_recipient = "550 no such mailbox"
    await mail.send(TO, "One", "Text.")
    assert await mail.deliver(office.server) == 0
    assert (await Letter.get()).refused_at is not None
    office.at_recipient = "250 ok"
    await mail.send(TO, "Two", "Text.")
    assert await mail.deliver(office.server) == 1
    assert office.subjects == ["Two"]


async def test_a_server_that_is_away_loses_nothing(office):
    away = replace(office.server, port=1)
    await mail.send(TO, "One", "Text.")
    assert await mail.deliver(away) == 0
    assert (await Letter.get()).sent_at is None
    await Letter.all().update(not_before=datetime.now(UTC))
    assert await mail.deliver(office.server) == 1


async def test_a_letter_whose_worker_died_goes_under_the_same_message_id(office):
    await mail.send(TO, "One", "Text.")
    await mail.deliver(office.server)
    # As a crash leaves it between the server's yes and our note of it.
    await Letter.all().update(sent_at=None, not_before=datetime.now(UTC) + timedelta(minutes=4))
    assert await mail.deliver(office.server) == 0
    await Letter.all().update(not_before=datetime.now(UTC))
    assert await mail.deliver(office.server) == 1
    assert len({letter["Message-ID"] for letter in office.letters}) == 1


async def test_nothing_leaves_in_the_clear_to_another_machine(office, monkeypatch):
    monkeypatch.setattr(MailServer, "is_here", property(lambda _: False))
    await mail.send(TO, "One", "Text.")
    assert await mail.deliver(office.server) == 0
    assert (office.letters, office.recipients) == ([], [])
    assert (await Letter.get()).refused_at is None


async def test_a_line_break_in_a_subject_makes_no_header(office):
    await mail.send(TO, "One\r\nBcc: eve@example.org", "Text.")
    await mail.send(TO, "Two", "Text.")
    assert await mail.deliver(office.server) == 1
    assert office.subjects == ["Two"]
    assert await Letter.filter(refused_at__isnull=False).count() == 1


async def test_old_letters_are_forgotten(office):
    for subject, days, sent in (("a", 31, True), ("b", 29, True), ("c", 4, False), ("d", 2, False)):
        await mail.send(TO, subject, "Text.")
        then = datetime.now(UTC) - timedelta(days=days)
        await Letter.filter(subject=subject).update(created_at=then, sent_at=then if sent else None)
    assert await mail.forget(datetime.now(UTC)) == 2
    assert set(await Letter.all().values_list("subject", flat=True)) == {"b", "d"}
