"""The hub, by the cases of the public test suite (websub.rocks, hub 100 to 104) and what goes with them.

https://www.w3.org/TR/websub/
"""

import hmac
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from api.articles.models import Severity, UnpublishKind
from api.publishing import withdrawing
from api.publishing.acting import Acting
from api.syndication.websub.models import Intent, Subscription
from tests import builders
from tests.api.syndication.websub.conftest import HUB, SITE, TOPIC, House
from tests.couriers import change
from tests.receiving import status
from tests.subscribers import Subscriber, said, without_challenge

TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


async def publish(title: str = "New") -> None:
    """An article goes live, and the log tells of it."""
    article = await builders.live(title)
    await change(article=article.id)


async def test_100_a_subscriber_with_mode_topic_and_callback_is_asked_and_sent_what_is_new_unsigned(
    house: House, subscriber: Subscriber
):
    answer = await house.ask(subscriber.url("/hook"))
    assert answer.status_code == 202
    assert await Subscription.all().count() == 0

    await house.verify()
    (asked,) = subscriber.asked
    assert without_challenge(asked) == {
        "hub.mode": "subscribe", "hub.topic": TOPIC, "hub.lease_seconds": "864000",
    }  # fmt: skip
    assert len(asked["hub.challenge"]) >= 40
    await house.distribute()
    assert subscriber.sent == []

    await publish()
    await house.distribute()
    (message,) = subscriber.sent
    assert message.path == "/hook"
    assert "x-hub-signature" not in message.headers


@pytest.mark.parametrize("form", TYPES)
async def test_100_what_is_sent_is_the_whole_topic_in_its_own_type_with_links_to_hub_and_topic(
    house: House, subscriber: Subscriber, form: str
):
    topic = f"{SITE}/feeds/articles.{form}"
    await house.subscribed(subscriber.url(), topic=topic)
    await publish("Sleep & rest")
    await house.distribute()
    feed = await house.feed(topic)
    (message,) = subscriber.sent
    assert message.body == feed.text
    assert "Sleep &amp; rest" in message.body or "Sleep & rest" in message.body
    assert message.headers["content-type"] == feed.headers["content-type"] == f"{TYPES[form]}; charset=utf-8"
    assert message.headers["link"] == f'<{HUB}>; rel="hub", <{topic}>; rel="self"'


async def test_101_with_a_secret_every_message_is_signed_by_it(house: House, subscriber: Subscriber):
    secret = "ünguessable & long"
    await house.subscribed(subscriber.url(), secret=secret)
    await publish()
    await house.distribute()
    (message,) = subscriber.sent
    wanted = hmac.new(secret.encode(), message.body.encode(), "sha256").hexdigest()
    assert message.headers["x-hub-signature"] == f"sha256={wanted}"


async def test_102_parameters_that_the_hub_does_not_know_are_left_alone(house: House, subscriber: Subscriber):
    answer = await house.client.post(
        "/websub",
        data={
            "hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": subscriber.url(), "hub.verify": "sync",
            "foo": "bar",
        },
    )  # fmt: skip
    assert answer.status_code == 202
    await house.verify()
    assert without_challenge(subscriber.asked[0]).keys() == {"hub.mode", "hub.topic", "hub.lease_seconds"}
    assert await Subscription.all().count() == 1


async def test_102_the_callbacks_own_query_stays_as_it_is(house: House, subscriber: Subscriber):
    await house.subscribed(subscriber.url("/hook?hub.mode=mine&a=%2Fb"))
    await publish()
    await house.distribute()
    asked, sent = subscriber.messages
    query = parse_qsl(urlsplit(asked.path).query)
    assert query[:3] == [("hub.mode", "mine"), ("a", "/b"), ("hub.mode", "subscribe")]
    assert asked.path.startswith("/hook?hub.mode=mine&a=%2Fb&hub.mode=")
    assert sent.path == "/hook?hub.mode=mine&a=%2Fb"


