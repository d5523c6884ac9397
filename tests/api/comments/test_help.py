"""The help that a form calls for is shown, too, when the form is refused before anybody reads it."""

import time

import pytest

from tests import builders, people, talking

DANGER = "I want to die."


async def article() -> str:
    return (await builders.live()).id


@pytest.fixture
def program(database, tmp_path):
    return people.Program(database, tmp_path)


@pytest.mark.parametrize(
    ("sentence", "body", "more"),
    [
        ("body is too long", DANGER + " word" * 5_000, {}),
        ("body is too long", "word " * 3_900 + DANGER + " word" * 8_000, {}),
        ("displayName is too long", DANGER, {"displayName": "n" * 2_001}),
        ("displayName is too long", "Thanks.", {"displayName": DANGER + "n" * 2_001}),
        ("formToken is too long", DANGER, {"formToken": "n" * 2_001}),
    ],
)
async def test_a_comment_that_is_too_long_to_be_read_shows_the_help_that_it_calls_for(program, sentence, body, more):
    payload = await talking.submit(program, talking.said(await article(), body, **more))

    assert talking.told(payload).startswith(sentence)
    assert [one["kind"] for one in payload["help"]] == ["SELF_HARM"]


async def test_so_does_a_report(program):
    said = {"article": await article(), "kind": "OTHER", "body": DANGER + " word" * 5_000, "formToken": "x"}
    payload = await program.act("reportProblem", said, "help { kind }")

    assert talking.told(payload).startswith("body is too long")
    assert [one["kind"] for one in payload["help"]] == ["SELF_HARM"]


async def test_a_long_comment_without_danger_is_refused_without_help(program):
    payload = await talking.submit(program, talking.said(await article(), "word " * 9_000))

    assert talking.told(payload).startswith("body is too long")
    assert payload["help"] == []


@pytest.mark.parametrize("repeated", ["my mother has ", "can i ", "a\n", "a@", "chest pain, ", "should I take it? "])
async def test_help_is_looked_for_within_a_bound(program, repeated):
    key = await article()
    long = talking.said(key, repeated * (40_000 // len(repeated)))
    await talking.submit(program, talking.said(key, "Thanks."))

    spent = []
    for _ in range(2):
        began = time.process_time()
        payload = await talking.submit(program, long)
        spent.append(time.process_time() - began)

    assert talking.told(payload) == "body is too long: give up to 20000 characters."
    assert min(spent) < 0.1
