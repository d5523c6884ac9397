"""Every page of a large clinic is found by indexes: no scan of all articles, no sort of all of them.

5,000 articles in `make test`, 100,000 in `make soak`.
"""

import json
import logging
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from graphql import parse

from api import database as db
from api.accounts.viewer import ANONYMOUS
from api.readers import SETTINGS
from schema.plan import Plans
from tests import asking
from tests.asking import Statements, ask
from tests.benchmarks.seeding import seed
from tests.schema.plan.planned import SCHEMA, operation
from tests.schema.test_statement_counts import OPERATIONS

LARGE = {
    "article",
    "revision",
    "rendering",
    "revision_author",
    "revision_condition",
    "revision_treatment",
    "review",
    "shelf",
}
ARTICLES = [pytest.param(5_000, id="5k"), pytest.param(100_000, id="100k", marks=pytest.mark.soak)]
NODES = "{ nodes { id title } pageInfo { endCursor } }"
CND, TRT, PRC = (f"{prefix}_{2:026x}" for prefix in ("cnd", "trt", "prc"))
QUESTIONS = {
    "an article": '{ article(by: {slug: "copied-7"}) { id title } }',
    "newest": f"{{ articles {NODES} }}",
    "recently reviewed": f"{{ articles(orderBy: RECENTLY_REVIEWED) {NODES} }}",
    "by title": f"{{ articles(orderBy: TITLE) {NODES} }}",
    "last": f"{{ articles(last: 20) {NODES} }}",
    "of a kind": f"{{ articles(filter: {{kind: HEALTH}}) {NODES} }}",
    "in a language": f'{{ articles(filter: {{language: "en"}}) {NODES} }}',
    "published after": f'{{ articles(filter: {{publishedAfter: "2026-01-01T00:00:00Z"}}) {NODES} }}',
    "published before": f'{{ articles(filter: {{publishedBefore: "2026-01-01T00:00:00Z"}}) {NODES} }}',
    "about a condition": f'{{ articles(filter: {{condition: "{CND}"}}) {NODES} }}',
    "about a treatment": f'{{ articles(filter: {{treatment: "{TRT}"}}) {NODES} }}',
    "by an author": f'{{ articles(filter: {{practitioner: "{PRC}"}}) {NODES} }}',
    "a condition's hub": f'{{ condition(by: {{id: "{CND}"}}) {{ articles {NODES} }} }}',
    "a treatment's hub": f'{{ treatment(by: {{id: "{TRT}"}}) {{ articles {NODES} }} }}',
    "a practitioner's hub": f'{{ practitioner(by: {{id: "{PRC}"}}) {{ articles {NODES} }} }}',
    "related": '{ article(by: {slug: "copied-8"}) { related { id title } } }',
    "search": '{ search(query: "few7") { nodes { title snippet } } }',
    "a path": '{ route(path: "/articles/copied-7") { __typename } }',
}
FOLLOWED = ("newest", "recently reviewed", "by title", "a condition's hub", "a practitioner's hub")


