"""Answers that are kept: the whole program in this process, its line to a real database, and requests as they come."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.accounts import links
from api.accounts.viewer import Role
from api.caching import Kept, Made, Store
from api.readers import Reader
from tests import builders, people
from tests.api.caching.programs import Running, running
from tests.asking import Statements

PAGE = '{ article(by: {slug: "sleep"}) { title body { html } } }'
LONG_WAY = '{ article(by: {slug: "sleep"}) { title body { markdown } } }'
LIST = "{ articles(first: 5) { totalCount nodes { title } } }"


@pytest.fixture
async def program(database: str, tmp_path: Path) -> AsyncIterator[Running]:
    await builders.clinic()
    async with running(database, tmp_path) as program:
        yield program


async def test_the_second_answer_is_hot_and_has_the_same_bytes(program: Running):
    await builders.live("Sleep", slug="sleep")
    await program.settled()

    first, second, third = [await program.get(PAGE) for _ in range(3)]

    assert [one.headers["server-timing"] for one in (first, second, third)] == ["cold", "hot", "hot"]
    assert first.content == second.content == third.content
    assert first.headers["etag"] == second.headers["etag"]
    assert program.hot == 2


async def test_an_answer_that_is_kept_is_counted_and_has_an_id_like_any_other(program: Running):
    await builders.live("Sleep", slug="sleep")
    await program.settled()
    given = {"x-request-id": "from-the-proxy-1"}

    made = await program.get(PAGE, more=given)
    whole = [await program.get(PAGE, more=given), await program.get(PAGE), await program.get(PAGE)]
    unchanged = await program.get(PAGE, more=given | {"if-none-match": made.headers["etag"]})
    strange = await program.get(PAGE, more={"x-request-id": "name@clinic.example"})

    assert [one.headers["server-timing"] for one in (made, *whole, unchanged)] == ["cold", *["hot"] * 4]
    ids = [one.headers.get_list("x-request-id") for one in (made, *whole, unchanged, strange)]
    assert {len(one) for one in ids} == {1}
    named = ["from-the-proxy-1"]
    assert [one == named for one in ids] == [True, True, False, False, True, False]
    assert len({*ids[2], *ids[3], *ids[5]} - {"name@clinic.example"}) == 3
    assert (program.counted("200"), program.counted("304")) == (4, 1)
    took = {"kind": "query", "temperature": "hot"}
    told = program.front.metrics.registry.get_sample_value
    assert told("meridian_request_seconds_count", took) == 5
    assert told("meridian_request_seconds_bucket", took | {"le": "+Inf"}) == 5
    assert 0 < (told("meridian_request_seconds_sum", took) or 0) < 1


async def test_an_answer_that_is_kept_is_a_span_of_its_callers_trace(database: str, tmp_path: Path):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    asked = 'query Sleep { article(by: {slug: "sleep"}) { title } }'
    async with running(database, tmp_path, otlp_endpoint="http://127.0.0.1:1") as program:
        for _ in range(2):
            await program.get(asked, more={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})

    spans = list(program.front.spans._waiting)
    told = [{one["key"]: next(iter(one["value"].values())) for one in span["attributes"]} for span in spans]
    assert [(span["name"], span["traceId"]) for span in spans] == [("query Sleep", trace)] * 2
    assert [one["meridian.temperature"] for one in told] == ["cold", "hot"]
    assert told[0]["meridian.cost"] == told[1]["meridian.cost"] != "0"


async def test_an_answer_of_nothing_ends_when_there_is_something(program: Running):
    assert (await program.get(PAGE)).json()["data"] == {"article": None}
    assert (await program.get(LIST)).json()["data"]["articles"]["totalCount"] == 0

    await builders.live("Sleep", slug="sleep")
    await program.settled()

    assert (await program.get(PAGE)).json()["data"]["article"]["title"] == "Sleep"
    assert (await program.get(LIST)).json()["data"]["articles"]["totalCount"] == 1


@pytest.mark.parametrize("document", [PAGE, LONG_WAY])
async def test_one_question_of_the_database_answers_all_who_ask_at_the_same_time(
    program: Running, monkeypatch: pytest.MonkeyPatch, document: str
):
    await builders.live("Sleep", slug="sleep")
    await program.settled()
    reads: list[str] = []
    ways = {"fetch": Reader.fetch, "rows": Reader.rows}

    def counted(way: str) -> Callable[..., Awaitable[Any]]:
        async def asked(reader: Reader, statement: str, values: Sequence[Any]) -> Any:
            reads.append(statement)
            return await ways[way](reader, statement, values)

        return asked

    for way in ways:
        monkeypatch.setattr(Reader, way, counted(way))
    with Statements() as alone:
        await program.get(document, more={"accept": "application/json"}, plain=True)
    once = list(reads)

    with Statements() as together:
        answers = await asyncio.gather(*(program.get(document) for _ in range(500)))

    assert {one.content for one in answers} == {answers[0].content}
    assert len(once) == 1 if document == PAGE else len(once) > 1
    assert (sorted(reads), together.sent, alone.sent) == (sorted(once * 2), [], [])


async def test_the_others_are_answered_when_the_first_one_goes_away(program: Running):
    await builders.live("Sleep", slug="sleep")
    await program.settled()
    first = asyncio.create_task(program.get(PAGE))
    await asyncio.sleep(0)
    others = [asyncio.create_task(program.get(PAGE)) for _ in range(5)]
    await asyncio.sleep(0.002)

    first.cancel()

    assert {(await one).json()["data"]["article"]["title"] for one in others} == {"Sleep"}


async def test_an_answer_that_was_made_while_its_thing_changed_is_made_anew_and_not_kept_as_it_was(program: Running):
    cache, made = program.answers.cache, []

    async def fill() -> Made:
        made.append(1)
        if len(made) == 1:
            cache.purge(frozenset({"clinic"}))
        return Made(None, b"answer %d" % len(made))

    found = await cache.make("key", frozenset({"clinic"}), fill)

    assert isinstance(found, Kept)
    assert (found.body, len(made)) == (b"answer 2", 2)
    kept = cache.find("key")
    assert kept
    assert kept.body == b"answer 2"


async def test_nobody_joins_an_answer_that_was_begun_before_a_change(program: Running):
    cache, gate = program.answers.cache, asyncio.Event()

    async def slow() -> Made:
        await gate.wait()
        return Made(None, b"older")

    async def quick() -> Made:
        return Made(None, b"newer")

    older = asyncio.create_task(cache.make("key", frozenset({"clinic"}), slow))
    await asyncio.sleep(0)
    cache.purge(frozenset({"clinic"}))

    newer = await cache.make("key", frozenset({"clinic"}), quick)
    gate.set()
    await older

    assert isinstance(newer, Kept)
    assert newer.body == b"newer"


async def test_a_schedule_ends_what_was_kept_at_its_moment(program: Running):
    draft = await builders.draft("Sleep", slug="sleep")
    await builders.schedule(draft, datetime.now(UTC) + timedelta(seconds=1))
    await program.settled()
    for _ in range(2):
        assert (await program.get(PAGE)).json()["data"] == {"article": None}
    assert program.hot == 1

    await asyncio.sleep(1.1)

    assert (await program.get(PAGE)).json()["data"]["article"]["title"] == "Sleep"


async def test_errors_and_what_must_never_be_kept_are_not(program: Running):
    for document in ("{ viewer { roles } }", "{ changes { nodes { at } } }", '{ articles(after: "x") { totalCount } }'):
        for _ in range(2):
            await program.get(document)

    assert len(program.answers.cache.store) == 0
    assert program.hot == 0


async def test_an_answer_that_only_others_keep_names_what_it_depends_on(program: Running):
    await builders.live("Sleep", slug="sleep")
    await program.settled()

    log = await program.get("{ changes(first: 1) { nodes { article { title } } } }")
    form = await program.get('{ commentForm(article: "x") { open } }')

    assert log.headers["cache-control"] == "public, max-age=0, s-maxage=0"
    assert {"clinic", "list:articles", "list:sources"} <= set(log.headers["cache-tag"].split(","))
    assert (form.headers["cache-control"], "cache-tag" in form.headers) == ("no-store", False)


async def test_whoever_asks_gets_an_answer_of_their_own_kind_in_every_order(program: Running):
    article = await builders.live("Sleep", slug="sleep")
    newer = await builders.revised(article, "Seen by members only")
    await program.settled()
    document = '{ article(by: {slug: "sleep"}) { title draft { title } } viewerless: clinic { name } }'
    member = await people.token(await people.member(Role.EDITOR, password=None))
    partner = await builders.key(await builders.partner())
    preview = links.preview_link(people.SECRET_KEY, links.Preview(newer.id), timedelta(hours=1))
    askers = {
        "anonymous": {},
        "signed": {"meridian-site": "t=1,ip=203.0.113.7,v1=" + "0" * 64},
        "editor": {"authorization": f"Bearer {member}"},
        "partner": {"authorization": f"Bearer {partner}"},
        "preview": {"authorization": f"Bearer {preview}"},
    }
    expected = {name: (await program.get(document, plain=True, more=more)).content for name, more in askers.items()}

    for order in itertools.permutations(askers):
        program.answers.cache.clear()
        for name in order:
            answer = await program.get(document, more=askers[name])
            private = name not in {"anonymous", "signed"}
            assert without_cost(answer.content) == without_cost(expected[name]), (order, name)
            assert ("private" in answer.headers["cache-control"]) is private
            assert ("cache-tag" in answer.headers) is not private


async def test_an_answer_is_packed_once_and_has_an_etag_of_its_own(program: Running):
    await builders.live("Sleep", body="Sleep well. " * 300, slug="sleep")
    await program.settled()
    plain = await program.get(PAGE)

    packed = [await program.get(PAGE, more={"accept-encoding": "gzip, br"}) for _ in range(2)]
    unchanged = await program.get(PAGE, more={"accept-encoding": "br", "if-none-match": packed[0].headers["etag"]})

    assert [one.headers["content-encoding"] for one in packed] == ["br", "br"]
    assert {one.content for one in packed} == {plain.content}
    assert packed[0].headers["etag"] != plain.headers["etag"]
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_only_whoever_has_an_answer_made_is_charged(database: str, tmp_path: Path):
    await builders.clinic()
    async with running(database, tmp_path, cost_per_minute=1_000) as program:
        document = "{ clinic { name } }"
        left = [(await program.client.post("/graphql", json={"query": document})).json() for _ in range(4)]
        told = await program.client.head("/graphql", params={"query": document})

    assert {one["extensions"]["cost"]["requested"] for one in left} == {2}
    assert min(one["extensions"]["cost"]["remaining"] for one in left) >= 997
    assert told.headers["ratelimit-policy"] == '"cost";q=1000;w=60'


async def test_a_post_is_answered_from_the_same_place_and_costs_nothing(program: Running):
    await builders.live("Sleep", slug="sleep")
    await program.settled()

    first, second = await program.post(PAGE), await program.post(PAGE)

    assert (first.headers["server-timing"], second.headers["server-timing"]) == ("cold", "hot")
    assert first.json() == second.json()
    assert second.headers["cache-control"] == "no-store"


def test_the_store_never_holds_more_than_its_bound():
    store = Store(10_000)

    for number in range(50):
        store.keep(Kept(number, b"x" * 1_000, frozenset({"clinic", f"article:{number}"}), 0.0))

    assert len(store) == 4
    assert store.bytes == 10_000
    store.purge(["clinic"])
    assert (len(store), store.bytes, store._tagged, store._ways) == (0, 0, {}, {})


def without_cost(body: bytes) -> bytes:
    return body.partition(b',"extensions"')[0]
