"""What the hub refuses: what is wrong, what leads to private machines, and too much of anything."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api import app, background, sealing, settings
from api.outbound import Outbound
from api.sql import rows, sql
from api.syndication.websub import subscribing
from api.syndication.websub.models import Intent, Subscription
from tests.api.syndication.websub.conftest import API, HUB, SITE, TOPIC, House
from tests.api.syndication.websub.test_websub_hub import publish
from tests.couriers import SECRET_KEY
from tests.receiving import hang
from tests.security.test_secrets_at_rest import dumped, traces
from tests.subscribers import Subscriber

CALLBACK = "https://reader.example/hook"


async def nothing_is_kept() -> bool:
    return await Intent.all().count() == await Subscription.all().count() == 0


WHOLE = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": CALLBACK}
INCOMPLETE = (
    ({"hub.callback": CALLBACK}, "Send hub.mode"),
    (WHOLE | {"hub.mode": "publish"}, "Send hub.mode"),
    (WHOLE | {"hub.callback": "nothing"}, "The address must begin"),
    (WHOLE | {"hub.callback": f"{CALLBACK}#here"}, "no fragment"),
)
TOPICS = (
    "https://other.example/feeds/articles.atom", f"{SITE}.example/feeds/articles.atom", f"{SITE}/articles",
    f"{SITE}/feeds/articles.atom?after=x", f"{SITE}/feeds/conditions/../articles.atom", "/feeds/articles.atom",
    f"{SITE}/feeds/articles.html", f"{API}/feeds/articles.atom", "",
)  # fmt: skip
PRIVATE = (
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://2130706433/",
    "http://0x7f000001/", "http://127.1/", "http://10.0.0.8/", "http://192.168.1.1/", "http://169.254.169.254/",
    "http://[fd00::1]/", "https://ada:secret@reader.example/", "https://reader.example:22/", "ftp://reader.example/",
)  # fmt: skip


async def test_what_is_incomplete_is_refused_in_plain_text(house: House):
    for said, sentence in INCOMPLETE:
        answer = await house.client.post("/websub", data=said)
        assert (answer.status_code, sentence in answer.text) == (400, True), said
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert await nothing_is_kept()


async def test_only_our_own_feeds_are_topics(house: House):
    for topic in TOPICS:
        answer = await house.ask(CALLBACK, topic=topic)
        assert (answer.status_code, "no topic of this hub" in answer.text) == (400, True), topic
    assert await nothing_is_kept()


async def test_a_secret_has_less_than_200_bytes_and_a_lease_is_a_number(house: House, subscriber: Subscriber):
    assert (await house.ask(CALLBACK, secret="é" * 100)).status_code == 400
    assert (await house.ask(CALLBACK, secret="s" * 200)).status_code == 400
    for lease in ("0", "-5", "1.5", "soon", "٣"):
        assert (await house.ask(CALLBACK, lease_seconds=lease)).status_code == 400
    assert await nothing_is_kept()
    assert (await house.ask(subscriber.url(), secret="s" * 199)).status_code == 202


async def test_other_methods_other_types_and_endless_forms_are_refused(house: House):
    answer = await house.client.get("/websub")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert (await house.client.post("/websub", json={"hub.mode": "subscribe"})).status_code == 415
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert (await house.client.post("/websub", content=b"a=" + b"x" * 20_000, headers=form)).status_code == 413
    assert (await house.client.post("/websub", content=b"a=%ff", headers=form)).status_code == 400
    twice = b"hub.mode=subscribe&hub.mode=unsubscribe"
    assert (await house.client.post("/websub", content=twice, headers=form)).status_code == 400
    assert await nothing_is_kept()


async def test_a_callback_is_never_a_private_address(database, tmp_path):
    built, _ = app.build(settings.Settings(data_dir=tmp_path, secret_key=SECRET_KEY, public_site_url=SITE), database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api.test") as client:
        for callback in PRIVATE:
            answer = await client.post("/websub", data=WHOLE | {"hub.callback": callback})
            assert answer.status_code == 400, callback
    assert await nothing_is_kept()


async def test_a_name_that_leads_to_this_machine_is_never_connected_to(house: House, subscriber: Subscriber):
    async def rebound(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    house.outbound = Outbound(look_up=rebound, ports=frozenset({80, 443, subscriber.port}))
    house.__post_init__()
    answer = await house.ask(f"http://reader.example:{subscriber.port}/hook")
    assert answer.status_code == 202
    await house.verify()
    assert subscriber.messages == []
    assert await nothing_is_kept()


async def test_so_many_wait_for_one_host_and_no_more(house: House):
    for number in range(subscribing.WAITING_PER_HOST):
        assert (await house.ask(f"{CALLBACK}/{number}")).status_code == 202
    answer = await house.ask(f"{CALLBACK}/more")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert (await house.ask("https://other.example/hook")).status_code == 202
    assert (await house.ask(f"{CALLBACK}/0")).status_code == 202
    assert await Intent.all().count() == subscribing.WAITING_PER_HOST + 1


async def test_one_address_asks_so_often_in_a_minute_and_no_more(house: House):
    codes = [(await house.client.post("/websub", data={"hub.mode": "x"})).status_code for _ in range(130)]
    assert codes[:120] == [400] * 120
    assert codes[-1] == 429


@pytest.mark.parametrize(
    ("host", "most"), [("127.0.0.1", subscribing.MOST_PER_HOST), ("other.example", subscribing.MOST)]
)
async def test_beyond_what_there_is_room_for_a_subscription_is_denied_and_one_that_holds_is_renewed(
    house: House, subscriber: Subscriber, host: str, most: int
):
    await house.subscribed(subscriber.url("/mine"))
    fill = """
    INSERT INTO websub_subscription (topic, callback, host, expires_at, position, tries, due_at, created_at)
    SELECT 'x', 'y' || n, ?, now() + INTERVAL '1 day', 0, 0, now(), now() FROM generate_series(2, ?::int) AS n
    """
    await rows(sql(fill, host, most))
    await house.subscribed(subscriber.url("/more"))
    await house.subscribed(subscriber.url("/mine"))
    assert [asked["hub.mode"] for asked in subscriber.asked] == ["subscribe", "denied", "subscribe"]
    assert await Subscription.all().count() == most


async def test_a_subscribers_secret_does_not_lie_in_the_database(house: House, subscriber: Subscriber, database: str):
    secret = "a secret that is longer than one block of thirty-two bytes, which is all"
    await house.ask(subscriber.url("/waits"), secret=secret)
    await house.subscribed(subscriber.url("/hook"), secret=secret)
    lies = await dumped(database)
    assert [trace for trace in traces(secret) if trace in lies] == []
    assert subscribing.secret_of(
        await Subscription.get(callback=subscriber.url("/hook")), sealing.derive(SECRET_KEY, subscribing.PURPOSE)
    ) == secret.encode()  # fmt: skip


async def test_what_has_expired_and_what_nobody_verified_is_forgotten(house: House, subscriber: Subscriber):
    await house.subscribed(subscriber.url("/short"), lease_seconds="300")
    await house.subscribed(subscriber.url("/long"))
    await house.ask(subscriber.url("/never"))
    assert await subscribing.forget(datetime.now(UTC)) == 0
    assert await subscribing.forget(datetime.now(UTC) + timedelta(hours=2)) == 2
    assert [row.callback for row in await Subscription.all()] == [subscriber.url("/long")]


async def test_the_worker_asks_and_sends(house: House, subscriber: Subscriber, tmp_path):
    configured = settings.Settings(
        data_dir=tmp_path, secret_key=SECRET_KEY, public_site_url=SITE, public_api_url=API, outbound_loopback=True
    )
    duties = {duty.name: duty for duty in background.duties(configured)}
    await house.ask(subscriber.url())
    await duties["subscriptions_verified"].act()
    await subscriber.until(1)
    await duties["subscriptions_verified"].end()
    await publish()
    await duties["feeds_distributed"].act()
    await subscriber.until(2)
    await duties["feeds_distributed"].end()
    assert subscriber.sent[0].headers["link"].startswith(f"<{HUB}>")
    assert subscriber.sent[0].body == (await house.feed()).text


async def test_a_callback_that_hangs_delays_nobody_else(house: House, subscriber: Subscriber):
    subscriber.answers["/hangs"] = hang
    await house.subscribed(subscriber.url("/hangs"))
    await house.subscribed(subscriber.url("/hook"))
    await publish()
    await house.distributor.turn()
    await subscriber.until(4, 2)
    assert {message.path for message in subscriber.sent} == {"/hangs", "/hook"}
    await house.distributor.settle()
    assert (await Subscription.get(callback=subscriber.url("/hangs"))).tries == 1


async def test_a_worker_that_is_killed_leaves_leases_that_run_out(house: House, subscriber: Subscriber):
    await house.subscribed(subscriber.url())
    await publish()
    dead = "UPDATE websub_subscription SET lease = 'dead', leased_until = now() + INTERVAL '5 seconds'"
    await rows(sql(dead))
    await house.distribute()
    assert subscriber.sent == []
    house.clock.move(seconds=6)
    await house.distribute()
    assert len(subscriber.sent) == 1
