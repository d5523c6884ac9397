"""What nobody shows is removed after a day, with its files; what anybody shows, or is about to show, stays."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from pictures_by_hand import drawn
from tortoise.transactions import in_transaction

from api import database as db
from api.articles import editing, rendering
from api.articles.models import Revision
from api.audit import AuditEntry
from api.clinic import Clinic
from api.conditions import Condition
from api.documents import Document
from api.media import intake, renditions, usage
from api.media.models import MediaAsset
from api.media.sweeping import sweep
from api.media.usage import TEXTS, UnknownPicture, Use
from api.practitioners import Practitioner
from api.sql import Sql, rows
from api.treatments import Treatment

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("database")


async def kept(folder: Path, seed: int, *, old: bool = True) -> MediaAsset:
    """A picture with its files, two days old unless told otherwise."""
    made = renditions.keep(drawn(100, 80, seed=seed), folder)
    asset = await MediaAsset.create(
        sha256=made.sha256, mime="image/png", width=100, height=80, alt="A chair", renditions=made.sizes
    )
    if old:
        await MediaAsset.filter(id=asset.id).raw("SELECT 1")
        await rows(
            Sql("UPDATE media_asset SET uploaded_at = now() - interval '2 days' WHERE id = ? RETURNING id", (asset.id,))
        )
        for path in folder.glob(f"{made.sha256}*"):
            os.utime(path, (time.time() - 2 * DAY.total_seconds(),) * 2)
    return asset


def names(*assets: MediaAsset) -> set[str]:
    return {f"{asset.sha256}-100.{ext}" for asset in assets for ext in ("jpg", "webp")}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def figure(asset: str) -> Document:
    quoted = {"type": "blockquote", "content": [{"type": "figure", "attrs": {"assetId": asset}}]}
    return Document.parse({"v": 1, "type": "doc", "content": [quoted]})


async def article(slug: str, body: Document, hero: str | None = None) -> Revision:
    content = editing.Content(title=slug, body=body, hero_image=hero)
    made = await editing.create(editing.Identity(slug), content, await rendering.derive(body))
    return await Revision.get(id=made.draft_id)


async def test_what_nobody_shows_goes_with_its_files(folder: Path):
    old, young = await kept(folder, 1), await kept(folder, 2, old=False)

    swept = await sweep(folder, DAY)

    assert swept.assets == (old.id,)
    assert set(swept.files) == names(old)
    assert files(folder) == names(young)
    assert [asset.id for asset in await MediaAsset.all()] == [young.id]
    (entry,) = await AuditEntry.filter(verb="sweepMedia")
    assert (entry.actor, entry.thing, entry.before["alt"], entry.after) == ("worker", old.id, "A chair", None)
    assert await sweep(folder, DAY) == type(swept)((), ())


async def test_what_is_shown_anywhere_stays(folder: Path):
    assets = [await kept(folder, seed) for seed in range(6)]
    hero, photo, logo, in_article, in_condition, in_treatment = (asset.id for asset in assets)
    empty = Document.parse({"v": 1, "type": "doc", "content": []})
    first = await article("hero", empty, hero)
    second = await article("figure", figure(in_article))
    person = await Practitioner.create(name="R", slug="r", job_title="Acupuncturist", photo_id=photo)
    here = await Clinic.create(name="C", logo_id=logo, syndication_terms={})
    neck = await Condition.create(name="N", slug="n", summary="s", body=figure(in_condition).dump())
    needles = await Treatment.create(name="T", slug="t", summary="s", body=figure(in_treatment).dump())

    swept = await sweep(folder, DAY)

    assert (swept.assets, swept.files) == ((), ())
    assert files(folder) == names(*assets)
    assert [await usage.uses(asset.id) for asset in assets] == [
        (Use("revision", first.id),),
        (Use("practitioner", person.id),),
        (Use("clinic", here.id),),
        (Use("revision", second.id),),
        (Use("condition", neck.id),),
        (Use("treatment", needles.id),),
    ]


async def test_every_table_with_a_block_tree_is_known():
    found = await rows(
        Sql(
            "SELECT table_name AS name FROM information_schema.columns "
            "WHERE column_name = 'body' AND data_type = 'jsonb'"
        )
    )

    assert sorted(row["name"] for row in found) == sorted(TEXTS)


async def test_files_without_a_picture_go_after_a_day_and_other_files_never(folder: Path):
    old = await kept(folder, 3)
    await old.delete()
    young = renditions.keep(drawn(100, 80, seed=4), folder)
    other = folder / "og"
    other.mkdir()
    strange = folder / f"{'0' * 64}-100.exe"
    strange.touch()
    half = folder / f"{'b' * 64}-480.webp.part"
    half.touch()
    for path in (other, strange, half):
        os.utime(path, (0, 0))

    swept = await sweep(folder, DAY)

    assert set(swept.files) == names(old) | {half.name}
    assert files(folder) == {"og", strange.name, f"{young.sha256}-100.webp", f"{young.sha256}-100.jpg"}


async def test_bytes_that_are_sent_again_are_young_again(folder: Path):
    asset = await kept(folder, 5)

    async with in_transaction():
        again = await intake._again(asset.sha256)

    assert again is not None
    assert again.id == asset.id
    assert (await sweep(folder, DAY)).assets == ()


@pytest.fixture
async def other(database: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else at the same database."""
    connection = await asyncpg.connect(**db.credentials(database))
    yield connection
    await connection.close()


