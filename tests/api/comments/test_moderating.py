"""Moderators: the queue, decisions one by one and many at once, replies, and what the log tells of them."""

import pytest

from api.accounts.viewer import Role, Scope, Viewer, with_implied
from api.audit import AuditEntry
from api.comments.models import Comment, CommentStatus, ProblemReport
from tests import builders
from tests.asking import ask, refusal
from tests.builders import ago
from tests.doing import codes, do, done, member

CANARY = "quagga71"
RESULTS = "results { id isDone comment { id body moderation { status reason } } userErrors { code message } }"
QUEUE = """query ($f: ModerationFilter) { editorial { moderationQueue(filter: $f) { totalCount
  nodes { id body article { id } moderation { status flags { name message } consent { textVersion } } } } } }"""


@pytest.fixture
async def moderator(database):
    return await member(Role.MODERATOR)


async def held(body: str = "Thank you.", **said) -> Comment:
    return await builders.comment(await builders.live(), body, **{"status": CommentStatus.PENDING} | said)


async def decide(asking: Viewer, *items: dict, policy: str = "REJECT_EVERYTHING") -> dict:
    return await do("moderateComments", asking, RESULTS, items=list(items), errorPolicy=policy)


async def ids_in(asking: Viewer, **wanted) -> list[str]:
    found = await ask(QUEUE, asking, f=wanted or None)
    return [node["id"] for node in found["editorial"]["moderationQueue"]["nodes"]]


async def test_the_queue_shows_what_waits_oldest_first_and_narrows(moderator):
    newer = await held("My back aches. " + CANARY, flags=["HEALTH_DISCLOSURE"])
    older = await held("Thank you.", at=ago(days=2))
    spam = await held("Buy.", status=CommentStatus.SPAM)
    assert await ids_in(moderator) == [older.id, newer.id]
    assert await ids_in(moderator, flag="HEALTH_DISCLOSURE") == [newer.id]
    assert await ids_in(moderator, contains=CANARY.upper()) == [newer.id]
    assert await ids_in(moderator, article=older.article_id) == [older.id]
    assert await ids_in(moderator, status="SPAM") == [spam.id]
    assert set(await ids_in(moderator, status=None)) == {newer.id, older.id, spam.id}


async def test_the_queue_is_for_moderators_with_the_scope_alone(moderator):
    await held()
    narrow = Viewer(moderator.member, "M", moderator.roles, scopes=frozenset({Scope.ARTICLES}))
    assert await refusal(QUEUE, await member(Role.EDITOR)) == "FORBIDDEN"
    assert await refusal(QUEUE, narrow) == "FORBIDDEN"
    assert (await ask(QUEUE))["editorial"] is None


async def test_what_waits_exists_for_moderators_alone(moderator):
    row = await held()
    shown = "query ($id: ID!) { node(id: $id) { ... on Comment { id moderation { status } } } }"
    assert (await ask(shown, moderator, id=row.id))["node"] == {"id": row.id, "moderation": {"status": "PENDING"}}
    for nobody in (await member(Role.EDITOR), await member(Role.REVIEWER), Viewer()):
        assert (await ask(shown, nobody, id=row.id))["node"] is None
    narrow = Viewer("mbr_x", "M", with_implied(frozenset({Role.ADMIN})), scopes=frozenset({Scope.MEMBERS}))
    assert (await ask(shown, narrow, id=row.id))["node"] is None


async def test_approval_shows_it_and_removal_hides_it(moderator):
    row = await held()
    article = (
        "query ($a: ID!) { article(by: {id: $a}) { commentCount comments { nodes { body moderation { status } } } } }"
    )
    await decide(moderator, {"id": row.id, "act": "APPROVE"})
    shown = (await ask(article, a=row.article_id))["article"]
    assert shown == {"commentCount": 1, "comments": {"nodes": [{"body": "Thank you.", "moderation": None}]}}
    await decide(moderator, {"id": row.id, "act": "REMOVE", "reason": "ASKED_FOR"})
    assert (await ask(article, a=row.article_id))["article"]["commentCount"] == 0


