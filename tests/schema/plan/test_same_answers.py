"""A plan answers as Strawberry does, whatever is asked and whatever lies in the database: random operations."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import pytest
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
  articles(first: 9) { edges { cursor } }  reviewed: articles(orderBy: RECENTLY_REVIEWED) { edges { cursor } }
  titles: articles(orderBy: TITLE) { edges { cursor } }  conditions { edges { cursor } }
  treatments { edges { cursor } }
  practitioners(orderBy: NEWEST) { edges { cursor } }  sources { edges { cursor } } }"""
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "phases": [Phase.generate]}


@dataclass
class Clinic:
    """The scene in a database of its own, cursors of its lists, and how many questions were answered and refused."""

    runner: asyncio.Runner
    pair: Both
    known: Known
    cursors: list[str]
    planned: int = 0
    refused: int = 0

    def check(self, question: Question) -> None:
        """Both ways give the same, or Strawberry refuses and the plan leaves it to do so."""
        self.runner.run(self._check(question))

    async def _check(self, question: Question) -> None:
        expected = await self._expected(question)
        found = await self.pair.planned(question.text, **question.values)
        if expected is None or expected.errors:
            assert found is None
            self.refused += 1
            return
        if found is None:  # a list that is never reached never refuses the cursor of another list; a plan does
            assert question.has_cursor, f"{question.text}\n{question.values}"
            return
        assert in_order(orjson.loads(found)) == in_order(orjson.loads(orjson.dumps(expected.data)))
        self.planned += 1

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
        lists = runner.run(ask(LISTS)).values()
        cursors = [edge["cursor"] for each in lists for edge in each["edges"]] + ["forged"]
        opened = both(url)
        pair = runner.run(opened.__aenter__())
        try:
            yield Clinic(runner, pair, known, cursors)
        finally:
            runner.run(opened.__aexit__(None, None, None))
            runner.run(db.disconnect())
            runner.run(_statement(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


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


def test_random_operations_have_the_same_answers(clinic: Clinic):
    compare(clinic, 260, always_the_same=True)
    assert clinic.planned >= 200


@pytest.mark.soak
def test_thousands_of_random_operations_have_the_same_answers(clinic: Clinic):
    compare(clinic, 2_600, always_the_same=False)
    assert clinic.planned >= 2_000
