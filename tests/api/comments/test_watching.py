"""The moderation queue as it moves: who may follow it, what is told, from where it goes on, and when it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from api.accounts.models import Token
from api.accounts.viewer import Role, Scope
from api.comments import erasing, watching
from api.comments.models import Comment, CommentStatus
from api.comments.watching import Event, Happening, Watch
from api.web.watching import encoded
from tests import builders, people
from tests.api.web.edge_server import WHOLE, Server
from tests.asking import ask
from tests.doing import do, done, member

PATH = "/moderation/events"
CANARY = "axolotl58"


class Stream:
    """One open stream, event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.lines = answer.aiter_lines()

    async def event(self) -> tuple[str, str, dict[str, Any]]:
        """The next event: its place, its name, what it tells."""
        found: dict[str, str] = {}
        async with asyncio.timeout(20):
            async for line in self.lines:
                name, _, value = line.partition(": ")
                if line:
                    found[name] = value
                elif "event" in found:
                    return found["id"], found["event"], json.loads(found["data"])
        raise EOFError

    async def ends(self) -> bool:
        try:
            await self.event()
        except EOFError:
            return True
        return False


@asynccontextmanager
async def opened(server: Server, token: str, after: str = "", **more: str) -> AsyncIterator[Stream]:
    headers = {"authorization": f"Bearer {token}"} | ({"last-event-id": after} if after else {}) | more
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=30) as client,
        client.stream("GET", PATH, headers=headers) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        yield Stream(answer)


@pytest.fixture
async def servers(database, tmp_path) -> AsyncIterator[list[Server]]:
    """Two processes on one database."""
    environment = {"DATABASE_URL": database, "SECRET_KEY": people.SECRET_KEY, "DATA_DIR": str(tmp_path)}
    started: list[Server] = []
    try:
        started.extend(Server(tmp_path / f"log{number}", WHOLE, **environment) for number in range(2))
        yield started
    finally:
        for server in started:
            if server.process.poll() is None:
                server.stop()


async def test_what_befalls_the_queue_is_told_by_every_process_without_a_word_of_it(servers):
    token = await people.token(await people.member(Role.MODERATOR))
    moderator = await member(Role.MODERATOR)
    article = await builders.live()
    async with (
        opened(servers[0], token, **{"accept-encoding": "gzip, br"}) as one,
        opened(servers[1], token) as other,
    ):
        head = one.answer.headers
        assert (head["content-type"], head["cache-control"], head["x-accel-buffering"]) == (
            "text/event-stream; charset=utf-8", "private, no-store, no-transform", "no",
        )  # fmt: skip
        assert "content-encoding" not in head
        assert [(await each.event())[1:] for each in (one, other)] == [("begin", {})] * 2

        row = await builders.comment(article, f"I am {CANARY}.", display_name=CANARY, status=CommentStatus.PENDING)
        await done("moderateComments", moderator, "results { id }", items=[{"id": row.id, "act": "APPROVE"}])
        await done("replyToComment", moderator, "comment { id }", id=row.id, body="Thank you.")
        await erasing.erase(row.id, "reader", people.SECRET_KEY)

        told = {"comment": row.id, "article": article.id}
        wanted = [
            ("held", told | {"status": "PENDING"}), ("decided", told | {"status": "APPROVED"}),
            ("replied", told | {"status": "APPROVED"}), ("erased", told | {"status": None}),
        ]  # fmt: skip
        first = [await one.event() for _ in wanted]
        assert [event[1:] for event in first] == wanted
        assert [await other.event() for _ in wanted] == first
        assert CANARY not in str(first)

    async with opened(servers[1], token, after=first[1][0]) as again:
        assert [await again.event() for _ in wanted[2:]] == first[2:]
    async with opened(servers[0], token, after="somewhere-else") as anew:
        assert await anew.event() == (first[3][0], "begin", {})


async def test_a_stream_ends_with_its_token_and_nothing_is_told_after_that(servers):
    who = await people.member(Role.MODERATOR)
    token = await people.token(who)
    article = await builders.live()
    async with opened(servers[0], token) as stream:
        await stream.event()
        await Token.filter(member_id=who.id).update(revoked_at=builders.NOW)
        await asyncio.sleep(1.1)
        await builders.comment(article, status=CommentStatus.PENDING)
        assert await stream.ends()
        assert httpx.get(servers[0].url + PATH, headers={"authorization": f"Bearer {token}"}).status_code == 401  # noqa: ASYNC210 - nobody waits


