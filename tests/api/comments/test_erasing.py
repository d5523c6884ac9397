"""Erasure leaves nothing: not in the tables, the log, kept answers, the program's own log, nor in a fresh dump."""

import json
import subprocess
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api import database as db
from api import postgres
from api.accounts import links
from api.accounts.viewer import Role, Viewer
from api.audit import AuditEntry
from api.commands import comments
from api.comments import erasing, learning
from api.comments.models import Comment, CommentStatus, CommentWord, ProblemReport
from api.sql import Sql, rows, sql
from tests import builders, people, talking
from tests.api.web.edge_server import WHOLE, Server
from tests.asking import ask
from tests.builders import ago
from tests.doing import done, member

CANARY = "zyzzyva42"
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


async def traces(word: str) -> list[str]:
    """The tables in which a word stands anywhere."""
    named = sorted(row["table_name"] for row in await rows(Sql(TABLES)))
    counts = {
        name: await rows(sql(f'SELECT count(*) AS n FROM "{name}" AS it WHERE it::text ILIKE ?', f"%{word}%"))
        for name in named
    }
    return [name for name, found in counts.items() if found[0]["n"]]


def dump(url: str) -> str:
    """All that a fresh dump of the database holds."""
    said = db.credentials(url)
    command = [postgres.binaries() / "pg_dump", "-h", said["host"], "-U", said["user"], "-d", said["database"]]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def act(server: Server, verb: str, said: dict, fields: str, token: str = "") -> dict:
    name = verb[0].upper() + verb[1:]
    document = f"mutation ($input: {name}Input!) {{ {verb}(input: $input) {{ {fields} userErrors {{ message }} }} }}"
    headers = {"authorization": f"Bearer {token}"} if token else {}
    sent = {"query": document, "variables": {"input": said}}
    answer = httpx.post(f"{server.url}/graphql", json=sent, headers=headers).json()
    assert answer["data"][verb]["userErrors"] == [], answer
    return answer["data"][verb]


async def test_what_was_submitted_approved_replied_to_and_erased_is_found_nowhere(database, tmp_path):
    article = await builders.live()
    moderator = await people.token(await people.member(Role.MODERATOR))
    environment = {"DATABASE_URL": database, "SECRET_KEY": people.SECRET_KEY, "DATA_DIR": str(tmp_path)}
    server = Server(tmp_path / "log", WHOLE, **environment, LOG_FORMAT="json")
    try:
        said = talking.said(article.id, f"My {CANARY} has migraine.", displayName=CANARY, idempotencyKey="k1")
        sent = act(server, "submitComment", said, "id privateLink")
        item = {"items": [{"id": sent["id"], "act": "APPROVE"}], "idempotencyKey": "k2"}
        act(server, "moderateComments", item, "results { comment { body } }", moderator)
        reply = {"id": sent["id"], "body": f"To {CANARY}: thank you.", "idempotencyKey": "k3"}
        act(server, "replyToComment", reply, "comment { id }", moderator)
        problem = {"article": article.id, "comment": sent["id"], "kind": "PRIVACY", "body": f"{CANARY} is my name.",
                   "formToken": talking.form(article.id).token}  # fmt: skip
        act(server, "reportProblem", problem, "reference")
        await learning.study(people.SECRET_KEY, datetime.now(UTC))
        assert await CommentWord.all().count() > 1
        assert await traces(CANARY) == ["comment", "problem_report"]
        assert CANARY in dump(database)

        act(server, "withdrawComment", {"idempotencyKey": "k4"}, "isErased", sent["privateLink"].rpartition("/")[2])
        shown = httpx.post(  # noqa: ASYNC210 - nobody waits behind a test
            f"{server.url}/graphql", json={"query": "{ articles { nodes { comments { nodes { body } } } } }"}
        )
        assert CANARY not in shown.text
    finally:
        server.stop()
    assert await traces(CANARY) == []
    assert await CommentWord.all().count() == 0
    assert CANARY not in dump(database)
    assert CANARY not in (tmp_path / "log").read_text()
    assert await traces(sent["id"]) == ["audit_entry"]
    entries = await AuditEntry.filter(thing=sent["id"]).order_by("id")
    assert [(one.verb, one.before, one.after) for one in entries] == [
        ("moderateComments", None, None), ("replyToComment", None, None), ("withdrawComment", None, None),
    ]  # fmt: skip


