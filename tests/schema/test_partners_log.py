"""What a partner reads of the log: everybody's entries and those of its own rehearsal, behind one cursor."""

import asyncio
from typing import Any

import pytest

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles.models import Severity, UnpublishKind
from api.publishing import withdrawing, workflow
from api.publishing.acting import Acting
from api.syndication import log, recalls, rehearsal
from api.syndication.models import Copy, Partner, Recall, RecallStatus, Rehearsal
from api.syndication.rehearsing import NotYetFetched, RehearsalStep, rehearse
from tests import builders
from tests.asking import KEY, SITE, ask
from tests.couriers import Clock, carry, courier
from tests.doing import done
from tests.receiving import receiving

pytestmark = pytest.mark.usefixtures("database")

ALL = """query ($after: String, $first: Int) { changes(after: $after, first: $first) {
  totalCount pageInfo { endCursor hasNextPage } nodes {
    cursor kind reason articleId contentHash explanation article { title syndication { html contentHash } } } } }"""
SAID = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "It was wrong.", Severity.SAFETY)


async def read(viewer: Viewer, after: str | None = None, first: int = 100) -> dict[str, Any]:
    return (await ask(ALL, viewer, after=after, first=first))["changes"]


async def read_on(viewer: Viewer, after: str | None = None, first: int = 100) -> tuple[list[Any], str]:
    found: list[Any] = []
    while True:
        page = await read(viewer, after, first)
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found, after


async def step(viewer: Viewer, name: str) -> None:
    await done("rehearse", viewer, "partner { id }", step=name)


async def stepped(viewer: Viewer, wanted: RehearsalStep) -> None:
    """Take the step as soon as the program has fetched what the last one made."""
    while True:
        try:
            await rehearse(viewer, wanted, SITE)
        except NotYetFetched:
            await asyncio.sleep(0.01)
        else:
            return


def told(nodes: list[Any]) -> list[tuple[str, str]]:
    return [(node["articleId"], node["reason"]) for node in nodes]


async def test_a_rehearsal_stands_in_what_its_partner_reads_whatever_its_topics_and_in_nobody_elses():
    await builders.clinic()
    neck = await builders.condition("Neck pain")
    other = await builders.live("Knees")
    program = builders.asking(await builders.partner(topics=[neck.id], active=False))
    neighbour = builders.asking(await builders.partner("Neighbour"))
    _, end = await read_on(program)
    _, beside = await read_on(neighbour)

    await step(program, "PUBLISH")
    await workflow.change_slug(other.id, None, "knees-again", Acting(SITE))
    (published,), end = await read_on(program, end)
    await step(program, "CORRECT")
    (corrected,), end = await read_on(program, end, 1)
    await step(program, "RECALL")
    (removed,), end = await read_on(program, end)

    assert [node["reason"] for node in (published, corrected, removed)] == ["PUBLISHED", "CORRECTED", "WITHDRAWN"]
    assert published["article"]["title"] == rehearsal.TITLE
    assert "four steps" in published["article"]["syndication"]["html"]
    assert "three steps" in corrected["article"]["syndication"]["html"]
    for node in (published, corrected):
        assert node["contentHash"] == node["article"]["syndication"]["contentHash"]
    assert (removed["kind"], removed["article"]) == ("REMOVE", None)
    assert (await read(program, end))["nodes"] == []
    assert told((await read(neighbour, beside))["nodes"]) == [(other.id, "UPDATED")]
    assert [node["articleId"] for node in (await read(ANONYMOUS))["nodes"]] == [other.id]


async def test_a_first_reading_has_the_rehearsal_as_it_stands_until_it_is_passed():
    await builders.clinic()
    article = await builders.live("Here")
    partner = await builders.partner(active=False)
    program = builders.asking(partner)
    await step(program, "PUBLISH")
    practised = (await Rehearsal.get()).article_id

    for size in (1, 2, 100):
        found, end = await read_on(program, first=size)
        assert told(found) == sorted([(article.id, "PUBLISHED"), (practised, "PUBLISHED")]), size
        assert (await read(program, end))["nodes"] == []
    assert (await read(program))["totalCount"] == 2
    await step(program, "CORRECT")
    await read_on(program)
    await step(program, "RECALL")
    found, _ = await read_on(program, first=1)
    assert told(found) == sorted([(article.id, "PUBLISHED"), (practised, "WITHDRAWN")])
    await recalls.acknowledge(program, (await Recall.get()).id)
    assert told((await read_on(program))[0]) == [(article.id, "PUBLISHED")]


