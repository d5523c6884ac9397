"""An old text, sent by a member, becomes a draft of theirs."""

import pytest

from api.accounts.viewer import Role
from api.articles.models import Article, Redirect, Revision
from api.audit import AuditEntry
from tests import builders
from tests.asking import ask
from tests.deskwork import do, outcome, viewer

pytestmark = pytest.mark.usefixtures("database")
FIELDS = "userErrors { code field message } outcome lines dangling article { id slug title stage version isLive }"
MARKDOWN = """---
title: Sleep and pain
date: 2020-03-01
---

Some people sleep badly when something hurts [1]. Others sleep well [2].

![A bed](/bed.png)

## References

1. Doe J. A made-up title for a test. 2010. doi:10.1234/made.up
"""


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.EDITOR])
async def test_an_old_text_becomes_a_draft_of_whoever_sent_it_with_a_frank_report(role):
    member = await viewer(role)
    said = {"name": "sleep.md", "content": MARKDOWN, "mapUrlPrefix": "/post/"}
    done = await do("importArticle", member, fields=FIELDS, **said)
    assert (done["userErrors"], done["outcome"], done["dangling"]) == ([], "NEW", ["unresolved-2"])
    assert any("image" in line for line in done["lines"])
    shown = done["article"]
    assert (shown["slug"], shown["stage"], shown["version"], shown["isLive"]) == ("sleep-and-pain", "DRAFT", 1, False)
    article = await Article.get(id=shown["id"])
    assert (article.created_by_id, str(article.originally_published_on)) == (member.member, "2020-03-01")
    assert (await Revision.get(article_id=article.id)).created_by_id == member.member
    assert (await Redirect.get(path="/post/sleep-and-pain")).article_id == article.id
    entry = await AuditEntry.get()
    assert (entry.actor, entry.verb, entry.thing) == (member.member, "importArticle", article.id)
    assert (await ask('{ article(by: {slug: "sleep-and-pain"}) { id } }'))["article"] is None


async def test_a_repeat_adds_nothing_and_a_changed_text_brings_the_draft_up_to_date():
    author = await viewer(Role.AUTHOR)
    first = await do("importArticle", author, fields=FIELDS, name="sleep.md", content=MARKDOWN)
    second = await do("importArticle", author, fields=FIELDS, name="sleep.md", content=MARKDOWN)
    newer = MARKDOWN.replace("sleep badly", "sleep very badly")
    third = await do("importArticle", author, fields=FIELDS, name="sleep.md", content=newer)
    await do("reviseArticle", author, id=first["article"]["id"], expectedVersion=2, title="Ours")
    fourth = await do("importArticle", author, fields=FIELDS, name="sleep.md", content=MARKDOWN)
    assert [each["outcome"] for each in (second, third, fourth)] == ["UNCHANGED", "UPDATED", "LEFT_ALONE"]
    assert {each["article"]["id"] for each in (first, second, third, fourth)} == {first["article"]["id"]}
    assert await Article.all().count() == 1


async def test_another_authors_import_of_the_same_text_is_an_article_of_its_own():
    mine, theirs = await viewer(Role.AUTHOR), await viewer(Role.AUTHOR)
    said = {"name": "sleep.md", "content": MARKDOWN}
    first = await do("importArticle", mine, fields=FIELDS, **said)
    newer = said | {"content": MARKDOWN.replace("sleep badly", "sleep very badly")}
    second = await do("importArticle", theirs, fields=FIELDS, **newer)
    again = await do("importArticle", theirs, fields=FIELDS, **newer)
    assert [second["outcome"], again["outcome"]] == ["NEW", "UNCHANGED"]
    assert first["article"]["id"] != second["article"]["id"] == again["article"]["id"]
    assert "very badly" not in str((await Revision.get(article_id=first["article"]["id"])).body)


async def test_a_file_that_holds_no_text_is_refused_with_a_sentence():
    author = await viewer(Role.AUTHOR)
    refused = await do("importArticle", author, fields=FIELDS, name="sleep.md", content="%PDF-1.7")
    assert [error["code"] for error in refused["userErrors"]] == ["INVALID"]
    assert "PDF" in refused["userErrors"][0]["message"]
    assert (refused["article"], refused["outcome"], refused["lines"]) == (None, None, [])
    assert await Article.all().count() == 0


async def test_the_same_key_imports_once_and_repeats_the_report():
    author = await viewer(Role.AUTHOR)
    said = {"name": "sleep.md", "content": MARKDOWN, "idempotencyKey": "one-key"}
    first = await do("importArticle", author, fields=FIELDS, **said)
    assert await do("importArticle", author, fields=FIELDS, **said) == first
    assert first["outcome"] == "NEW"


async def test_who_does_not_write_does_not_import():
    for role in (Role.REVIEWER, Role.MODERATOR, Role.PARTNER):
        assert await outcome("importArticle", await viewer(role), name="sleep.md", content=MARKDOWN) == "FORBIDDEN"
    assert await outcome("importArticle", builders.viewer(member=None), name="s.md", content="x") == "UNAUTHENTICATED"
