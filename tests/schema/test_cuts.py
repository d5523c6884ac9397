"""What readers are told of a text from which words were only taken away: the review of before, and a day soon."""

from datetime import UTC, datetime, timedelta

import pytest

from api.accounts.viewer import Role
from api.articles.models import Article, Revision
from tests import builders
from tests.asking import ask
from tests.deskwork import BODY, do, published, viewer

pytestmark = pytest.mark.usefixtures("sample")
FIELDS = "id version reviewedBy { id name } lastReviewed nextReview isReviewOverdue"
CUT = BODY.replace("Most neck pain eases by itself. ", "")


async def shown(slug: str) -> dict:
    document = f"query ($slug: String!) {{ article(by: {{slug: $slug}}) {{ {FIELDS} jsonLd }} }}"
    return dict((await ask(document, slug=slug))["article"])


async def test_readers_see_who_reviewed_the_text_before_and_that_it_is_due_within_seven_days():
    editor = await viewer(Role.EDITOR)
    live = await published(editor)
    before = await shown(live["slug"])
    named = {"id": live["id"], "expectedVersion": live["version"]}
    await do("reviseArticle", editor, **named, body={"markdown": CUT})
    named = {"id": live["id"], "expectedVersion": live["version"] + 1}
    done = await do("correctArticle", editor, **named, text="A sentence without a source is out.")
    assert done["userErrors"] == []
    after = await shown(live["slug"])
    assert after["reviewedBy"] == before["reviewedBy"]
    assert after["reviewedBy"]["name"] == "Anita Verwood"
    assert after["lastReviewed"] == before["lastReviewed"] == after["jsonLd"]["lastReviewed"]
    assert after["nextReview"] == (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    assert after["isReviewOverdue"] is False
    row = await Article.get(id=live["id"])
    assert str(row.reviewed_on) == before["lastReviewed"]
    mine = "query ($slug: String!) { practitioner(by: {slug: $slug}) { reviewed(first: 100) { nodes { id } } } }"
    nodes = (await ask(mine, slug="anita-verwood"))["practitioner"]["reviewed"]["nodes"]
    assert live["id"] in [node["id"] for node in nodes]


async def test_a_draft_that_was_cut_has_no_review_of_its_own_to_show():
    editor = await viewer(Role.EDITOR)
    live = await published(editor)
    await do("reviseArticle", editor, id=live["id"], expectedVersion=live["version"], body={"markdown": CUT})
    row = await Article.get(id=live["id"])
    assert (await Revision.get(id=row.draft_id)).predecessor_id == row.live_id
    done = await do("unpublishArticle", editor, fields=f"article {{ {FIELDS} }}", id=live["id"],
                    expectedVersion=live["version"] + 1, kind="GONE", explanation="It was wrong.")  # fmt: skip
    assert done["article"]["reviewedBy"] is None
    assert done["article"]["nextReview"] is None


async def test_news_has_no_review_whatever_was_once_reviewed():
    article = await builders.live("Closed", kind="NEWS")
    await builders.review(article, await builders.practitioner())
    await builders.revised(article, "Closed", "Well.")
    await builders.publish(await Article.get(id=article.id))
    assert (await shown(article.slug))["reviewedBy"] is None
