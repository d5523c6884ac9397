"""Answers that are kept: the whole program in this process, its line to a real database, and requests as they come."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.web.graphql import Answers
from tests import builders
from tests.api.caching.programs import Running, running

PAGE = '{ article(by: {slug: "sleep"}) { title body { html } } }'
LIST = "{ articles(first: 5) { totalCount nodes { title } } }"


@pytest.fixture
async def program(database: str, tmp_path: Path) -> AsyncIterator[Running]:
    await builders.clinic()
    async with running(database, tmp_path) as program:
        yield program


async def test_the_second_answer_is_hot_and_has_the_same_bytes(program: Running):
    await builders.live("Sleep")
    await program.settled()

    first, second, third = [await program.get(PAGE) for _ in range(3)]

    assert [one.headers["server-timing"] for one in (first, second, third)] == ["fallback", "hot", "hot"]
    assert first.content == second.content == third.content
    assert first.headers["etag"] == second.headers["etag"]
    assert program.answers.hot == 2


async def test_an_answer_of_nothing_ends_when_there_is_something(program: Running):
    assert (await program.get(PAGE)).json()["data"] == {"article": None}
    assert (await program.get(LIST)).json()["data"]["articles"]["totalCount"] == 0

    await builders.live("Sleep")
    await program.settled()

    assert (await program.get(PAGE)).json()["data"]["article"]["title"] == "Sleep"
    assert (await program.get(LIST)).json()["data"]["articles"]["totalCount"] == 1
