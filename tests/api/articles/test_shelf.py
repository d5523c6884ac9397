"""The shelf and the tally, which the database keeps for readers' lists, say what the articles themselves say."""

import asyncio

import asyncpg

from api import database as db
from api import paging
from api.accounts.viewer import ANONYMOUS
from api.articles import reading, shelf
from api.articles.models import Article
from api.sql import Sql, rows, sql
from tests import builders
from tests.builders import ago, ahead

NAMED = f"""
SELECT link.entry_id, article.id AS article_id, {reading.PUBLISHED} AS published_at FROM article JOIN (
  SELECT revision_id, condition_id AS entry_id FROM revision_condition
  UNION ALL SELECT revision_id, treatment_id FROM revision_treatment
  UNION ALL SELECT revision_id, practitioner_id FROM revision_author) AS link ON link.revision_id = ({reading.LIVE})
 ORDER BY 1, 3, 2
"""
SHELVED = f"SELECT entry_id, article_id, published_at FROM shelf WHERE {reading.ON_SHELF} ORDER BY 1, 3, 2"
SHOWN = f"SELECT count(*)::int AS n FROM article WHERE ({reading.LIVE}) IS NOT NULL"
ADDED = "SELECT count(*)::int AS rows, sum(added)::int AS articles FROM article_tally"


async def told() -> tuple[int, int]:
    """How many articles readers see, and how often they name something: by the shelf and the tally, once compared."""
    named = await rows(Sql(NAMED))
    assert list(await rows(Sql(SHELVED))) == list(named)
    counted = await paging.count(reading.newest(ANONYMOUS))
    assert counted == (await rows(Sql(SHOWN)))[0]["n"]
    return counted, len(named)


async def test_every_move_of_an_article_is_on_the_shelf_at_once(database):
    neck, knee = await builders.condition("Neck pain"), await builders.condition("Knee pain")
    needles, person = await builders.treatment(), await builders.practitioner()
    about_neck = {"conditions": [neck], "treatments": [needles], "authors": [person]}
    found = [await told()]

    article = await builders.draft("Sleep", **about_neck)
    found.append(await told())
    article = await builders.publish(article)
    found.append(await told())
    await builders.revised(article, conditions=[neck, knee])
    found.append(await told())
    article = await builders.schedule(await Article.get(id=article.id), ahead(days=1))
    found.append(await told())
    await rows(sql("UPDATE article SET scheduled_for = ? WHERE id = ?", ago(days=1), article.id))
    found.append(await told())
    article = await builders.take_down(await builders.live("Rest", **about_neck))
    found.append(await told())
    await builders.schedule(await builders.draft("Later", **about_neck), ago(minutes=1))
    found.append(await told())

    assert found == [(0, 0), (0, 0), (1, 3), (1, 3), (1, 3), (1, 2), (1, 2), (2, 5)]


async def test_what_the_migration_fills_in_is_what_the_triggers_wrote(database):
    about = {"conditions": [await builders.condition()]}
    article = await builders.live("Sleep", **about)
    await builders.revised(article, **about)
    await builders.schedule(await Article.get(id=article.id), ahead(days=1))
    await builders.live("Rest", **about)
    written = await rows(Sql("SELECT * FROM shelf ORDER BY article_id, shown_from"))

    await rows(Sql("SELECT fill_shelf()::text"))

    assert list(await rows(Sql("SELECT * FROM shelf ORDER BY article_id, shown_from"))) == list(written)
    assert (await told(), len(written)) == ((2, 2), 3)


async def test_many_changes_leave_few_rows_and_the_right_number(database):
    await builders.live("Sleep")
    hidden = await builders.live("Rest")
    for _ in range(70):
        await rows(sql("UPDATE article SET live_id = NULL, unpublished_kind = NULL WHERE id = ?", hidden.id))
        await rows(sql("UPDATE article SET live_id = ? WHERE id = ?", hidden.live_id, hidden.id))

    (tally,) = await rows(Sql(ADDED))

    assert tally["articles"] == 2
    assert tally["rows"] <= 64
    assert await told() == (2, 0)


async def test_who_counts_waits_for_nobody(database):
    first, second = await builders.live("Sleep"), await builders.live("Rest")
    here, there = [await asyncpg.connect(**db.credentials(database)) for _ in range(2)]
    await there.execute("SET lock_timeout = '1s'")
    try:
        async with here.transaction():
            await hide(here, first, times=65)
            await hide(there, second, times=65)
    finally:
        await here.close()
        await there.close()

    assert (await told())[0] == 0


async def hide(connection: asyncpg.Connection, article: Article, times: int) -> None:
    """Take it down, again and again: so that the rows are added up meanwhile."""
    for number in range(times):
        if number:
            await connection.execute("UPDATE article SET live_id = $1 WHERE id = $2", article.live_id, article.id)
        await connection.execute("UPDATE article SET live_id = NULL WHERE id = $1", article.id)


async def test_a_shelf_that_was_lost_is_filled_and_kept_lists_are_let_go(database):
    article = await builders.live("Sleep", conditions=[await builders.condition()])
    written = await told()
    await rows(Sql("DELETE FROM shelf"))
    connection = await asyncpg.connect(**db.credentials(database))
    heard = asyncio.Queue[str]()
    await connection.add_listener("meridian_purge", lambda *said: heard.put_nowait(said[-1]))

    mended = await shelf.mend()

    assert (mended, await told()) == (1, written)
    assert await asyncio.wait_for(heard.get(), timeout=5) == "list:articles"
    assert await rows(sql("SELECT entry_id FROM shelf WHERE article_id = ?", article.id))
    await connection.close()