async def test_a_process_that_is_asked_to_end_lets_go_of_its_streams(servers):
    token = await people.token(await people.member(Role.ADMIN))
    async with opened(servers[0], token) as stream:
        await stream.event()
        servers[0].process.terminate()
        assert await stream.ends()
    assert await asyncio.to_thread(servers[0].process.wait, 5) == 0


async def test_the_stream_is_for_moderators_with_the_scope_and_four_of_each(servers):
    who = await people.member(Role.MODERATOR)
    tokens = {
        401: ["", "mrd_x_y"],
        403: [
            await people.token(await people.member(Role.EDITOR)),
            await people.token(await people.member(Role.ADMIN), Scope.MEMBERS),
        ],
    }
    url = servers[0].url + PATH
    async with httpx.AsyncClient() as client:
        for status, each in tokens.items():
            for token in each:
                headers = {"authorization": f"Bearer {token}"} if token else {}
                assert (await client.get(url, headers=headers)).status_code == status
        assert (await client.post(url)).status_code == 405
        own = {"authorization": f"Bearer {await people.token(who)}"}
        assert (await client.head(url, headers=own)).headers["content-type"].startswith("text/event-stream")
        streams = [opened(servers[0], await people.token(who)) for _ in range(watching.MOST_OF_ONE)]
        for stream in streams:
            await (await stream.__aenter__()).event()
        full = await client.get(url, headers=own)
        assert (full.status_code, full.json()["errors"][0]["message"]) == (
            429, "Too many streams are open: close one, or try again in a minute.",
        )  # fmt: skip
        assert "meridian_moderation_streams 4.0" in (await client.get(servers[0].url + "/metrics")).text
        for stream in streams:
            await stream.__aexit__(None, None, None)


def heard(watch: Watch, *numbers: int) -> None:
    for number in numbers:
        watch.hear(f"p{number} held cmt_{number} art_1 PENDING")


def test_who_takes_in_too_slowly_is_told_to_begin_anew_and_costs_little():
    watch = Watch()
    with watch.watching("mbr_1") as slow:
        heard(watch, *range(watching.MOST_WAITING + 50))
        assert len(slow.waiting) <= watching.MOST_WAITING
        assert slow.waiting[0] == Happening(f"p{watching.MOST_WAITING - 1}", Event.BEGIN)
    assert len(watch) == 0


def test_after_a_broken_line_everybody_begins_anew_and_old_places_are_forgotten():
    watch = Watch()
    heard(watch, 1, 2)
    with watch.watching("mbr_1", "p1") as watcher:
        assert [one.id for one in watcher.waiting] == ["p2"]
        watch.begin()
        assert [one.event for one in watcher.waiting] == [Event.HELD, Event.BEGIN]
    with watch.watching("mbr_1", "p1") as watcher:
        assert [one.event for one in watcher.waiting] == [Event.BEGIN]


def test_a_process_has_so_many_streams_and_no_more():
    watch = Watch()
    held = [watch.watching(f"mbr_{number}") for number in range(watching.MOST_WATCHERS)]
    for each in held:
        each.__enter__()
    with pytest.raises(watching.TooManyStreams), watch.watching("mbr_x"):
        pass
    held[0].__exit__(None, None, None)
    with watch.watching("mbr_x"):
        assert len(watch) == watching.MOST_WATCHERS


def test_an_event_has_a_place_a_name_and_ids():
    said = encoded(Happening("7f", Event.ERASED, "cmt_1", "art_1"))
    assert said == b'id: 7f\nevent: erased\ndata: {"comment":"cmt_1","article":"art_1","status":null}\n\n'


async def test_a_score_moves_nothing_that_readers_or_watchers_are_told(database):
    moderator = await member(Role.MODERATOR)
    row = await builders.comment(await builders.live(), "Thank you.", status=CommentStatus.PENDING)
    await do("moderateComments", moderator, "results { id }", items=[{"id": row.id, "act": "APPROVE"}])
    await Comment.filter(id=row.id).update(score=60)
    shown = "query ($id: ID!) { node(id: $id) { ... on Comment { moderation { score } } } }"
    assert (await ask(shown, moderator, id=row.id))["node"]["moderation"] == {"score": 60}
    assert (await ask(shown, id=row.id))["node"]["moderation"] is None
