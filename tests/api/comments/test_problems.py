"""Reports of problems: anybody may send one, about what they can see."""

import pytest

from api.articles.models import CommentPolicy
from api.comments.models import CommentStatus, ProblemReport
from tests import builders, people, talking

SHOWN = "reference help { kind }"


@pytest.fixture
def program(database, tmp_path):
    return people.Program(database, tmp_path)


def report(article: str, **more) -> dict:
    plain = {"article": article, "kind": "WRONG", "body": "The number is wrong."}
    return plain | {"formToken": talking.form(article).token} | more


async def test_a_report_is_kept_with_how_to_reach_its_writer(program):
    article = await builders.live(comments=CommentPolicy.OFF)
    payload = await program.act("reportProblem", report(article.id, contact=" wren@example.org\n"), SHOWN)
    row = await ProblemReport.get(id=payload["reference"])
    assert (row.kind, row.body, row.contact) == ("WRONG", "The number is wrong.", "wren@example.org")


async def test_a_report_of_danger_is_answered_with_help(program):
    article = await builders.live()
    payload = await program.act("reportProblem", report(article.id, body="I want to die."), SHOWN)
    assert [one["kind"] for one in payload["help"]] == ["SELF_HARM"]


async def test_a_refused_report_shows_the_help_that_it_calls_for(program):
    article = await builders.live()
    sent = report(article.id, body="I want to die.", formToken="x")
    payload = await program.act("reportProblem", sent, SHOWN)
    assert talking.told(payload).startswith("This form was not made")
    assert [one["kind"] for one in payload["help"]] == ["SELF_HARM"]


async def test_only_what_readers_see_can_be_reported(program):
    article, other = await builders.live(), await builders.live("Other")
    draft = await builders.draft("Draft")
    pending = await builders.comment(article, status=CommentStatus.PENDING)
    elsewhere = await builders.comment(other)
    for sent in (report(draft.id), report(article.id, comment=pending.id), report(article.id, comment=elsewhere.id)):
        payload = await program.act("reportProblem", sent, SHOWN)
        assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"]
    assert await ProblemReport.all().count() == 0


async def test_forms_of_reports_are_as_strict_as_those_of_comments(program):
    article = await builders.live()
    wrong = {
        "This form was not made": report(article.id, formToken="x"),
        "This came faster": report(article.id, formToken=talking.form(article.id, seconds=2).token),
        "Say what": report(article.id, body=" "),
        "A report has": report(article.id, body="w" * 2001),
        "Give one way": report(article.id, contact="w" * 201),
    }
    for sentence, sent in wrong.items():
        assert talking.told(await program.act("reportProblem", sent, SHOWN)).startswith(sentence)
    assert await ProblemReport.all().count() == 0


async def test_a_trap_takes_a_report_and_keeps_nothing(program):
    article = await builders.live()
    payload = await program.act("reportProblem", report(article.id, website="x"), SHOWN)
    assert payload["reference"].startswith("prb_")
    assert await ProblemReport.all().count() == 0


async def test_a_hundred_open_reports_of_one_article_are_enough(program):
    article = await builders.live()
    for _ in range(100):
        await builders.problem(article)
    payload = await program.act("reportProblem", report(article.id), SHOWN)
    assert talking.told(payload).startswith("Many reports of this article wait")


async def test_comments_take_no_room_from_reports(program):
    article = await builders.live()
    for n in range(3):
        await talking.submit(program, talking.said(article.id, f"Word {n}."), "203.0.113.9")
    payload = await program.act("reportProblem", report(article.id), SHOWN, address="203.0.113.9")
    assert payload["userErrors"] == []
