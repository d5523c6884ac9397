"""Erasing for good: nothing of what an article said is left anywhere, and only admins can ask for it."""

import json

import pytest
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from api.accounts.viewer import Role
from api.articles.models import Article, Revision
from api.audit import AuditEntry
from api.changes import Change
from api.sql import Sql, rows, sql
from tests import builders
from tests.asking import ask
from tests.deskwork import BODY, do, outcome, published, viewer, written

CANARY = "xylocanary"
FIELDS = "userErrors { code field } erasedId"
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


async def traces(word: str) -> list[str]:
    """The tables in which a word stands anywhere."""
    named = sorted(row["table_name"] for row in await rows(Sql(TABLES)))
    counts = {
        name: await rows(sql(f'SELECT count(*) AS n FROM "{name}" AS it WHERE it::text ILIKE ?', f"%{word}%"))
        for name in named
    }
    return [name for name, found in counts.items() if found[0]["n"]]


async def canary(editor, admin) -> dict:
    """A live article with a word of its own wherever something can be said, and a draft that was sent to a link."""
    body = BODY + f"\nThe {CANARY} sings.\n"
    article = await published(editor, body=body, title=f"On {CANARY}", changeNote=CANARY, seo={"title": CANARY})
    await do("changeArticleSlug", editor, id=article["id"], expectedVersion=article["version"], slug=f"{CANARY}-two")
    row = await Article.get(id=article["id"])
    await builders.comment(row, f"{CANARY}, said a reader.")
    said = {"id": row.id, "expectedVersion": row.version, "idempotencyKey": "one-key"}
    fields = "userErrors { code } gateReport { findings { excerpt } }"
    worse = {"markdown": body + f"\nThe {CANARY} is a miracle.\n"}
    revised = await do("reviseArticle", editor, **said | {"idempotencyKey": "other"}, body=worse)
    await do("publishArticle", editor, fields=fields, **said | {"expectedVersion": revised["article"]["version"]})
    done = {"kind": "WITHDRAWN", "explanation": f"The {CANARY} was wrong."}
    gone = await do("unpublishArticle", editor, id=row.id, expectedVersion=revised["article"]["version"], **done)
    return dict(gone["article"])


@pytest.mark.usefixtures("sample")
async def test_an_erased_article_leaves_its_id_and_that_it_was_erased():
    editor, admin = await viewer(Role.EDITOR), await viewer(Role.ADMIN)
    article = await canary(editor, admin)
    assert {"article", "revision", "rendering", "comment", "change", "audit_entry", "redirect", "search_word"} <= set(
        await traces(CANARY)
    )
    others = await Revision.exclude(article_id=article["id"]).count()

    said = {"id": article["id"], "expectedVersion": article["version"], "reason": "PERSONAL_DATA"}
    done = await do("eraseArticle", admin, fields=FIELDS, **said)
    assert done == {"userErrors": [], "erasedId": article["id"]}
    assert await traces(CANARY) == []
    assert await traces(article["id"]) == ["audit_entry", "change"]
    assert await Revision.all().count() == others

    entries = await AuditEntry.filter(thing=article["id"]).order_by("id")
    assert {json.dumps([entry.before, entry.after]) for entry in entries[:-1]} == {"[null, null]"}
    assert (entries[-1].actor, entries[-1].verb) == (admin.member, "eraseArticle")
    assert (entries[-1].before, entries[-1].after) == (None, {"reason": "PERSONAL_DATA"})
    changes = await Change.filter(article_id=article["id"]).order_by("id")
    assert {(change.slug, change.url, change.explanation, change.content_hash) for change in changes} == {
        ("", "", None, None)
    }
    assert (changes[-1].kind, changes[-1].reason, changes[-1].revision_number) == ("REMOVE", "ERASED", None)
    document = "query ($p: String!) { route(path: $p) { __typename } }"
    assert (await ask(document, p=f"/articles/{CANARY}-two"))["route"] is None
    again = await do("createArticle", editor, title="Another", slug=f"{CANARY}-two")
    assert again["userErrors"] == []


@pytest.mark.usefixtures("sample")
async def test_words_that_others_show_are_still_suggested():
    editor, admin = await viewer(Role.EDITOR), await viewer(Role.ADMIN)
    article = await published(editor, body=BODY + "\nWe sell no xylophones.\n")
    before = {row["word"] for row in await rows(Sql("SELECT word FROM search_word"))}
    await do("eraseArticle", admin, fields=FIELDS, id=article["id"], expectedVersion=article["version"], reason="LEGAL")
    after = {row["word"] for row in await rows(Sql("SELECT word FROM search_word"))}
    assert "xylophones" in before - after
    assert {"acupuncture", "neck", "pain", "shoulder"} & before <= after


@pytest.mark.usefixtures("sample")
async def test_what_was_never_live_is_erased_without_a_word_to_those_who_hold_copies():
    editor, admin = await viewer(Role.EDITOR), await viewer(Role.ADMIN)
    article = await written(editor)
    done = await do("eraseArticle", admin, fields=FIELDS, id=article["id"], expectedVersion=1, reason="LEGAL")
    assert done["userErrors"] == []
    assert await Change.filter(article_id=article["id"]).count() == 0
    assert await Article.filter(id=article["id"]).count() == 0


@pytest.mark.usefixtures("database")
async def test_only_an_admin_erases_and_only_what_was_read():
    article = await builders.live()
    said = {"id": article.id, "expectedVersion": 1, "reason": "LEGAL"}
    for role in (Role.AUTHOR, Role.EDITOR, Role.REVIEWER, Role.MODERATOR, Role.PARTNER):
        assert await outcome("eraseArticle", await viewer(role), **said) == "FORBIDDEN"
    assert await outcome("eraseArticle", await viewer(Role.ADMIN), **said | {"expectedVersion": 2}) == "CONFLICT"
    assert await Article.filter(id=article.id).count() == 1


async def erasing(article: str, statement: str) -> None:
    async with in_transaction():
        await rows(sql("SELECT set_config('meridian.erasing', ?, true)", article))
        await rows(Sql(statement))


@pytest.mark.usefixtures("database")
async def test_leave_to_erase_one_article_is_no_leave_to_touch_another_or_to_rewrite():
    mine, other = await builders.live("Mine"), await builders.live("Other")
    await AuditEntry.create(actor="mbr_1", verb="publish", thing=mine.id, after={"said": "something"})
    refused = (
        f"DELETE FROM revision WHERE article_id = '{other.id}'",
        f"UPDATE revision SET title = 'Changed' WHERE article_id = '{mine.id}'",
        f"UPDATE audit_entry SET after = '{{}}' WHERE thing = '{mine.id}'",
        f"UPDATE audit_entry SET before = NULL, after = NULL, actor = 'x' WHERE thing = '{mine.id}'",
        f"DELETE FROM audit_entry WHERE thing = '{mine.id}'",
    )
    for statement in refused:
        with pytest.raises((IntegrityError, OperationalError), match="never changes"):
            await erasing(mine.id, statement)
    with pytest.raises((IntegrityError, OperationalError), match="never changes"):  # leave ends with its transaction
        await rows(Sql(f"DELETE FROM revision WHERE article_id = '{mine.id}'"))
