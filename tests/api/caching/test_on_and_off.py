"""With the cache and without it the same bytes are answered, whatever was done in between: the site's own questions."""

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from tortoise.exceptions import IntegrityError

from api.accounts.viewer import Role
from api.articles.models import Correction
from api.sql import Sql, rows, sql
from tests import builders, deskwork
from tests.api.caching.programs import Running, running
from tests.deskwork import do

OPERATIONS = orjson.loads((Path(__file__).parents[3] / "schema" / "operations.json").read_bytes()).values()
NAMED = {
    found[1]: text for text in OPERATIONS if (found := re.search(r"\bquery (\w+)", text)) and "refreshBy" not in text
}
FACTS = "{ articles(first: 50) { nodes { id jsonLd syndication { html text contentHash } comments { totalCount } } } }"
TABLES = (
    "SELECT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname LIKE '%\\_says' "
)
WORDS = (
    "SELECT column_name AS name FROM information_schema.columns WHERE table_name = ? AND data_type = 'text' "
    "AND column_name NOT IN ('id') ORDER BY ordinal_position"
)
LEFT_ALONE = {"article", "change", "comment", "review", "rendering", "redirect"}
"""Tables whose rows are moved by the mutations of the other test."""


class Comparison:
    """Asks everything of both programs."""

    def __init__(self, program: Running) -> None:
        self.program = program
        self.paths = ["/articles/nowhere", "/conditions/neck-pain", "/"]
        self.asked: list[tuple[str, dict[str, Any]]] = [(FACTS, {})]
        for name in ("ArticlesPage", "ClinicPage", "ConditionsPage", "HomePage", "IndexPage", "PractitionersPage",
                     "TreatmentsPage"):  # fmt: skip
            self.asked.append((NAMED[name], {"orderBy": "NEWEST"} if name == "ArticlesPage" else {}))
        for slug in ("neck-pain", "low-back-pain"):
            self.asked.append((NAMED["ConditionPage"], {"slug": slug}))
        self.asked.append((NAMED["TreatmentPage"], {"slug": "acupuncture"}))
        self.asked.append((NAMED["PractitionerPage"], {"slug": "maren-holloway"}))
        self.asked.append((NAMED["SearchPage"], {"query": "neck"}))
        self.article("neck-pain-and-acupuncture")
        for path in self.paths:
            self.asked.append((NAMED["RoutePage"], {"path": path}))

    def article(self, slug: str, key: str = "") -> None:
        self.asked.append((NAMED["ArticlePage"], {"by": {"slug": slug}}))
        self.asked += [(NAMED["ArticlePage"], {"by": {"id": key}})] if key else []
        self.asked += [(NAMED[name], {"path": f"/articles/{slug}"}) for name in ("RoutePage", "EmbeddedArticle")]

    async def holds(self, after: str) -> None:
        await self.program.settled()
        for document, said in self.asked:
            kept = await self.program.get(document, **said)
            fresh = await self.program.get(document, plain=True, **said)
            assert "errors" not in fresh.json(), fresh.text
            assert kept.content == fresh.content, (after, document[:80], said)
            assert kept.headers["etag"] == fresh.headers["etag"]
            assert kept.headers["cache-tag"] == fresh.headers["cache-tag"]


@pytest.fixture
async def compared(sample: str, tmp_path: Path) -> AsyncIterator[Comparison]:
    async with running(sample, tmp_path) as program:
        yield Comparison(program)


async def test_the_life_of_an_article_is_the_same_with_the_cache_and_without(compared: Comparison):
    editor = await deskwork.viewer(Role.EDITOR, Role.ADMIN)

    async def act(verb: str, **said: Any) -> None:
        given = {"id": article["id"], "expectedVersion": await deskwork.version(article)} | said
        found = await do(verb, editor, fields="userErrors { code message }", **given)
        assert found["userErrors"] == [], (verb, found)
        await compared.holds(verb)

    await compared.holds("the start")
    article = await deskwork.written(editor)
    compared.article(article["slug"], article["id"])
    compared.article("moved-by-hand")
    await compared.holds("createArticle")
    await act("submitArticle")
    article = await deskwork.decided({**article, "version": await deskwork.version(article)})
    await compared.holds("reviewArticle")
    await act("publishArticle")
    await act("setCommentPolicy", policy="ON")
    comment = await builders.comment(await deskwork.Article.get(id=article["id"]))
    await compared.holds("a comment that waits or is approved")
    await comment.delete()
    await compared.holds("a comment that is erased")
    await act("reviseArticle", title="A longer word on sore shoulders")
    await act("discardDraft")
    await act("changeArticleSlug", slug="moved-by-hand")
    await act("addRedirect", path="/articles/nowhere")
    await Correction.create(article_id=article["id"], at=builders.NOW, text="We had written a wrong number.")
    await compared.holds("a correction")
    await act("unpublishArticle", kind="WITHDRAWN", explanation="It no longer holds.", severity="SAFETY")
    assert compared.program.hot > 0


async def test_every_table_that_readers_see_says_when_it_changes(compared: Comparison):
    tables = {row["name"] for row in await rows(Sql(TABLES))} - LEFT_ALONE
    assert len(tables) == 17

    await compared.holds("the start")
    for table in sorted(tables):
        for column in (await rows(sql(WORDS, table)))[:4]:
            name = column["name"]
            one = f"ctid = (SELECT ctid FROM {table} WHERE \"{name}\" <> '' LIMIT 1)"
            # A column of fixed words, or one that others name, is left as it is.
            with contextlib.suppress(IntegrityError):
                await rows(Sql(f'UPDATE {table} SET "{name}" = "{name}" || \' \' WHERE {one}'))
        await compared.holds(table)
