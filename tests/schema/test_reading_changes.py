"""Whoever keeps copies reads the log: first everything that is there, then each change, in order and without gaps."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api import changes as log
from api import database as db
from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles.models import UnpublishKind
from api.changes import Change, ChangeKind, ChangeReason
from api.publishing import erasing, withdrawing, workflow
from api.publishing.acting import Acting
from api.sql import rows, sql
from api.syndication import log as reading
from api.web.codes import Code
from tests import builders
from tests.asking import KEY, SITE, answer, ask, cost, refusal
from tests.builders import ago, ahead
from tests.doing import done, member

pytestmark = pytest.mark.usefixtures("database")

ALL = """query ($after: String, $first: Int) { changes(after: $after, first: $first) {
  totalCount pageInfo { endCursor hasNextPage } edges { cursor } nodes {
    cursor kind reason severity at articleId slug url revisionNumber contentHash explanation movedTo acknowledgeBy
    article { title syndication { contentHash html text } } } } }"""


async def partner(*topics: str, full_text: bool = True) -> Viewer:
    return builders.asking(await builders.partner(topics=list(topics), full_text=full_text))


async def read(after: str | None = None, first: int = 100, viewer: Viewer = ANONYMOUS) -> dict[str, Any]:
    return (await ask(ALL, viewer, after=after, first=first))["changes"]


async def read_on(after: str | None = None, first: int = 100, viewer: Viewer = ANONYMOUS) -> tuple[list[Any], str]:
    """Everything behind a cursor, and the cursor at which the reading ended."""
    found: list[Any] = []
    while True:
        page = await read(after, first, viewer)
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found, after


async def taken_down(title: str, **said: Any) -> Any:
    article = await builders.live(title, **said)
    how = {"kind": "WITHDRAWN", "explanation": "It was wrong.", "severity": "SAFETY"}
    await done("unpublishArticle", await member(Role.EDITOR), "", id=article.id, expectedVersion=1, **how)
    return article


def told(nodes: list[Any]) -> list[tuple[str, str, str]]:
    return [(node["articleId"], node["kind"], node["reason"]) for node in nodes]


async def test_a_first_reading_has_every_live_article_and_every_tombstone_once_and_ends_where_it_began():
    live = [await builders.live(f"Live {number}") for number in range(5)]
    await builders.draft("Draft")
    await builders.schedule(await builders.draft("Planned"), ahead(days=1))
    gone = await taken_down("Withdrawn")
    erased = await builders.live("Erased")
    await erasing.erase(erased.id, 1, erasing.EraseReason.LEGAL, Acting(SITE))
    for size in (1, 2, 3, 7, 100):
        found, end = await read_on(first=size)
        expected = [(row.id, "UPSERT", "PUBLISHED") for row in live]
        expected += [(gone.id, "REMOVE", "WITHDRAWN"), (erased.id, "REMOVE", "ERASED")]
        assert told(found) == sorted(expected), size
        assert (await read(end))["nodes"] == []
    by_id = {node["articleId"]: node for node in found}
    first, last = by_id[live[0].id], by_id[erased.id]
    assert first["contentHash"] == first["article"]["syndication"]["contentHash"]
    assert (first["url"], first["revisionNumber"]) == (f"{SITE}/articles/{live[0].slug}", 1)
    assert (last["slug"], last["url"], last["explanation"], last["contentHash"]) == ("", "", None, None)
    withdrawn = by_id[gone.id]
    assert (withdrawn["explanation"], withdrawn["severity"]) == ("It was wrong.", "SAFETY")
    assert withdrawn["article"] is None


async def test_what_happens_while_a_first_reading_is_under_way_comes_behind_it():
    articles = sorted([await builders.live(f"Live {number}") for number in range(4)], key=lambda row: row.id)
    first = await read(first=2)
    doing = Acting(SITE)
    await workflow.change_slug(articles[0].id, 1, "new-address", doing)
    said = withdrawing.TakeDown(UnpublishKind.GONE, "Over.")
    await withdrawing.unpublish(articles[3].id, 1, said, doing)
    rest, end = await read_on(first["pageInfo"]["endCursor"], 2)
    assert [node["articleId"] for node in first["nodes"]] == [articles[0].id, articles[1].id]
    assert told(rest) == [
        (articles[2].id, "UPSERT", "PUBLISHED"),
        (articles[3].id, "REMOVE", "GONE"),
        (articles[0].id, "UPSERT", "UPDATED"),
        (articles[3].id, "REMOVE", "GONE"),
    ]
    assert (await read(end))["nodes"] == []


async def test_right_after_a_mutation_answers_its_change_is_readable():
    editor = await member(Role.EDITOR)
    article = await builders.live("Here")
    _, end = await read_on()
    for number in range(3):
        said = {"id": article.id, "expectedVersion": number + 1, "slug": f"there-{number}"}
        await done("changeArticleSlug", editor, "", **said)
        page = await read(end)
        assert [(node["slug"], node["article"]["title"]) for node in page["nodes"]] == [(f"there-{number}", "Here")]
        assert page["edges"][0]["cursor"] == page["pageInfo"]["endCursor"] == page["nodes"][0]["cursor"]
        hashed = page["nodes"][0]
        assert hashed["contentHash"] == hashed["article"]["syndication"]["contentHash"]
        end = page["pageInfo"]["endCursor"]


async def test_a_removal_tells_why_and_an_older_entry_of_the_article_shows_nothing_of_it():
    article = await builders.live("Here")
    _, end = await read_on()
    await workflow.change_slug(article.id, 1, "there", Acting(SITE))
    moved = withdrawing.TakeDown(UnpublishKind.MOVED, "See there.", moved_to="https://other.example/x")
    await withdrawing.unpublish(article.id, 2, moved, Acting(SITE))
    page = await read(end)
    assert told(page["nodes"]) == [(article.id, "UPSERT", "UPDATED"), (article.id, "REMOVE", "MOVED")]
    assert [node["article"] for node in page["nodes"]] == [None, None]
    removal = page["nodes"][1]
    assert (removal["movedTo"], removal["explanation"]) == ("https://other.example/x", "See there.")
    assert removal["acknowledgeBy"] > removal["at"]


async def test_the_first_reading_past_a_schedule_settles_it():
    _, end = await read_on()
    due = await builders.schedule(await builders.draft("Due"), ago(minutes=1))
    await builders.schedule(await builders.draft("Planned"), ahead(days=1))
    assert told((await read(end))["nodes"]) == [(due.id, "UPSERT", "PUBLISHED")]
    assert told((await read(end))["nodes"]) == [(due.id, "UPSERT", "PUBLISHED")]


async def test_a_forged_cursor_is_no_cursor_and_one_behind_the_retention_has_expired():
    article = await builders.live("Here")
    _, end = await read_on()
    for number in range(3):
        await workflow.change_slug(article.id, number + 1, f"there-{number}", Acting(SITE))
    page = await read(end)
    middle = page["nodes"][1]["cursor"]
    forged = reading.seal(reading.Place(0), frozenset(), b"another key of thirty-two bytes!")
    other = (await ask("{ articles { pageInfo { endCursor } } }"))["articles"]["pageInfo"]["endCursor"]
    for wrong in (forged, "x", "", end + "A", other):
        assert await refusal(ALL, after=wrong) == Code.BAD_CURSOR
    await rows(sql("UPDATE change SET recorded_at = now() - interval '401 days' WHERE slug <> 'there-2'"))
    assert await log.forget(datetime.now(UTC)) == 2
    assert await refusal(ALL, after=end) == Code.CURSOR_EXPIRED
    assert [node["slug"] for node in (await read(middle))["nodes"]] == ["there-2"]
    assert await log.forget(datetime.now(UTC)) == 0


async def test_the_retention_keeps_every_tombstone_for_those_who_begin():
    gone = await taken_down("Withdrawn")
    erased = await builders.live("Erased")
    await erasing.erase(erased.id, 1, erasing.EraseReason.LEGAL, Acting(SITE))
    before, _ = await read_on()
    await rows(sql("UPDATE change SET recorded_at = now() - interval '2000 days'"))
    await log.forget(datetime.now(UTC))
    assert (await read_on())[0] == before
    assert told(before) == sorted([(gone.id, "REMOVE", "WITHDRAWN"), (erased.id, "REMOVE", "ERASED")])


async def test_a_page_has_a_size_and_the_total_is_what_is_left():
    for number in range(3):
        await builders.live(f"Live {number}")
    page = await read(first=2)
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    page = await read(page["pageInfo"]["endCursor"], 2)
    assert (page["totalCount"], len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (1, 1, False)
    for size in (0, -1, 101):
        assert await refusal(ALL, first=size) == Code.BAD_USER_INPUT


async def test_an_empty_clinic_has_a_place_to_go_on_from():
    await builders.clinic()
    empty = await read()
    article = await builders.live("First")
    await workflow.change_slug(article.id, 1, "there", Acting(SITE))
    assert empty["nodes"] == []
    assert told((await read(empty["pageInfo"]["endCursor"]))["nodes"]) == [(article.id, "UPSERT", "UPDATED")]


async def test_a_partner_with_topics_hears_of_them_and_of_what_left_them():
    neck, knee, needles = await builders.condition("Neck"), await builders.condition("Knee"), await builders.treatment()
    about = [await builders.live("Neck", conditions=[neck]), await builders.live("Needles", treatments=[needles])]
    other = await builders.live("Knee", conditions=[knee])
    asking = await partner(neck.id, needles.id)
    found, end = await read_on(first=1, viewer=asking)
    assert told(found) == sorted((row.id, "UPSERT", "PUBLISHED") for row in about)
    for row in (*about, other):
        await workflow.change_slug(row.id, 1, f"new-{row.slug}", Acting(SITE))
    await about[0].refresh_from_db()
    leaving = await builders.revised(about[0], conditions=[knee])
    await builders.publish(about[0])
    await workflow.change_slug(about[0].id, 2, "left", Acting(SITE))
    said = withdrawing.TakeDown(UnpublishKind.GONE, "Over.")
    await withdrawing.unpublish(about[1].id, 2, said, Acting(SITE))
    await withdrawing.unpublish(other.id, 2, said, Acting(SITE))
    nodes = (await read(end, viewer=asking))["nodes"]
    assert told(nodes) == [
        (about[0].id, "UPSERT", "UPDATED"),
        (about[1].id, "UPSERT", "UPDATED"),
        (about[0].id, "UPSERT", "UPDATED"),
        (about[1].id, "REMOVE", "GONE"),
    ]
    assert leaving.number == 2
    assert await refusal(ALL, await partner(neck.id), after=end) == Code.CURSOR_EXPIRED
    assert (await read(end, viewer=await partner(needles.id, neck.id)))["nodes"] == nodes


WHOLE = "{ changes { nodes { article { summary syndication { html text contentHash } } } } }"
ONE = "query ($s: String!) { article(by: {slug: $s}) { body { html } syndication { html text contentHash } } }"


@pytest.mark.parametrize(
    ("who", "in_bulk", "alone"),
    [
        ("anybody", False, True),
        ("a partner for summaries", False, False),
        ("a partner for whole texts", True, True),
        ("a member", True, True),
    ],
)
async def test_whole_texts_in_bulk_are_for_those_whose_grant_says_so(who, in_bulk, alone):
    whole = who == "a partner for whole texts"
    asking = await partner(full_text=whole) if "partner" in who else ANONYMOUS
    asking = builders.viewer(Role.AUTHOR) if who == "a member" else asking
    article = await builders.live("Here", "A whole text.")
    (node,) = (await ask(WHOLE, asking))["changes"]["nodes"]
    said = node["article"]["syndication"]
    assert ["A whole text." in (said[form] or "") for form in ("html", "text")] == [in_bulk] * 2
    one = (await ask(ONE, asking, s=article.slug))["article"]
    assert ["A whole text." in (one["syndication"][form] or "") for form in ("html", "text")] == [alone] * 2
    assert "A whole text." in one["body"]["html"]
    assert one["syndication"]["contentHash"] == said["contentHash"]


async def clinic(size: int) -> None:
    """As many articles with as many of everything."""
    await builders.clinic(logo=await builders.picture())
    works = [await builders.source(f"work{size}-{number}") for number in range(size)]
    photos = [await builders.picture(licence="CC BY 4.0") for _ in range(size)]
    conditions = [await builders.condition(f"Condition {n}", care="Numbness.") for n in range(size)]
    treatments = [await builders.treatment(f"Treatment {n}", risk="Bruises") for n in range(size)]
    people = [await builders.practitioner(f"Person {n}") for n in range(size)]
    links = " ".join(f"[one](entity:{entry.id})" for entry in (*conditions, *treatments, *people))
    figures = "\n\n".join(f"::: figure {photo.id}\n:::" for photo in photos)
    body = " ".join(f"See [@{work.key}]." for work in works) + f"\n\n{links}\n\n{figures}\n"
    note = await builders.disclaimer()
    for number in range(size):
        article = await builders.live(
            f"Sleep {number}", body, conditions=conditions, treatments=treatments, authors=people, disclaimers=[note],
            hero_image=photos[number],
        )  # fmt: skip
        await builders.review(article, people[number])


async def test_a_page_of_the_log_takes_the_same_statements_for_two_articles_and_for_twenty(database):
    await db.disconnect()
    await db.connect(database, connections=1)
    asking, counted = await partner(), []
    for size in (2, 18):
        await clinic_of(size)
        start = reading.seal(reading.Place(0), frozenset(), KEY)
        counted.append([await cost(ALL, asking, after=after, first=100) for after in (None, start)])
        (whole,) = {bool(node["article"]["syndication"]["html"]) for node in (await read(viewer=asking))["nodes"]}
        assert whole
        counted[-1].append(await cost(ALL, first=100))
    assert counted[0] == counted[1] == [23, 24, 19]


async def clinic_of(size: int) -> None:
    await clinic(size)
    for row in await builders.Article.all():
        change = Change(
            kind=ChangeKind.UPSERT, reason=ChangeReason.UPDATED, at=datetime.now(UTC), article_id=row.id, slug=row.slug,
            url=f"{SITE}/articles/{row.slug}", revision_number=1,
        )  # fmt: skip
        await change.save(force_create=True)


async def follow(end: str, total: int) -> list[Any]:
    """Poll until so many entries have come, then once more."""
    found: list[Any] = []
    while len(found) < total:
        page = await answer("query ($after: String) { changes(after: $after, first: 100) { pageInfo { endCursor } "
                            "nodes { articleId slug } } }", after=end)  # fmt: skip
        assert not page.errors
        found += page.data["changes"]["nodes"]
        end = page.data["changes"]["pageInfo"]["endCursor"]
        await asyncio.sleep(0.005)
    return found + (await read(end))["nodes"]


@pytest.mark.parametrize("total", [200, pytest.param(5_000, marks=pytest.mark.soak)])
async def test_one_reader_misses_nothing_of_eight_who_publish_and_gets_each_article_in_order(total):
    writers = 8
    articles = [await builders.live(f"Live {number}") for number in range(writers)]
    editors = [await member(Role.EDITOR) for _ in range(writers)]
    _, end = await read_on()

    async def publish(number: int) -> list[str]:
        slugs = [f"w{number}-{step}" for step in range(total // writers)]
        for step, slug in enumerate(slugs):
            said = {"id": articles[number].id, "expectedVersion": step + 1, "slug": slug}
            await done("changeArticleSlug", editors[number], "", **said)
        return slugs

    async with asyncio.timeout(600):
        *written, found = await asyncio.gather(*(publish(number) for number in range(writers)), follow(end, total))
    assert len(found) == total == await Change.all().count()
    for number, article in enumerate(articles):
        assert [node["slug"] for node in found if node["articleId"] == article.id] == written[number]


async def test_no_entry_is_stamped_before_the_one_that_came_before_it():
    article = await builders.live("Here")
    for number in range(5):
        await workflow.change_slug(article.id, number + 1, f"there-{number}", Acting(SITE, at=ago(days=number)))
    stamps = await Change.all().order_by("id").values_list("recorded_at", flat=True)
    assert stamps == sorted(stamps)
    assert datetime.now(UTC) - stamps[-1] < timedelta(minutes=1)