async def test_103_whoever_subscribes_again_before_the_end_stays_subscribed_from_then_on_with_the_new_secret(
    house: House, subscriber: Subscriber
):
    await house.subscribed(subscriber.url(), lease_seconds="3600", secret="old")
    house.clock.move(minutes=50)
    await house.subscribed(subscriber.url(), lease_seconds="7200", secret="new")
    assert [asked["hub.lease_seconds"] for asked in subscriber.asked] == ["3600", "7200"]
    assert await Subscription.all().count() == 1

    house.clock.move(minutes=100)
    await publish()
    await house.distribute()
    (message,) = subscriber.sent
    wanted = hmac.new(b"new", message.body.encode(), "sha256").hexdigest()
    assert message.headers["x-hub-signature"] == f"sha256={wanted}"


async def test_103_who_subscribes_again_without_a_secret_gets_no_signature_any_more(
    house: House, subscriber: Subscriber
):
    await house.subscribed(subscriber.url(), secret="old")
    await house.subscribed(subscriber.url())
    await publish()
    await house.distribute()
    assert "x-hub-signature" not in subscriber.sent[0].headers


async def test_104_who_unsubscribes_is_asked_and_then_sent_nothing_more(house: House, subscriber: Subscriber):
    await house.subscribed(subscriber.url())
    answer = await house.ask(subscriber.url(), "unsubscribe", lease_seconds="no number, and it does not matter")
    assert answer.status_code == 202
    assert await Subscription.all().count() == 1
    await house.verify()
    assert without_challenge(subscriber.asked[1]) == {"hub.mode": "unsubscribe", "hub.topic": TOPIC}
    assert await Subscription.all().count() == 0
    await publish()
    await house.distribute()
    assert subscriber.sent == []


@pytest.mark.parametrize(
    "answer", [status(200, b"something else"), status(404), status(302, Location="/elsewhere"), status(500)]
)
async def test_without_the_echo_nothing_is_changed(house: House, subscriber: Subscriber, answer):
    subscriber.wants["/never"] = answer
    await house.subscribed(subscriber.url("/never"))
    assert await Subscription.all().count() == 0

    await house.subscribed(subscriber.url("/hook"), secret="old")
    before = await Subscription.get().values()
    subscriber.wants["/hook"] = answer
    await house.subscribed(subscriber.url("/hook"), secret="forged", lease_seconds="300")
    await house.subscribed(subscriber.url("/hook"), mode="unsubscribe")
    assert await Subscription.get().values() == before
    assert await Intent.all().count() == 0
    assert len(subscriber.messages) == 4


async def test_a_challenge_is_new_for_each_question(house: House, subscriber: Subscriber):
    for _ in range(3):
        await house.subscribed(subscriber.url())
    assert len({asked["hub.challenge"] for asked in subscriber.asked}) == 3


async def test_a_later_request_takes_the_place_of_one_that_is_not_verified_yet(house: House, subscriber: Subscriber):
    await house.ask(subscriber.url(), lease_seconds="3600")
    await house.ask(subscriber.url(), "unsubscribe")
    await house.verify()
    assert [asked["hub.mode"] for asked in subscriber.asked] == ["unsubscribe"]
    assert await Subscription.all().count() == 0


async def test_a_lease_is_what_was_asked_for_within_bounds_and_it_ends(house: House, subscriber: Subscriber):
    for wanted, given in (("7200", "7200"), ("1", "300"), ("9" * 40, "2592000"), ("", "864000")):
        await house.subscribed(subscriber.url(f"/{given}"), lease_seconds=wanted)
        assert subscriber.asked[-1]["hub.lease_seconds"] == given
    house.clock.move(seconds=7201)
    await publish()
    await house.distribute()
    assert {message.path for message in subscriber.sent} == {"/864000", "/2592000"}


async def test_what_came_between_the_request_and_its_verification_is_sent(house: House, subscriber: Subscriber):
    await house.ask(subscriber.url())
    await publish()
    await house.verify()
    await house.distribute()
    assert len(subscriber.sent) == 1


