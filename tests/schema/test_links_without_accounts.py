"""Links for people without an account: a preview shows one revision, a review link lets one person decide, once."""

from datetime import UTC, datetime, timedelta

import pytest

from api.accounts import links
from api.accounts.viewer import Role, Viewer
from api.articles.models import Article, Review, Revision
from api.audit import AuditEntry
from api.practitioners import Practitioner
from api.publishing.bearers import UnknownBearer, authenticate
from api.publishing.models import ReviewLink
from schema.context import Context
from schema.root import schema
from tests.asking import API, KEY, SITE, ask
from tests.deskwork import (
    SECRET,
    TITLE,
    approved,
    codes,
    decided,
    do,
    due,
    mutation,
    practitioner,
    submitted,
    viewer,
    written,
)

pytestmark = pytest.mark.usefixtures("sample")
FIELDS = "userErrors { code field } url expiresAt"
SHOWN = '{ article(by: {slug: "any"}) { title version stage gateReport { findings { rule } } draft { number } } }'


async def link(verb: str, asking: Viewer, **said: object) -> dict:
    """The payload of a mutation that makes a link; its secret is the tests'."""
    context = Context(asking, SITE, API, KEY, secret=SECRET)
    result = await schema.execute(mutation(verb, FIELDS), variable_values={"input": said}, context_value=context)
    assert not result.errors
    return dict(result.data[verb])


def token(made: dict) -> str:
    return str(made["url"]).rpartition("/")[2]


async def review(bearer: str, version: int, article: str) -> dict:
    asking = await authenticate(SECRET, bearer)
    said = {"outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": due()}
    return await do("reviewArticle", asking, id=article, expectedVersion=version, **said)


async def test_a_preview_link_shows_the_draft_and_nothing_of_the_desk():
    editor = await viewer(Role.EDITOR)
    article = await written(editor)
    made = await link("createPreviewLink", editor, id=article["id"], days=3)
    assert made["userErrors"] == []
    assert made["url"].startswith(f"{SITE}/preview/mrp_")
    left = datetime.fromisoformat(made["expiresAt"]) - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < left < timedelta(days=3)
    shown = await ask(SHOWN, await authenticate(SECRET, token(made)))
    assert shown["article"] == {"title": TITLE, "version": None, "stage": None, "gateReport": None, "draft": None}
    entry = await AuditEntry.get(verb="createPreviewLink")
    assert (entry.actor, entry.thing) == (editor.member, article["id"])
    assert token(made) not in str(entry.after)


async def test_a_link_that_expired_or_was_forged_opens_nothing():
    editor = await viewer(Role.EDITOR)
    article = await submitted(editor)
    revision = (await Article.get(id=article["id"])).draft_id
    preview = token(await link("createPreviewLink", editor, id=article["id"], days=1))
    who = await practitioner("anita-verwood")
    wanted = token(await link("createReviewLink", editor, id=article["id"], practitioner=who, days=1))
    for bearer in (preview, wanted):
        assert (await authenticate(SECRET, bearer)).preview == revision
        for forged in (bearer[:-2] + ("AA" if bearer[-2:] != "AA" else "BB"), bearer[:4] + bearer[5:], bearer[:4], ""):
            with pytest.raises(UnknownBearer):
                await authenticate(SECRET, forged)
        with pytest.raises(UnknownBearer):
            await authenticate("another secret of thirty-two bytes", bearer)
    with pytest.raises(UnknownBearer):  # what is sealed for one purpose does not open for another
        await authenticate(SECRET, links.REVIEW_PREFIX + preview.removeprefix(links.PREFIX))
    await ReviewLink.all().update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    for bearer in (wanted, links.preview_link(SECRET, links.Preview(str(revision)), timedelta(seconds=-1))):
        with pytest.raises(UnknownBearer):
            await authenticate(SECRET, bearer)


@pytest.mark.parametrize("days", [0, 31])
async def test_a_link_holds_for_one_to_thirty_days(days):
    editor = await viewer(Role.EDITOR)
    article = await written(editor)
    refused = await link("createPreviewLink", editor, id=article["id"], days=days)
    assert refused == {"userErrors": [{"code": "INVALID", "field": ["days"]}], "url": None, "expiresAt": None}