class Asked(Statements):
    """The statements, with their values."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "%s: %s" and str(record.args[0]).lstrip().upper().startswith(("SELECT", "WITH")):
            self.sent.append(record.args)


async def planned(document: str, **variables: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    with Asked() as asked:
        await ask(document, **variables)
    return [(query, values or []) for query, values in asked.sent]


def parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from parts(below)


async def faults(connection: Any, document: str, articles: int, **variables: Any) -> list[str]:
    """What is scanned or sorted as a whole."""
    found = []
    for query, values in await planned(document, **variables):
        (row,) = await connection.fetch(f"EXPLAIN (FORMAT JSON) {query}", *values)
        for part in parts(json.loads(row[0])[0]["Plan"]):
            name = f"{part['Node Type']} {part.get('Relation Name', '')} of {part['Plan Rows']:.0f}"
            if part["Node Type"] == "Seq Scan" and part["Relation Name"] in LARGE:
                found.append(f"{name}: {query[:200]}")
            if part["Node Type"] == "Sort" and part["Plan Rows"] > articles / 4:
                found.append(f"{name}: {query[:200]}")
    return found


async def compiled(name: str) -> tuple[str, list[Any]]:
    """The one statement of a planned operation of the site, with its values."""
    sent = []

    async def fetch(statement: str, values: list[Any]) -> bytes:
        sent.append((statement, values))
        return b"{}"

    document = parse(OPERATIONS[name])
    plans = Plans(SCHEMA, fetch, site=asking.SITE, cursor_key=asking.KEY)
    await plans.answer(document, operation(document), SITE[name], ANONYMOUS)
    (found,) = sent
    return found


async def rows_read(url: str, name: str) -> dict[str, float]:
    """How many rows each part of the statement reads, planned as the readers' connections plan it: for any values."""
    connection = await asyncpg.connect(**db.credentials(url), server_settings=SETTINGS)
    statement, values = await compiled(name)
    await connection.execute(f"PREPARE one AS {statement}")
    said = ", ".join(str(each) if isinstance(each, int) else f"'{each}'" for each in values)
    (row,) = await connection.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE one({said})")
    await connection.close()
    return {
        f"{part['Node Type']} {part.get('Relation Name', '')} of {name}": part["Actual Loops"]
        * (part["Actual Rows"] + part.get("Rows Removed by Filter", 0))
        for part in parts(json.loads(row[0])[0]["Plan"])
    }


@pytest.mark.parametrize("articles", ARTICLES)
async def test_a_planned_page_reads_no_more_rows_of_a_larger_clinic(sample: str, articles: int):
    connection = await asyncpg.connect(**db.credentials(sample), server_settings=db.GUARDS | {"statement_timeout": "0"})
    await seed(connection, articles)
    await connection.close()

    found = {part: rows for name in BOUNDED for part, rows in (await rows_read(sample, name)).items()}

    assert {part: rows for part, rows in found.items() if rows > MOST_ROWS} == {}


@pytest.mark.parametrize("articles", ARTICLES)
async def test_no_page_reads_or_sorts_all_articles(sample: str, articles: int):
    connection = await asyncpg.connect(**db.credentials(sample), server_settings=db.GUARDS | {"statement_timeout": "0"})
    await seed(connection, articles)

    found = {name: await faults(connection, document, articles) for name, document in QUESTIONS.items()}
    for name in FOLLOWED:
        found[f"{name}, next page"] = await faults(connection, await following(QUESTIONS[name]), articles)
    for name, document in OPERATIONS.items():
        if name in SITE:
            found[name] = await faults(connection, document, articles, **SITE[name])
    await connection.close()
    if articles < SMALL:
        del found["search"]

    assert not "\n".join(f"{name}: {fault}" for name, faults in found.items() for fault in faults)


BOUNDED = ("ArticlePage", "ArticlesPage", "ConditionPage", "HomePage", "TreatmentPage")
"""Not the page of a practitioner: it looks at every review that somebody wrote for what is still shown."""
MOST_ROWS = 500
"""An entry of the catalogue is named by some 200 of 100,000 articles, which are counted; nothing else grows."""
SMALL = 10_000
"""Fewer are read as quickly as the index that search has to guess about: its words are not known when it is planned."""
SITE = {
    "ArticlePage": {"by": {"slug": "copied-8"}},
    "ArticlesPage": {"first": 20, "orderBy": "NEWEST"},
    "ConditionPage": {"slug": "copied-condition-2"},
    "HomePage": {},
    "PractitionerPage": {"slug": "copied-practitioner-2"},
    "TreatmentPage": {"slug": "copied-treatment-2"},
}


async def following(document: str) -> str:
    """The same question for the next page."""
    data = await ask(document)
    while "pageInfo" not in data:
        (data,) = (value for value in data.values() if isinstance(value, dict))
    cursor = data["pageInfo"]["endCursor"]
    if "articles {" in document:
        return document.replace("articles {", f'articles(after: "{cursor}") {{')
    return document.replace("articles(", f'articles(after: "{cursor}", ')
