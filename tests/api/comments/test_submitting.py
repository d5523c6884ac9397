"""A comment on its way in: what is held, what is refused, and with which sentence; through the whole program."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest
import time_machine

from api.articles.models import Article, CommentPolicy
from api.comments import abuse, consent, forms, submitting
from api.comments.models import (
    AbuseSalt,
    Comment,
    CommentBucket,
    CommentProof,
    CommentSketch,
    CommentStatus,
    ProblemReport,
)
from tests import builders, people, talking
from tests.builders import ago


@pytest.fixture
def program(database, tmp_path):
    return people.Program(database, tmp_path)


async def article(**said) -> str:
    return (await builders.live(**said)).id


async def test_a_comment_waits_and_its_writer_gets_a_private_link_once(program):
    key = await article()
    payload = await talking.submit(program, talking.said(key, "  Thank\r\nyou.\u202e\x07  ", displayName=" Wren \n B "))
    row = await Comment.get(id=payload["id"])
    assert payload["userErrors"] == []
    assert payload["status"] == "PENDING"
    assert payload["help"] == []
    assert (row.body, row.display_name, row.status, row.flags) == ("Thank\nyou.", "Wren B", CommentStatus.PENDING, [])
    assert row.consent["textVersion"] == consent.VERSION
    token = payload["privateLink"].removeprefix("http://localhost:4321/comment/")
    own = await program.ask("{ viewer { isAuthenticated comment { id body status consent { textVersion } } } }", token)
    assert own["viewer"]["isAuthenticated"] is False
    assert own["viewer"]["comment"] == {"id": row.id, "body": "Thank\nyou.", "status": "PENDING",
                                        "consent": {"textVersion": consent.VERSION}}  # fmt: skip


async def test_the_form_names_what_is_agreed_to_and_no_cache_keeps_it(program):
    key = await article()
    asked = "query ($a: ID!) { commentForm(article: $a) { formToken challenge open consentText { version html } } }"
    form = (await program.ask(asked, a=key))["commentForm"]
    assert form["open"] is True
    assert form["consentText"]["version"] == consent.VERSION
    assert form["consentText"]["html"].startswith("<p>I agree that Test Clinic keeps what I write here")
    assert form["challenge"]["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert form["formToken"] != (await program.ask(asked, a=key))["commentForm"]["formToken"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_form_is_answered_with_no_store(program, method):

    key = await article()
    asked = f'{{ commentForm(article: "{key}") {{ formToken }} }}'
    async with httpx.AsyncClient(transport=httpx.ASGITransport(program.app), base_url="http://clinic.test") as client:
        if method == "GET":
            answer = await client.get("/graphql", params={"query": asked})
        else:
            answer = await client.post("/graphql", json={"query": asked})
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_the_words_that_are_agreed_to_have_their_version():
    assert consent.VERSION == "2026-11"
    assert sha256(consent.WORDS.encode()).hexdigest()[:16] == "394d9c54d3fce575"
    assert consent.text("A & <B>", "/privacy?a=1&b=2").html.count("&amp;") == 2


def refusals(key: str, other: str) -> dict[str, dict]:
    solved = talking.form(key)
    elsewhere = talking.form(other)
    old = talking.form(key, hours=25)
    bent = json.loads(base64.b64decode(talking.solved(solved)))
    bent["challenge"]["parameters"]["cost"] = 1
    return {
        "This form was not made by this site": talking.said(key, formToken="A" * 60),
        "This form belongs to another article": talking.said(key, formToken=elsewhere.token),
        "This form is older than a day": talking.said(key, formToken=old.token),
        "This came faster than people write": talking.said(key, formToken=talking.form(key, seconds=1).token),
        "The proof of work is not right": talking.said(key, proofOfWork="e30="),
        "The proof of work is not right: load": talking.said(
            key, proofOfWork=base64.b64encode(json.dumps(bent).encode()).decode()
        ),
        "The proof of work belongs to another article": talking.said(key, proofOfWork=talking.solved(elsewhere)),
        "The proof of work is older than a day": talking.said(key, proofOfWork=talking.solved(old)),
        "Tick the box": talking.said(key, consent={"textVersion": consent.VERSION, "given": False}),
        "The text that you agree to has changed": talking.said(key, consent={"textVersion": "2020-01", "given": True}),
        "Give a name to show": talking.said(key, displayName=" \u200b"),
        "A name has up to 60": talking.said(key, displayName="W" * 61),
        "Write your comment first": talking.said(key, " \n "),
        "A comment has up to 2,000": talking.said(key, "w" * 2001),
        "There is no such article": talking.said("art_00000000000000000000000000", formToken=talking.form(
            "art_00000000000000000000000000").token),
    }  # fmt: skip


async def test_each_misuse_has_its_own_sentence_and_changes_nothing(program):
    key, other = await article(), await article(title="Other")
    found = {}
    for sentence, sent in refusals(key, other).items():
        found[sentence] = talking.told(await talking.submit(program, sent))
    assert [sentence for sentence, said in found.items() if not said.startswith(sentence)] == [], found
    assert len(set(found.values())) == len(found) - 1  # two ways of a wrong proof
    assert await Comment.all().count() == await CommentProof.all().count() == 0


async def test_a_proof_of_work_is_used_once_even_by_twenty_at_once(program):
    key = await article()
    sent = talking.proven(key)
    payloads = await asyncio.gather(*(talking.submit(program, sent) for _ in range(20)))
    refused = [talking.told(payload) for payload in payloads if payload["userErrors"]]
    assert len(refused) == 19
    assert {said[:40] for said in refused} == {"This proof of work was used before: if y"}
    assert await Comment.all().count() == 1


async def test_with_a_proof_three_seconds_are_enough_and_without_it_takes_fifteen(program):
    key = await article()
    quick = talking.form(key, seconds=4)
    assert talking.told(await talking.submit(program, talking.said(key, formToken=quick.token))).startswith("This came")
    sent = talking.said(key, formToken=quick.token, proofOfWork=talking.solved(quick))
    assert (await talking.submit(program, sent))["userErrors"] == []


@pytest.mark.parametrize("policy", [CommentPolicy.OFF, CommentPolicy.CLOSED])
async def test_an_article_that_takes_no_comments_says_so(program, policy):
    key = await article(comments=policy)
    payload = await talking.submit(program, talking.said(key))
    assert payload["userErrors"][0]["code"] == "WRONG_STAGE"
    assert await Comment.all().count() == 0


async def test_comments_close_by_themselves_after_ninety_days(program):
    key = (await builders.live(at=ago(days=91))).id
    shown = "query ($a: ID!) { article(by: {id: $a}) { commentPolicy } }"
    assert (await program.ask(shown, a=key))["article"]["commentPolicy"] == "CLOSED"
    assert talking.told(await talking.submit(program, talking.said(key))).startswith("This article takes no comments")
    await Article.filter(id=key).update(comments_opened_at=ago(days=80))
    assert (await program.ask(shown, a=key))["article"]["commentPolicy"] == "ON"
    assert (await talking.submit(program, talking.said(key)))["userErrors"] == []


async def test_what_a_trap_catches_is_answered_as_if_all_were_well_and_kept_as_spam(program):
    key = await article()
    payload = await talking.submit(program, talking.said(key, website="https://spam.example"))
    assert payload["userErrors"] == []
    assert payload["status"] == "PENDING"
    assert payload["privateLink"]
    assert (await Comment.get(id=payload["id"])).status is CommentStatus.SPAM


async def test_what_came_before_today_is_kept_as_spam(program):
    key, other = await article(), await article(title="Other")
    words = "This is a fairly long text about needles and the way in which the trial was told here."
    first = await talking.submit(program, talking.said(key, words))
    again = await talking.submit(program, talking.said(other, words.replace("here", "there")))
    new = await talking.submit(
        program, talking.said(key, "Something else entirely that nobody has said so far, I hope.")
    )
    stati = [(await Comment.get(id=one["id"])).status for one in (first, again, new)]
    assert stati == [CommentStatus.PENDING, CommentStatus.SPAM, CommentStatus.PENDING]


async def test_an_address_may_send_twenty_an_hour_with_proof_and_two_without(program):
    key = await article()
    plain = [await talking.submit(program, talking.said(key, f"Word {n}."), "203.0.113.9") for n in range(3)]
    proof = [await talking.submit(program, talking.proven(key, f"Line {n}."), "203.0.113.9") for n in range(21)]
    assert [bool(one["userErrors"]) for one in plain] == [False, False, True]
    assert [bool(one["userErrors"]) for one in proof] == [False] * 20 + [True]
    assert talking.told(plain[2]).startswith("Several forms came from your connection")
    assert (await talking.submit(program, talking.said(key, "From elsewhere."), "203.0.113.10"))["userErrors"] == []


async def test_a_bucket_leaks(program):
    key = await article()
    for n in range(2):
        await talking.submit(program, talking.said(key, f"Word {n}."), "203.0.113.9")
    await CommentBucket.all().update(at=datetime.now(UTC) - timedelta(minutes=31))
    payloads = [await talking.submit(program, talking.said(key, f"More {n}."), "203.0.113.9") for n in range(2)]
    assert [bool(one["userErrors"]) for one in payloads] == [False, True]


async def test_an_article_may_have_twenty_an_hour_without_proof_from_everywhere(program):
    key = await article()
    payloads = [await talking.submit(program, talking.said(key, f"Word {n} of {n}.")) for n in range(21)]
    assert [bool(one["userErrors"]) for one in payloads] == [False] * 20 + [True]
    assert talking.told(payloads[-1]).startswith("Many forms came in for this article")
    assert (await talking.submit(program, talking.proven(key, "With proof.")))["userErrors"] == []


async def test_a_queue_that_is_full_takes_no_more(program):
    key = await article()
    for n in range(submitting.MOST_HELD):
        row = await builders.comment(await Article.get(id=key), f"{n}", status=CommentStatus.PENDING)
    payload = await talking.submit(program, talking.proven(key))
    assert talking.told(payload).startswith("Many comments wait to be read")
    assert await CommentProof.all().count() == 0
    await Comment.filter(id=row.id).update(status=CommentStatus.APPROVED)
    assert (await talking.submit(program, talking.proven(key)))["userErrors"] == []


async def test_no_address_is_kept_and_yesterdays_keys_cannot_be_made_again(program):
    key = await article()
    await talking.submit(program, talking.said(key), "203.0.113.77")
    kept = [row.key for row in await CommentBucket.all()]
    assert sorted(key.rpartition(":")[0] for key in kept) == ["comment:plain:address", "comment:plain:article"]
    assert all("203.0.113" not in key for key in kept)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    before = await abuse.keys(people.SECRET_KEY, datetime.now(UTC))
    after = await abuse.keys(people.SECRET_KEY, tomorrow)
    assert before.key != after.key
    assert await AbuseSalt.all().count() == 1
    assert await talking.later() == 3  # two buckets and a sketch
    assert await CommentBucket.all().count() == await CommentSketch.all().count() == 0


async def test_danger_is_answered_with_telephones_at_once(program):
    await builders.clinic(telephone="020 7946 0018")
    key = await article()
    payload = await talking.submit(program, talking.said(key, "I want to die. Should I stop taking my tablets?"))
    assert [(one["kind"], [phone["number"] for phone in one["telephones"]]) for one in payload["help"]] == [
        ("SELF_HARM", ["116 123", "999", "111"]),
        ("ADVICE", ["020 7946 0018"]),
    ]
    assert (await Comment.get(id=payload["id"])).flags == ["ADVICE_REQUEST", "SELF_HARM"]


async def test_a_repeated_key_comments_once_and_does_not_show_the_link_again(program):
    key = await article()
    sent = talking.proven(key, "I want to die.", idempotencyKey="k1")
    first, again = [await talking.submit(program, sent) for _ in range(2)]
    assert first["privateLink"]
    assert again["privateLink"] is None
    assert (again["id"], again["status"], again["help"]) == (first["id"], "PENDING", first["help"])
    assert await Comment.all().count() == 1


@pytest.mark.parametrize("verb", ["submitComment", "reportProblem"])
async def test_a_hundred_at_once_with_one_key_count_as_one_and_are_answered_alike(program, verb):
    key = await article()
    sent = talking.said(key, "I want to die.", idempotencyKey="k1")
    shown, room = "id help { kind }", Comment
    if verb == "reportProblem":
        sent = {name: sent[name] for name in ("article", "body", "formToken", "idempotencyKey")} | {"kind": "OTHER"}
        shown, room = "reference help { kind }", ProblemReport
    answers = await asyncio.gather(*(program.act(verb, sent, shown, address="203.0.113.9") for _ in range(100)))
    assert answers[0]["userErrors"] == []
    assert answers == [answers[0]] * 100
    assert await room.all().count() == 1
    assert [round(row.level) for row in await CommentBucket.all()] == [1, 1]


async def test_a_key_is_answered_again_when_its_form_is_too_old_by_now(program):
    key = await article()
    first = await talking.submit(program, sent := talking.said(key, idempotencyKey="k1"))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=23, minutes=59, seconds=55)):
        again = await talking.submit(program, sent)
    assert (again["id"], again["userErrors"]) == (first["id"], [])


async def test_what_was_held_back_may_come_again_with_its_key(program):
    key = await article()
    for n in range(2):
        await talking.submit(program, talking.said(key, f"Word {n}."), "203.0.113.9")
    sent = talking.said(key, "And one more.", idempotencyKey="k1")
    assert talking.told(await talking.submit(program, sent, "203.0.113.9")).startswith("Several forms came")
    await CommentBucket.all().delete()
    assert (await talking.submit(program, sent, "203.0.113.9"))["userErrors"] == []


async def test_a_refused_comment_shows_the_help_that_it_calls_for(program):
    key, closed = await article(), await article(comments=CommentPolicy.CLOSED)
    words, at = "I want to die.", "203.0.113.9"
    used = talking.proven(key, "Thanks.")
    await talking.submit(program, used)
    refused = {
        "Tick the box": talking.said(key, words, consent={"textVersion": consent.VERSION, "given": False}),
        "This came faster": talking.said(key, words, formToken=talking.form(key, seconds=1).token),
        "A comment has up to": talking.said(key, words + " word" * 500),
        "Give a name": talking.said(key, words, displayName=""),
        "This article takes no comments": talking.said(closed, words),
        "This proof of work was used": used | {"body": words},
        "This idempotency key": talking.said(key, words, idempotencyKey="k1"),
    }
    await talking.submit(program, talking.said(key, "Thanks again.", idempotencyKey="k1"))
    found = {sentence: await talking.submit(program, sent) for sentence, sent in refused.items()}
    for n in range(2):
        await talking.submit(program, talking.said(key, f"Word {n}."), at)
    found["Several forms came"] = await talking.submit(program, talking.said(key, words), at)
    for _ in range(submitting.MOST_HELD):
        await builders.comment(await Article.get(id=key), status=CommentStatus.PENDING)
    for sent in (talking.said(key, words), keyed := talking.said(key, words, idempotencyKey="k2"), keyed):
        found["Many comments wait" + " " * len(found)] = await talking.submit(program, sent)
    assert [said for said, one in found.items() if not talking.told(one).startswith(said.strip())] == [], found
    assert [one["help"][0]["kind"] for one in found.values()] == ["SELF_HARM"] * len(found)


def test_the_secret_signs_forms_that_no_other_secret_accepts():
    form = talking.form("art_00000000000000000000000000", secret="t" * 40)
    with pytest.raises(forms.FormForged):
        forms.check(people.SECRET_KEY, form.token, "art_00000000000000000000000000", datetime.now(UTC), proven=True)