async def test_a_review_link_shows_the_draft_with_its_findings_and_decides_once():
    editor = await viewer(Role.EDITOR)
    article = await submitted(editor)
    who = await practitioner("anita-verwood")
    made = await link("createReviewLink", editor, id=article["id"], practitioner=who)
    assert made["url"].startswith(f"{SITE}/review/mrr_")
    shown = (await ask(SHOWN, await authenticate(SECRET, token(made))))["article"]
    assert (shown["version"], shown["stage"], shown["draft"]) == (article["version"], "IN_REVIEW", {"number": 1})
    assert [found["rule"] for found in shown["gateReport"]["findings"]] == ["REV-001"]

    done = await review(token(made), article["version"], article["id"])
    assert (done["userErrors"], done["article"]["title"]) == ([], TITLE)
    given = await Review.get(revision_id=(await Revision.get(article_id=article["id"])).id)
    assert (given.reviewer_id, given.outcome) == (who, "APPROVED")
    assert (await AuditEntry.get(thing=article["id"], verb="reviewArticle")).actor == who
    with pytest.raises(UnknownBearer):
        await authenticate(SECRET, token(made))


async def test_a_review_link_that_was_opened_before_it_was_used_decides_nothing_twice():
    editor = await viewer(Role.EDITOR)
    article = await submitted(editor)
    who = await practitioner("anita-verwood")
    opened = await authenticate(
        SECRET, token(await link("createReviewLink", editor, id=article["id"], practitioner=who))
    )
    first = await decided(article, "CHANGES_REQUESTED", by=opened)
    again = await do("submitArticle", editor, id=article["id"], expectedVersion=first["version"])
    said = {"outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": due()}
    late = await do("reviewArticle", opened, id=article["id"], expectedVersion=again["article"]["version"], **said)
    assert codes(late) == ["NOT_FOUND"]
    assert await Review.filter(revision__article_id=article["id"]).count() == 1


async def test_a_review_link_decides_on_no_other_article():
    editor = await viewer(Role.EDITOR)
    mine, other = await submitted(editor), await submitted(editor)
    who = await practitioner("anita-verwood")
    bearer = token(await link("createReviewLink", editor, id=mine["id"], practitioner=who))
    assert codes(await review(bearer, other["version"], other["id"])) == ["NOT_FOUND"]
    assert (await Article.get(id=other["id"])).version == other["version"]


async def test_a_review_link_is_for_somebody_who_is_free_to_review():
    editor = await viewer(Role.EDITOR)
    article = await submitted(editor)
    cases = {
        await practitioner("maren-holloway"): "NOT_INDEPENDENT",  # wrote it
        "prc_00000000000000000000000000": "NOT_FOUND",
    }
    for who, code in cases.items():
        refused = await link("createReviewLink", editor, id=article["id"], practitioner=who)
        assert refused["userErrors"] == [{"code": code, "field": ["practitioner"]}]
    done = await approved(editor)
    who = await practitioner("anita-verwood")
    refused = await link("createReviewLink", editor, id=done["id"], practitioner=who)
    assert refused["userErrors"] == [{"code": "WRONG_STAGE", "field": None}]
    assert await ReviewLink.all().count() == 0


async def test_the_same_key_makes_one_link_and_shows_its_secret_once():
    editor = await viewer(Role.EDITOR)
    article = await submitted(editor)
    said = {"id": article["id"], "practitioner": await practitioner("anita-verwood"), "idempotencyKey": "one-key"}
    first = await link("createReviewLink", editor, **said)
    second = await link("createReviewLink", editor, **said)
    assert first["url"] is not None
    assert second == first | {"url": None}
    assert await ReviewLink.all().count() == 1


async def test_a_review_link_tells_who_is_asked_about_what_and_until_when():
    document = """{ viewer { isAuthenticated reviewing {
      article { id title } revision { number title } reviewer { id name } until } } }"""
    editor = await viewer(Role.EDITOR)
    article = await submitted(editor)
    who = await practitioner("anita-verwood")
    await Practitioner.filter(id=who).update(is_published=False)
    made = await link("createReviewLink", editor, id=article["id"], practitioner=who, days=5)
    asking = await authenticate(SECRET, token(made))
    found = (await ask(document, asking))["viewer"]
    assert found["isAuthenticated"] is False
    assert found["reviewing"] == {
        "article": {"id": article["id"], "title": TITLE},
        "revision": {"number": 1, "title": TITLE},
        "reviewer": {"id": who, "name": "Anita Verwood"},
        "until": made["expiresAt"],
    }
    preview = token(await link("createPreviewLink", editor, id=article["id"], days=1))
    for other in (editor, Viewer(), await authenticate(SECRET, preview)):
        assert (await ask(document, other))["viewer"]["reviewing"] is None
    await review(token(made), article["version"], article["id"])
    assert (await ask(document, asking))["viewer"]["reviewing"] is None
