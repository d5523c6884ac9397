"""A link without an account ends with what it was made for: the draft, the article, and who made it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.accounts.models import Member
from api.accounts.viewer import Role, Viewer
from api.articles.models import Article, Revision
from api.audit import AuditEntry
from api.conditions import Condition
from api.evidence.models import Source
from api.publishing.bearers import UnknownBearer, authenticate
from schema.context import Context
from schema.root import schema
from tests.asking import API, KEY, SITE, ask
from tests.deskwork import (
    BODY,
    SECRET,
    TITLE,
    approved,
    codes,
    do,
    mutation,
    practitioner,
    submitted,
    version,
    viewer,
    written,
)

pytestmark = pytest.mark.usefixtures("sample")
SHOWN = '{ article(by: {slug: "any"}) { title } }'
NAMED = '{ article(by: {slug: "any"}) { conditions { name } citations { key source { key } } } }'


async def link(asking: Viewer, article: str, verb: str = "createPreviewLink", **said: Any) -> str:
    """The secret of a new link; its key is the tests'."""
    context = Context(asking, SITE, API, KEY, secret=SECRET)
    values = {"input": {"id": article, **said}}
    result = await schema.execute(mutation(verb, "url"), variable_values=values, context_value=context)
    assert not result.errors
    return str(result.data[verb]["url"]).rpartition("/")[2]


async def title(bearer: str) -> str | None:
    """What the link shows; None when it has ended."""
    try:
        asking = await authenticate(SECRET, bearer)
    except UnknownBearer:
        return None
    return str((await ask(SHOWN, asking))["article"]["title"])


async def said_by(verb: str, asking: Viewer, article: str, **more: Any) -> None:
    done = await do(verb, asking, id=article, expectedVersion=await version({"id": article}), **more)
    assert codes(done) == []


async def taken_down(asking: Viewer, article: str) -> None:
    why = {"kind": "LEGAL", "explanation": "A court has ordered it.", "severity": "SAFETY"}
    await said_by("unpublishArticle", asking, article, **why)


async def test_a_preview_link_to_what_was_live_ends_with_its_take_down():
    editor = await viewer(Role.EDITOR)
    article = (await approved(editor))["id"]
    await said_by("publishArticle", editor, article)
    bearer = await link(editor, article)
    assert await title(bearer) == TITLE
    await taken_down(editor, article)
    assert await title(bearer) is None
    later = await link(editor, article)
    assert await title(later) == TITLE
    await said_by("publishArticle", editor, article)
    assert (await title(bearer), await title(later)) == (None, TITLE)


async def test_a_preview_link_shows_its_one_revision_while_it_is_live_or_to_come_and_ends_when_it_was_passed_over():
    editor, another = await viewer(Role.EDITOR), await viewer(Role.EDITOR)
    article = (await approved(editor))["id"]
    bearer = await link(editor, article)
    await said_by("publishArticle", editor, article)
    assert await title(bearer) == TITLE
    await said_by("reviseArticle", another, article, title="The next one")
    next_one = await link(editor, article)
    assert (await title(bearer), await title(next_one)) == (TITLE, "The next one")
    await said_by("reviseArticle", editor, article, title="The one after it")
    assert (await title(bearer), await title(next_one)) == (TITLE, "The next one")
    await said_by("discardDraft", editor, article)
    assert (await title(bearer), await title(next_one)) == (TITLE, None)


async def test_links_end_when_the_draft_is_discarded():
    editor = await viewer(Role.EDITOR)
    article = (await submitted(editor))["id"]
    preview = await link(editor, article)
    review = await link(editor, article, "createReviewLink", practitioner=await practitioner("anita-verwood"))
    assert (await title(preview), await title(review)) == (TITLE, TITLE)
    await said_by("discardDraft", editor, article)
    assert (await title(preview), await title(review)) == (None, None)


@pytest.mark.parametrize("end", [{"disabled_at": datetime.now(UTC)}, {"roles": ["MODERATOR"]}])
async def test_links_end_when_their_maker_may_not_see_the_draft_any_more(end):
    editor = await viewer(Role.EDITOR)
    article = (await submitted(editor))["id"]
    preview = await link(editor, article)
    review = await link(editor, article, "createReviewLink", practitioner=await practitioner("anita-verwood"))
    assert (await title(preview), await title(review)) == (TITLE, TITLE)
    await Member.filter(id=editor.member).update(**end)
    assert (await title(preview), await title(review)) == (None, None)


async def test_preview_links_are_taken_back_by_who_may_write_the_article_and_a_new_one_holds():
    author, other = await viewer(Role.AUTHOR), await viewer(Role.AUTHOR)
    article = (await written(author))["id"]
    bearers = [await link(author, article) for _ in range(2)]
    assert codes(await do("revokePreviewLinks", other, id=article)) == ["NOT_FOUND"]
    assert [await title(bearer) for bearer in bearers] == [TITLE, TITLE]
    before = await version({"id": article})
    assert codes(await do("revokePreviewLinks", author, id=article)) == []
    assert [await title(bearer) for bearer in bearers] == [None, None]
    assert await title(await link(author, article)) == TITLE
    assert await version({"id": article}) == before
    assert (await AuditEntry.get(verb="revokePreviewLinks")).thing == article


async def test_a_preview_shows_of_the_catalogue_what_its_maker_sees():
    author, editor = await viewer(Role.AUTHOR), await viewer(Role.EDITOR)
    article = (await written(author, body=BODY))["id"]
    row = await Article.get(id=article)
    await Condition.filter(slug="neck-pain").update(is_published=False)
    await Source.filter(key="irnich2001").update(is_published=False)
    of_author = await authenticate(SECRET, await link(author, article))
    of_editor = await authenticate(SECRET, await link(editor, article))
    assert (await Revision.get(id=row.draft_id)).title == TITLE
    assert (await ask(NAMED, of_author))["article"] == {
        "conditions": [],
        "citations": [{"key": "irnich2001", "source": None}],
    }
    assert (await ask(NAMED, of_editor))["article"] == {
        "conditions": [{"name": "Neck pain"}],
        "citations": [{"key": "irnich2001", "source": {"key": "irnich2001"}}],
    }
