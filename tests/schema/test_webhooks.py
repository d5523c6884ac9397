"""Partners and admins look after webhooks through GraphQL: each its own, secrets once, nothing of anybody else's."""

from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from api import sealing
from api.accounts.viewer import PartnerGrant, Role, Scope, Viewer
from api.audit import AuditEntry
from api.errors import Forbidden
from api.syndication.models import Partner
from api.syndication.webhooks import signing
from api.syndication.webhooks.models import Delivery, DeliveryState, Webhook
from api.web.codes import Code
from tests import asking, builders, doing
from tests.asking import ask, refusal
from tests.couriers import Clock, carry, change, courier, secret
from tests.doing import codes, do, done
from tests.receiving import receiving, status

pytestmark = pytest.mark.usefixtures("database")
SHOWN = "secret webhook { id url events version disabledAt disabledReason partnerId previousSecretUntil }"
ADDRESS = "https://partner.example/hook"


def asking_as(partner: Partner) -> Viewer:
    """A partner's key."""
    grant = PartnerGrant(partner.id, full_text=False, topics=frozenset(), quota=1000, sandbox=False)
    return Viewer(roles=frozenset({Role.PARTNER}), partner=grant)


@pytest.fixture
async def partner() -> Viewer:
    return asking_as(await builders.partner())


@pytest.fixture
async def admin() -> Viewer:
    return await doing.member(Role.ADMIN)


async def made(asking: Viewer, url: str = ADDRESS, **said: Any) -> dict[str, Any]:
    return await done("createWebhook", asking, SHOWN, url=url, **said)


async def test_a_webhook_without_events_is_told_of_everything_however_that_is_said(partner: Viewer):
    for said in ({}, {"events": None}, {"events": []}):
        assert (await made(partner, **said))["webhook"]["events"] == []


async def test_a_partner_makes_a_webhook_of_its_own_and_is_shown_the_secret_once(partner: Viewer):
    payload = await made(partner, events=["ARTICLE_GONE", "ARTICLE_WITHDRAWN"], idempotencyKey="k")
    again = await made(partner, events=["ARTICLE_GONE", "ARTICLE_WITHDRAWN"], idempotencyKey="k")

    assert payload["secret"].startswith("whsec_")
    assert again["secret"] is None
    assert again["webhook"] == payload["webhook"]
    assert payload["webhook"] | {"id": ""} == {
        "id": "", "url": ADDRESS, "events": ["ARTICLE_WITHDRAWN", "ARTICLE_GONE"], "version": 1, "disabledAt": None,
        "disabledReason": None, "partnerId": partner.partner.partner, "previousSecretUntil": None,
    }  # fmt: skip
    (entry,) = await AuditEntry.all()
    assert (entry.actor, entry.verb, entry.thing) == (
        partner.partner.partner,
        "createWebhook",
        payload["webhook"]["id"],
    )


async def test_an_admins_webhook_is_the_clinics(admin: Viewer):
    payload = await made(admin, events=["COMMENT_PENDING"])

    assert payload["webhook"]["partnerId"] is None
    assert payload["webhook"]["events"] == ["COMMENT_PENDING"]


async def test_what_editors_are_told_is_not_for_partners(partner: Viewer):
    payload = await do("createWebhook", partner, SHOWN, url=ADDRESS, events=["REVIEW_DUE"])

    assert codes(payload) == ["INVALID"]
    assert payload["userErrors"][0]["field"] == ["events"]
    assert await Webhook.all().count() == 0


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://localhost/", "http://[::1]/", "http://169.254.169.254/latest", "https://a@b.example/",
     "https://partner.example:8443/", "http://2130706433/", "https://10.0.0.1/hook", "http://0x7f.1/"],
)  # fmt: skip
async def test_an_address_that_must_not_be_reached_is_refused_at_once(partner: Viewer, url: str):
    kept = (await made(partner))["webhook"]

    payload = await do("createWebhook", partner, SHOWN, url=url)
    changed = await do("updateWebhook", partner, "webhook { url }", id=kept["id"], expectedVersion=1, url=url)

    assert (codes(payload), codes(changed)) == (["INVALID"], ["INVALID"])
    assert payload["userErrors"][0]["field"] == ["url"]
    assert [each.url for each in await Webhook.all()] == [ADDRESS]


async def test_there_are_ten_webhooks_at_most(partner: Viewer, admin: Viewer):
    for _ in range(10):
        await made(partner)

    assert codes(await do("createWebhook", partner, SHOWN, url=ADDRESS)) == ["INVALID"]
    assert await Webhook.all().count() == 10
    await made(admin)


async def test_a_webhook_is_changed_by_the_version_that_was_read(partner: Viewer):
    kept = (await made(partner))["webhook"]
    shown = "webhook { url events version }"

    changed = await done(
        "updateWebhook", partner, shown, id=kept["id"], expectedVersion=1, url="https://partner.example/new",
        events=["RECALL_OPENED"],
    )  # fmt: skip
    stale = await do("updateWebhook", partner, shown, id=kept["id"], expectedVersion=1, events=[])

    assert changed["webhook"] == {"url": "https://partner.example/new", "events": ["RECALL_OPENED"], "version": 2}
    assert codes(stale) == ["CONFLICT"]
    assert stale["webhook"] == changed["webhook"]


