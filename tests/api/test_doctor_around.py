"""What `doctor` says of what stands around the database: mail, the site, secrets, room on the disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from api import doctor, settings
from api.doctor import Finding, Level
from api.settings import Settings
from tests import builders, valkeys
from tests.api.post_office import PostOffice, open_office
from tests.api.test_doctor import told

KEPT = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "version": 180000}
GB = 1_000_000_000
FULL = "Make room now: PostgreSQL stops when the disk is full."


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return settings.read({"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": "k" * 32})


@asynccontextmanager
async def site(status: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A site that answers every word with this status: its address, and what it was sent."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


async def test_a_mail_server_that_takes_us_is_told_and_sent_nothing(configured):
    async with open_office() as office:
        (found,) = await doctor._mail(replace(configured, mail=office.server))
        assert found == Finding("mail", Level.OK, f"The mail server 127.0.0.1:{office.port} takes us.")
        assert (office.letters, office.recipients) == ([], [])


async def test_a_mail_server_that_is_away_is_told(configured):
    away = PostOffice()
    away.port = 1
    (found,) = await doctor._mail(replace(configured, mail=away.server))
    sentence = "The mail server 127.0.0.1:1 does not take us (ConnectionRefusedError): see SMTP_URL."
    assert found == Finding("mail", Level.CRITICAL, sentence)


async def test_without_a_mail_server_nothing_is_said_of_mail(configured):
    assert await doctor._mail(configured) == []


async def test_every_site_that_hears_is_told_as_one(configured):
    async with site("200 OK") as (first, heard), site("200 OK") as (second, also):
        (found,) = await doctor._purge(replace(configured, site_purge_urls=(first, second)))
    assert found == Finding("purge", Level.OK, "Every process of the site hears what changed.")
    assert [head.split(b" ")[:2] for head in (*heard, *also)] == [[b"POST", b"/_purge"]] * 2
    assert all(b"meridian-purge: t=" in head.lower() for head in (*heard, *also))


async def test_each_site_that_does_not_hear_is_told_with_why(configured):
    async with site("200 OK") as (hears, _), site("403 Forbidden") as (other, _):
        away = "http://127.0.0.1:1"
        found = await doctor._purge(replace(configured, site_purge_urls=(hears, other, away)))
    said = "The site at {} does not hear what changed ({}): see SITE_PURGE_URLS and its log."
    assert found == [
        Finding("purge", Level.CRITICAL, said.format(other, "HTTP 403")),
        Finding("purge", Level.CRITICAL, said.format(away, "ConnectError")),
    ]


async def test_without_sites_to_tell_nothing_is_said_of_them(configured):
    assert await doctor._purge(configured) == []


def test_a_secret_that_others_can_read_is_told(configured):
    configured.data_dir.mkdir()
    kept = configured.data_dir / "secret.key"
    kept.write_text("secret")
    kept.chmod(0o640)
    (found,) = doctor._secrets(configured)
    assert found == Finding("secrets", Level.CRITICAL, f"Others can read {kept}: run `chmod 600 {kept}`.")
    kept.chmod(0o600)
    (found,) = doctor._secrets(configured)
    sentence = "SECRET_KEY is long enough, and nobody else can read it."
    assert found == Finding("secrets", Level.OK, sentence)


def test_a_public_address_without_tls_is_told(configured):
    (found,) = doctor._secrets(replace(configured, public_site_url="http://clinic.org"))
    sentence = "PUBLIC_SITE_URL is not https: what readers send can be read on the way."
    assert found == Finding("secrets", Level.WARNING, sentence)


@pytest.mark.parametrize(
    ("free", "level", "sentence"),
    [
        (5 * GB, Level.OK, "5.0 GB are free for DATA_DIR."),
        (GB - 1, Level.WARNING, "1.0 GB are free for DATA_DIR. Make room soon."),
        (
            GB // 10,
            Level.CRITICAL,
            "0.1 GB are free for DATA_DIR. " + FULL,
        ),
    ],
)
def test_the_room_on_the_disk_is_told(configured, monkeypatch, free, level, sentence):
    class Usage:
        def __init__(self) -> None:
            self.free = free

    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage())
    assert doctor._disk(configured) == [Finding("disk", level, sentence)]


@pytest.mark.parametrize(
    ("said", "level", "sentence"),
    [
        ({}, Level.OK, "PostgreSQL answers, and keeps what it was told to."),
        ({"version": 140012}, Level.CRITICAL, "PostgreSQL is older than 15: upgrade it."),
        (
            {"fsync": "off", "full_page_writes": "off"},
            Level.CRITICAL,
            "PostgreSQL runs with fsync and full_page_writes off: what was saved can be lost. Turn it on.",
        ),
    ],
)
def test_what_postgresql_keeps_is_told(said, level, sentence):
    assert doctor._keeping(KEPT | said) == Finding("database", level, sentence)


async def test_deliveries_that_are_late_are_told(database, configured):
    await builders.delivery(await builders.webhook(), due_at=builders.ago(minutes=5))
    assert (await told(configured, database))["deliveries"] == (
        Level.CRITICAL,
        "1 deliveries to webhooks are late: look at the worker.",
    )


async def test_a_house_without_a_clinic_is_told(database, configured):
    assert (await told(configured, database))["clinic"] == (
        Level.WARNING,
        "There is no clinic yet: open the site, and follow its checklist.",
    )


async def test_a_valkey_is_told_and_asked_as_every_process_asks_it(configured, tmp_path):
    pytest.importorskip("valkey", reason="the package valkey is not installed")
    assert await doctor._valkey(configured) == []
    with valkeys.running(tmp_path) as valkey:
        named = replace(configured, valkey_url=valkey.url)
        assert await doctor._valkey(named) == [
            Finding("valkey", Level.OK, "Valkey shares the buckets of all processes.")
        ]
        valkey.freeze()
        (frozen,) = await doctor._valkey(named)
    (away,) = await doctor._valkey(named)

    said = "Valkey does not share our buckets (%s), each process counts by itself: see VALKEY_URL."
    assert frozen == Finding("valkey", Level.WARNING, said % "TimeoutError")
    assert away == Finding("valkey", Level.WARNING, said % "ConnectionError")
