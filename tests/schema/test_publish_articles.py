"""Publishing many articles at once: all or none, or as many as can be."""

import pytest

from api.accounts.viewer import Role
from api.articles.models import Article
from api.audit import AuditEntry
from api.changes import Change
from tests.deskwork import approved, do, viewer, written

pytestmark = pytest.mark.usefixtures("sample")
FIELDS = """userErrors { code field }
  results { id isPublished article { id version isLive } gateReport { passes } userErrors { code field } }"""
NOBODY = "art_00000000000000000000000000"


async def four(editor) -> list[dict]:
    """Two articles that can go live, one that the gate blocks, and one of which the version is stale."""
    return [
        await approved(editor, title="First"),
        await written(editor, title="Blocked"),
        await approved(editor, title="Second"),
        (await approved(editor, title="Stale")) | {"version": 1},
    ]


def items(articles: list[dict]) -> list[dict]:
    return [{"id": article["id"], "expectedVersion": article["version"]} for article in articles]


async def test_ignoring_the_failed_publishes_the_others_and_says_of_each_what_became_of_it():
    editor = await viewer(Role.EDITOR)
    articles = await four(editor)
    wanted = [*items(articles), {"id": NOBODY, "expectedVersion": 1}]
    done = await do("publishArticles", editor, fields=FIELDS, items=wanted, errorPolicy="IGNORE_FAILED")
    assert done["userErrors"] == [
        {"code": "BLOCKED", "field": ["items", "1"]},
        {"code": "CONFLICT", "field": ["items", "3", "expectedVersion"]},
        {"code": "NOT_FOUND", "field": ["items", "4"]},
    ]
    first, blocked, second, stale, nobody = done["results"]
    assert [result["isPublished"] for result in done["results"]] == [True, False, True, False, False]
    assert first["article"] == {"id": articles[0]["id"], "version": articles[0]["version"] + 1, "isLive": True}
    assert second["userErrors"] == []
    assert (blocked["gateReport"], blocked["article"]["isLive"]) == ({"passes": False}, False)
    assert (stale["article"]["version"], stale["userErrors"][0]["code"]) == (3, "CONFLICT")
    assert (nobody["id"], nobody["article"]) == (NOBODY, None)
    assert await Change.filter(article_id__in=[article["id"] for article in articles]).count() == 2


async def test_rejecting_everything_publishes_nothing_when_one_cannot_be():
    editor = await viewer(Role.EDITOR)
    articles = await four(editor)
    before = await AuditEntry.all().count()
    done = await do("publishArticles", editor, fields=FIELDS, items=items(articles))
    assert [result["isPublished"] for result in done["results"]] == [False] * 4
    assert [bool(result["userErrors"]) for result in done["results"]] == [False, True, False, True]
    assert [error["field"][1] for error in done["userErrors"]] == ["1", "3"]
    ids = [article["id"] for article in articles]
    assert await Article.filter(id__in=ids, live_id__isnull=False).count() == 0
    assert (await Change.filter(article_id__in=ids).count(), await AuditEntry.all().count()) == (0, before)


async def test_rejecting_everything_publishes_all_in_one_transaction_when_all_can_be():
    editor = await viewer(Role.EDITOR)
    articles = [await approved(editor, title=title) for title in ("First", "Second", "Third")]
    done = await do("publishArticles", editor, fields=FIELDS, items=items(articles[::-1]))
    assert done["userErrors"] == []
    assert [result["id"] for result in done["results"]] == [article["id"] for article in articles[::-1]]
    assert all(result["isPublished"] and result["article"]["isLive"] for result in done["results"])
    told = await Change.filter(article_id__in=[article["id"] for article in articles]).order_by("id")
    assert [change.reason for change in told] == ["PUBLISHED"] * 3


async def test_the_same_key_publishes_once_and_repeats_every_result():
    editor = await viewer(Role.EDITOR)
    said = {"items": items(await four(editor)), "errorPolicy": "IGNORE_FAILED", "idempotencyKey": "one-key"}
    first = await do("publishArticles", editor, fields=FIELDS, **said)
    second = await do("publishArticles", editor, fields=FIELDS, **said)
    assert [result["isPublished"] for result in first["results"]] == [True, False, True, False]
    assert second == first


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ([], ["items"]),
        ([f"art_{number:026}" for number in range(101)], ["items"]),
        ([NOBODY] * 2, ["items", "1", "id"]),
    ],
    ids=["none", "too many", "one twice"],
)
async def test_one_to_a_hundred_articles_are_named_each_once(named, place):
    wanted = [{"id": key, "expectedVersion": 1} for key in named]
    refused = await do("publishArticles", await viewer(Role.EDITOR), fields=FIELDS, items=wanted)
    assert refused == {"userErrors": [{"code": "INVALID", "field": place}], "results": []}
