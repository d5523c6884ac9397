"""What an author cannot see is, in their own drafts, as if it were not there: in text, relations and report."""

from datetime import timedelta
from typing import Any

import pytest

from api.accounts.viewer import Role, Viewer
from api.articles.models import Article, Revision
from api.conditions import Condition
from api.evidence.models import Source
from api.practitioners import Practitioner
from tests import builders
from tests.asking import ask
from tests.deskwork import approved, codes, do, practitioner, version, viewer, written

pytestmark = pytest.mark.usefixtures("sample")
READ = """query ($id: ID!) { article(by: {id: $id}) {
  body { html } citations { key source { key } } gateReport { findings { rule message } } } }"""
NOBODY = "art_00000000000000000000000000"
NOTHING = "cnd_00000000000000000000000000"


def body(article: str, entry: str, key: str) -> str:
    link = f"Read [the other one](entity:{article}) and [that](entity:{entry})."
    return f"A claim about something [@{key}].\n\n{link}\n\n## When to get help\n\nSee a doctor.\n"


async def read(asking: Viewer, article: str) -> dict[str, Any]:
    return dict((await ask(READ, asking, id=article))["article"])


def alike(said: Any, *names: str) -> str:
    """What was said, with the names that were asked about taken out."""
    text = str(said)
    for name in names:
        text = text.replace(name, "…")
    return text


async def hidden() -> tuple[str, str, str]:
    """The ids of an article that waits for its day and of an unpublished condition, and the key of a hidden source."""
    other = await approved(await viewer(Role.EDITOR))
    await Article.filter(id=other["id"]).update(scheduled_for=builders.ahead(days=3), stage="SCHEDULED")
    condition = await Condition.create(name="Quiet ache", slug="quiet-ache", summary="Not told yet.")
    source = {"csl": {"type": "book", "title": "Not told", "author": [{"family": "Hidden"}]}, "study_design": "OTHER"}
    await Source.create(key="hidden2026", status="RETRACTED", **source)
    return other["id"], condition.id, "hidden2026"


async def test_what_is_hidden_is_written_and_judged_as_what_is_not_there():
    author, editor = await viewer(Role.AUTHOR), await viewer(Role.EDITOR)
    article, condition, key = await hidden()
    real = (await written(author, title="About what is there", body=body(article, condition, key)))["id"]
    none = (await written(author, title="About what is not", body=body(NOBODY, NOTHING, "nothing2026")))["id"]
    asked, random = await read(author, real), await read(author, none)
    assert "href" in str(random) or "nothing2026" in str(random)
    assert alike(asked, article, condition, key) == alike(random, NOBODY, NOTHING, "nothing2026")
    (seen,) = [(await read(editor, real))["citations"]]
    assert [each["source"] for each in seen] == [{"key": key}]
    refused = await do("submitArticle", author, id=real, expectedVersion=await version({"id": real}), fields=REFUSED)
    nothing = await do("submitArticle", author, id=none, expectedVersion=await version({"id": none}), fields=REFUSED)
    assert codes(refused) == ["BLOCKED"]
    assert alike(refused, article, condition, key) == alike(nothing, NOBODY, NOTHING, "nothing2026")


REFUSED = "userErrors { code message } gateReport { findings { rule message path excerpt } }"


async def test_an_editors_draft_names_what_the_editor_sees():
    editor = await viewer(Role.EDITOR)
    article, condition, key = await hidden()
    html = (await read(editor, (await written(editor, body=body(article, condition, key)))["id"]))["body"]["html"]
    assert "/conditions/quiet-ache" in html
    assert "Hidden" in html


async def test_relations_to_what_is_hidden_are_refused_as_those_to_nothing():
    author, editor = await viewer(Role.AUTHOR), await viewer(Role.EDITOR)
    _, condition, _ = await hidden()
    mine = await written(author)

    async def related(asking: Viewer, named: str) -> dict[str, Any]:
        expected = await version(mine)
        fields = "userErrors { code field message }"
        said = {"id": mine["id"], "expectedVersion": expected, "conditions": [named]}
        return await do("reviseArticle", asking, fields=fields, **said)

    before = (await Article.get(id=mine["id"])).version
    assert alike(await related(author, condition), condition) == alike(await related(author, NOTHING), NOTHING)
    assert codes(await related(author, condition)) == ["NOT_FOUND"]
    assert await version(mine) == before
    assert codes(await related(editor, condition)) == []
    assert codes(await related(author, condition)) == []  # the editor has put it there


async def test_authors_may_name_themselves_before_their_profile_is_public():
    who = await practitioner("maren-holloway")
    author = await viewer(Role.AUTHOR, practitioner=who)
    mine = await written(author)
    await Practitioner.filter(id=who).update(is_published=False)
    done = await do("reviseArticle", author, id=mine["id"], expectedVersion=await version(mine), authors=[who])
    assert codes(done) == []


async def test_what_goes_live_is_written_out_with_all_that_it_names():
    author, editor = await viewer(Role.AUTHOR), await viewer(Role.EDITOR)
    await Source.filter(key="irnich2001").update(is_published=False)
    mine = await written(author)
    revision = await Revision.get(article_id=mine["id"])
    assert "Irnich" not in (await read(author, mine["id"]))["body"]["html"]
    await Source.filter(key="irnich2001").update(is_published=True)
    await builders.review(await Article.get(id=mine["id"]), await Practitioner.get(slug="anita-verwood"))
    await Article.filter(id=mine["id"]).update(stage="APPROVED")
    at = (builders.NOW + timedelta(days=1)).isoformat()
    done = await do("scheduleArticle", editor, id=mine["id"], expectedVersion=await version(mine), at=at)
    assert codes(done) == []
    assert "Irnich" in (await read(editor, mine["id"]))["body"]["html"]
    assert revision.id == (await Article.get(id=mine["id"])).draft_id