async def test_off_gives_up_what_was_to_be_sent_and_on_begins_anew(partner: Viewer):
    kept = (await made(partner))["webhook"]
    delivery = await builders.delivery(await Webhook.get(id=kept["id"]))
    shown = "webhook { disabledReason disabledAt version }"

    off = await done("updateWebhook", partner, shown, id=kept["id"], expectedVersion=1, isEnabled=False)
    test = await do("sendTestEvent", partner, "delivery { id }", id=kept["id"])
    replay = await do("replayDelivery", partner, "delivery { id }", id=delivery.id)
    state = (await Delivery.get(id=delivery.id)).state
    on = await done("updateWebhook", partner, shown, id=kept["id"], expectedVersion=2, isEnabled=True)

    assert off["webhook"]["disabledReason"] == "Switched off by its owner."
    assert (codes(test), codes(replay)) == (["INVALID"], ["INVALID"])
    assert state is DeliveryState.FAILED
    assert on["webhook"] == {"disabledReason": None, "disabledAt": None, "version": 3}


async def test_a_secret_is_rotated_with_an_overlap_or_without(partner: Viewer):
    first = await made(partner)
    rotate = {"id": first["webhook"]["id"]}

    second = await done("rotateWebhookSecret", partner, SHOWN, **rotate, overlapHours=1)
    row = await Webhook.get(**rotate)
    assert len({first["secret"], second["secret"]}) == 2
    assert second["webhook"]["previousSecretUntil"] is not None
    assert second["secret"] == signing.secret(sealing.derive("", signing.PURPOSE), row.salt)

    third = await done("rotateWebhookSecret", partner, SHOWN, **rotate, overlapHours=0)
    assert third["webhook"]["previousSecretUntil"] is None
    assert (await Webhook.get(**rotate)).previous_salt is None


async def test_a_test_event_arrives_whatever_the_webhook_is_for_and_verifies(partner: Viewer):
    async with receiving() as receiver:
        row = await builders.webhook(receiver.url(), of=await Partner.get(id=partner.partner.partner), events=["x"])
        payload = await done("sendTestEvent", partner, "delivery { id event state nextAttemptAt }", id=row.id)
        await carry(courier())
        (message,) = receiver.messages
        said = Verifier(secret(row)).verify(message.body, message.headers)

    assert payload["delivery"]["event"] == "WEBHOOK_TEST"
    assert payload["delivery"]["state"] == "PENDING"
    assert message.id == payload["delivery"]["id"]
    assert said["type"] == "webhook.test"


async def test_a_delivery_is_replayed_under_its_id_and_every_try_is_in_the_log(partner: Viewer):
    async with receiving() as receiver:
        receiver.answers["/hook"] = status(500, b"Sorry")
        await builders.webhook(receiver.url(), of=await Partner.get(id=partner.partner.partner))
        await change()
        clock = Clock()
        taking = courier(clock)
        for _ in range(10):
            await carry(taking)
            clock.move(days=2)
        delivery = await Delivery.get()
        assert delivery.state is DeliveryState.FAILED
        receiver.answers["/hook"] = status(200, b"Thanks")
        replayed = await done("replayDelivery", partner, "delivery { id state deliveredAt }", id=delivery.id)
        await carry(taking)
        counted = receiver.counted()

    document = "query ($id: ID!) { node(id: $id) { ... on Delivery { state attempts { status answer failure } } } }"
    shown = (await ask(document, partner, id=delivery.id))["node"]
    assert replayed["delivery"] == {"id": delivery.id, "state": "PENDING", "deliveredAt": None}
    assert shown["state"] == "DELIVERED"
    assert [each["status"] for each in shown["attempts"]] == [500] * 10 + [200]
    assert shown["attempts"][-1] == {"status": 200, "answer": "Thanks", "failure": None}
    assert counted == {delivery.id: 11}


async def test_a_webhook_goes_with_all_that_was_on_its_way(partner: Viewer):
    kept = (await made(partner))["webhook"]
    await builders.delivery(await Webhook.get(id=kept["id"]))

    payload = await done("deleteWebhook", partner, "deletedId", id=kept["id"])

    assert payload["deletedId"] == kept["id"]
    assert (await Webhook.all().count(), await Delivery.all().count()) == (0, 0)


async def theirs() -> tuple[Webhook, Delivery]:
    webhook = await builders.webhook(of=await builders.partner())
    return webhook, await builders.delivery(webhook)


