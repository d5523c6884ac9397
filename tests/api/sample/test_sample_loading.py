"""The sample clinic in a real database: what readers find in it, and that it goes without a trace."""

from api.accounts.viewer import ANONYMOUS
from api.articles import reading
from api.articles.models import Article, Revision
from api.changes import Change
from api.paging import Window, count, page
from api.sample import loading
from api.sql import Sql, rows
from tests.asking import ask, cost

SLUG = "neck-pain-and-acupuncture"
ISSUE = """query ($slug: String!) { article(by: {slug: $slug}) {
  title body { html } citations { number source { doi evidenceLevel } } reviewedBy { name } conditions { name }
  treatments { name } comments(first: 5) { nodes { body } } } }"""


async def test_the_neck_article_answers_the_question_of_the_issue_in_at_most_twelve_statements(sample):
    shown = (await ask(ISSUE, slug=SLUG))["article"]
    assert [one["number"] for one in shown["citations"]] == list(range(1, len(shown["citations"]) + 1))
    assert all(one["source"] for one in shown["citations"])
    assert shown["reviewedBy"]["name"]
    assert await cost(ISSUE, slug=SLUG) == 10


async def test_readers_find_the_live_articles_and_nothing_else(sample):
    live = set(await Article.filter(live_id__isnull=False).values_list("id", flat=True))
    listed = await page(reading.newest(ANONYMOUS), Window(100), b"k" * 32)
    assert {entry.id for entry in listed.entries} == live
    assert await count(reading.newest(ANONYMOUS)) == len(live) < await Article.all().count()


async def test_every_live_revision_is_frozen_and_every_take_down_has_its_change(sample):
    assert await Revision.filter(frozen_at__isnull=True, id__in=await _live()).count() == 0
    withdrawn = await Article.filter(unpublished_kind__isnull=False).values_list("id", flat=True)
    removed = await Change.filter(kind="REMOVE").values_list("article_id", flat=True)
    assert sorted(withdrawn) == sorted(removed)


async def test_the_sample_goes_without_a_trace_and_what_guards_its_revisions_stays(sample):
    assert await loading.remove()
    tables = "SELECT relname AS name FROM pg_stat_user_tables WHERE relname <> 'tortoise_migrations'"
    for table in await rows(Sql(tables)):
        assert (await rows(Sql(f'SELECT count(*) AS n FROM "{table["name"]}"')))[0]["n"] == 0, table["name"]
    off = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
    assert await rows(Sql(off)) == []
    assert not await loading.remove()


async def _live() -> list[str]:
    return await Article.filter(live_id__isnull=False).values_list("live_id", flat=True)
