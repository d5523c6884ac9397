"""The worker tells every process of the site what changed; a real server hears it."""

import asyncio
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from api import sealing
from api.audit import AuditEntry
from api.changes import Change, ChangeKind, ChangeReason, record
from api.syndication.purging import Purger, purger
from tests import builders

SECRET = "a secret of at least thirty-two bytes"
pytestmark = pytest.mark.usefixtures("database")


class Site(BaseHTTPRequestHandler):
    """Hears words and answers as it is told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, self.headers["Meridian-Purge"], body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Listening:
    """A site that runs."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.server = server
        self.url = f"http://127.0.0.1:{server.server_port}"

    def words(self) -> list[dict[str, Any]]:
        heard, self.server.heard = self.server.heard, []  # type: ignore[attr-defined]
        return [json.loads(body) for _, _, body in heard]


@contextmanager
def listening() -> Iterator[Listening]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.heard, server.status = [], 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Listening(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Listening]:
    with listening() as one:
        yield one


async def begun(*sites: Listening) -> Purger:
    """A worker that has said its first word."""
    telling = purger(tuple(site.url for site in sites), SECRET)
    await telling.tell()
    for one in sites:
        one.words()
    return telling


async def change(kind: ChangeKind, name: str, **more: Any) -> None:
    reason = ChangeReason.UPDATED if kind is ChangeKind.UPSERT else ChangeReason.WITHDRAWN
    async with in_transaction() as transaction:
        entry = Change(
            kind=kind, reason=reason, at=datetime.now(UTC), article_id=f"art_{name}", slug=name, url="u", **more
        )
        await record(entry, transaction)


async def test_the_first_word_drops_everything_and_names_what_was_removed_of_late(site: Listening):
    await change(ChangeKind.REMOVE, "gone")
    await change(ChangeKind.UPSERT, "here")
    await purger((site.url,), SECRET).tell()
    (word,) = site.words()
    assert (word["all"], word["tags"], word["gone"], word["ahead"]) == (True, [], ["article:art_gone"], None)


async def test_a_word_is_signed_over_its_body_and_moment(site: Listening):
    await purger((site.url,), SECRET).tell()
    ((path, signature, body),) = site.server.heard  # type: ignore[attr-defined]
    at = signature.partition(",")[0].removeprefix("t=")
    key = sealing.derive(SECRET, "meridian/purge")
    proof = hmac.digest(key, f"{at}\n{sha256(body).hexdigest()}".encode(), "sha256").hex()
    assert (path, signature) == ("/_purge", f"t={at},v1={proof}")


async def test_each_change_is_told_once_to_every_site(site: Listening):
    with listening() as other:
        telling = await begun(site, other)
        await change(ChangeKind.UPSERT, "a", moved_to="https://clinic.example/articles/b")
        assert await telling.tell() == 6
        await telling.tell()
        tags = [
            "article:art_a", "article:slug:a", "list:articles", "route:/articles/a", "route:/articles/b", "slug:a",
        ]  # fmt: skip
        for one in (site, other):
            first, second = one.words()
            assert (first["tags"], first["gone"], "all" in first) == (tags, [], False)
            assert (second["tags"], second["gone"]) == ([], [])


async def test_what_was_removed_is_gone_also_as_a_copy(site: Listening):
    telling = await begun(site)
    await change(ChangeKind.REMOVE, "a")
    await telling.tell()
    assert site.words()[0]["gone"] == ["article:art_a"]


async def test_what_was_done_to_the_catalogue_is_told_by_its_kind(site: Listening):
    telling = await begun(site)
    for thing in ("cnd_1", "src_2", "cln_3", "art_4", "mbr_5"):
        await AuditEntry.create(actor="mbr_1", verb="updateSomething", thing=thing)
    await telling.tell()
    await telling.tell()
    first, second = site.words()
    assert first["tags"] == ["clinic", "condition:cnd_1", "list:conditions", "list:sources", "source:src_2"]
    assert (second["tags"], "all" in first) == ([], False)


async def test_what_cannot_be_placed_drops_everything(site: Listening):
    telling = await begun(site)
    await AuditEntry.create(actor="mbr_1", verb="updateMediaAsset", thing="med_1")
    await telling.tell()
    assert site.words()[0]["all"] is True


async def test_what_was_decided_on_a_comment_is_told_to_its_article_alone(site: Listening):
    article = await builders.live()
    row = await builders.comment(article)
    telling = await begun(site)
    await AuditEntry.create(actor="mbr_1", verb="moderateComments", thing=row.id)
    await AuditEntry.create(actor="mbr_1", verb="replyToComment", thing=row.id)
    await telling.tell()
    await row.delete()
    await AuditEntry.create(actor="reader", verb="withdrawComment", thing=row.id)
    await telling.tell()
    first, second = site.words()
    assert (first["tags"], "all" in first) == ([f"article:{article.id}"], False)
    assert second["all"] is True  # nobody can tell any more below which article it stood


async def test_an_act_that_commits_late_is_told_nevertheless(site: Listening):
    telling = await begun(site)
    acted, may_end = asyncio.Event(), asyncio.Event()

    async def act_slowly() -> None:
        async with in_transaction():
            await AuditEntry.create(actor="mbr_1", verb="updateCondition", thing="cnd_late")
            acted.set()
            await may_end.wait()

    slow = asyncio.create_task(act_slowly())
    await acted.wait()
    await AuditEntry.create(actor="mbr_1", verb="updateCondition", thing="cnd_soon")
    await telling.tell()
    may_end.set()
    await slow
    await telling.tell()
    assert [word["tags"][0] for word in site.words()] == ["condition:cnd_soon", "condition:cnd_late"]


async def test_a_site_that_missed_a_word_is_told_to_drop_everything(site: Listening):
    with listening() as other:
        telling = await begun(site, other)
        other.server.status = 503  # type: ignore[attr-defined]
        await change(ChangeKind.REMOVE, "a")
        await telling.tell()
        other.server.status = 200  # type: ignore[attr-defined]
        other.words()
        await telling.tell()
        (word,) = other.words()
        assert (word["all"], word["gone"]) == (True, ["article:art_a"])
        assert ["all" in said for said in site.words()] == [False, False]
        await telling.tell()
        assert "all" not in other.words()[0]


async def test_the_next_moment_that_is_due_goes_with_the_word(site: Listening):
    await builders.clinic()
    article = await builders.draft("Sleep")
    await builders.schedule(article, builders.ahead(hours=1))
    telling = await begun(site)
    await telling.tell()
    (word,) = site.words()
    assert 3_000_000 < word["ahead"] <= 3_600_000
