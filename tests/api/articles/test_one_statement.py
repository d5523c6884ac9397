"""A new article is one statement: all of it is there, or nothing."""

import pytest

from api.articles import editing, rendering
from api.articles.editing import Content, Identity
from api.articles.models import Article, Redirect, Revision, RevisionCondition, Stage
from api.audit import AuditEntry
from api.documents import from_markdown
from api.errors import SlugTaken
from api.sql import rows, sql
from tests import builders

FOUND = "SELECT search_vector @@ to_tsquery('english', ?) AS found FROM rendering WHERE revision_id = ?"


async def create(slug: str, title: str = "Bruxism", **relations: tuple[str, ...]) -> Article:
    content = Content(title, from_markdown("Sleeping helps."), **relations)  # type: ignore[arg-type]
    entry = AuditEntry(actor="mem_1", verb="createArticle", after={"slug": slug})
    return await editing.create(Identity(slug), content, await rendering.derive(content.body), entry=entry)


async def counted() -> list[int]:
    return [await table.all().count() for table in (Article, Revision, RevisionCondition, AuditEntry)]


async def test_it_is_there_with_all_that_belongs_to_it(database):
    conditions = [(await builders.condition()).id for _ in range(2)]
    article = await create("grinding", conditions=tuple(conditions))
    kept = await Article.get(id=article.id)
    assert (kept.stage, kept.draft_id, kept.version) == (Stage.DRAFT, article.draft_id, 1)
    assert (await editing.related(str(article.draft_id)))["conditions"] == tuple(conditions)
    assert [entry.verb for entry in await AuditEntry.filter(thing=article.id)] == ["createArticle"]


@pytest.mark.parametrize("word", ["bruxism", "sleeping"])
async def test_it_is_found_by_the_words_of_its_title_and_of_its_text(database, word):
    article = await create("grinding")
    assert await rows(sql(FOUND, word, article.draft_id)) == [{"found": True}]


async def test_a_slug_that_is_or_was_anothers_leaves_nothing_behind(database):
    await Redirect.create(path="/articles/gnashing", article=await create("grinding"))
    before = await counted()
    for slug in ("grinding", "gnashing"):
        with pytest.raises(SlugTaken):
            await create(slug)
    assert await counted() == before