async def test_a_change_that_a_topic_does_not_show_is_not_sent_there(house: House, subscriber: Subscriber):
    neck = await builders.condition("Neck pain", slug="neck-pain")
    await house.subscribed(subscriber.url("/neck"), topic=f"{SITE}/feeds/conditions/neck-pain.rss")
    await house.subscribed(subscriber.url("/all"))
    await publish("Sleep")
    await house.distribute()
    article = await builders.live("Necks", conditions=[neck])
    await change(article=article.id)
    await house.distribute()
    assert sorted(message.path for message in subscriber.sent) == ["/all", "/all", "/neck"]
    (told,) = subscriber.of("/neck")
    assert "Necks" in told.body


async def test_a_withdrawal_is_sent_with_its_tombstone(house: House, subscriber: Subscriber):
    article = await builders.live("Wrong")
    await change(article=article.id)
    await house.subscribed(subscriber.url())
    taken = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "A dose was wrong.", Severity.SAFETY)
    await withdrawing.unpublish(article.id, None, taken, Acting(SITE))
    await house.distribute()
    (message,) = subscriber.sent
    assert re.search(rf'deleted-entry [^>]*ref="tag:clinic.example,[0-9-]+:{article.id}"', message.body)
    assert "A dose was wrong." in message.body


async def test_what_fails_is_tried_again_by_the_clock_and_only_the_newest_is_sent(house: House, subscriber: Subscriber):
    subscriber.answers["/hook"] = status(500)
    await house.subscribed(subscriber.url())
    await publish("First")
    await house.distribute()
    await house.distribute()
    assert len(subscriber.sent) == 1
    await publish("Second")
    await house.distribute()
    assert len(subscriber.sent) == 1
    house.clock.move(seconds=6)
    await house.distribute()
    subscriber.answers["/hook"] = status(204)
    house.clock.move(seconds=331)
    await house.distribute()
    await house.distribute()
    assert len(subscriber.sent) == 3
    assert "First" in subscriber.sent[2].body
    assert "Second" in subscriber.sent[2].body


async def test_who_asks_for_time_gets_it(house: House, subscriber: Subscriber):
    subscriber.answers["/hook"] = status(503, Retry_After="1000")
    await house.subscribed(subscriber.url())
    await publish()
    await house.distribute()
    house.clock.move(seconds=900)
    await house.distribute()
    assert len(subscriber.sent) == 1
    house.clock.move(seconds=101)
    await house.distribute()
    assert len(subscriber.sent) == 2


async def test_after_the_last_try_there_is_nothing_more_until_something_is_new(house: House, subscriber: Subscriber):
    subscriber.answers["/hook"] = status(302, Location="/elsewhere")
    await house.subscribed(subscriber.url(), lease_seconds="2592000")
    await publish()
    for _ in range(12):
        await house.distribute()
        house.clock.move(hours=27)
    assert len(subscriber.sent) == 10
    assert subscriber.of("/elsewhere") == []
    await publish("Newer")
    await house.distribute()
    assert len(subscriber.sent) == 11


async def test_410_ends_a_subscription(house: House, subscriber: Subscriber):
    subscriber.answers["/hook"] = status(410)
    await house.subscribed(subscriber.url())
    await publish()
    await house.distribute()
    assert await Subscription.all().count() == 0


async def test_a_topic_that_is_not_there_is_denied_with_a_reason(house: House, subscriber: Subscriber):
    topic = f"{SITE}/feeds/conditions/nothing.atom"
    await house.subscribed(subscriber.url(), topic=topic)
    assert subscriber.asked == [
        {"hub.mode": "denied", "hub.topic": topic, "hub.reason": "There is no such feed."},
    ]
    assert await Subscription.all().count() == 0


async def test_when_a_topic_is_gone_its_subscribers_are_told_so(house: House, subscriber: Subscriber):
    neck = await builders.condition("Neck pain", slug="neck-pain")
    topic = f"{SITE}/feeds/conditions/neck-pain.atom"
    await house.subscribed(subscriber.url(), topic=topic)
    await neck.delete()
    await publish()
    await house.distribute()
    assert said(subscriber.messages[-1]) == {
        "hub.mode": "denied", "hub.topic": topic, "hub.reason": "There is no such feed any more.",
    }  # fmt: skip
    assert await Subscription.all().count() == 0