async def test_redaction_purges_the_original(moderator):
    row = await held(f"I am {CANARY}, born 1961. The table is clear.", display_name=CANARY, flags=["DATE_OF_BIRTH"])
    item = {"id": row.id, "act": "APPROVE_REDACTED", "body": "The table is clear.", "displayName": "A reader"}
    await decide(moderator, item)
    kept = await Comment.get(id=row.id)
    assert (kept.body, kept.display_name, kept.is_redacted, kept.flags) == ("The table is clear.", "A reader", True, [])
    assert kept.status is CommentStatus.APPROVED
    assert CANARY not in str(await AuditEntry.all().values())


@pytest.mark.parametrize(
    ("status", "act", "code"),
    [
        ("APPROVED", "APPROVE", "WRONG_STAGE"), ("REJECTED", "REJECT", "WRONG_STAGE"),
        ("PENDING", "REMOVE", "WRONG_STAGE"),
        ("APPROVED", "MARK_AS_SPAM", "WRONG_STAGE"), ("PENDING", "REJECT", None), ("REMOVED", "APPROVE", None),
        ("SPAM", "APPROVE", None), ("PENDING", "MARK_AS_SPAM", None),
    ],
)  # fmt: skip
async def test_each_act_starts_where_it_may(moderator, status, act, code):
    row = await held(status=CommentStatus(status))
    payload = await decide(moderator, {"id": row.id, "act": act, "reason": "OFF_TOPIC"})
    assert codes(payload) == ([code] if code else [])
    assert (await Comment.get(id=row.id)).status == (
        status if code else payload["results"][0]["comment"]["moderation"]["status"]
    )


async def test_a_rejection_needs_a_reason_and_its_writer_reads_it(moderator):
    row = await held()
    assert codes(await decide(moderator, {"id": row.id, "act": "REJECT"})) == ["INVALID"]
    await decide(moderator, {"id": row.id, "act": "REJECT", "reason": "TESTIMONIAL"})
    own = await ask("{ viewer { comment { status reason } } }", Viewer(comment=row.id))
    assert own["viewer"]["comment"] == {"status": "REJECTED", "reason": "TESTIMONIAL"}


async def test_all_or_none_or_all_that_can_be(moderator):
    first, second = await held(), await held(status=CommentStatus.APPROVED)
    items = [{"id": row.id, "act": "APPROVE"} for row in (first, second)]
    none = await decide(moderator, *items)
    assert codes(none) == ["WRONG_STAGE"]
    assert none["userErrors"][0]["field"] == ["items", "1", "id"]
    assert (await Comment.get(id=first.id)).status is CommentStatus.PENDING
    some = await decide(moderator, *items, policy="IGNORE_FAILED")
    assert [one["isDone"] for one in some["results"]] == [True, False]
    assert (await Comment.get(id=first.id)).status is CommentStatus.APPROVED


async def test_a_hundred_at_once_and_not_one_more(moderator):
    article = await builders.live()
    rows = [await builders.comment(article, f"{n}", status=CommentStatus.PENDING) for n in range(101)]
    items = [{"id": row.id, "act": "APPROVE"} for row in rows]
    assert codes(await decide(moderator, *items)) == ["INVALID"]
    assert codes(await decide(moderator, *items[:100])) == []
    assert await Comment.filter(status=CommentStatus.APPROVED).count() == 100


async def test_the_log_tells_who_decided_what_and_nothing_that_was_said(moderator):
    row = await held(f"{CANARY}.", display_name=CANARY)
    await decide(moderator, {"id": row.id, "act": "APPROVE"})
    await done("replyToComment", moderator, "comment { id }", id=row.id, body=f"We agree, {CANARY}.")
    entries = await AuditEntry.filter(thing=row.id).order_by("id")
    assert [(one.actor, one.verb) for one in entries] == [
        (moderator.member, "moderateComments"), (moderator.member, "replyToComment"),
    ]  # fmt: skip
    assert entries[0].before == {"status": "PENDING"}
    assert entries[0].after == {"status": "APPROVED", "reason": None, "redacted": False}
    assert CANARY not in str([one.after for one in entries])


