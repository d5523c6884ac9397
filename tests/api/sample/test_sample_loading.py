"""The sample clinic in a real database: what readers find in it, and that it goes without a trace."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from api import database as db
from api.accounts.viewer import ANONYMOUS, Role
from api.articles import reading
from api.articles.models import Article, Revision
from api.audit import AuditEntry
from api.caching.line import CHANNEL
from api.changes import Change
from api.paging import Window, count, page
from api.publishing import gating
from api.publishing.models import Waiver
from api.sample import loading
from api.sample.content import read
from api.sql import Sql, rows
from tests import builders
from tests.asking import SITE, ask, cost

SLUG = "neck-pain-and-acupuncture"
ISSUE = """query ($slug: String!) { article(by: {slug: $slug}) {
  title body { html } citations { number source { doi evidenceLevel } } reviewedBy { name } conditions { name }
  treatments { name } comments(first: 5) { nodes { body } } } }"""

DRAFTS = """{ editorial { articles(first: 50) { nodes { id slug stage isLive
  gateReport { findings { rule severity waiver { why } } } } } } }"""
READERS = """query ($id: ID!, $slug: String!, $path: String!, $words: String!) {
  article(by: {slug: $slug}) { id } byId: article(by: {id: $id}) { id } node(id: $id) { id }
  route(path: $path) { __typename } articles(first: 100) { nodes { id } }
  search(query: $words, first: 20) { edges { node { item { ... on Node { id } } } } }
  conditions(first: 50) { nodes { articles(first: 50) { nodes { id } } } }
  sources(first: 60) { nodes { articles(first: 50) { nodes { id } } } } }"""


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


async def test_an_editor_finds_a_draft_in_each_state_that_a_clinic_knows(sample):
    drafts = await ask(DRAFTS, builders.viewer(Role.EDITOR))
    found = {node["slug"]: node for node in drafts["editorial"]["articles"]["nodes"] if node["stage"]}
    blocked, planned = found["overactive-bladder-and-acupuncture"], found["what-official-advice-says"]
    assert {slug: node["stage"] for slug, node in found.items() if not node["isLive"]} == {
        "overactive-bladder-and-acupuncture": "DRAFT",
        "how-rare-harms-are-counted": "IN_REVIEW",
        "what-official-advice-says": "SCHEDULED",
        "acupuncture-and-sleep": "DRAFT",  # taken down
    }
    assert blocking(blocked) == ["CIT-001", "REV-001"]
    assert blocking(planned) == []
    row = await Article.get(slug="what-official-advice-says")
    assert timedelta(days=5) < row.scheduled_for - datetime.now(UTC) <= timedelta(days=6, hours=9)
    assert await _verbs(row.id) == ["submitArticle", "reviewArticle", "scheduleArticle"]


async def test_a_finding_of_the_draft_in_review_is_waived_by_its_reviewer_with_a_reason(sample):
    drafts = await ask(DRAFTS, builders.viewer(Role.EDITOR))
    found = {node["slug"]: node for node in drafts["editorial"]["articles"]["nodes"]}["how-rare-harms-are-counted"]
    (waived,) = [one for one in found["gateReport"]["findings"] if one["waiver"]]
    (waiver,) = await Waiver.all().select_related("member")
    assert (waived["rule"], waiver.article_id, waived["waiver"]["why"]) == ("CIT-004", found["id"], waiver.reason)
    assert waiver.reason.startswith("This sentence names no study.")
    assert (waiver.member.display_name, waiver.member.password_digest) == ("Anita Verwood", None)


async def test_what_is_live_passes_the_gate_with_no_block_at_all(sample):
    reports = await gating.reports_of(await _live())
    assert len(reports) == 11
    assert [finding.rule for report in reports for finding in report.findings] == []


async def test_nothing_of_a_draft_is_visible_to_readers(sample):
    for said in read().articles:
        if not said.draft:
            continue
        row = await Article.get(slug=said.slug)
        seen = await ask(READERS, id=row.id, slug=said.slug, path=f"/articles/{said.slug}", words=said.title)
        assert (seen["article"], seen["byId"], seen["node"], seen["route"]) == (None, None, None, None)
        assert row.id not in {node["id"] for node in seen["articles"]["nodes"]}
        assert row.id not in {hit["node"]["item"]["id"] for hit in seen["search"]["edges"]}
        for node in (*seen["conditions"]["nodes"], *seen["sources"]["nodes"]):
            assert row.id not in {each["id"] for each in node["articles"]["nodes"]}
        assert await Change.filter(article_id=row.id).count() == 0


async def test_what_runs_beside_is_told_that_the_sample_is_gone(sample):
    told: asyncio.Queue[str] = asyncio.Queue()
    listening = await asyncpg.connect(**db.credentials(sample))
    try:
        await listening.add_listener(CHANNEL, lambda *said: told.put_nowait(said[-1]))
        assert await loading.remove()
        async with asyncio.timeout(10):
            assert {"clinic", "list:articles", "list:conditions"} <= set((await told.get()).split())
    finally:
        await listening.close()


async def test_loading_again_leaves_everything_as_it_is(sample, media):
    before = await _counts()
    assert not await loading.load(media, SITE)
    assert await _counts() == before


async def test_the_sample_goes_without_a_trace_and_what_guards_its_revisions_stays(sample):
    assert await loading.remove()
    tables = "SELECT relname AS name FROM pg_stat_user_tables WHERE relname <> 'tortoise_migrations'"
    for table in await rows(Sql(tables)):
        assert (await rows(Sql(f'SELECT count(*) AS n FROM "{table["name"]}"')))[0]["n"] == 0, table["name"]
    off = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
    assert await rows(Sql(off)) == []
    assert not await loading.remove()


def blocking(node: dict[str, Any]) -> list[str]:
    return [one["rule"] for one in node["gateReport"]["findings"] if one["severity"] == "BLOCK"]


async def _verbs(article: str) -> list[str]:
    said = AuditEntry.filter(thing=article).order_by("id")
    return [str(verb) for verb in await said.values_list("verb", flat=True)]


async def _counts() -> dict[str, int]:
    tables = await rows(Sql("SELECT relname AS name FROM pg_stat_user_tables"))
    return {one["name"]: (await rows(Sql(f'SELECT count(*) AS n FROM "{one["name"]}"')))[0]["n"] for one in tables}


async def _live() -> list[str]:
    return await Article.filter(live_id__isnull=False).values_list("live_id", flat=True)
