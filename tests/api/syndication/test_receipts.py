"""What of a take-down reaches a partner's webhooks, and what counts as its having arrived."""

from pathlib import Path

import pytest

from api.articles.models import Severity, UnpublishKind
from api.background import duties
from api.publishing import withdrawing, workflow
from api.publishing.acting import Acting
from api.settings import Settings
from api.syndication import copies, recalls
from api.syndication.acting import grant_of
from api.syndication.models import Recall, RecallStatus
from api.syndication.webhooks import events, outbox
from tests import builders
from tests.asking import SITE
from tests.builders import ago
from tests.couriers import carry, courier
from tests.receiving import receiving, status

SAID = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "The dose was wrong.", Severity.SAFETY)


@pytest.fixture(autouse=True)
async def clinic(database):
    await builders.clinic()


async def test_a_recall_that_is_opened_is_told_once_and_a_2xx_is_its_receipt():
    holds, other = await builders.partner(), await builders.partner("Other")
    article = await builders.live("Here")
    await builders.copy(holds, article)
    async with receiving() as receiver:
        for partner in (holds, other):
            await builders.webhook(receiver.url(f"/{partner.name[0]}"), of=partner, events=["recall.opened"])
        await withdrawing.unpublish(article.id, None, SAID, Acting(SITE))
        await recalls.follow()
        await copies.fetched(grant_of(holds), [(article.id, 1, None)])  # on its way meanwhile: the same recall
        recall = await Recall.get()
        assert recall.status is RecallStatus.PENDING

        await carry(courier())

        (message,) = receiver.messages
    assert message.path == "/H"
    assert message.said["type"] == "recall.opened"
    assert message.said["data"] == {
        "recallId": recall.id, "articleId": article.id, "severity": "SAFETY", "isRehearsal": False,
        "openedAt": events.moment(recall.opened_at), "acknowledgeBy": events.moment(recall.acknowledge_by),
    }  # fmt: skip
    await recall.refresh_from_db()
    assert recall.status is RecallStatus.NOTIFIED


@pytest.mark.parametrize("opened_first", [True, False])
async def test_a_take_down_that_a_webhook_took_is_received_whether_its_recall_was_open_or_not(opened_first):
    partner = await builders.partner()
    article = await builders.live("Here")
    await builders.copy(partner, article)
    async with receiving() as receiver:
        await builders.webhook(receiver.url(), of=partner, events=["article.withdrawn"])
        await withdrawing.unpublish(article.id, None, SAID, Acting(SITE))
        if opened_first:
            await recalls.follow()
        await carry(courier())
        await recalls.follow()
        assert len(receiver.messages) == 1
    assert (await Recall.get()).status is RecallStatus.NOTIFIED


async def test_a_webhook_that_did_not_take_a_take_down_is_no_receipt():
    partner = await builders.partner()
    article = await builders.live("Here")
    await builders.copy(partner, article)
    async with receiving() as receiver:
        receiver.answers["/hook"] = status(500)
        await builders.webhook(receiver.url(), of=partner)
        await withdrawing.unpublish(article.id, None, SAID, Acting(SITE))
        await recalls.follow()
        await carry(courier())
    assert (await Recall.get()).status is RecallStatus.PENDING


async def test_a_suspended_partner_hears_of_take_downs_and_of_nothing_else():
    partner = await builders.partner(suspended_at=builders.NOW)
    article = await builders.live("Here")
    await builders.copy(partner, article)
    async with receiving() as receiver:
        await builders.webhook(receiver.url(), of=partner)
        await workflow.change_slug(article.id, None, "there", Acting(SITE))
        await withdrawing.unpublish(article.id, None, SAID, Acting(SITE))
        await recalls.follow()
        await carry(courier())
    assert sorted(message.said["type"] for message in receiver.messages) == ["article.withdrawn", "recall.opened"]


async def test_a_rehearsal_reaches_the_webhooks_of_its_own_partner_alone():
    await builders.clinic()
    partner, other = await builders.partner(topics=["cnd_x"], active=False), await builders.partner("Other")
    async with receiving() as receiver:
        for of in (partner, other, None):
            await builders.webhook(receiver.url(f"/{of.name[0] if of else 'clinic'}"), of=of)
        row = await builders.rehearsal(partner)
        assert await outbox.fan_out() == 1
        await carry(courier())
        (message,) = receiver.messages
    assert message.path == "/H"
    assert (message.said["type"], message.said["data"]["articleId"]) == ("article.published", row.article_id)
    assert await outbox.fan_out() == 0


async def test_a_worker_looks_at_the_copies_of_open_recalls(tmp_path: Path):
    async with receiving() as receiver:
        receiver.answers["/health/here"] = status(410)
        origin = receiver.url("")
        partner = await builders.partner(copy_url_template=f"{origin}/health/{{slug}}", site_origins=[origin])
        article = await builders.live("Here", slug="here")
        await builders.copy(partner, article)
        await withdrawing.unpublish(article.id, None, SAID, Acting(SITE))
        await recalls.follow()
        await Recall.all().update(opened_at=ago(minutes=16))
        configured = Settings(data_dir=tmp_path, secret_key="s" * 40, outbound_loopback=True)
        (duty,) = (each for each in duties(configured) if each.name == "copies_looked_at")

        assert await duty.act() == 1
        assert await duty.act() == 0
    assert [message.path for message in receiver.messages] == ["/health/here"]
    assert (await Recall.get()).status is RecallStatus.ACKNOWLEDGED
