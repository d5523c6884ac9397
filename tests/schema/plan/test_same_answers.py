"""A plan answers as Strawberry does, whatever is asked and whatever lies in the database: random operations."""

import asyncio
import gc
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import pytest
from graphql import GraphQLError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api import database as db
from api import ids
from tests.asking import answer, ask
from tests.conftest import named
from tests.schema.plan.planned import Both, both, in_order
from tests.schema.plan.questions import Question, questions
from tests.schema.plan.scene import Known, scene

LISTS = """{
  articles(first: 9) { edges { cursor } }  articles_a: articles(orderBy: RECENTLY_REVIEWED) { edges { cursor } }
  articles_b: articles(orderBy: TITLE) { edges { cursor } }
  conditions { edges { cursor } }  conditions_a: conditions(orderBy: NEWEST) { edges { cursor } }
  treatments { edges { cursor } }  treatments_a: treatments(orderBy: NEWEST) { edges { cursor } }
  practitioners { edges { cursor } }  practitioners_a: practitioners(orderBy: NEWEST) { edges { cursor } }
  sources { edges { cursor } }  commented: articles(first: 3) { nodes { comments { edges { cursor } } } } }"""
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "phases": [Phase.generate]}


@dataclass
class Clinic:
    """The scene in a database of its own, cursors of its lists, and how many questions were answered and refused.

    `turned`: how many of those that were answered turned a page.
    """

    runner: asyncio.Runner
    pair: Both
    known: Known
    cursors: dict[str, list[str]]
    turned: int = 0
    planned: int = 0
    refused: int = 0

    def check(self, question: Question) -> None:
        """Both ways give the same, or Strawberry refuses and the plan leaves it to do so."""
        self.runner.run(self._check(question))

    async def _check(self, question: Question) -> None:
        expected = await self._expected(question)
        if expected and any(_is_slow(error) for error in expected.errors or ()):
            return  # a busy machine, of which no plan can know
        self.pair.sent.clear()
        found = await self.pair.planned(question.text, **question.values)
        if expected is None or expected.errors:
            assert found is None
            self.refused += 1
            return
        if found is None:  # a list that is never reached never refuses the cursor of another list; a plan does
            assert question.has_cursor, f"{question.text}\n{question.values}"
            assert self.pair.sent == [], self.pair.sent  # it is known before the database is asked
            return
        assert in_order(orjson.loads(found)) == in_order(orjson.loads(orjson.dumps(expected.data)))
        self.planned += 1
        self.turned += question.has_cursor

    async def _expected(self, question: Question) -> Any:
        """What Strawberry answers; None where one refused field made graphql-core give up the others in the middle."""
        try:
            return await answer(question.text, **question.values)
        except asyncio.CancelledError:
            return None


@pytest.fixture(scope="module")
def clinic(server: str, migrated: str) -> Iterator[Clinic]:
    name = ids.new("test")
    url = named(server, name)
    with asyncio.Runner() as runner:
        runner.run(_statement(server, f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"'))
        runner.run(db.connect(url))
        known = runner.run(scene())
        cursors = runner.run(_cursors())
        opened = both(url)
        pair = runner.run(opened.__aenter__())
        try:
            yield Clinic(runner, pair, known, cursors)
        finally:
            runner.run(opened.__aexit__(None, None, None))
            runner.run(db.disconnect())
            runner.run(_statement(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


def _is_slow(error: GraphQLError) -> bool:
    return isinstance(error.original_error, asyncpg.QueryCanceledError)


async def _cursors() -> dict[str, list[str]]:
    """Cursors by the name of the list to which they belong; two of the lists are of one name in their orders."""
    found: dict[str, list[str]] = {"nothing": ["forged", ""]}
    data = await ask(LISTS)
    comments = [article["comments"] for article in data.pop("commented")["nodes"]]
    for name, each in [*data.items(), *(("comments", page) for page in comments)]:
        found.setdefault(name.split("_")[0], []).extend(edge["cursor"] for edge in each["edges"])
    return found | {"reviewed": found["articles"]}


async def _statement(server: str, statement: str) -> None:
    connection = await asyncpg.connect(**db.credentials(server))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def compare(clinic: Clinic, examples: int, *, always_the_same: bool) -> None:
    @settings(max_examples=examples, derandomize=always_the_same, **QUIET)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        clinic.check(data.draw(questions(clinic.known, clinic.cursors)))

    check()
    with warnings.catch_warnings():  # of the fields that graphql-core gave up beside a refused one
        warnings.simplefilter("ignore")
        gc.collect()


def test_random_operations_have_the_same_answers(clinic: Clinic):
    compare(clinic, 260, always_the_same=True)
    assert clinic.planned >= 200
    assert clinic.turned >= 10  # pages behind a cursor


@pytest.mark.soak
def test_thousands_of_random_operations_have_the_same_answers(clinic: Clinic):
    compare(clinic, 2_600, always_the_same=False)
    assert clinic.planned >= 2_000
