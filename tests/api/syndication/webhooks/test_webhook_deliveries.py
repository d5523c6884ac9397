"""From an entry of the log to somebody else's machine, and what every answer leads to."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from api.changes import Change, ChangeReason
from api.outbound import SECONDS
from api.sql import Sql, rows
from api.syndication import log
from api.syndication.log import Place
from api.syndication.webhooks import events, outbox, retries
from api.syndication.webhooks.models import Delivery, DeliveryAttempt, DeliveryState, Webhook, WebhookPosition
from tests import builders
from tests.couriers import ARTICLE, KEYS, Clock, carry, change, courier
from tests.receiving import Receiver, hang, in_turn, pour, reset, status

pytestmark = pytest.mark.usefixtures("database")


async def test_an_entry_of_the_log_arrives_once_with_what_is_needed_to_follow_it_up(receiver: Receiver):
    webhook = await builders.webhook(receiver.url())
    entry = await change(
        ChangeReason.WITHDRAWN, severity="SAFETY", explanation="A dose was wrong.", revision_number=3,
        content_hash="a" * 64, acknowledge_by=datetime(2026, 11, 23, 10, tzinfo=UTC),
    )  # fmt: skip
    taking = courier()

    await carry(taking)
    await carry(taking)

    (message,) = receiver.messages
    (delivery,) = await Delivery.all()
    assert message.id == delivery.id
    assert (delivery.webhook_id, delivery.state, delivery.tries) == (webhook.id, DeliveryState.DELIVERED, 1)
    assert message.headers["content-type"] == "application/json"
    assert message.said["type"] == "article.withdrawn"
    assert message.said["data"] == {
        "articleId": ARTICLE, "cursor": log.seal(Place(entry.id), frozenset(), KEYS.cursors), "kind": "REMOVE",
        "reason": "WITHDRAWN", "severity": "SAFETY", "at": events.moment(entry.at), "slug": "sleep",
        "url": "https://clinic.example/articles/sleep", "revisionNumber": 3, "contentHash": "a" * 64,
        "explanation": "A dose was wrong.", "movedTo": None, "acknowledgeBy": "2026-11-23T10:00:00.000Z",
    }  # fmt: skip
    (attempt,) = await DeliveryAttempt.all()
    assert (attempt.status, attempt.answer, attempt.failure) == (204, "", None)


@pytest.mark.parametrize("reason", list(ChangeReason))
async def test_every_reason_has_its_event_and_the_law_is_told_as_gone(receiver: Receiver, reason: ChangeReason):
    await builders.webhook(receiver.url())
    await change(reason, explanation="word " * 5_000)

    await carry(courier())

    named = "gone" if reason is ChangeReason.LEGAL else reason.lower()
    assert receiver.messages[0].said["type"] == f"article.{named}"
    assert len(receiver.messages[0].body.encode()) < 20_000


async def test_what_was_erased_since_is_not_sent(receiver: Receiver):
    await builders.webhook(receiver.url())
    entry = await change(explanation="About somebody.")
    await outbox.fan_out()
    await Change.filter(id=entry.id).update(slug="", url="", explanation=None)

    await carry(courier())

    data = receiver.messages[0].said["data"]
    assert (data["slug"], data["url"], data["explanation"]) == ("", "", None)
    assert (await Delivery.get()).payload is None


async def test_a_webhook_is_told_of_the_events_that_it_names_and_of_no_others(receiver: Receiver):
    await builders.webhook(receiver.url("/some"), events=["article.withdrawn", "article.gone"])
    await builders.webhook(receiver.url("/all"))
    await builders.webhook(receiver.url("/off"), disabled_at=builders.NOW, disabled_reason="x")
    for reason in (ChangeReason.PUBLISHED, ChangeReason.UPDATED, ChangeReason.WITHDRAWN, ChangeReason.LEGAL):
        await change(reason)

    await carry(courier())

    assert [each.said["type"] for each in receiver.of("/some")] == ["article.withdrawn", "article.gone"]
    assert len(receiver.of("/all")) == 4
    assert receiver.of("/off") == []


async def test_a_partner_is_told_of_its_topics_and_of_what_left_them(receiver: Receiver):
    neck, knee = await builders.condition("Neck pain"), await builders.condition("Knee pain")
    about = await builders.live("On necks", conditions=[neck])
    other = await builders.live("On knees", conditions=[knee])
    partner = await builders.partner(topics=[neck.id])
    await builders.webhook(receiver.url("/necks"), of=partner)
    await builders.webhook(receiver.url("/everything"), of=await builders.partner())
    gone = "art_01jd8k00000000000000000009"
    for article, number in ((about.id, 1), (other.id, 1)):
        await change(article=article, revision_number=number)
    await builders.publish(await _moved_to(about, knee))
    await change(ChangeReason.UPDATED, about.id, revision_number=2)
    await builders.take_down(about)
    await change(ChangeReason.WITHDRAWN, about.id)
    await change(ChangeReason.ERASED, gone, slug="", url="")

    await carry(courier())

    told = [(each.said["data"]["articleId"], each.said["type"]) for each in receiver.of("/necks")]
    assert told == [
        (about.id, "article.published"), (about.id, "article.updated"), (about.id, "article.withdrawn"),
        (gone, "article.erased"),
    ]  # fmt: skip
    assert len(receiver.of("/everything")) == 5
    cursors = {each.said["data"]["cursor"] for each in receiver.of("/necks")}
    assert cursors.isdisjoint({each.said["data"]["cursor"] for each in receiver.of("/everything")})


async def _moved_to(article, condition):
    await builders.revised(article, "On knees after all", conditions=[condition])
    return article


async def test_what_was_logged_before_the_first_webhook_is_nobodys_news(receiver: Receiver):
    await change()
    await carry(courier())
    await builders.webhook(receiver.url())

    await carry(courier())

    assert receiver.messages == []


async def test_entries_reach_an_address_in_the_order_of_the_log(receiver: Receiver):
    await builders.webhook(receiver.url())
    entries = [await change(article=f"art_{number % 3:026d}") for number in range(30)]

    await carry(courier())

    assert [each.said["data"]["cursor"] for each in receiver.messages] == [
        log.seal(Place(entry.id), frozenset(), KEYS.cursors) for entry in entries
    ]


async def test_position_and_deliveries_move_together_or_not_at_all(monkeypatch):
    await builders.webhook()
    before = (await WebhookPosition.get(id=1)).change_id
    entry = await change()

    async def fail(*_said: object, **_more: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(Delivery, "bulk_create", fail)
        with pytest.raises(RuntimeError, match="power"):
            await outbox.fan_out()
    assert (await WebhookPosition.get(id=1)).change_id == before
    assert await Delivery.all().count() == 0

    assert sum(await asyncio.gather(*(outbox.fan_out() for _ in range(4)))) == 1
    assert (await WebhookPosition.get(id=1)).change_id == entry.id
    assert await Delivery.all().count() == 1


async def test_two_couriers_send_everything_once_between_them(receiver: Receiver):
    for number in range(6):
        await builders.webhook(receiver.url(f"/{number}"))
    for _ in range(5):
        await change()

    one, other = courier(), courier()
    await asyncio.gather(*(carry(each) for each in (one, other, one, other)))
    await carry(one)

    assert set(receiver.counted().values()) == {1}
    assert len(receiver.messages) == 30


async def test_tries_follow_the_clock_and_end_with_the_tenth(receiver: Receiver):
    receiver.answers["/hook"] = status(500, b"broken")
    await builders.webhook(receiver.url())
    await change()
    clock = Clock()
    taking = courier(clock)

    waits = []
    for number in range(1, 11):
        await carry(taking)
        assert len(receiver.messages) == number
        delivery = await Delivery.get()
        if number < 10:
            wait = delivery.due_at - clock()
            waits.append(wait)
            clock.moved += wait - timedelta(seconds=1)
            await carry(taking)
            assert len(receiver.messages) == number  # not a moment too soon
            clock.move(seconds=2)
    for wait, wanted in zip(waits, (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400), strict=True):
        assert wanted - 2 <= wait.total_seconds() <= wanted * 1.1

    assert (await Delivery.get()).state is DeliveryState.FAILED
    clock.move(days=7)
    await carry(taking)
    assert set(receiver.counted().values()) == {10}
    assert [(each.status, each.answer) for each in await DeliveryAttempt.all()] == [(500, "broken")] * 10


def test_not_everybody_is_tried_again_at_the_same_moment():
    at = datetime(2026, 11, 22, tzinfo=UTC)

    found = {retries.next_try(2, at) for _ in range(20)}

    assert len(found) > 10
    assert all(timedelta(minutes=5) <= each - at <= timedelta(minutes=5.5) for each in found if each)
    assert retries.next_try(9, at, lambda: 0) == at + timedelta(hours=24)
    assert retries.next_try(10, at) is None


@pytest.mark.parametrize("answer", [status(500), status(404), status(302, Location="/else"), reset, status(199)])
async def test_whatever_is_no_success_is_tried_again_under_the_same_id(receiver: Receiver, answer):
    receiver.answers["/hook"] = in_turn(answer, status(200))
    await builders.webhook(receiver.url())
    await change()
    clock = Clock()
    taking = courier(clock, seconds=1)

    await carry(taking)
    assert (await Delivery.get()).state is DeliveryState.PENDING
    clock.move(seconds=6)
    await carry(taking)

    assert len(receiver.messages) == 2
    assert len(receiver.counted()) == 1
    assert receiver.of("/else") == []
    assert (await Delivery.get()).state is DeliveryState.DELIVERED


async def test_410_switches_the_webhook_off_and_nothing_more_is_sent(receiver: Receiver):
    receiver.answers["/hook"] = status(410)
    webhook = await builders.webhook(receiver.url())
    await change()
    await change()
    clock = Clock()
    taking = courier(clock)

    await carry(taking)
    await change()
    clock.move(days=2)
    await carry(taking)

    assert len(receiver.messages) == 1
    now = await Webhook.get(id=webhook.id)
    assert now.disabled_reason == "It answered 410 Gone."
    assert await Delivery.filter(state=DeliveryState.PENDING).count() == 0
    assert await Delivery.all().count() == 2


@pytest.mark.parametrize("code", [429, 503])
async def test_whoever_asks_for_time_is_given_it_for_all_deliveries(receiver: Receiver, code: int):
    receiver.answers["/hook"] = in_turn(status(code, Retry_After="3600"), status(200))
    await builders.webhook(receiver.url())
    await change()
    await change()
    clock = Clock()
    taking = courier(clock)

    await carry(taking)
    assert len(receiver.messages) == 1
    clock.move(seconds=3590)
    await carry(taking)
    assert len(receiver.messages) == 1
    clock.move(seconds=20)
    await carry(taking)

    assert sorted(receiver.counted().values()) == [1, 2]


def test_the_time_asked_for_is_seconds_or_a_moment_and_a_day_at_most():
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)

    def asked(text: str, code: int = 503) -> datetime | None:
        return retries.asked_to_wait(code, {"retry-after": text}, at)

    assert asked("120") == at + timedelta(minutes=2)
    assert asked(format_datetime(at + timedelta(hours=1), usegmt=True)) == at + timedelta(hours=1)
    assert asked("9" * 50) == asked(format_datetime(at + timedelta(days=400), usegmt=True)) == at + timedelta(days=1)
    assert [asked(text) for text in ("", "soon", "-5", "1.5", "٣")] == [None] * 5
    assert asked("120", 500) is None


async def test_the_log_of_tries_holds_plain_text_of_a_kilobyte_at_most(receiver: Receiver):
    receiver.answers["/hook"] = status(500, b"\x00\x1b[31m<script>\xff" + b"x" * 5_000)
    await builders.webhook(receiver.url())
    await change()

    await carry(courier())

    said = (await DeliveryAttempt.get()).answer
    assert said
    assert said.startswith("\ufffd\ufffd[31m<script>\ufffd")
    assert len(said) == 1024


async def test_a_gigabyte_is_cut_and_counts_as_the_answer_that_it_is(receiver: Receiver):
    receiver.answers["/hook"] = pour
    await builders.webhook(receiver.url())
    await change()

    await carry(courier())

    assert (await Delivery.get()).state is DeliveryState.DELIVERED


async def test_one_that_hangs_holds_up_nobody_and_nothing_lasts_longer_than_ten_seconds(receiver: Receiver):
    receiver.answers["/slow"] = hang
    await builders.webhook(receiver.url("/slow"))
    await builders.webhook(receiver.url("/quick"))
    await change()
    taking = courier(seconds=1)

    await taking.turn()
    await receiver.until(2)
    for _ in range(3):
        await change()
        await taking.turn()
        await asyncio.sleep(0.1)
    quick = len(receiver.of("/quick"))
    await taking.settle()

    assert quick == 4
    first = await DeliveryAttempt.filter(failure__isnull=False).first()
    assert first
    assert first.failure == "There was no whole answer within 1 seconds."
    assert SECONDS == 10


async def test_an_address_has_one_delivery_at_a_time(receiver: Receiver):
    open_now, most = 0, 0

    async def slowly(writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.02)
        open_now -= 1
        await status(200)(writer)

    receiver.answers["/hook"] = slowly
    await builders.webhook(receiver.url())
    for _ in range(10):
        await change()
    couriers = [courier() for _ in range(3)]

    await asyncio.gather(*(carry(each) for each in couriers))
    for each in couriers:
        await carry(each)

    assert most == 1
    assert len(receiver.messages) == 10


async def test_a_lease_that_ran_out_is_taken_by_another_courier(receiver: Receiver):
    webhook = await builders.webhook(receiver.url())
    await change()
    await Webhook.filter(id=webhook.id).update(lease="gone", leased_until=datetime.now(UTC) + timedelta(seconds=9))
    clock = Clock()
    taking = courier(clock)

    await carry(taking)
    assert receiver.messages == []
    clock.move(seconds=10)
    await carry(taking)

    assert len(receiver.messages) == 1


async def test_a_lease_lasts_as_long_as_the_delivery_under_way(receiver: Receiver):
    receiver.answers["/hook"] = hang
    await builders.webhook(receiver.url())
    await change()
    one, other = courier(seconds=3, lease=timedelta(seconds=2)), courier()

    await one.turn()
    for _ in range(25):
        await asyncio.sleep(0.1)
        await one.turn()
        await other.turn()

    assert len(receiver.messages) == 1
    await one.settle()


async def test_nothing_begins_after_the_end(receiver: Receiver):
    receiver.answers["/hook"] = status(200)
    await builders.webhook(receiver.url())
    for _ in range(20):
        await change()
    taking = courier()

    await taking.turn()
    await receiver.until(1)
    await taking.end()

    assert len(receiver.messages) < 20
    assert await rows(Sql("SELECT 1 FROM webhook WHERE lease IS NOT NULL")) == []
    await carry(courier())
    assert len(receiver.counted()) == 20


async def test_the_log_of_deliveries_goes_back_thirty_days():
    webhook = await builders.webhook()
    old, new = builders.ago(days=31), builders.ago(days=29)
    done = {"state": DeliveryState.DELIVERED, "delivered_at": builders.NOW}
    kept = [
        await builders.delivery(webhook, created_at=old),
        await builders.delivery(webhook, created_at=new, **done),
    ]
    await builders.delivery(webhook, created_at=old, **done)
    await builders.delivery(webhook, created_at=old, state=DeliveryState.FAILED)

    assert await outbox.forget(builders.NOW) == 2
    assert {each.id for each in await Delivery.all()} == {each.id for each in kept}
