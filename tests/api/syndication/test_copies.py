"""What the API knows of copies: who fetched what and when, and which copies are behind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.accounts.viewer import ANONYMOUS, Role
from api.articles.models import Article, Severity, UnpublishKind
from api.changes import Change
from api.publishing import withdrawing
from api.publishing.acting import Acting
from api.syndication import copies, recalls
from api.syndication.acting import grant_of
from api.syndication.models import Copy, Fetch, Partner, Recall
from tests import builders
from tests.asking import SITE, ask, cost
from tests.builders import ago

STALE = """{ viewer { partner { staleCopies { totalCount nodes { articleId article { title } behindBy since url } }
  fetches { nodes { articleId day times } } } } }"""


@pytest.fixture(autouse=True)
async def clinic(database):
    await builders.clinic()


async def changed(article: Article, at: datetime, **said: Any) -> Change:
    plain: dict[str, Any] = {"kind": "UPSERT", "reason": "UPDATED", "slug": article.slug, "url": "u"}
    return await Change.create(at=at, article_id=article.id, **plain | said)


async def stale(partner: Partner) -> list[dict[str, Any]]:
    found = (await ask(STALE, builders.asking(partner)))["viewer"]["partner"]["staleCopies"]
    assert found["totalCount"] == len(found["nodes"])
    return list(found["nodes"])


async def test_fetches_are_counted_by_article_and_day():
    partner, article = await builders.partner(), await builders.live()
    moment = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    for number, at in enumerate((moment, moment, moment + timedelta(minutes=2)), 1):
        await copies.fetched(grant_of(partner), [(article.id, number, "f" * 64)], at)
    assert [(row.day.isoformat(), row.times) for row in await Fetch.all().order_by("day")] == [
        ("2026-11-22", 2),
        ("2026-11-23", 1),
    ]
    copy = await Copy.get()
    assert (copy.revision_number, copy.first_fetched_at, copy.fetched_at) == (3, moment, moment + timedelta(minutes=2))


async def test_a_partner_and_the_admins_read_what_was_fetched_on_which_day_newest_first():
    partner, other, article = await builders.partner(), await builders.partner("Other"), await builders.live()
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for days in (1, 0, 0):
        await copies.fetched(grant_of(partner), [(article.id, 1, None)], moment - timedelta(days=days))
    fields = "fetches { totalCount nodes { articleId day times } edges { cursor node { times } } }"
    counted = {
        "totalCount": 2,
        "nodes": [{"articleId": article.id, "day": "2026-11-22", "times": 2},
                  {"articleId": article.id, "day": "2026-11-21", "times": 1}],
    }  # fmt: skip
    own = (await ask(f"{{ viewer {{ partner {{ {fields} }} }} }}", builders.asking(partner)))["viewer"]["partner"]
    assert {"edges"} == own["fetches"].keys() - counted.keys()
    assert {key: own["fetches"][key] for key in counted} == counted
    assert [edge["node"]["times"] for edge in own["fetches"]["edges"]] == [2, 1]
    admin = builders.viewer(Role.ADMIN)
    told = (await ask(f"{{ editorial {{ partners {{ nodes {{ id {fields} }} }} }} }}", admin))["editorial"]["partners"]
    found = {row["id"]: row["fetches"] for row in told["nodes"]}
    assert {key: found[partner.id][key] for key in counted} == counted
    assert found[other.id] == {"totalCount": 0, "nodes": [], "edges": []}


async def test_one_article_twice_in_one_answer_is_one_fetch():
    partner, article = await builders.partner(), await builders.live()
    await copies.fetched(grant_of(partner), [(article.id, 1, None), (article.id, 1, None)])
    assert (await Fetch.get()).times == 1
    await copies.fetched(grant_of(partner), [])
    assert await Copy.all().count() == 1


async def test_asking_for_the_syndication_of_articles_is_fetching_them_and_readers_leave_no_trace():
    partner = await builders.partner()
    articles = [await builders.live(title) for title in ("Sleep", "Rest")]
    document = "{ articles { nodes { syndication { html contentHash } } } }"
    await ask(document)
    assert await Copy.all().count() == 0
    seen = await ask(document, builders.asking(partner))
    held = {row.article_id: row.content_hash for row in await Copy.all()}
    assert set(held) == {article.id for article in articles}
    assert set(held.values()) == {node["syndication"]["contentHash"] for node in seen["articles"]["nodes"]}
    assert await Fetch.all().count() == 2
    await ask("{ articles { nodes { title slug authors { name } } } }", builders.asking(partner))
    assert {row.times for row in await Fetch.all()} == {1}


@pytest.mark.parametrize(
    "document",
    [
        "{ articles { nodes { body { markdown } } } }",
        "{ articles { nodes { jsonLd body { toc { text } } syndication { text } } } }",
        '{ route(path: "/articles/sleep") { ... on Article { body { html } } } }',
        "{ changes { nodes { article { title summary } } } }",
        "{ changes { nodes { article { body { text } syndication { html } } } } }",
    ],
)
async def test_whatever_shows_a_partner_what_an_article_says_is_one_fetch_of_it_and_a_withdrawal_recalls_it(document):
    partner, article = await builders.partner(full_text=False), await builders.live(slug="sleep")
    await ask(document)
    await ask(document, builders.viewer(Role.EDITOR))
    assert await Copy.all().count() == 0
    await ask(document, builders.asking(partner))
    shown = await ask('{ article(by: {slug: "sleep"}) { syndication { contentHash } } }')
    copy = await Copy.get()
    assert (copy.partner_id, copy.article_id) == (partner.id, article.id)
    assert copy.content_hash == shown["article"]["syndication"]["contentHash"]
    assert (await Fetch.get()).times == 1
    said = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "A trial was retracted.", Severity.SAFETY)
    await withdrawing.unpublish(article.id, None, said, Acting(SITE))
    assert await recalls.follow() == 1
    assert [row.partner_id for row in await Recall.all()] == [partner.id]


async def test_writing_down_costs_the_same_for_two_articles_and_for_twenty():
    partner = builders.asking(await builders.partner())
    documents = (
        "{ articles(first: 50) { nodes { syndication { text } } } }",
        "{ articles(first: 50) { nodes { body { html } jsonLd } } }",
        "{ changes(first: 50) { nodes { article { title body { text } } } } }",
    )
    for title in ("A", "B"):
        await builders.live(title)
    few = [await cost(document, partner) for document in documents]
    for number in range(18):
        await builders.live(f"More {number}")
    assert [await cost(document, partner) for document in documents] == few


async def test_a_copy_is_behind_by_the_changes_since_what_it_shows():
    partner, article = await builders.partner(), await builders.live("Sleep")
    await changed(article, ago(days=3), content_hash="a" * 64)
    await copies.fetched(grant_of(partner), [(article.id, 1, "a" * 64)], ago(days=2))
    assert await stale(partner) == []
    first = await changed(article, ago(days=1), content_hash="b" * 64)
    await changed(article, ago(hours=1), content_hash="c" * 64)
    assert await stale(partner) == [
        {"articleId": article.id, "article": {"title": "Sleep"}, "behindBy": 2,
         "since": first.at.isoformat().replace("+00:00", "Z"),
         "url": f"https://portal.example/health/{article.slug}"}
    ]  # fmt: skip
    await copies.fetched(grant_of(partner), [(article.id, 3, "c" * 64)])
    assert await stale(partner) == []


async def test_an_answer_that_was_overtaken_by_a_change_is_behind_though_it_was_written_down_later():
    partner, article = await builders.partner(), await builders.live()
    await changed(article, ago(hours=2), content_hash="a" * 64)
    await changed(article, ago(hours=1), content_hash="b" * 64)
    await copies.fetched(grant_of(partner), [(article.id, 1, "a" * 64)])
    assert [copy["behindBy"] for copy in await stale(partner)] == [1]


async def test_a_copy_that_was_not_fetched_in_time_is_stale_though_nothing_changed():
    partner, article = await builders.partner(refresh_max_seconds=86_400), await builders.live()
    at = ago(days=1, seconds=10)
    await copies.fetched(grant_of(partner), [(article.id, 1, None)], at)
    (copy,) = await stale(partner)
    assert copy["behindBy"] == 0
    assert datetime.fromisoformat(copy["since"]) == at + timedelta(days=1)
    await copies.fetched(grant_of(partner), [(article.id, 1, None)], ago(hours=23))
    assert await stale(partner) == []


async def test_a_copy_may_be_shown_for_as_long_as_its_partner_has_agreed_to():
    await builders.live(slug="sleep")
    document = '{ article(by: {slug: "sleep"}) { syndication { refreshBy } } }'
    partner = await builders.partner(refresh_max_seconds=86_400)
    for asking, days in ((builders.asking(partner), 1), (ANONYMOUS, 7)):
        moment = datetime.now(UTC).replace(microsecond=0)
        told = datetime.fromisoformat((await ask(document, asking))["article"]["syndication"]["refreshBy"])
        assert timedelta(0) <= told - moment - timedelta(days=days) < timedelta(minutes=1)


async def test_what_was_taken_down_is_a_stale_copy_without_an_article_until_it_is_dropped():
    partner, article = await builders.partner(copy_url_template=None), await builders.live()
    await builders.copy(partner, article)
    await builders.take_down(article)
    await changed(article, builders.ahead(seconds=1), kind="REMOVE", reason="WITHDRAWN")
    (copy,) = await stale(partner)
    assert (copy["article"], copy["behindBy"], copy["url"]) == (None, 1, None)
    await Copy.all().update(dropped_at=builders.NOW)
    assert await stale(partner) == []


async def test_counts_of_days_long_past_are_forgotten():
    partner, article = await builders.partner(), await builders.live()
    await copies.fetched(grant_of(partner), [(article.id, 1, None)], ago(days=401))
    await copies.fetched(grant_of(partner), [(article.id, 1, None)], ago(days=399))
    assert await copies.forget(builders.NOW) == 1
    assert await Fetch.all().count() == 1
