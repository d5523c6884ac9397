"""An editor's morning: what waits, for whom, since when, and what makes it go away."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles.derived import GateReport
from api.articles.models import Article, Revision, Stage, UpdateType
from api.audit import AuditEntry
from api.comments.models import CommentStatus
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.gate.findings import fingerprint
from api.publishing.models import Proposal, Waiver
from tests import builders
from tests.asking import ask
from tests.builders import ago, ahead, viewer

pytestmark = pytest.mark.usefixtures("database")
DOCUMENT = """query ($first: Int, $after: String) { editorial { worklist(first: $first, after: $after) {
  totalCount pageInfo { endCursor hasNextPage }
  nodes { kind since item { __typename ... on Article { id } ... on Comment { id } ... on Proposal { id } } } } } }"""
EDITOR = viewer(Role.EDITOR)


async def waiting(asking: Viewer = EDITOR, **paging: Any) -> list[tuple[str, str]]:
    found = (await ask(DOCUMENT, asking, **paging))["editorial"]["worklist"]
    return [(node["kind"], node["item"]["id"]) for node in found["nodes"]]


async def since(asking: Viewer = EDITOR) -> list[datetime]:
    found = (await ask(DOCUMENT, asking))["editorial"]["worklist"]
    return [datetime.fromisoformat(node["since"]) for node in found["nodes"]]


async def staged(stage: Stage, verb: str = "submitArticle", **said: Any) -> Article:
    article = await builders.draft(**said)
    await Article.filter(id=article.id).update(stage=stage)
    await AuditEntry.create(actor="mbr_1", verb=verb, thing=article.id)
    return article


async def reviewed(due: datetime, **said: Any) -> Article:
    article = await builders.live(**said)
    await builders.review(article, await builders.practitioner(), next_review_due=due.date())
    return article


async def test_drafts_wait_for_what_their_stage_asks():
    await builders.draft("Being written")
    asked = await staged(Stage.IN_REVIEW)
    back = await staged(Stage.CHANGES_REQUESTED, "reviewArticle")
    ready = await staged(Stage.APPROVED, "reviewArticle")
    await builders.schedule(await builders.draft("Planned"), ahead(days=1))
    assert await waiting() == [("TO_REVIEW", asked.id), ("CHANGES_REQUESTED", back.id), ("READY", ready.id)]
    moments = [(await AuditEntry.get(thing=article.id)).at for article in (asked, back, ready)]
    late = [real - told for told, real in zip(await since(), moments, strict=True)]
    assert all(abs(each) < timedelta(milliseconds=2) for each in late)


async def test_reviews_wait_when_they_are_due_within_thirty_days_and_after():
    soon = await reviewed(ahead(days=30))
    today = await reviewed(ahead())
    over = await reviewed(ago(days=2))
    await reviewed(ahead(days=31))
    await builders.take_down(await reviewed(ago(days=9)))
    assert await waiting() == [("REVIEW_DUE_SOON", today.id), ("REVIEW_OVERDUE", over.id), ("REVIEW_DUE_SOON", soon.id)]
    days = [moment.date() for moment in await since()]
    assert days == [ago(days=30).date(), ago(days=1).date(), builders.NOW.date()]


async def test_what_only_was_cut_waits_for_its_review_within_seven_days():
    article = await reviewed(ahead(days=300))
    newer = await builders.revised(article, "Sleep", "Well.")
    await builders.publish(await Article.get(id=article.id))
    assert await waiting() == [("REVIEW_DUE_SOON", article.id)]
    assert (await Revision.get(id=newer.id)).predecessor_id == article.live_id


async def test_a_minor_change_waits_for_nothing_new():
    article = await reviewed(ahead(days=300))
    await builders.revised(article, "Sleep", "Sleep very well.", update_type=UpdateType.MINOR)
    await builders.publish(await Article.get(id=article.id))
    assert await waiting() == []


def finding(rule: str, *, waived: bool = False, first_seen: datetime | None = None) -> dict[str, Any]:
    waiver = {"why": "It is so.", "until": "2999-01-01"} if waived else None
    seen = first_seen.isoformat() if first_seen else None
    return {"rule": rule, "severity": "WARN", "fingerprint": "f", "waiver": waiver, "since": seen}


async def kept(article: Article, *findings: dict[str, Any]) -> None:
    revision = article.live_id or article.draft_id
    await GateReport.create(revision_id=revision, policy_version="1", computed_at=ago(), findings=list(findings))


async def test_what_the_gate_has_found_since_waits_from_when_it_was_first_seen():
    article = await builders.live("Found")
    await kept(article, finding("RDB-001", first_seen=ago(days=4)), finding("CLM-004", first_seen=ago(days=5)))
    await kept(await builders.live("Waived"), finding("RDB-001", waived=True))
    await kept(await builders.live("Reviews are told of otherwise"), finding("REV-002"), finding("CIT-006"))
    await kept(await builders.draft("A draft"), finding("RDB-001"))
    assert await waiting() == [("NEW_FINDING", article.id)]
    assert await since() == [ago(days=5)]


async def test_a_source_that_no_longer_stands_waits_until_its_waiver_or_its_removal():
    work = await builders.source("irnich2001")
    live = await builders.live(body="As shown [@irnich2001].")
    planned = await builders.schedule(await builders.draft(body="As shown [@irnich2001]."), ahead(days=1))
    await builders.draft(body="As shown [@irnich2001].")
    assert await waiting() == []
    changed = ago(days=2)
    await Source.filter(id=work.id).update(status=SourceStatus.RETRACTED, status_checked_at=changed.date())
    expected = sorted([("SOURCE_CHANGED", live.id), ("SOURCE_CHANGED", planned.id)])
    assert sorted(await waiting()) == expected
    assert {moment.date() for moment in await since()} == {changed.date()}

    member = await builders.member(Role.REVIEWER)
    about = fingerprint("CIT-006", f"irnich2001 {SourceStatus.RETRACTED}")
    plain = {"article_id": live.id, "rule": "CIT-006", "member_id": member.id, "reason": "It is said so."}
    waiver = await Waiver.create(**plain, fingerprint=about, until=ahead(days=1).date())
    assert await waiting() == [("SOURCE_CHANGED", planned.id)]
    await Waiver.filter(id=waiver.id).update(until=ago(days=1).date())
    assert sorted(await waiting()) == expected
    await Source.filter(id=work.id).update(status=SourceStatus.OK)
    assert await waiting() == []


async def test_comments_wait_for_moderators_alone():
    article = await builders.live()
    pending = await builders.comment(article, status=CommentStatus.PENDING, at=ago(days=1))
    for status in set(CommentStatus) - {CommentStatus.PENDING}:
        await builders.comment(article, status=status)
    assert await waiting(viewer(Role.MODERATOR)) == [("COMMENT", pending.id)]
    assert await waiting(viewer(Role.ADMIN)) == [("COMMENT", pending.id)]
    assert await waiting() == []
    assert await since(viewer(Role.MODERATOR)) == [ago(days=1)]


async def test_an_author_sees_what_waits_of_their_own():
    author = await builders.member(Role.AUTHOR)
    mine = await staged(Stage.CHANGES_REQUESTED, by=author)
    theirs = await staged(Stage.CHANGES_REQUESTED)
    assert await waiting(viewer(Role.AUTHOR, member=author.id)) == [("CHANGES_REQUESTED", mine.id)]
    assert {item for _, item in await waiting(viewer(Role.REVIEWER))} == {mine.id, theirs.id}
    assert await waiting(viewer(Role.MODERATOR)) == []


async def test_pages_follow_each_other_without_gap_or_repeat():
    articles = [await staged(Stage.IN_REVIEW, title=f"Number {day}") for day in range(7)]
    found, after = [], None
    for _ in range(4):
        page = (await ask(DOCUMENT, EDITOR, first=2, after=after))["editorial"]["worklist"]
        assert page["totalCount"] == 7
        found += [node["item"]["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert found == [article.id for article in articles]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_readers_have_no_desk():
    for nobody in (ANONYMOUS, viewer(Role.PARTNER), Viewer(preview="rev_00000000000000000000000000")):
        assert await ask("{ editorial { __typename worklist { totalCount } } }", nobody) == {"editorial": None}


async def test_what_is_proposed_for_the_catalogue_waits_for_whoever_may_read_it():
    author = await builders.member(Role.AUTHOR)
    neck = await builders.condition()
    plain = {"thing": neck.id, "thing_version": 1, "changes": {}, "proposed_by_id": author.id}
    proposal = await Proposal.create(**plain)
    await Proposal.create(**plain, decided_by_id=author.id, decided_at=ago(), approved=True)
    assert await waiting() == [("TO_REVIEW", proposal.id)]
    assert await waiting(viewer(Role.REVIEWER)) == [("TO_REVIEW", proposal.id)]
    assert await waiting(viewer(Role.AUTHOR, member=author.id)) == []
    assert await waiting(viewer(Role.MODERATOR)) == []
