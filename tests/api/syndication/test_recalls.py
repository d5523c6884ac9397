"""Take-downs followed with each partner, from the Change to the copy that is gone; time is handed in."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.accounts.viewer import Role
from api.articles.models import Article, Severity, UnpublishKind
from api.changes import Change
from api.publishing import erasing, withdrawing
from api.publishing.acting import Acting
from api.syndication import copies, looking, recalls
from api.syndication.acting import grant_of
from api.syndication.models import Copy, LogPosition, Partner, Recall, RecallStatus
from tests import builders
from tests.asking import ask
from tests.doing import codes, do, done

SITE = "https://clinic.example"
LISTED = """{ editorial { recalls(openOnly: true) { nodes { status severity partnerName copyUrl article { title } } }
  worklist { nodes { kind item { __typename ... on Recall { id } } } } } }"""


@pytest.fixture(autouse=True)
async def clinic(database):
    await builders.clinic()


async def taken_down(article: Article, severity: Severity = Severity.SAFETY, kind: str = "WITHDRAWN") -> Change:
    said: dict[str, Any] = {"explanation": "The dose was wrong.", "severity": severity}
    version = (await Article.get(id=article.id)).version
    takedown = withdrawing.TakeDown(kind=UnpublishKind(kind), **said)
    await withdrawing.unpublish(article.id, version, takedown, Acting(SITE, builders.viewer(Role.EDITOR)))
    return await Change.filter(article_id=article.id).order_by("-id").first()  # type: ignore[return-value]


async def status(partner: Partner) -> str:
    return str((await Recall.get(partner_id=partner.id)).status)


async def followed() -> None:
    while await recalls.follow():
        pass


async def test_one_recall_for_each_partner_that_ever_received_the_article():
    holder, also, never = [await builders.partner(name) for name in ("A", "B", "C")]
    article, other = await builders.live("Sleep"), await builders.live("Rest")
    for partner in (holder, also):
        await builders.copy(partner, article)
    await builders.copy(never, other)

    change = await taken_down(article)
    await followed()

    found = await Recall.all().order_by("id")
    assert {row.partner_id for row in found} == {holder.id, also.id}
    assert {(row.change_id, row.opened_at, row.acknowledge_by, str(row.status)) for row in found} == {
        (change.id, change.at, change.at + timedelta(hours=24), "PENDING")
    }
    assert (await LogPosition.get(reader="recalls")).position == change.id


async def test_a_routine_recall_has_seven_days():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article, Severity.ROUTINE)
    await followed()
    assert (await Recall.get()).acknowledge_by == change.at + timedelta(days=7)


async def test_two_workers_open_one_recall_once():
    partners = [await builders.partner(f"Site {number}") for number in range(5)]
    articles = [await builders.live(f"Sleep {number}") for number in range(4)]
    for partner in partners:
        await copies.fetched(grant_of(partner), [(article.id, 1, None) for article in articles])
    for article in articles:
        await taken_down(article)
    await asyncio.gather(*(recalls.follow() for _ in range(8)))
    await followed()
    assert await Recall.all().count() == len(partners) * len(articles)


async def test_an_unreachable_partner_is_in_breach_at_its_deadline_and_not_before():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article)
    await followed()
    deadline = change.at + timedelta(hours=24)
    assert await recalls.breach(deadline - timedelta(microseconds=1)) == 0
    assert await status(partner) == "PENDING"
    assert await recalls.breach(deadline) == 1
    assert await recalls.breach(deadline + timedelta(days=1)) == 0
    recall = await Recall.get()
    assert (recall.status, recall.breached_at) == (RecallStatus.BREACHED, deadline)
    seen = (await ask(LISTED, builders.viewer(Role.EDITOR)))["editorial"]
    assert seen["recalls"]["nodes"] == [
        {"status": "BREACHED", "severity": "SAFETY", "partnerName": partner.name,
         "copyUrl": f"https://portal.example/health/{article.slug}", "article": {"title": "Sleep"}}
    ]  # fmt: skip
    assert {"kind": "RECALL_OPEN", "item": {"__typename": "Recall", "id": recall.id}} in seen["worklist"]["nodes"]


async def test_a_cursor_past_it_is_a_receipt_and_no_removal():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article)
    await followed()
    await copies.passed(grant_of(partner), change.id - 1)
    assert await status(partner) == "PENDING"
    await copies.passed(grant_of(partner), change.id)
    assert await status(partner) == "NOTIFIED"
    assert await recalls.breach(change.at + timedelta(hours=25)) == 1


async def test_a_cursor_that_was_past_it_before_the_worker_came_counts_as_well():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article)
    await copies.passed(grant_of(partner), change.id)
    await followed()
    assert await status(partner) == "NOTIFIED"


async def test_a_delivery_that_was_answered_is_a_receipt_of_its_own_recall_alone():
    partner, first, second = await builders.partner(), await builders.live("Sleep"), await builders.live("Rest")
    for article in (first, second):
        await builders.copy(partner, article)
    change, _ = await taken_down(first), await taken_down(second)
    await followed()
    await recalls.delivered(partner.id, change.id, builders.NOW)
    found = {row.article_id: str(row.status) for row in await Recall.all()}
    assert found == {first.id: "NOTIFIED", second.id: "PENDING"}


async def test_a_partner_acknowledges_once_and_its_copy_counts_as_gone():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    await taken_down(article)
    await followed()
    recall = await Recall.get()
    program = builders.asking(partner)
    first = await done("acknowledgeRecall", program, "recall { status acknowledgedAt breachedAt }", id=recall.id)
    again = await done("acknowledgeRecall", program, "recall { status acknowledgedAt breachedAt }", id=recall.id)
    assert first == again
    assert (first["recall"]["status"], first["recall"]["breachedAt"]) == ("ACKNOWLEDGED", None)
    assert (await Copy.get()).dropped_at is not None
    assert await recalls.breach(builders.NOW + timedelta(days=30)) == 0
    assert codes(await do("acknowledgeRecall", program, "recall { id }", id="rcl_00000000000000000000000000")) == [
        "NOT_FOUND"
    ]


async def test_what_is_acknowledged_late_is_acknowledged_and_stays_told_as_late():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article)
    await followed()
    await recalls.breach(change.at + timedelta(days=2))
    recall = await recalls.acknowledge(builders.asking(partner), (await Recall.get()).id)
    assert recall.status is RecallStatus.ACKNOWLEDGED
    assert recall.breached_at == recall.acknowledge_by


async def test_an_article_that_is_live_again_lifts_what_was_open_and_a_second_take_down_opens_another():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    await taken_down(article)
    await followed()
    await Article.filter(id=article.id).update(live_id=article.live_id, draft_id=None, stage=None,
                                               unpublished_kind=None, unpublished_at=None)  # fmt: skip
    await Change.create(kind="UPSERT", reason="UPDATED", at=builders.NOW, article_id=article.id, slug="s", url="u")
    await followed()
    assert await status(partner) == "LIFTED"
    await taken_down(article)
    await followed()
    assert sorted([str(row.status) for row in await Recall.all()]) == ["LIFTED", "PENDING"]
    assert (await Copy.get()).dropped_at is None


async def test_an_article_taken_down_and_live_again_before_anybody_looked_owes_nothing():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    await taken_down(article)
    await Change.create(kind="UPSERT", reason="UPDATED", at=builders.NOW, article_id=article.id, slug="s", url="u")
    await followed()
    assert await status(partner) == "LIFTED"


async def test_what_is_sent_in_the_moment_of_the_take_down_is_recalled_as_well():
    partner, article = await builders.partner(), await builders.live()
    await taken_down(article)
    await followed()
    assert await Recall.all().count() == 0
    await builders.copy(partner, article)
    assert await status(partner) == "PENDING"
    await builders.copy(partner, article)
    assert await Recall.all().count() == 1


async def test_an_erased_article_is_recalled_by_its_id_alone():
    partner, article = await builders.partner(copy_url_template="https://portal.example/a/{id}"), await builders.live()
    await builders.copy(partner, article)
    admin = Acting(SITE, builders.viewer(Role.ADMIN))
    await erasing.erase(article.id, article.version, erasing.EraseReason.PERSONAL_DATA, admin)
    await followed()
    seen = await ask(
        "{ editorial { recalls { nodes { articleId article { id } copyUrl } } } }", builders.viewer(Role.EDITOR)
    )
    assert seen["editorial"]["recalls"]["nodes"] == [
        {"articleId": article.id, "article": None, "copyUrl": f"https://portal.example/a/{article.id}"}
    ]


class Page:
    """A partner's page, and who looked at it."""

    def __init__(self, status: int, body: bytes = b"") -> None:
        self.status = status
        self.body = body
        self.asked: list[str] = []

    async def send(self, _method: str, url: str, _headers: object, _body: bytes) -> "Page":
        self.asked.append(url)
        return self


