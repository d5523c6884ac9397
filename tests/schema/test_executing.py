"""The shorter ways of the executor give what Strawberry gives: values, their order, errors and their places."""

import asyncio
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from graphql import execute, parse
from tortoise import fields
from tortoise.models import Model

from schema import executing


@strawberry.enum
class Mood(Enum):
    CALM = "calm"
    BUSY = "busy"


@strawberry.type
class Thing:
    name: str
    note: str | None
    count: int
    words: list[str]
    perhaps: list[str | None]
    mood: Mood

    @strawberry.field
    @staticmethod
    def shout(thing: strawberry.Parent[Any]) -> str:
        return thing.name.upper()

    @strawberry.field
    @staticmethod
    def asked(thing: strawberry.Parent[Any], info: strawberry.Info) -> str:
        return f"{info.field_name} of {thing.name} by {info.context}"

    @strawberry.field
    @staticmethod
    async def later(thing: strawberry.Parent[Any]) -> str:
        return thing.name

    @strawberry.field
    @staticmethod
    async def inner(thing: strawberry.Parent[Any]) -> "Thing | None":
        return thing.inner

    @strawberry.field
    @staticmethod
    def repeated(thing: strawberry.Parent[Any], times: int = 2) -> str:
        return thing.name * times


GOOD = {"name": "a", "note": None, "count": 1, "words": ["x", "y"], "perhaps": ["x"], "mood": Mood.BUSY, "inner": None}
WRONG = [
    {"name": None},
    {"count": "many"},
    {"words": ["x", None]},
    {"words": None},
    {"words": 3},
    {"perhaps": [None, "y"]},
    {"mood": "sleepy"},
    {"note": ValueError("a value that is an error")},
    {"inner": SimpleNamespace(**GOOD | {"name": None})},
    {"inner": SimpleNamespace(**GOOD | {"name": "b"})},
]
ASKED = """{ thing {
  later mood renamed: name name note inner { name later shout } count asked words repeated perhaps shout
  __typename ... on Thing { name more: repeated(times: 3) }
} things { name mood } }"""


def schema_of(thing: dict[str, Any], **options: Any) -> strawberry.Schema:
    @strawberry.type
    class Query:
        @strawberry.field
        @staticmethod
        async def thing() -> Thing | None:
            return SimpleNamespace(**thing)

        @strawberry.field
        @staticmethod
        def things() -> list[Thing]:
            return [SimpleNamespace(**GOOD), SimpleNamespace(**thing)]

    return strawberry.Schema(Query, **options)


async def answer(schema: strawberry.Schema) -> tuple[Any, list[Any]]:
    found = execute(schema._schema, parse(ASKED), context_value="nobody", executor_class=schema.execution_context_class)
    result = await found if hasattr(found, "__await__") else found
    for _ in range(5):
        await asyncio.sleep(0)  # what was begun beside an error ends in the background
    return result.data, sorted((str(each.path), each.message) for each in result.errors or ())


@pytest.mark.parametrize("wrong", [{}, *WRONG], ids=str)
async def test_an_answer_is_strawberrys_down_to_its_errors(wrong):
    expected = await answer(schema_of(GOOD | wrong))
    short = schema_of(GOOD | wrong, execution_context_class=executing.Executor)
    executing.shorten(short)
    found = await answer(short)

    assert found == expected
    assert str(found) == str(expected)


async def test_plain_values_are_known_and_the_rest_is_not():
    schema = schema_of(GOOD, execution_context_class=executing.Executor)
    executing.shorten(schema)

    known = schema._schema.type_map["Thing"].extensions[executing.PLAIN]
    assert set(known) == {"name", "note", "count", "words", "mood", "shout"}


def test_a_row_is_there_though_tortoise_lets_it_be_awaited():
    class Row(Model):
        id = fields.IntField(primary_key=True)

    async def soon() -> None:
        """Comes later."""

    coming = soon()

    assert executing.is_awaited(coming)
    assert not any(executing.is_awaited(value) for value in (Row(id=1), None, "a", [coming], {}))
    coming.close()
