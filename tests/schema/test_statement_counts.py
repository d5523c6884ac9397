"""Each page of the site takes a fixed number of statements, whether it shows two rows or twenty."""

import asyncio
import json
from typing import Any

import pytest

from api import database as db
from tests import builders
from tests.asking import ROOT, ask, cost
from tests.builders import ago

OPERATIONS = {
    text.split("(")[0].split("{")[0].removeprefix("query ").strip(): text
    for text in json.loads((ROOT / "schema" / "operations.json").read_text()).values()
    if text.startswith("query ")
}
# Statements of the committed operations, by their names: the site's, the embedded article's, the example partner's.
# By resolvers: a reader's are one statement each, where they are planned (schema/plan/test_committed_operations.py).
COSTS = {
    "ArticlePage": 25,
    "ArticlesPage": 11,
    "AskForForm": 2,
    "BeginningPage": 1,
    "ClinicPage": 1,
    "CommentedArticle": 7,
    "ConditionPage": 21,
    "ConditionsPage": 3,
    "EmbeddedArticle": 13,
    "HomePage": 11,
    "IndexPage": 7,
    "PartnerSync": 19,
    "OwnCommentPage": 1,
    "PractitionerPage": 14,
    "PractitionersPage": 5,
    "ReviewPage": 26,
    "RoutePage": 2,
    "SearchPage": 6,
    "TreatmentPage": 17,
    "TreatmentsPage": 4,
}
QUESTIONS = {
    "{ clinic { name } }": 1,
    "{ viewer { roles } }": 0,
    "{ articles { nodes { title } } }": 2,
    "{ articles { totalCount } }": 2,
    "{ articles { totalCount nodes { title } edges { cursor node { title } } } }": 3,
    "{ articles { nodes { body { html text toc { text } } wordCount citations { number } } } }": 3,
    "{ articles { nodes { body { html markdown document } } } }": 4,
    "{ articles { nodes { related { title } } } }": 3,
    "{ articles { nodes { comments { totalCount nodes { body } } commentCount } } }": 6,
    "{ articles { nodes { syndication { contentHash text } jsonLd } } }": 14,
    "{ conditions { nodes { articles(first: 2) { nodes { title } } children { name } parent { name } } } }": 5,
    "{ conditions { nodes { name } } treatments { nodes { name } } }": 4,
    "{ practitioners { nodes { credentials { name } reviewed { totalCount } } } }": 5,
    "{ sources { nodes { findings { outcome } articles { totalCount } } } }": 5,
    '{ search(query: "sleeping") { nodes { title } } }': 2,
    '{ search(query: "sleeping") { totalCount nodes { title item { __typename } } } }': 4,
}
ISSUE = """query ($slug: String!) { article(by: {slug: $slug}) {
  title body { html } citations { number source { doi evidenceLevel } } reviewedBy { name } conditions { name }
  treatments { name } comments(first: 5) { nodes { body } } } }"""


@pytest.fixture(autouse=True)
async def one_after_the_other(database, monkeypatch):
    """Which questions are asked together does not depend on the machine: there is one connection, and whatever follows
    from an answer is asked before the next answer is read.
    """
    await db.disconnect()
    await db.connect(database, connections=1)
    sockets = asyncio.get_running_loop()._selector
    look = sockets.select
    monkeypatch.setattr(sockets, "select", lambda timeout=None: [] if timeout == 0 else look(timeout))


async def clinic(size: int) -> dict[str, Any]:
    """A clinic with as many of everything, all linked with all."""
    await builders.clinic(logo=await builders.picture())
    sources = [await builders.source(f"work{number}") for number in range(size)]
    photos = [await builders.picture() for _ in range(size)]
    parent = await builders.condition("Pain")
    conditions = [await builders.condition(f"Condition {n}", care="Numbness.", parent=parent) for n in range(size)]
    treatments = [await builders.treatment(f"Treatment {n}", risk="Bruises") for n in range(size)]
    people = [
        await builders.practitioner(
            f"Person {n}", photo=photos[n],
            treats=tuple(conditions[: 1 if n else size]), offers=tuple(treatments[: 1 if n else size]),
        )
        for n in range(size)
    ]  # fmt: skip
    for number in range(size):
        await builders.statement(treatments[number], conditions[0], people[number], sources=tuple(sources))
        await builders.statement(treatments[0], conditions[number], people[number], sources=tuple(sources))
    body = "Sleeping helps. " + " ".join(f"See [@work{number}]." for number in range(size))
    note = await builders.disclaimer()
    articles = []
    for number in range(size):
        article = await builders.live(
            f"Sleep {number}", body, at=ago(days=number), conditions=conditions, treatments=treatments, authors=people,
            disclaimers=[note], hero_image=photos[number],
        )  # fmt: skip
        await builders.review(article, people[number])
        await builders.comment(article)
        articles.append(article)
    for word in range(size):
        await builders.comment(articles[0], f"Thank you {word}.")
    return {
        "ArticlePage": {"by": {"slug": articles[0].slug}},
        "AskForForm": {"article": articles[0].id},
        "CommentedArticle": {"by": {"slug": articles[0].slug}},
        "ArticlesPage": {"first": 20, "orderBy": "NEWEST"},
        "ConditionPage": {"slug": conditions[0].slug},
        "PractitionerPage": {"slug": people[0].slug},
        "ReviewPage": {"by": {"slug": articles[0].slug}},
        "RoutePage": {"path": f"/articles/{articles[0].slug}"},
        "EmbeddedArticle": {"path": f"/articles/{articles[0].slug}"},
        "SearchPage": {"query": "sleeping"},
        "TreatmentPage": {"slug": treatments[0].slug},
        "slug": articles[0].slug,
    }


async def test_each_page_of_the_site_takes_its_number_of_statements(database):
    variables = await clinic(2)
    counted = {name: await cost(text, **variables.get(name, {})) for name, text in OPERATIONS.items()}
    assert counted == COSTS


async def test_twenty_of_everything_take_as_many_statements_as_two(database):
    variables = await clinic(20)
    counted = {name: await cost(text, **variables.get(name, {})) for name, text in OPERATIONS.items()}
    assert counted == COSTS
    shown = await ask(OPERATIONS["ArticlesPage"], **variables["ArticlesPage"])
    assert len(shown["articles"]["nodes"]) == 20


async def test_the_article_of_the_issue_takes_at_most_twelve(database):
    variables = await clinic(2)
    assert await cost(ISSUE, slug=variables["slug"]) == 10


async def test_a_question_takes_only_the_statements_of_what_it_asks_for(database):
    await clinic(3)
    assert {document: await cost(document) for document in QUESTIONS} == QUESTIONS


async def test_many_things_by_id_are_fetched_together(database):
    conditions = [await builders.condition() for _ in range(20)]
    articles = [await builders.live() for _ in range(20)]
    mixed = [row.id for pair in zip(conditions, articles, strict=True) for row in pair]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert [node["id"] for node in (await ask(document, ids=mixed))["nodes"]] == mixed
    assert await cost(document, ids=mixed) == 2
