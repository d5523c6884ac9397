"""The drill: dump, restore into a fresh database, compare counts and hashes, boot; and what damage is told by."""

import asyncio
import os
import shutil
import subprocess
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import orjson
import pytest

from api import app, backups, erasures, settings
from api import database as db
from api.accounts import links
from api.accounts.viewer import Role
from api.articles.models import Article
from api.backups import manifest, restoring
from api.commands import comments
from api.comments import abuse, erasing
from api.comments.models import AbuseSalt, Comment
from tests import builders, people
from tests.api.comments.test_erasing import traces
from tests.asking import SITE
from tests.conftest import named
from tests.people import SECRET_KEY

KEEP = 2
CANARY = "zyzzyva42"


@pytest.fixture
async def fresh(server: str):
    """An empty database without tables, for a backup to come back into."""
    connection = await asyncpg.connect(**db.credentials(server))
    await connection.execute('CREATE DATABASE "fresh"')
    yield named(server, "fresh")
    await connection.execute('DROP DATABASE "fresh" WITH (FORCE)')
    await connection.close()


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "picture-480.webp").write_bytes(b"webp" * 1000)
    return folder


async def test_what_was_dumped_comes_back_row_by_row_and_boots(database, fresh, media, tmp_path):
    await builders.clinic()
    article = await builders.live("Sleep")
    place = await backups.write(database, media, tmp_path / "backups", keep=KEEP)

    tried = await backups.verify(place, database)
    await db.disconnect()
    restored = await backups.restore(place, fresh, tmp_path / "returned", SITE, SECRET_KEY)

    assert tried.manifest == restored.manifest
    assert restored.manifest.tables["article"].rows == 1
    assert restored.rows == sum(table.rows for table in restored.manifest.tables.values())
    assert (tmp_path / "returned" / "ab" / "picture-480.webp").read_bytes() == b"webp" * 1000
    configured = settings.read({"DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": fresh, "SECRET_KEY": "k" * 32})
    built, _ = app.build(configured, fresh)
    await db.connect(fresh)
    answer = await _asked(built, f'{{ article(by: {{ id: "{article.id}" }}) {{ title }} }}')
    assert answer["data"] == {"article": {"title": "Sleep"}}


async def test_a_backup_is_for_its_owner_alone_and_holds_no_salt(database, fresh, media, tmp_path):
    await abuse.keys(SECRET_KEY, datetime.now(UTC))
    place = await backups.write(database, media, tmp_path / "backups", keep=KEEP)
    assert {file.name: file.stat().st_mode & 0o777 for file in place.iterdir()} == {
        "database.dump": 0o600, "manifest.json": 0o600,
    }  # fmt: skip
    assert await AbuseSalt.all().count() == 1
    await db.disconnect()
    await backups.restore(place, fresh, tmp_path / "returned", SITE, SECRET_KEY)
    await db.connect(fresh)
    assert await AbuseSalt.all().count() == 0


async def test_a_database_with_tables_is_never_restored_into(database, media, tmp_path):
    await builders.live("Sleep")
    place = await backups.write(database, media, tmp_path / "backups", keep=KEEP)
    with pytest.raises(restoring.NotEmpty, match="nothing was changed"):
        await backups.restore(place, database, tmp_path / "returned", SITE, SECRET_KEY)
    assert await Article.all().count() == 1
    assert not (tmp_path / "returned").exists()


async def test_what_was_erased_since_the_dump_is_erased_again(database, fresh, media, tmp_path):
    """By an admin, by a reader's private link, by the command, by a moderator who redacts; no worker was at work."""
    folder = tmp_path / "backups"
    configured = settings.Settings(data_dir=tmp_path, secret_key=SECRET_KEY, database_url=database, backup_dir=folder)
    await builders.clinic()
    erased, kept = await builders.live("A patient's story"), await builders.live("Sleep")
    own, asked, redacted, stays = [await builders.comment(kept, text) for text in (CANARY, CANARY, CANARY, "Thanks.")]
    report = await builders.problem(kept, body=CANARY)
    place = await backups.write(database, media, folder, keep=KEEP)

    program = people.Program(database, tmp_path, backup_dir=folder)
    admin = await people.token(await people.member(Role.ADMIN))
    said = {"id": erased.id, "expectedVersion": erased.version, "reason": "PERSONAL_DATA"}
    await program.act("eraseArticle", said, "erasedId", admin)
    link = links.comment_link(SECRET_KEY, own.id)
    await program.act("withdrawComment", {"idempotencyKey": "k"}, "isErased", link)
    item = {"id": redacted.id, "act": "APPROVE_REDACTED", "body": "Other words."}
    await program.act("moderateComments", {"items": [item]}, "results { isDone }", admin)
    await db.disconnect()
    for which in (asked.id, report.id):
        assert await asyncio.to_thread(comments.run, Namespace(act="erase", which=[which]), configured) == 0

    told = [orjson.loads(line) for line in (folder / "erased.jsonl").read_bytes().splitlines()]
    assert [(one["verb"], one["thing"], one["reason"]) for one in told] == [
        ("eraseArticle", erased.id, "PERSONAL_DATA"), ("withdrawComment", own.id, None),
        ("eraseOriginal", redacted.id, None), ("eraseComment", asked.id, None), ("eraseProblemReport", report.id, None),
    ]  # fmt: skip
    assert set(told[0]) == {"id", "at", "verb", "thing", "reason"}
    restored = await backups.restore(place, fresh, tmp_path / "returned", SITE, SECRET_KEY)

    assert restored.erased == 5
    await db.connect(fresh)
    assert await Article.all().values_list("id", flat=True) == [kept.id]
    assert await Comment.all().values_list("id", flat=True) == [stays.id]
    assert await traces(CANARY) == []


