"""What the clinic's own webhooks are told beside articles: once, by ids alone, and partners never."""

from datetime import timedelta

import pytest

from api.comments.models import Comment, CommentStatus
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.syndication.webhooks import noticing
from api.syndication.webhooks.events import WebhookEvent
from api.syndication.webhooks.models import Delivery, Noticed
from tests import builders

pytestmark = pytest.mark.usefixtures("database")


async def told() -> list[tuple[str, dict]]:
    return [(each.event, each.payload) for each in await Delivery.all().order_by("created_at", "id")]


async def test_a_retracted_source_is_told_once_with_the_articles_that_lean_on_it():
    source = await builders.source("irnich2001")
    leaning = await builders.live("On necks", "It eases pain [@irnich2001].")
    await builders.live("On knees", "Nothing is cited here.")
    await builders.webhook()
    await builders.webhook(of=await builders.partner())

    assert await noticing.notice(noticing.OFTEN) == 0
    await Source.filter(id=source.id).update(status=SourceStatus.RETRACTED, status_checked_at=builders.NOW.date())
    assert await noticing.notice(noticing.OFTEN) == 1
    assert await noticing.notice(noticing.OFTEN) == 0

    assert await told() == [("source.retracted", {"sourceId": source.id, "articleIds": [leaning.id]})]


async def test_a_comment_that_waits_is_told_once_and_without_a_word_of_it():
    article = await builders.live()
    waiting = await builders.comment(article, status=CommentStatus.PENDING, body="My own illness")
    await builders.comment(article, status=CommentStatus.APPROVED)
    await builders.webhook()

    assert await noticing.notice(noticing.OFTEN) == 1
    assert await noticing.notice(noticing.OFTEN) == 0

    assert await told() == [("comment.pending", {"commentId": waiting.id, "articleId": article.id})]


async def test_a_review_that_is_overdue_is_told_once_for_each_date():
    ada = await builders.practitioner()
    article = await builders.live(authors=[ada])
    due = (builders.NOW - timedelta(days=3)).date()
    await builders.review(article, ada, next_review_due=due)
    await builders.webhook()

    assert await noticing.notice(noticing.SELDOM) == 1
    assert await noticing.notice(noticing.SELDOM) == 0

    assert await told() == [("review.due", {"articleId": article.id, "dueOn": due.isoformat()})]


async def test_a_webhook_is_told_of_what_it_names():
    await builders.comment(await builders.live(), status=CommentStatus.PENDING)
    await builders.webhook(events=["review.due"])

    assert await noticing.notice(noticing.OFTEN) == 1
    assert await told() == []


async def test_what_is_no_longer_so_is_forgotten_and_told_again_when_it_is_so_again():
    comment = await builders.comment(await builders.live(), status=CommentStatus.PENDING)
    await builders.webhook()
    await noticing.notice(noticing.OFTEN)

    assert await noticing.forget(builders.NOW) == 0
    await Comment.filter(id=comment.id).update(status=CommentStatus.APPROVED)
    assert await noticing.forget(builders.NOW) == 1
    assert await Noticed.all().count() == 0
    await Comment.filter(id=comment.id).update(status=CommentStatus.PENDING)
    assert await noticing.notice(noticing.OFTEN) == 1
    assert len(await told()) == 2


def test_every_editorial_event_is_looked_for():
    assert set(noticing.STATES) == {*noticing.OFTEN, *noticing.SELDOM}
    assert {str(each) for each in noticing.STATES} == {"source.retracted", "review.due", "comment.pending"}
    assert WebhookEvent.WEBHOOK_TEST not in noticing.STATES
