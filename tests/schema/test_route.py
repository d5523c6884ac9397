"""What a path of the site answers, yesterday's and today's."""

import pytest

from api.articles.models import Severity, UnpublishKind
from tests import builders
from tests.asking import ask, cost

DOCUMENT = """query ($path: String!) { route(path: $path) { __typename
  ... on Article { slug } ... on Condition { slug } ... on Treatment { slug } ... on Practitioner { slug }
  ... on Moved { path } ... on Withdrawn { title explanation severity at replacement { slug } }
  ... on Gone { why: explanation legal at } } }"""


async def route(path):
    return (await ask(DOCUMENT, path=path))["route"]


async def test_a_path_leads_to_the_thing_that_stands_there(database):
    await builders.live(slug="sleep")
    await builders.condition(slug="neck-pain")
    await builders.treatment(slug="acupuncture")
    await builders.practitioner(slug="ada")
    assert [
        await route(path)
        for path in ("/articles/sleep", "/conditions/neck-pain", "/treatments/acupuncture", "/practitioners/ada")
    ] == [
        {"__typename": "Article", "slug": "sleep"},
        {"__typename": "Condition", "slug": "neck-pain"},
        {"__typename": "Treatment", "slug": "acupuncture"},
        {"__typename": "Practitioner", "slug": "ada"},
    ]


async def test_the_old_address_of_a_draft_costs_what_an_unknown_one_does(database):
    await builders.draft(old_paths=("/post/draft",))
    await builders.schedule(await builders.draft("Soon", old_paths=("/post/soon",)), builders.ahead(days=1))
    paths = ("/post/draft", "/post/soon", "/post/nothing")
    assert [await route(path) for path in paths] == [None, None, None]
    assert [await cost(DOCUMENT, path=path) for path in paths] == [1, 1, 1]


async def test_what_hangs_on_a_path_does_not_matter(database):
    await builders.live(slug="sleep")
    for path in ("/articles/sleep/", "articles/sleep", "/articles/sleep?utm=1", "/articles/sleep#top"):
        assert await route(path) == {"__typename": "Article", "slug": "sleep"}, path


async def test_old_paths_lead_to_where_the_article_is_now_without_a_chain(database):
    article = await builders.live(slug="sleep", old_paths=("/post/how-to-sleep", "/articles/first", "/articles/second"))
    for path in ("/post/how-to-sleep", "/post/how-to-sleep/", "/articles/first", "/articles/second"):
        assert await route(path) == {"__typename": "Moved", "path": "/articles/sleep"}
    article.slug = "sleeping"
    await article.save()
    assert await route("/articles/first") == {"__typename": "Moved", "path": "/articles/sleeping"}
    assert await route("/articles/sleep") is None


async def test_a_path_may_lead_elsewhere_altogether(database):
    await builders.redirect("/booking", target="https://booking.example/clinic")
    assert await route("/booking") == {"__typename": "Moved", "path": "https://booking.example/clinic"}


@pytest.mark.parametrize("path", ["/articles/sleep", "/post/sleep"])
async def test_a_withdrawn_article_says_why_and_what_to_read_instead(database, path):
    await builders.live("Better", slug="better")
    article = await builders.live("Sleep", slug="sleep", old_paths=("/post/sleep",))
    await builders.take_down(
        article, explanation="It was wrong.", severity=Severity.SAFETY, moved_to="/articles/better"
    )
    assert await route(path) == {
        "__typename": "Withdrawn", "title": "Sleep", "explanation": "It was wrong.", "severity": "SAFETY",
        "at": builders.NOW.isoformat().replace("+00:00", "Z"), "replacement": {"slug": "better"},
    }  # fmt: skip


async def test_a_replacement_that_readers_do_not_see_is_not_named(database):
    await builders.draft("Better", slug="better")
    await builders.take_down(await builders.live(slug="sleep"), moved_to="/articles/better")
    assert (await route("/articles/sleep"))["replacement"] is None


@pytest.mark.parametrize(("kind", "legal"), [(UnpublishKind.GONE, False), (UnpublishKind.LEGAL, True)])
async def test_what_is_gone_says_so_and_keeps_its_title_to_itself(database, kind, legal):
    await builders.take_down(await builders.live("Sleep", slug="sleep"), kind, "By order.")
    gone = await route("/articles/sleep")
    assert (gone.pop("at").endswith("Z"), gone) == (True, {"__typename": "Gone", "why": "By order.", "legal": legal})


@pytest.mark.parametrize("path", ["/articles/sleep", "/post/sleep"])
async def test_what_moved_leads_to_its_new_place(database, path):
    article = await builders.live(slug="sleep", old_paths=("/post/sleep",))
    await builders.take_down(article, UnpublishKind.MOVED, moved_to="https://elsewhere.example/sleep")
    assert await route(path) == {"__typename": "Moved", "path": "https://elsewhere.example/sleep"}


async def test_what_is_published_again_answers_itself(database):
    article = await builders.take_down(await builders.live(slug="sleep"))
    article.unpublished_kind = article.unpublished_at = None
    await builders.publish(article)
    assert await route("/articles/sleep") == {"__typename": "Article", "slug": "sleep"}


async def test_an_unknown_path_is_null(database):
    await builders.clinic()
    unknown = [
        "",
        "/",
        "/articles",
        "/articles/",
        "/articles/none",
        "/conditions/none",
        "/a/b/c",
        "//",
        "/?",
        "/é",
        "x" * 999,
    ]
    assert {path: await route(path) for path in unknown} == dict.fromkeys(unknown)
