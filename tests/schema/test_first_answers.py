"""A replay of an idempotency key answers what was answered first, whatever has become of the thing since."""

from typing import Any

import pytest

from api.accounts.viewer import Role, Viewer
from api.articles.models import Article
from tests import builders
from tests.asking import ask
from tests.deskwork import do, published, viewer, written

pytestmark = pytest.mark.usefixtures("sample")
SHOWN = """userErrors { code } article { id version stage isLive hasUnpublishedChanges title slug scheduledFor
  unpublishing { kind explanation } draft { number } }"""


async def twice(verb: str, editor: Viewer, between: Any, fields: str = SHOWN, **said: Any) -> dict[str, Any]:
    """The answer to a verb, which must be the same after something else has happened."""
    key = f"{verb}-1"
    first = await do(verb, editor, fields=fields, idempotencyKey=key, **said)
    assert first["userErrors"] == []
    await between(first)
    assert await do(verb, editor, fields=fields, idempotencyKey=key, **said) == first
    return first


async def test_a_draft_that_was_revised_since_is_answered_as_it_was_made():
    editor = await viewer(Role.EDITOR)

    async def revise(first: dict[str, Any]) -> None:
        made = first["article"]
        await do("reviseArticle", editor, id=made["id"], expectedVersion=1, title="Other", slug="other")
        await do("discardDraft", editor, id=made["id"], expectedVersion=2)

    first = await twice("createArticle", editor, revise, title="A first word", slug="a-first-word")
    assert (first["article"]["version"], first["article"]["stage"]) == (1, "DRAFT")
    assert (first["article"]["title"], first["article"]["draft"]) == ("A first word", {"number": 1})
    now = await ask("query ($id: ID!) { article(by: {id: $id}) { version stage slug } }", editor,
                    id=first["article"]["id"])  # fmt: skip
    assert now["article"] == {"version": 3, "stage": None, "slug": "other"}


async def test_what_was_published_and_taken_down_since_is_answered_as_live():
    editor = await viewer(Role.EDITOR)
    live = await published(editor)

    async def take_down(first: dict[str, Any]) -> None:
        said = {"kind": "WITHDRAWN", "explanation": "It was wrong."}
        await do("unpublishArticle", editor, id=live["id"], expectedVersion=first["article"]["version"], **said)

    slug = {"id": live["id"], "expectedVersion": live["version"], "slug": "sore-shoulders"}
    first = await twice("changeArticleSlug", editor, take_down, **slug)
    assert first["article"]["isLive"] is True
    assert first["article"]["unpublishing"] is None
    assert (await Article.get(id=live["id"])).live_id is None


async def test_an_entry_is_answered_with_its_first_version():
    editor = await viewer(Role.EDITOR)
    row = await builders.practitioner(is_published=False)

    async def publish(_: dict[str, Any]) -> None:
        done = await do("publishPractitioner", editor, fields="userErrors { code }", id=row.id, expectedVersion=2)
        assert done["userErrors"] == []

    fields = "userErrors { code } practitioner { id version isPublished jobTitle }"
    said = {"id": row.id, "expectedVersion": 1, "jobTitle": "Nurse"}
    first = await twice("updatePractitioner", editor, publish, fields, **said)
    assert first["practitioner"] == {"id": row.id, "version": 2, "isPublished": False, "jobTitle": "Nurse"}


async def test_what_its_asker_may_not_see_any_more_is_not_answered():
    author = await viewer(Role.AUTHOR)
    said = {"title": "A first word", "idempotencyKey": "mine"}
    first = await do("createArticle", author, fields=SHOWN, **said)
    await Article.filter(id=first["article"]["id"]).update(created_by_id=None)
    again = await do("createArticle", author, fields=SHOWN, **said)
    assert again == {"userErrors": [], "article": None}


async def test_a_refusal_is_answered_again_with_the_article_of_then():
    editor = await viewer(Role.EDITOR)
    made = await written(editor)
    said = {"id": made["id"], "expectedVersion": 9, "title": "Late", "idempotencyKey": "late"}
    first = await do("reviseArticle", editor, fields=SHOWN, **said)
    assert [error["code"] for error in first["userErrors"]] == ["CONFLICT"]
    assert first["article"]["version"] == 1
    await do("reviseArticle", editor, id=made["id"], expectedVersion=1, summary="Anew.")
    assert await do("reviseArticle", editor, fields=SHOWN, **said) == first
