"""A fault after each single write of a mutation: nothing of it stays, and the same call sent again succeeds.

The connection fails on the program's side once a write was done, so that code which swallowed the fault would go on and
commit a half. Every row of every table is compared.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from api import database
from api.accounts.viewer import Role, Viewer
from api.audit import AuditEntry
from api.changes import Change
from api.comments.models import Comment, CommentStatus
from api.evidence.models import Source
from tests import builders, people, talking
from tests.asking import answer
from tests.deskwork import approved, mutation, published, version, viewer

WRITES = re.compile(r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\S+\s+(AS\s+\w+\s+)?SET)\b", re.IGNORECASE)
TABLES = """SELECT format('SELECT %L AS name, md5(coalesce(string_agg(md5(r::text), '''' ORDER BY md5(r::text)), ''''))
  AS hash FROM %I AS r', tablename, tablename) AS query FROM pg_tables WHERE schemaname = 'public'"""
COUNTERS = ("abuse_salt", "comment_bucket")
"""How many forms came in: counted whether or not one of them is kept, or floods of faulty forms would be free."""


class Fault(Exception):  # noqa: N818 - what a connection that breaks looks like
    """The connection broke after a write."""


class Faults:
    """After how many writes the connection breaks, and how many there were."""

    last: int | None = None
    seen = 0

    def after(self, writes: int | None) -> None:
        self.last, self.seen = writes, 0

    def wrote(self, query: str) -> None:
        if WRITES.search(query):
            self.seen += 1
            if self.seen == self.last:
                raise Fault


FAULTS = Faults()


class Breaking(database.Connection):
    async def execute(self, query: str, *args: Any, **named: Any) -> Any:
        done = await super().execute(query, *args, **named)
        FAULTS.wrote(query)
        return done

    async def executemany(self, command: str, args: Any, **named: Any) -> Any:
        done = await super().executemany(command, args, **named)
        FAULTS.wrote(command)
        return done

    async def fetch(self, query: str, *args: Any, **named: Any) -> Any:
        done = await super().fetch(query, *args, **named)
        FAULTS.wrote(query)
        return done

    async def fetchrow(self, query: str, *args: Any, **named: Any) -> Any:
        done = await super().fetchrow(query, *args, **named)
        FAULTS.wrote(query)
        return done


@pytest.fixture
async def breaking(sample: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The sample clinic behind connections that break when they are told to."""
    await database.disconnect()
    monkeypatch.setattr(database, "Connection", Breaking)
    FAULTS.after(None)
    await database.connect(sample)
    yield sample
    FAULTS.after(None)


async def everything(url: str, *beside: str) -> dict[str, str]:
    """A hash of all rows of each table, but for those named."""
    connection = await asyncpg.connect(**database.credentials(url))
    try:
        queries = [row["query"] for row in await connection.fetch(TABLES)]
        found = await connection.fetch(" UNION ALL ".join(queries))
    finally:
        await connection.close()
    return {row["name"]: row["hash"] for row in found if row["name"] not in beside}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in after if before[name] != after[name]}


async def break_after_each_write(
    url: str, act: Callable[[], Awaitable[dict[str, Any] | None]], *beside: str
) -> tuple[int, set[str]]:
    """Let each write in turn be the last; how many there were, and which tables the call that succeeded changed.

    `act` answers the payload of its mutation, None when the request failed.
    """
    before, writes = await everything(url, *beside), 0
    while True:
        FAULTS.after(writes + 1)
        payload = await act()
        if FAULTS.seen <= writes:
            break
        writes += 1
        assert payload is None, f"answered with success though write {writes} was followed by a fault"
        assert changed(before, await everything(url, *beside)) == set(), f"left behind by a fault after write {writes}"
    FAULTS.after(None)
    assert payload is not None
    assert payload["userErrors"] == []
    return writes, changed(before, await everything(url, *beside))


def call(verb: str, asking: Viewer, **said: Any) -> Callable[[], Awaitable[dict[str, Any] | None]]:
    """The same mutation each time, under one idempotency key: what failed has left no trace of the key either."""

    async def act() -> dict[str, Any] | None:
        sent = said | {"idempotencyKey": f"once for {verb}"}
        result = await answer(mutation(verb, "userErrors { code message }"), asking, input=sent)
        if result.errors:
            assert [type(error.original_error) for error in result.errors] == [Fault]
            return None
        return dict(result.data[verb])

    return act


async def test_a_fault_after_any_write_of_a_publication_leaves_nothing_of_it(breaking: str):
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    act = call("publishArticle", editor, id=article["id"], expectedVersion=article["version"])
    writes, tables = await break_after_each_write(breaking, act)
    assert writes >= 5
    assert tables >= {"article", "audit_entry", "change", "idempotency_key"}
    assert await Change.filter(article_id=article["id"]).count() == 1
    assert await AuditEntry.filter(thing=article["id"], verb="publishArticle").count() == 1


async def test_a_fault_after_any_write_of_a_correction_leaves_nothing_of_it(breaking: str):
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    cut = {"markdown": "Most neck pain eases by itself.\n\n## When to get help\n\nSee a doctor."}
    revised = await call("reviseArticle", editor, id=article["id"], expectedVersion=article["version"], body=cut)()
    assert revised == {"userErrors": []}
    said = {"id": article["id"], "expectedVersion": await version(article), "text": "We misread the trial."}
    writes, tables = await break_after_each_write(breaking, call("correctArticle", editor, **said))
    assert writes >= 5
    assert tables >= {"article", "correction", "audit_entry", "change", "idempotency_key"}
    assert await Change.filter(article_id=article["id"]).count() == 2


async def test_a_fault_after_any_write_of_a_take_down_and_of_an_erasure_leaves_nothing_of_it(breaking: str):
    editor, admin = await viewer(Role.EDITOR), await viewer(Role.ADMIN)
    article = await published(editor)
    await builders.copy(await builders.partner(), article_row(article))
    said = {"id": article["id"], "expectedVersion": article["version"], "kind": "WITHDRAWN", "explanation": "Wrong."}
    writes, tables = await break_after_each_write(breaking, call("unpublishArticle", editor, **said))
    assert writes >= 4
    assert tables >= {"article", "audit_entry", "change", "idempotency_key"}
    said = {"id": article["id"], "expectedVersion": await version(article), "reason": "LEGAL"}
    writes, tables = await break_after_each_write(breaking, call("eraseArticle", admin, **said))
    assert writes >= 5
    assert tables >= {"article", "revision", "rendering", "audit_entry", "change", "idempotency_key"}


async def test_a_fault_after_any_write_of_a_catalogue_update_leaves_nothing_of_it(breaking: str):
    editor = await viewer(Role.EDITOR)
    source = await Source.get(key="irnich2001")
    earlier = await Change.all().count()
    said = {"id": source.id, "expectedVersion": source.version, "status": "RETRACTED", "statusNote": "It was made up."}
    writes, tables = await break_after_each_write(breaking, call("updateSource", editor, **said))
    assert writes >= 4
    assert tables >= {"source", "audit_entry", "change", "idempotency_key"}
    assert await Change.all().count() > earlier


async def test_a_fault_after_any_write_of_a_comment_and_of_its_approval_leaves_nothing_of_it(breaking, tmp_path):
    article, program = await builders.live("Sleep"), people.Program(breaking, tmp_path)
    sent = talking.proven(article.id) | {"idempotencyKey": "one comment"}
    document = "mutation ($input: SubmitCommentInput!) { submitComment(input: $input) { userErrors { code } } }"

    async def submit() -> dict[str, Any] | None:
        found = await program.send(document, sent)
        if "errors" in found:
            assert [error["extensions"]["code"] for error in found["errors"]] == ["INTERNAL"]
            return None
        return dict(found["data"]["submitComment"])

    writes, tables = await break_after_each_write(breaking, submit, *COUNTERS)
    assert writes >= 5
    assert tables == {"comment", "comment_sketch", "comment_proof", "idempotency_key"}
    held = await Comment.get(article_id=article.id)
    assert held.status == CommentStatus.PENDING

    moderator = await viewer(Role.MODERATOR)
    approval = call("moderateComments", moderator, items=[{"id": held.id, "act": "APPROVE"}])
    writes, tables = await break_after_each_write(breaking, approval)
    assert writes >= 3
    assert tables >= {"comment", "audit_entry", "idempotency_key"}
    assert (await Comment.get(id=held.id)).status == CommentStatus.APPROVED


def article_row(article: dict[str, Any]) -> Any:
    """Enough of a row for `builders.copy`, which names the article by its id."""
    return builders.Article(id=article["id"])