async def test_pages_of_any_size_have_every_entry_once_and_in_order_while_others_publish_and_the_partner_rehearses():
    await builders.clinic()
    articles = [await builders.live(f"Live {number}") for number in range(3)]
    program = builders.asking(await builders.partner(active=False))
    _, end = await read_on(program)
    found: list[Any] = []
    rounds, over = 4, asyncio.Event()

    async def publish(number: int) -> None:
        for turn in range(8):
            await workflow.change_slug(articles[number].id, None, f"w{number}-{turn}", Acting(SITE))

    async def practise() -> None:
        for name in (RehearsalStep.PUBLISH, RehearsalStep.CORRECT, RehearsalStep.RECALL) * rounds:
            await stepped(program, name)

    async def follow() -> None:
        nonlocal end
        while True:
            last = over.is_set()
            page = await read(program, end, 2)
            found.extend(page["nodes"])
            end = page["pageInfo"]["endCursor"]
            if last and not page["nodes"]:
                return

    async def write() -> None:
        await asyncio.gather(practise(), *(publish(number) for number in range(3)))
        over.set()

    async with asyncio.timeout(120):
        await asyncio.gather(follow(), write())
    assert len(found) == len({node["cursor"] for node in found}) == 3 * 8 + 3 * rounds
    mine = [node["reason"] for node in found if node["articleId"] not in {row.id for row in articles}]
    assert mine == ["PUBLISHED", "CORRECTED", "WITHDRAWN"] * rounds


async def test_a_cursor_past_a_take_down_is_its_receipt_and_one_of_a_first_reading_is_none():
    article = await builders.live("Here")
    await builders.live("There")
    partner = await builders.partner()
    program = builders.asking(partner)
    first = await read(program, first=1)
    _, end = await read_on(program, first["pageInfo"]["endCursor"])
    await withdrawing.unpublish(article.id, None, SAID, Acting(SITE))
    await recalls.follow()

    await read(program, first["pageInfo"]["endCursor"])
    await read(program, end)
    before = (await Recall.get()).status
    _, end = await read_on(program, end)
    await read(program, end)

    recall = await Recall.get()
    assert before is RecallStatus.PENDING
    assert recall.status is RecallStatus.NOTIFIED
    assert (await Partner.get()).log_position == recall.change_id


async def test_the_cursor_of_a_message_is_a_place_in_the_log():
    neck = await builders.condition("Neck pain")
    article = await builders.live("Necks", conditions=[neck])
    partner = await builders.partner(topics=[neck.id])
    program = builders.asking(partner)
    async with receiving() as receiver:
        await builders.webhook(receiver.url(), of=partner)
        for slug in ("one", "two"):
            await workflow.change_slug(article.id, None, slug, Acting(SITE))
        taking = courier(Clock())
        await carry(taking)
        first, second = (message.said["data"]["cursor"] for message in receiver.messages)

    key = taking._keys.cursors
    place = await log.unseal(first, frozenset([neck.id]), key)
    again = log.seal(place, frozenset([neck.id]), KEY)
    page = await read(program, again)
    assert told(page["nodes"]) == [(article.id, "UPDATED")]
    assert (await log.unseal(second, frozenset([neck.id]), key)) == await log.unseal(
        page["pageInfo"]["endCursor"], frozenset([neck.id]), KEY
    )


async def test_what_a_partner_reads_in_bulk_is_written_down_and_what_everybody_reads_is_not():
    await builders.clinic()
    articles = [await builders.live(f"Live {number}") for number in range(3)]
    await read(ANONYMOUS)
    await read(builders.viewer(Role.ADMIN))
    assert await Copy.all().count() == 0

    found = (await read(builders.asking(await builders.partner())))["nodes"]

    held = {row.article_id: row.content_hash for row in await Copy.all()}
    assert held == {node["articleId"]: node["contentHash"] for node in found}
    assert set(held) == {row.id for row in articles}