async def test_another_partners_webhooks_and_deliveries_do_not_exist(partner: Viewer):
    webhook, delivery = await theirs()
    clinics = await builders.webhook()
    before = [vars(each).copy() for each in (webhook, delivery)]

    for id_ in (webhook.id, clinics.id, "whk_" + "0" * 26):
        assert codes(await do("updateWebhook", partner, "webhook { id }", id=id_, expectedVersion=1)) == ["NOT_FOUND"]
        for verb in ("rotateWebhookSecret", "deleteWebhook", "sendTestEvent"):
            assert codes(await do(verb, partner, "", id=id_)) == ["NOT_FOUND"]
        assert (await ask("query ($id: ID!) { node(id: $id) { id } }", partner, id=id_))["node"] is None
    assert codes(await do("replayDelivery", partner, "", id=delivery.id)) == ["NOT_FOUND"]
    assert (await ask("query ($id: ID!) { node(id: $id) { id } }", partner, id=delivery.id))["node"] is None

    rows = (await Webhook.get(id=webhook.id), await Delivery.get(id=delivery.id))
    assert [row.id for row in rows] == [each["id"] for each in before]
    assert rows[0].version == 1
    assert rows[1].tries == 0
    assert await Delivery.all().count() == 1


async def test_readers_and_other_members_see_no_webhook_and_no_delivery():
    webhook, delivery = await theirs()
    document = "query ($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { id } }"

    for viewer in (asking.ANONYMOUS, *[await doing.member(role) for role in (Role.EDITOR, Role.PARTNER)]):
        assert (await ask(document, viewer, a=webhook.id, b=delivery.id))["nodes"] == [None, None]
    assert await refusal("{ editorial { webhooks { totalCount } } }", await doing.member(Role.EDITOR)) == Code.FORBIDDEN
    assert codes(await do("createWebhook", await doing.member(Role.PARTNER), SHOWN, url=ADDRESS)) == ["NOT_FOUND"]


async def test_an_admin_sees_all_and_looks_after_them_but_for_a_partners_secret(admin: Viewer):
    webhook, delivery = await theirs()
    await builders.webhook()
    document = """{ editorial {
      webhooks { totalCount nodes { id partnerId deliveries { totalCount nodes { id } } } }
      deliveries { totalCount nodes { id webhook { id } attempts { at } } }
      failed: deliveries(state: FAILED) { totalCount } } }"""

    shown = (await ask(document, admin))["editorial"]
    replayed = await done("replayDelivery", admin, "delivery { id }", id=delivery.id)
    off = await done("updateWebhook", admin, "webhook { id }", id=webhook.id, expectedVersion=1, isEnabled=False)

    assert shown["webhooks"]["totalCount"] == 2
    assert shown["webhooks"]["nodes"][0]["deliveries"] == {"totalCount": 1, "nodes": [{"id": delivery.id}]}
    assert shown["deliveries"]["nodes"] == [{"id": delivery.id, "webhook": {"id": webhook.id}, "attempts": []}]
    assert shown["failed"]["totalCount"] == 0
    assert (replayed["delivery"]["id"], off["webhook"]["id"]) == (delivery.id, webhook.id)
    rotate = "mutation ($i: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $i) { secret } }"
    refused = await asking.answer(rotate, admin, i={"id": webhook.id})
    assert isinstance(refused.errors[0].original_error, Forbidden)
    assert (await Webhook.get(id=webhook.id)).previous_salt is None


async def test_an_admins_token_without_the_scope_sees_none(admin: Viewer):
    webhook, _ = await theirs()
    narrow = builders.viewer(Role.ADMIN, scopes=frozenset(Scope) - {Scope.PARTNERS})

    assert (await ask("query ($id: ID!) { node(id: $id) { id } }", narrow, id=webhook.id))["node"] is None


OWN = """{ viewer { partner { webhooks { totalCount nodes { id } }
  deliveries { totalCount nodes { id } } } } }"""


async def test_a_partners_lists_hold_its_own_and_nothing_else(partner: Viewer):
    await theirs()
    own = await builders.webhook(of=await Partner.get(id=partner.partner.partner))
    delivery = await builders.delivery(own)

    assert (await ask(OWN, partner))["viewer"]["partner"] == {
        "webhooks": {"totalCount": 1, "nodes": [{"id": own.id}]},
        "deliveries": {"totalCount": 1, "nodes": [{"id": delivery.id}]},
    }


async def test_lists_take_the_same_number_of_statements_for_two_rows_and_for_twenty(admin: Viewer):
    document = "{ editorial { deliveries(first: 50) { nodes { webhook { url } attempts { status } } } } }"
    nested = "{ editorial { webhooks(first: 50) { nodes { deliveries(first: 2) { totalCount nodes { event } } } } } }"
    below = "{ editorial { partners { nodes { webhooks { totalCount nodes { url } } deliveries { nodes { id } } } } } }"
    costs = []
    for number in (2, 18):
        for _ in range(number):
            await builders.delivery(await builders.webhook())
            await builders.delivery(await builders.webhook(of=await builders.partner()))
        costs.append([await asking.cost(each, admin) for each in (document, nested, below)])

    assert costs == [[4, 5, 7], [4, 5, 7]]
