"""Each subscriber is sent the newest of its topic, and none older after newer, though workers are killed."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from api import changes
from api.articles.models import Article
from api.syndication.websub.models import Intent, Subscription
from tests import builders
from tests.couriers import change
from tests.receiving import listening, status
from tests.subscribers import Subscriber
from tests.workers import Workers

TOPICS = ("/feeds/articles.atom", "/feeds/articles.rss", "/feeds/articles.json")
THINKS = 0.3
"""Seconds that a callback takes to answer, so that a worker that is killed has something under way."""


@dataclass(frozen=True)
class Round:
    callbacks: int
    states: int
    kills: int
    workers: int
    seconds: float


@pytest.fixture
async def subscriber() -> AsyncIterator[Subscriber]:
    async with listening(Subscriber()) as somebody:
        yield somebody


async def answer_late(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(THINKS)
    await status(204)(writer)


def state(body: str) -> int:
    """Which state of the article a feed tells of."""
    (found,) = set(re.findall(r"State (\d+) of it", body))
    return int(found)


async def go_on(article: Article, number: int) -> None:
    """The article changes, and the log tells of it."""
    await builders.revised(article, f"State {number} of it")
    await builders.publish(article)
    await change(article=article.id)


async def kill_often(workers: Workers, subscriber: Subscriber, tried: Round) -> list[int]:
    """Kill a worker when one, or some more, have been sent something; how many addresses each left taken."""
    left = []
    for number in range(tried.kills):
        await subscriber.until(len(subscriber.sent) + 1 + (5 + 7 * number) % tried.callbacks, tried.seconds)
        await workers.kill()
        left.append(await Subscription.filter(lease__not_isnull=True).count())
        await workers.start()
    return left


async def all_told(seconds: float) -> None:
    """Until nobody's place in the log is before its end."""
    async with asyncio.timeout(seconds):
        newest = await changes.newest()
        while await Subscription.filter(position__lt=newest).exists():  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    "tried", [Round(12, 10, 1, 1, 90), pytest.param(Round(60, 200, 15, 2, 1_200), marks=pytest.mark.soak)]
)
async def test_each_is_sent_the_newest_and_none_older_after_newer_through_kills(
    database, subscriber: Subscriber, tmp_path, tried: Round
):
    article = await builders.live("State 0 of it", slug="it")
    callbacks = [f"/{number}" for number in range(tried.callbacks)]
    for number, callback in enumerate(callbacks):
        subscriber.answers[callback] = answer_late
        await builders.subscription(subscriber.url(callback), topic=TOPICS[number % len(TOPICS)])
    await Intent.all().delete()
    workers = Workers(database, tmp_path)
    try:
        for _ in range(tried.workers):
            await workers.start()
        killing = asyncio.create_task(kill_often(workers, subscriber, tried))
        written = 0
        while written < tried.states or not killing.done():
            written += 1
            await go_on(article, written)
            await asyncio.sleep(0.1)
        left = await killing
        await all_told(tried.seconds)
    finally:
        await workers.end()

    assert workers.killed == tried.kills
    assert min(left) > 0, "each was killed in the middle of something"
    for callback in callbacks:
        told = [state(message.body) for message in subscriber.of(callback)]
        assert told == sorted(told), callback
        assert told[-1] == written, callback
    assert b"Traceback" not in (tmp_path / "worker.log").read_bytes()
    logging.getLogger(__name__).warning(
        "%s states, %s callbacks, %s messages, %s kills", written, tried.callbacks, len(subscriber.sent), workers.killed
    )
