"""Each fault is one plain sentence and an exit code, and looking does no harm."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from api import backups, database, doctor, heartbeats, settings
from api.articles import shelf
from api.articles.models import Article
from api.doctor import Level
from api.heartbeats import Heartbeat
from api.settings import Settings
from api.sql import Sql, rows
from tests import builders
from tests.conftest import named


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return settings.read({"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": "k" * 32})


async def told(configured: Settings, url: str) -> dict[str, tuple[Level, str]]:
    found = await doctor.examine(configured, url)
    await database.connect(url)  # as the fixture had it
    return {finding.part: (finding.level, finding.sentence) for finding in found}


async def test_a_healthy_house_has_nothing_to_say(database, configured, tmp_path):
    await builders.clinic()
    await heartbeats.beat()
    (tmp_path / "data").mkdir()
    await backups.write(database, configured.media_dir, configured.backup_dir, keep=1)
    found = await told(configured, database)
    assert {part: level for part, (level, _) in found.items()} == dict.fromkeys(
        ("database", "clock", "worker", "shelf", "schedules", "deliveries", "secrets", "disk", "backup"), Level.OK
    )


async def test_what_is_missing_is_told_by_what_to_do(database, configured):
    found = await told(configured, database)
    assert found["worker"] == (Level.CRITICAL, "No worker was seen yet: start `python -m api worker`.")
    assert found["clinic"][0] is Level.WARNING
    assert found["backup"][0] is Level.WARNING
    assert found["backup"][1].endswith("run `python -m api backup` daily.")


async def test_a_worker_that_went_away_is_missed(database, configured):
    await Heartbeat.create(worker="somewhere:1", at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    level, sentence = (await told(configured, database))["worker"]
    assert level is Level.CRITICAL
    assert sentence.startswith("No worker was seen since 02 January 2026 03:04 UTC:")


async def test_an_overdue_schedule_is_told(database, configured):
    article = await builders.draft("Sleep")
    await builders.schedule(article, builders.ahead(hours=1))
    await Article.all().update(scheduled_for=builders.ago(seconds=120))
    assert (await told(configured, database))["schedules"] == (
        Level.CRITICAL,
        "1 scheduled articles wait to be settled: look at the worker.",
    )


async def test_a_shelf_that_differs_from_the_articles_is_told_until_the_worker_has_filled_it(database, configured):
    about = {"conditions": [await builders.condition()]}
    for title in ("Sleep", "Rest"):
        await builders.live(title, **about)
    await builders.schedule(await builders.draft("Later", **about), builders.ahead(hours=1))
    await rows(Sql("DELETE FROM shelf WHERE article_id IN (SELECT id FROM article ORDER BY id LIMIT 1)"))
    await rows(Sql("UPDATE shelf SET shown_until = now() WHERE shown_from > now()"))
    await rows(Sql("INSERT INTO article_tally (added) VALUES (2)"))
    level, sentence = (await told(configured, database))["shelf"]
    assert level is Level.CRITICAL
    assert sentence == (
        "The shelf differs from the articles: it lacks 2 rows, has 1 too many, and counts +2 articles. "
        "Restart `python -m api worker`: it fills it anew."
    )
    assert [await shelf.mend(), await shelf.mend()] == [5, 0]
    assert (await told(configured, database))["shelf"][0] is Level.OK


async def test_an_old_backup_is_told_by_its_age(database, configured, monkeypatch):
    class Yesterday(datetime):
        @classmethod
        def now(cls, _zone=None):
            return datetime.now(UTC) - timedelta(hours=30)

    configured.data_dir.mkdir()
    monkeypatch.setattr("api.backups.writing.datetime", Yesterday)
    await backups.write(database, configured.media_dir, configured.backup_dir, keep=1)
    level, sentence = (await told(configured, database))["backup"]
    assert (level, sentence[:41]) == (Level.CRITICAL, "The newest backup is 30 hours old: look a")


async def test_tables_that_lack_a_migration_are_told_and_stay_as_they_are(database, configured):
    connection = await asyncpg.connect(**_credentials(database))
    await connection.execute("DELETE FROM tortoise_migrations WHERE name = '0007_catalogue'")
    level, sentence = (await told(configured, database))["tables"]
    assert (level, sentence) == (Level.CRITICAL, "The tables lack 1 changes: run `python -m api migrate`.")
    assert await connection.fetchval("SELECT count(*) FROM tortoise_migrations WHERE name = '0007_catalogue'") == 0
    await connection.close()


async def test_a_database_without_tables_is_told(server, configured):
    connection = await asyncpg.connect(**_credentials(server))
    await connection.execute('CREATE DATABASE "bare"')
    found = await doctor.examine(configured, named(server, "bare"))
    await connection.execute('DROP DATABASE "bare" WITH (FORCE)')
    await connection.close()
    assert ("tables", Level.CRITICAL) in {(finding.part, finding.level) for finding in found}


async def test_a_database_that_is_not_there_is_told(server, configured):
    (first, *_) = await doctor.examine(configured, named(server, "nowhere"))
    assert (first.level, first.sentence) == (
        Level.CRITICAL,
        "The database that DATABASE_URL names does not exist: create it, or check the name.",
    )
    (first, *_) = await doctor.examine(configured, "postgres://postgres@127.0.0.1:1/meridian")
    assert first.level is Level.CRITICAL
    assert first.sentence.startswith("The database cannot be reached")


async def test_settings_that_lose_data_are_told(database, configured):
    connection = await asyncpg.connect(**_credentials(database))
    name = _credentials(database)["database"]
    await connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    await connection.close()
    level, sentence = (await told(configured, database))["database"]
    assert level is Level.CRITICAL
    assert sentence == "PostgreSQL runs with synchronous_commit off: what was saved can be lost. Turn it on."


async def test_the_sample_on_a_public_address_is_told(sample, configured):
    public = replace(configured, public_site_url="https://clinic.org")
    found = await told(public, sample)
    assert found["clinic"] == (
        Level.CRITICAL,
        "The sample clinic stands on a public address: run `python -m api sample remove`.",
    )


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("http://localhost:4321", False),
        ("http://127.0.0.1:4321", False),
        ("http://192.168.0.7", False),
        ("https://clinic.example", False),
        ("https://clinic.org", True),
        ("https://8.8.8.8", True),
    ],
)
def test_an_address_is_public_or_not(configured, address, public):
    assert replace(configured, public_site_url=address).is_public is public


def test_a_clock_that_is_off_is_told():
    assert doctor._clock(timedelta(seconds=1)).level is Level.OK
    assert doctor._clock(timedelta(seconds=20)).level is Level.WARNING
    wrong = doctor._clock(timedelta(hours=1))
    assert (wrong.level, wrong.sentence) == (
        Level.CRITICAL,
        "This machine's clock and the database's are 3600 s apart: set both by NTP.",
    )


def test_a_folder_that_cannot_be_written_is_told(configured, tmp_path):
    (tmp_path / "file").write_text("")
    (finding,) = doctor._disk(replace(configured, data_dir=tmp_path / "file"))
    assert finding.level is Level.CRITICAL
    assert finding.sentence.startswith(f"DATA_DIR {tmp_path / 'file'} cannot be written")


def test_a_full_disk_is_told(configured, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: _Usage(100_000_000))
    (finding,) = doctor._disk(configured)
    assert (finding.level, finding.sentence) == (
        Level.CRITICAL,
        "0.1 GB are free for DATA_DIR. Make room now: PostgreSQL stops when the disk is full.",
    )


def test_the_command_ends_with_the_worst_that_it_found(server, migrated, tmp_path):
    environment = os.environ | {
        "DATABASE_URL": named(server, migrated), "SECRET_KEY": "k" * 32, "DATA_DIR": str(tmp_path)
    }  # fmt: skip
    command = [sys.executable, "-m", "api", "doctor"]
    began = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout.splitlines()[0].startswith("CRITICAL  worker     No worker was seen")
    assert time.monotonic() - began < 20


class _Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def _credentials(url: str) -> dict:
    return database.credentials(url)