async def test_a_picture_that_somebody_is_taking_into_use_is_passed_over(folder: Path, other: asyncpg.Connection):
    asset = await kept(folder, 6)
    person = await Practitioner.create(name="R", slug="r", job_title="Acupuncturist")

    async with other.transaction():
        await other.execute("UPDATE practitioner SET photo_id = $1 WHERE id = $2", asset.id, person.id)
        assert (await sweep(folder, DAY)).assets == ()

    assert (await sweep(folder, DAY)).assets == ()
    assert files(folder) == names(asset)


async def test_a_text_that_is_being_written_is_waited_for(folder: Path, other: asyncpg.Connection):
    asset = await kept(folder, 7)
    text = f'{{"content": [{{"attrs": {{"assetId": "{asset.id}"}}}}]}}'
    await Condition.create(name="N", slug="n", summary="s")
    transaction = other.transaction()
    await transaction.start()
    await other.execute("UPDATE condition SET body = $1", text)

    sweeping = asyncio.create_task(sweep(folder, DAY))
    await asyncio.sleep(0.3)
    assert not sweeping.done()
    await transaction.commit()

    assert (await sweeping).assets == ()
    assert files(folder) == names(asset)


async def test_a_writer_who_takes_too_long_puts_the_sweep_off(folder: Path, other: asyncpg.Connection):
    await kept(folder, 8)

    async with other.transaction():
        await other.execute("UPDATE condition SET version = version")
        assert (await sweep(folder, DAY)).assets == ()

    assert len((await sweep(folder, DAY)).assets) == 1


async def test_a_held_picture_stays_until_the_text_is_saved(folder: Path):
    asset = await kept(folder, 9)

    somebody_else = copy_context()  # a task of this one's own would be in the transaction, too
    async with in_transaction():
        await usage.hold(figure(asset.id))
        sweeping = asyncio.create_task(sweep(folder, DAY), context=somebody_else)
        await asyncio.sleep(0.3)
        await Condition.create(name="N", slug="n", summary="s", body=figure(asset.id).dump())

    assert (await sweeping).assets == ()


async def test_a_text_with_an_unknown_picture_is_refused_with_its_place(folder: Path):
    missing = await kept(folder, 10)
    await missing.delete()

    async with in_transaction():
        with pytest.raises(UnknownPicture, match="upload it first") as refused:
            await usage.hold(figure(missing.id))

    assert refused.value.path == ("content[0].content[0]",)


async def test_two_sweeps_at_once_remove_each_picture_once(folder: Path):
    assets = [await kept(folder, seed) for seed in range(20, 25)]

    one, two = await asyncio.gather(sweep(folder, DAY), sweep(folder, DAY))

    assert sorted(one.assets + two.assets) == sorted(asset.id for asset in assets)
    assert files(folder) == set()