async def test_a_reply_that_confirms_a_patient_waits_until_its_warning_is_accepted(moderator):
    row = await held(status=CommentStatus.APPROVED)
    said = {"id": row.id, "body": "It was good to see you at your last appointment."}
    payload = await do("replyToComment", moderator, "comment { id } warnings { excerpt }", **said)
    assert codes(payload) == ["INVALID"]
    assert payload["comment"] is None
    assert len(payload["warnings"]) == 1
    assert (await Comment.get(id=row.id)).reply is None
    payload = await done("replyToComment", moderator, "comment { reply { body } } warnings { excerpt }",
                         acceptWarnings=True, **said)  # fmt: skip
    assert payload["comment"]["reply"]["body"] == said["body"]
    assert len(payload["warnings"]) == 1


@pytest.mark.parametrize(
    ("reply", "warned"),
    [
        ("As we discussed, the effect is small.", True),
        ("How is your neck now?", True),
        ("We look forward to treating you again.", True),
        ("Your practitioner will tell you.", True),
        ("Plan an hour for the first visit and 45 minutes after that.", False),
        ("A fair point. We will look at that when the article is next revised.", False),
        ("Yes, gladly. Tell us when you book, and we will put out a second chair.", False),
        ("We are glad to hear it. You are welcome to print the page.", False),
    ],
)
async def test_the_lint_tells_such_replies_from_plain_ones(moderator, reply, warned):
    row = await held(status=CommentStatus.APPROVED)
    payload = await do("replyToComment", moderator, "warnings { message }", id=row.id, body=reply)
    assert bool(payload["warnings"]) is warned is bool(payload["userErrors"])


async def test_a_reply_stands_under_what_readers_see_and_is_taken_back_by_null(moderator):
    row = await held()
    assert codes(await do("replyToComment", moderator, "comment { id }", id=row.id, body="Yes.")) == ["WRONG_STAGE"]
    await Comment.filter(id=row.id).update(status=CommentStatus.APPROVED)
    await done("replyToComment", moderator, "comment { id }", id=row.id, body="Yes.")
    payload = await done("replyToComment", moderator, "comment { reply { body } }", id=row.id, body=None)
    assert payload["comment"]["reply"] is None


async def test_reports_stand_in_the_worklist_with_thirty_days_until_somebody_closes_them(moderator):
    article = await builders.live()
    comment = await builders.comment(article)
    row = await builders.problem(article, comment_id=comment.id, contact="wren@example.org")
    asked = """{ editorial { worklist { nodes { kind item { ... on ProblemReport {
      id kind body contact at due article { id } comment { id } } } } } } }"""
    (waiting,) = (await ask(asked, moderator))["editorial"]["worklist"]["nodes"]
    assert waiting["kind"] == "PROBLEM_REPORTED"
    assert waiting["item"]["id"] == row.id
    assert waiting["item"]["comment"] == {"id": comment.id}
    assert waiting["item"]["due"][:10] > waiting["item"]["at"][:10]
    await done("closeProblemReport", moderator, "problemReport { outcome }", id=row.id, outcome="MENDED")
    assert (await ask(asked, moderator))["editorial"]["worklist"]["nodes"] == []
    again = await do("closeProblemReport", moderator, "problemReport { id }", id=row.id, outcome="MENDED")
    assert codes(again) == ["WRONG_STAGE"]
    assert (await ProblemReport.get(id=row.id)).outcome == "MENDED"


async def test_a_moderator_without_the_scope_has_an_empty_worklist(moderator):
    await held()
    narrow = Viewer(moderator.member, "M", moderator.roles, scopes=frozenset({Scope.ARTICLES}))
    found = await ask("{ editorial { worklist { totalCount nodes { kind } } } }", narrow)
    assert found["editorial"]["worklist"] == {"totalCount": 0, "nodes": []}