@pytest.mark.parametrize(
    ("page", "gone"),
    [
        (Page(404), True),
        (Page(410), True),
        (Page(200, b"<h1>Sleep</h1><p>Sleep well.</p>"), False),
        (Page(200, b"<p>Withdrawn: the\n dose</p>"), False),
        (Page(200, b"<p>The <b>dose</b>\n was wrong.</p>"), True),
        (Page(302), False),
        (Page(503), False),
    ],
    ids=["404", "410", "the text", "other words", "the notice", "a redirect", "an error"],
)
async def test_a_look_at_the_copy_tells_whether_it_is_gone(page, gone):
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article)
    await followed()
    at = change.at + looking.FIRST
    assert await looking.look(page, at - timedelta(seconds=1)) == 0
    assert await looking.look(page, at) == gone
    assert page.asked == [f"https://portal.example/health/{article.slug}"]
    assert await status(partner) == ("ACKNOWLEDGED" if gone else "PENDING")
    assert await looking.look(page, at + timedelta(minutes=1)) == 0
    again = await looking.look(page, at + looking.EVERY)
    assert (again, len(page.asked)) == (0, 1 if gone else 2)


async def test_several_workers_look_at_a_copy_once():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article)
    await followed()
    page = Page(200)
    later: datetime = change.at + timedelta(hours=1)
    await asyncio.gather(*(looking.look(page, later) for _ in range(4)))
    assert len(page.asked) == 1


async def test_acknowledged_and_breached_at_once_ends_acknowledged_and_told_as_late():
    partner, article = await builders.partner(), await builders.live()
    await builders.copy(partner, article)
    change = await taken_down(article)
    await followed()
    recall = await Recall.get()
    late = change.at + timedelta(hours=24)
    for _ in range(5):
        await asyncio.gather(
            recalls.acknowledge(builders.asking(partner), recall.id, late), recalls.breach(late), recalls.breach(late)
        )
        await recall.refresh_from_db()
        assert (recall.status, recall.breached_at) == (RecallStatus.ACKNOWLEDGED, recall.acknowledge_by)


async def test_a_suspended_partner_still_owes_what_was_recalled():
    partner, article = await builders.partner(suspended_at=builders.NOW), await builders.live()
    await builders.copy(partner, article)
    await taken_down(article)
    await followed()
    assert await status(partner) == "PENDING"
