"""What becomes of a schedule when the world changes before its moment (invariant 4), and of a take-down meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.accounts.viewer import Role, Viewer
from api.articles.models import Article, Stage, UnpublishKind
from api.attempts import Attempt
from api.audit import AuditEntry
from api.changes import Change
from api.clinic import Clinic
from api.evidence.models import Source
from api.publishing import rechecking, schedule, withdrawing
from api.publishing.acting import Acting
from api.sql import Sql, rows
from tests import builders
from tests.asking import SITE, ask
from tests.builders import ago
from tests.deskwork import approved, codes, decided, do, published, submitted, viewer
from tests.deskwork import version as version_of

pytestmark = pytest.mark.usefixtures("sample")
WORKLIST = "{ editorial { worklist(first: 100) { nodes { kind why item { ... on Article { id } } } } } }"
TAKEN = {"kind": "WITHDRAWN", "explanation": "It was wrong."}


async def planned(editor: Viewer, days: float = 2, **said: Any) -> dict[str, Any]:
    return await scheduled(editor, await approved(editor, **said), days)


async def scheduled(editor: Viewer, article: dict[str, Any], days: float = 2) -> dict[str, Any]:
    at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    done = await do("scheduleArticle", editor, id=article["id"], expectedVersion=await version_of(article), at=at)
    assert done["userErrors"] == []
    return dict(done["article"])


async def live_with_a_later_draft(editor: Viewer) -> dict[str, Any]:
    """A live article whose next text is scheduled."""
    live = await published(editor)
    new = "What one trial found, and what it did not find."
    await do("reviseArticle", editor, id=live["id"], expectedVersion=live["version"], summary=new)
    await do("submitArticle", editor, id=live["id"], expectedVersion=live["version"] + 1)
    return await scheduled(editor, await decided({"id": live["id"], "version": live["version"] + 2}))


async def told(editor: Viewer, article: dict[str, Any]) -> list[tuple[str, str | None]]:
    nodes = (await ask(WORKLIST, editor))["editorial"]["worklist"]["nodes"]
    return [(node["kind"], node["why"]) for node in nodes if node["item"].get("id") == article["id"]]


async def broken_and_sound() -> tuple[str, str, str]:
    """Three that have come due; a rule of the database keeps the first from going live."""
    due = [
        await builders.schedule(await builders.draft(f"Due {minutes}"), ago(minutes=minutes)) for minutes in (9, 8, 7)
    ]
    await rows(Sql(f"ALTER TABLE article ADD CONSTRAINT broken CHECK (id <> '{due[0].id}' OR live_id IS NULL)"))
    return due[0].id, due[1].id, due[2].id


async def after_a_rest(article: str, seconds: float) -> int:
    """How often it was tried, when so much time has passed since the last try."""
    await Attempt.all().update(since=datetime.now(UTC) - timedelta(seconds=seconds, milliseconds=50))
    assert await schedule.settle_due(SITE) == 0
    return (await Attempt.get(key=f"settle {article}")).tries


async def asked_an_hour_later() -> int:
    return await rechecking.recheck_schedules(SITE, now=datetime.now(UTC) + timedelta(minutes=61))


async def test_a_source_whose_status_changes_takes_the_schedule_back_and_the_editors_are_told():
    editor = await viewer(Role.EDITOR)
    article = await planned(editor)
    other = await planned(editor, title="Another word", body="Most neck pain eases by itself.\n")
    work = await Source.get(key="irnich2001")
    found = await do("updateSource", editor, fields="userErrors { code }", id=work.id, expectedVersion=work.version,
                     status="CORRECTED")  # fmt: skip
    assert found["userErrors"] == []
    row = await Article.get(id=article["id"])
    assert (row.stage, row.scheduled_for, row.version) == (Stage.APPROVED, None, article["version"])
    why = "CIT-006: The source “irnich2001” has the status corrected."
    assert await told(editor, article) == [("SCHEDULE_CANCELLED", why)]
    assert (await Article.get(id=other["id"])).stage is Stage.SCHEDULED
    assert await told(editor, other) == []


async def test_a_schedule_that_was_cancelled_by_its_editor_is_only_ready():
    editor = await viewer(Role.EDITOR)
    article = await planned(editor)
    back = await do("cancelSchedule", editor, id=article["id"], expectedVersion=article["version"])
    assert back["article"]["version"] == article["version"] + 1
    assert await told(editor, article) == [("READY", None)]


async def test_a_review_that_lapses_before_the_moment_takes_the_schedule_back():
    editor = await viewer(Role.EDITOR)
    article = await planned(editor)
    assert await asked_an_hour_later() == 0
    await Clinic.all().update(review_interval_months=6)
    assert await rechecking.recheck_schedules(SITE) == 0  # it was asked about within the hour
    assert await asked_an_hour_later() == 2  # the sample's own, too
    row = await Article.get(id=article["id"])
    assert (row.stage, row.scheduled_for, row.version) == (Stage.APPROVED, None, article["version"])
    ((kind, why),) = await told(editor, article)
    assert kind == "SCHEDULE_CANCELLED"
    assert why is not None
    assert why.startswith("REV-002: ")
    entry = await AuditEntry.filter(thing=article["id"]).order_by("-id").first()
    assert entry is not None
    assert (entry.actor, entry.verb, entry.after["why"]) == ("system", "cancelSchedule", why)
    assert await asked_an_hour_later() == 0


async def test_what_is_said_of_a_cancelled_schedule_goes_with_the_next_act():
    editor = await viewer(Role.EDITOR)
    article = await planned(editor)
    await Clinic.all().update(review_interval_months=6)
    assert await asked_an_hour_later() == 2  # the sample's own, too
    await do("reviseArticle", editor, id=article["id"], expectedVersion=article["version"], summary="Anew.")
    assert await told(editor, article) == []


async def test_a_take_down_is_not_kept_up_by_a_schedule_and_cancels_it():
    editor = await viewer(Role.EDITOR)
    article = await live_with_a_later_draft(editor)
    before = (await Article.get(id=article["id"])).draft_id
    done = await do("unpublishArticle", editor, id=article["id"], expectedVersion=article["version"], **TAKEN)
    assert codes(done) == []
    row = await Article.get(id=article["id"])
    assert (row.live_id, row.scheduled_for, row.draft_id, row.stage) == (None, None, before, Stage.APPROVED)
    assert row.version == article["version"] + 1
    assert await told(editor, article) == [("SCHEDULE_CANCELLED", "The article was taken down.")]
    await Article.filter(id=article["id"]).update(created_at=row.created_at)
    assert await schedule.settle_due(SITE) == 0


async def test_a_schedule_alone_is_nothing_to_take_down():
    editor = await viewer(Role.EDITOR)
    article = await planned(editor)
    done = await do("unpublishArticle", editor, id=article["id"], expectedVersion=article["version"], **TAKEN)
    assert codes(done) == ["WRONG_STAGE"]
    row = await Article.get(id=article["id"])
    assert (row.stage, row.version) == (Stage.SCHEDULED, article["version"])


@pytest.mark.parametrize("through_the_api", [True, False])
async def test_a_schedule_that_has_come_due_is_settled_before_its_take_down(through_the_api):
    editor = await viewer(Role.EDITOR)
    article = await live_with_a_later_draft(editor)
    before = await Article.get(id=article["id"])
    await Article.filter(id=article["id"]).update(scheduled_for=datetime.now(UTC) - timedelta(seconds=1))
    if through_the_api:
        done = await do("unpublishArticle", editor, id=article["id"], expectedVersion=article["version"], **TAKEN)
        assert codes(done) == []
    else:
        said = withdrawing.TakeDown(UnpublishKind.WITHDRAWN, "It was wrong.")
        await withdrawing.unpublish(article["id"], article["version"], said, Acting(SITE))
    changes = await Change.filter(article_id=article["id"]).order_by("id")
    assert [change.reason.value for change in changes] == ["PUBLISHED", "UPDATED", "WITHDRAWN"]
    assert changes[-1].revision_number == changes[-2].revision_number == 2
    row = await Article.get(id=article["id"])
    assert (row.live_id, row.draft_id, row.stage) == (None, before.draft_id, Stage.DRAFT)
    assert row.version == article["version"] + 1


async def test_a_schedule_that_cannot_be_settled_rests_for_longer_each_time_and_those_behind_it_go_on():
    broken, sound, later = await broken_and_sound()
    with capture_logs() as told:
        settled = [await schedule.settle_due(SITE, most=1) for _ in range(3)]
    assert settled == [0, 1, 1]
    assert {article.id for article in await Article.filter(stage=Stage.SCHEDULED)} >= {broken}
    assert await Change.filter(article_id__in=[sound, later]).count() == 2
    assert [(line["event"], line["work"]) for line in told] == [("not_settled", f"settle {broken}")]
    assert [await after_a_rest(broken, seconds) for seconds in (1, 2, 3, 4, 600)] == [1, 2, 2, 3, 4]
    await Attempt.all().update(tries=50)
    assert [await after_a_rest(broken, seconds) for seconds in (599, 601)] == [50, 51]


async def test_what_could_not_be_settled_is_settled_once_its_fault_is_mended():
    broken, *_ = await broken_and_sound()
    assert await schedule.settle_due(SITE) == 2
    await Attempt.all().update(since=datetime.now(UTC) - timedelta(seconds=3))
    await rows(Sql("ALTER TABLE article DROP CONSTRAINT broken"))
    assert await schedule.settle_due(SITE) == 1
    assert [change.reason.value for change in await Change.filter(article_id=broken)] == ["PUBLISHED"]
    assert await Attempt.all().count() == 0


async def test_a_schedule_that_cannot_be_settled_can_be_taken_back():
    broken, *_ = await broken_and_sound()
    article = {"id": broken, "expectedVersion": await version_of({"id": broken})}
    with capture_logs() as told:
        done = await do("cancelSchedule", await viewer(Role.EDITOR), **article)
    assert (codes(done), done["article"]["stage"], done["article"]["isLive"]) == ([], "DRAFT", False)
    assert [line["work"] for line in told if line["event"] == "not_settled"] == [f"settle {broken}"]
    assert (await Article.get(id=broken)).scheduled_for is None
    assert await Change.filter(article_id=broken).count() == 0


async def test_partners_read_on_beside_a_schedule_that_cannot_be_settled():
    broken, sound, later = await broken_and_sound()
    nodes = (await ask("{ changes(first: 100) { nodes { articleId } } }"))["changes"]["nodes"]
    assert {broken, sound, later} <= {node["articleId"] for node in nodes}
    assert await Change.filter(article_id__in=[broken, sound, later]).count() == 2


async def test_a_draft_in_review_is_left_where_it_is_by_a_take_down():
    editor = await viewer(Role.EDITOR)
    live = await published(editor)
    await do("reviseArticle", editor, id=live["id"], expectedVersion=live["version"], summary="Anew.")
    await do("submitArticle", editor, id=live["id"], expectedVersion=live["version"] + 1)
    done = await do("unpublishArticle", editor, id=live["id"], expectedVersion=live["version"] + 2, **TAKEN)
    assert codes(done) == []
    assert done["article"]["stage"] == "IN_REVIEW"
    assert await submitted(editor, title="Another") is not None
