"""Many hands at once: no edit is lost, no key acts twice, no schedule is settled twice or early."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from api.accounts.viewer import Role, Viewer
from api.articles.models import Article, Revision
from api.audit import AuditEntry
from api.changes import Change
from api.publishing import schedule
from tests import builders
from tests.asking import SITE
from tests.builders import ago, ahead
from tests.deskwork import codes, do, viewer

pytestmark = pytest.mark.usefixtures("database")
EDITORS = 50
KEYED = 100
WORKERS = 4


async def edits(editor: Viewer, article: str, attempts: int) -> list[str]:
    """Read the version, change the title, and so on; what came of each try."""
    found = []
    for attempt in range(attempts):
        row = await Article.get(id=article)
        said = {"id": article, "expectedVersion": row.version, "title": f"{editor.member} {attempt}"}
        done = await do("reviseArticle", editor, **said)
        assert (codes(done) or ["OK"]) in (["OK"], ["CONFLICT"])
        found.append("".join(codes(done)) or "OK")
    return found


async def share(attempts: int) -> None:
    await builders.clinic()
    article = await builders.draft()
    editors = [await viewer(Role.EDITOR) for _ in range(EDITORS)]
    each = attempts // EDITORS
    results = await asyncio.gather(*(edits(editor, article.id, each) for editor in editors))
    outcomes = [outcome for result in results for outcome in result]
    accepted = outcomes.count("OK")
    row = await Article.get(id=article.id)
    assert accepted + outcomes.count("CONFLICT") == len(outcomes) == attempts
    assert accepted >= each  # somebody always gets on
    assert row.version == 1 + accepted
    assert await AuditEntry.filter(thing=article.id, verb="reviseArticle").count() == accepted
    numbers = await Revision.filter(article_id=article.id).order_by("number").values_list("number", flat=True)
    assert numbers == list(range(1, len(numbers) + 1))
    assert await Revision.filter(article_id=article.id, frozen_at__isnull=True).count() == 1


async def test_fifty_editors_sharing_edits_never_overwrite_each_other():
    await share(100)


@pytest.mark.soak
async def test_fifty_editors_sharing_a_thousand_edits_never_overwrite_each_other():
    await share(1_000)


async def test_one_key_sent_a_hundred_times_at_once_acts_once_and_answers_alike():
    await builders.clinic()
    editor = await viewer(Role.EDITOR)
    article = await builders.draft()
    said = {"id": article.id, "expectedVersion": 1, "title": "Once", "idempotencyKey": "one-key"}
    answers = await asyncio.gather(*(do("reviseArticle", editor, **said) for _ in range(KEYED)))
    assert len(answers) == KEYED
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["userErrors"] == []
    assert (await Article.get(id=article.id)).version == 2
    assert await AuditEntry.filter(thing=article.id, verb="reviseArticle").count() == 1


async def test_a_blocked_answer_is_kept_with_its_report():
    await builders.clinic()
    editor = await viewer(Role.EDITOR)
    article = await builders.draft()
    fields = (
        "userErrors { code field message } article { id version } "
        "gateReport { passes passesForReview policyVersion findings { rule message path excerpt help fingerprint } }"
    )
    said = {"id": article.id, "expectedVersion": 1, "idempotencyKey": "one-key"}
    answers = await asyncio.gather(*(do("publishArticle", editor, fields=fields, **said) for _ in range(5)))
    assert codes(answers[0]) == ["BLOCKED"]
    assert len(answers[0]["gateReport"]["findings"]) > 1
    assert all(answer == answers[0] for answer in answers)


async def settle(due: int, later: int) -> None:
    for number in range(due):
        await builders.schedule(await builders.draft(f"Due {number}"), ago(minutes=number + 1))
    for number in range(later):
        await builders.schedule(await builders.draft(f"Later {number}"), later_than_this_test(number))
    counts = await asyncio.gather(*(_work() for _ in range(WORKERS)))
    told = await Change.all().order_by("id").values_list("article_id", flat=True)
    assert len(told) == len(set(told)), "an article was settled twice"
    assert sum(counts) == len(told) == due
    live = await Article.filter(live_id__isnull=False).values_list("id", "version", "stage")
    assert sorted(live) == sorted((article, 1, None) for article in told)
    assert await Article.filter(scheduled_for__gt=datetime.now(UTC), live_id__isnull=True).count() == later
    assert await AuditEntry.filter(verb="settleSchedule").count() == due


def later_than_this_test(number: int) -> datetime:
    """By the clock of now: `builders.NOW` is when the whole run began, and what was ahead then is due in a long run."""
    return datetime.now(UTC) + timedelta(hours=1, minutes=number)


async def _work() -> int:
    settled = 0
    while done := await schedule.settle_due(SITE):
        settled += done
    return settled


async def test_four_workers_settle_each_schedule_once_and_none_early():
    await settle(100, later=10)


@pytest.mark.soak
async def test_four_workers_settle_two_thousand_schedules_once_and_none_early():
    await settle(2_000, later=100)


async def test_a_mutation_settles_what_came_due_before_it_acts():
    await builders.clinic()
    editor = await viewer(Role.EDITOR)
    article = await builders.schedule(await builders.draft(), ago(minutes=5))
    said = {"kind": "WITHDRAWN", "explanation": "It was wrong.", "severity": "SAFETY"}
    done = await do("unpublishArticle", editor, id=article.id, expectedVersion=1, **said)
    assert done["userErrors"] == []
    changes = await Change.filter(article_id=article.id).order_by("id").values_list("kind", "reason", "at")
    assert [(kind, reason) for kind, reason, _ in changes] == [("UPSERT", "PUBLISHED"), ("REMOVE", "WITHDRAWN")]
    assert changes[0][2] == article.scheduled_for


async def test_a_worker_that_comes_too_late_finds_nothing():
    article = await builders.schedule(await builders.draft(), ago(minutes=5))
    assert [await schedule.settle(article.id, SITE), await schedule.settle(article.id, SITE)] == [True, False]
    assert await schedule.settle((await builders.schedule(await builders.draft(), ahead(hours=1))).id, SITE) is False


async def test_of_two_who_want_one_address_at_once_the_second_is_told_that_it_is_taken():
    editor = await viewer(Role.EDITOR)
    articles = [await builders.draft(title) for title in ("Sleep", "Rest", "Night", "Bed")]
    wanted = [do("changeArticleSlug", editor, id=one.id, expectedVersion=1, slug="pillow") for one in articles]
    done = await asyncio.gather(*wanted)
    assert sorted(codes(one) for one in done) == [[], *[["SLUG_TAKEN"]] * 3]
    assert await Article.filter(slug="pillow", version=2).count() == 1
    assert await Article.filter(version=1).count() == 3
