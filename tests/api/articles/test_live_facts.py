"""What the log's hash is made of, by one statement, is what is shown of a live article by many."""

from api.accounts.viewer import ANONYMOUS
from api.articles import finding, live, reading, representation
from api.articles.models import Article
from tests import builders
from tests.asking import SITE, Statements


async def hashes(article: Article) -> tuple[str, str]:
    """The hash as the log gets it, and as readers of the article would compute it."""
    shown = await reading.by_id([article.id], ANONYMOUS)
    (whole,) = await finding.facts([shown[article.id]], ANONYMOUS)
    return representation.content_hash(await live.facts(article.id), SITE), representation.content_hash(whole, SITE)


async def test_every_live_article_of_the_sample_has_one_hash(sample):
    articles = await Article.filter(live_id__not_isnull=True)
    assert len(articles) >= 10
    for article in articles:
        alone, whole = await hashes(article)
        assert alone == whole, article.slug


async def test_what_readers_cannot_see_is_not_in_it(database):
    hidden, shown = await builders.condition(is_published=False), await builders.condition()
    key = (await builders.source(is_published=False)).key
    article = await builders.live(body=f"Sleeping helps [@{key}].", conditions=[hidden, shown])
    alone, whole = await hashes(article)
    assert alone == whole
    facts = await live.facts(article.id)
    assert [entry.id for entry in facts.conditions] == [shown.id]
    assert [reference.line for reference in facts.references] == ["Source missing."]


async def test_one_statement_finds_it(database):
    article = await builders.live(conditions=[await builders.condition() for _ in range(3)])
    with Statements() as statements:
        await live.facts(article.id)
    assert len(statements) == 1