async def test_what_was_redacted_before_the_dump_comes_back_as_it_was_shown(database, fresh, media, tmp_path):
    folder = tmp_path / "backups"
    program = people.Program(database, tmp_path, backup_dir=folder)
    row = await builders.comment(await builders.live("Sleep"), CANARY)
    moderator = await people.token(await people.member(Role.MODERATOR))
    item = {"id": row.id, "act": "APPROVE_REDACTED", "body": "Other words."}
    await program.act("moderateComments", {"items": [item]}, "results { isDone }", moderator)
    place = await backups.write(database, media, folder, keep=KEEP)
    await db.disconnect()

    restored = await backups.restore(place, fresh, tmp_path / "returned", SITE, SECRET_KEY)

    assert restored.erased == 0
    await db.connect(fresh)
    assert await Comment.all().values_list("body", flat=True) == ["Other words."]


async def test_the_worker_lists_what_another_process_could_not(database, tmp_path):
    folder = tmp_path / "backups"
    folder.write_bytes(b"no folder")
    program = people.Program(database, tmp_path, backup_dir=folder)
    row = await builders.comment(await builders.live())
    done = await program.act("withdrawComment", {}, "isErased", links.comment_link(SECRET_KEY, row.id))
    assert done["isErased"] is True
    folder.unlink()

    assert [await erasures.append(folder), await erasures.append(folder)] == [1, 0]
    assert [one.thing for one in erasures.listed(folder)] == [row.id]


async def test_a_refused_erasure_is_not_listed(database, tmp_path):
    program = people.Program(database, tmp_path, backup_dir=tmp_path / "backups")
    article = await builders.live()
    admin = await people.token(await people.member(Role.ADMIN))
    said = {"id": article.id, "expectedVersion": article.version + 1, "reason": "LEGAL"}
    refused = await program.act("eraseArticle", said, "erasedId", admin)
    assert refused["userErrors"][0]["code"] == "CONFLICT"
    assert erasures.listed(tmp_path / "backups") == []


async def test_a_line_that_a_power_cut_left_half_written_takes_no_other_with_it(database, tmp_path):
    row = await builders.comment(await builders.live())
    (tmp_path / "erased.jsonl").write_bytes(b'{"id":1,"at":"2026-01-0')
    erasures.keep_in(tmp_path)
    await erasing.erase(row.id, "system", SECRET_KEY)
    erasures.keep_in(None)
    assert [one.thing for one in erasures.listed(tmp_path)] == [row.id]


async def test_a_damaged_dump_and_a_missing_picture_are_told(database, media, tmp_path):
    place = await backups.write(database, media, tmp_path / "backups", keep=KEEP)
    picture = tmp_path / "backups" / "media" / "ab" / "picture-480.webp"
    picture.write_bytes(b"other")
    with pytest.raises(restoring.Damaged, match="has changed since the backup"):
        await backups.verify(place, database)
    picture.unlink()
    with pytest.raises(restoring.Damaged, match="is missing from the backup"):
        await backups.verify(place, database)
    (place / "manifest.json").write_text("{")
    with pytest.raises(backups.NoBackup, match="no whole backup"):
        await backups.verify(place, database)


async def test_rows_that_differ_are_told_by_their_table(database, media, tmp_path):
    await builders.live("Sleep")
    place = await backups.write(database, media, tmp_path / "backups", keep=KEEP)
    said = orjson.loads((place / "manifest.json").read_bytes())
    said["tables"]["article"]["rows"] = 2
    (place / "manifest.json").write_bytes(orjson.dumps(said))
    with pytest.raises(restoring.Damaged, match="in: article"):
        await backups.verify(place, database)
    connection = await asyncpg.connect(**db.credentials(database))
    left = await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname LIKE 'meridian_verify_%'")
    await connection.close()
    assert left == 0


async def test_older_backups_go_and_their_media_with_them(database, media, tmp_path, monkeypatch):
    folder = tmp_path / "backups"
    places = []
    for day in (1, 2, 3):
        monkeypatch.setattr("api.backups.writing.datetime", _at(day))
        places.append(await backups.write(database, media, folder, keep=KEEP))
        (media / "ab" / "picture-480.webp").unlink(missing_ok=True)
        (media / "later.webp").write_bytes(b"later")
    assert manifest.all_in(folder) == [places[2], places[1]]
    assert sorted(file.name for file in (folder / "media").rglob("*.webp")) == ["later.webp"]
    assert backups.newest(folder) == places[2]


async def test_a_failing_hook_is_told_and_the_backup_stays(database, media, tmp_path):
    with pytest.raises(backups.BackupFailed, match="BACKUP_HOOK ended with 1"):
        await backups.write(database, media, tmp_path / "backups", keep=KEEP, hook="false")
    assert backups.newest(tmp_path / "backups") is not None


def test_the_commands_do_the_whole_drill(server, migrated, tmp_path):
    environment = os.environ | {
        "DATABASE_URL": named(server, migrated),
        "SECRET_KEY": "k" * 32,
        "DATA_DIR": str(tmp_path),
        "BACKUP_HOOK": f"{shutil.which('ls')} -d",
    }
    for arguments in (("backup", "--keep", "1"), ("restore", "--verify")):
        command = [sys.executable, "-m", "api", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert "The backup is whole" in done.stdout
    assert "Nothing was changed" in done.stdout


def _at(day: int) -> type:
    class Clock(datetime):
        @classmethod
        def now(cls, _zone=None):
            return datetime(2026, 1, day, tzinfo=UTC)

    return Clock


async def _asked(built, query: str) -> dict:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api") as http:
        return (await http.post("/graphql", json={"query": query})).json()