async def test_the_private_link_of_what_was_erased_opens_nothing(database, tmp_path):
    row = await builders.comment(await builders.live())
    program = people.Program(database, tmp_path)
    token = links.comment_link(people.SECRET_KEY, row.id)
    first = await program.act("withdrawComment", {}, "isErased", token)
    again = await program.act("withdrawComment", {}, "isErased", token)
    assert (first["isErased"], again["isErased"]) == (True, False)
    assert again["userErrors"][0]["code"] == "NOT_FOUND"
    assert (await program.ask("{ viewer { comment { id } } }", token))["viewer"]["comment"] is None


async def test_nobody_withdraws_without_the_link_or_by_a_forged_one(database, tmp_path):
    row = await builders.comment(await builders.live())
    program = people.Program(database, tmp_path)
    payload = await program.act("withdrawComment", {}, "isErased", await people.token(await people.member(Role.ADMIN)))
    assert payload["userErrors"][0]["code"] == "NOT_FOUND"
    forged = links.comment_link("t" * 40, row.id)
    document = "mutation { withdrawComment(input: {}) { isErased } }"
    assert await program.refused(document, token=forged) == "UNAUTHENTICATED"
    assert await Comment.all().count() == 1


async def test_its_writer_sees_all_that_is_kept_of_a_comment(database):
    row = await builders.comment(await builders.live(), "Mine.", status=CommentStatus.SPAM, flags=["LINK"])
    await done("moderateComments", await member(Role.MODERATOR), "results { id }",
               items=[{"id": row.id, "act": "APPROVE"}])  # fmt: skip
    fields = "id body displayName status flags consent { textVersion } reply { body } reason isRedacted"
    own = (await ask(f"{{ viewer {{ comment {{ {fields} }} }} }}", Viewer(comment=row.id)))["viewer"]["comment"]
    assert own == {"id": row.id, "body": "Mine.", "displayName": "Reader", "status": "APPROVED", "flags": ["LINK"],
                   "consent": {"textVersion": "1"}, "reply": None, "reason": None, "isRedacted": False}  # fmt: skip
    assert set(await erasing.export(row.id)) == {
        "id", "article", "displayName", "body", "sentAt", "consent", "status", "flags", "decidedAt", "reason",
        "isRedacted", "score", "reply", "repliedAt", "problemsReported",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "days", "kept"),
    [
        ("PENDING", 29, True), ("PENDING", 31, False), ("REJECTED", 29, True), ("REJECTED", 31, False),
        ("REMOVED", 31, False), ("SPAM", 6, True), ("SPAM", 8, False), ("APPROVED", 4000, True),
    ],
)  # fmt: skip
async def test_each_state_is_kept_for_its_time(database, status, days, kept):
    row = await builders.comment(await builders.live(), status=CommentStatus(status), at=ago(days=days))
    await erasing.forget(datetime.now(UTC), people.SECRET_KEY)
    assert await Comment.filter(id=row.id).exists() is kept


async def test_what_was_rejected_is_kept_from_its_decision_on(database):
    row = await builders.comment(
        await builders.live(), status=CommentStatus.REJECTED, at=ago(days=31), decided_at=builders.NOW
    )
    await erasing.forget(datetime.now(UTC), people.SECRET_KEY)
    assert await Comment.filter(id=row.id).exists()


async def test_a_report_goes_thirty_days_after_it_was_closed_and_never_before(database):
    article = await builders.live()
    waits = await builders.problem(article)
    await ProblemReport.filter(id=waits.id).update(at=ago(days=400))
    closed = await builders.problem(article, outcome="MENDED", closed_at=builders.NOW)
    await erasing.forget(datetime.now(UTC) + timedelta(days=29), people.SECRET_KEY)
    assert await ProblemReport.all().count() == 2
    await erasing.forget(datetime.now(UTC) + timedelta(days=31), people.SECRET_KEY)
    assert [row.id for row in await ProblemReport.all()] == [waits.id]
    assert closed.id not in [row.id for row in await ProblemReport.all()]


async def test_the_command_finds_exports_and_erases(database, tmp_path, capsys):
    row = await builders.comment(await builders.live(), f"About {CANARY}.", status=CommentStatus.PENDING)
    await comments.find(CANARY)
    assert capsys.readouterr().out.startswith(f"{row.id}\tPENDING\t")
    await comments.export(row.id)
    assert json.loads(capsys.readouterr().out)["body"] == f"About {CANARY}."
    await comments.erase(row.id, people.SECRET_KEY)
    assert await traces(CANARY) == []
