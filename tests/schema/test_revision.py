"""What editors read of a revision: the reviewers' notes, who opened it, what search engines will be told."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles.models import Article, Review, ReviewOutcome, Revision
from api.evidence.models import Source
from tests import builders
from tests.asking import Statements, ask
from tests.builders import viewer
from tests.deskwork import decided, do, due, reviewer, submitted
from tests.deskwork import viewer as member

DECIDED = "reviews { outcome note evidenceRechecked nextReviewDue contentHash at reviewer { name } }"
WAITING = """{ editorial { worklist(first: 100) { nodes { kind why item { ... on Article { id } } } } } }"""
NOTE = "The second sentence says more than the trial found."


@pytest.mark.usefixtures("sample")
async def test_the_author_reads_what_the_reviewer_wrote_on_the_revision_and_in_the_worklist():
    author, clinician = await member(Role.AUTHOR), await reviewer()
    article = await submitted(author)
    said = {"outcome": "CHANGES_REQUESTED", "evidenceRechecked": True, "note": NOTE}
    await do("reviewArticle", clinician, id=article["id"], expectedVersion=article["version"], **said)

    document = f"query ($id: ID!) {{ article(by: {{id: $id}}) {{ draft {{ contentHash {DECIDED} }} }} }}"
    draft = (await ask(document, author, id=article["id"]))["article"]["draft"]
    (review,) = draft["reviews"]
    decided_at = datetime.fromisoformat(review.pop("at"))
    assert abs(decided_at - (await Review.get(note=NOTE)).at) < timedelta(milliseconds=2)
    assert review == {
        "outcome": "CHANGES_REQUESTED",
        "note": NOTE,
        "evidenceRechecked": True,
        "nextReviewDue": None,
        "contentHash": draft["contentHash"],
        "reviewer": {"name": "Anita Verwood"},
    }
    listed = (await ask(WAITING, author))["editorial"]["worklist"]["nodes"]
    assert {"kind": "CHANGES_REQUESTED", "why": NOTE, "item": {"id": article["id"]}} in listed


@pytest.mark.usefixtures("sample")
async def test_an_approval_stands_with_its_date_and_without_a_reason_in_the_worklist():
    editor = await member(Role.EDITOR)
    article = await decided(await submitted(editor))
    document = "query ($id: ID!) { article(by: {id: $id}) { draft { reviews { outcome note nextReviewDue } } } }"
    found = (await ask(document, editor, id=article["id"]))["article"]["draft"]["reviews"]
    assert found == [{"outcome": "APPROVED", "note": None, "nextReviewDue": due()}]
    listed = (await ask(WAITING, editor))["editorial"]["worklist"]["nodes"]
    assert {"kind": "READY", "why": None, "item": {"id": article["id"]}} in listed


async def reviewed(revisions: int) -> Article:
    ada, opened = await builders.practitioner(), await builders.member(Role.AUTHOR, display_name="Wren Sole")
    article = await builders.draft(by=opened)
    for _ in range(revisions - 1):
        await builders.revised(await Article.get(id=article.id))
    for revision in await Revision.filter(article_id=article.id):
        plain: dict[str, Any] = {"revision": revision, "content_hash": revision.content_hash, "reviewer": ada}
        plain |= {"outcome": ReviewOutcome.CHANGES_REQUESTED, "evidence_rechecked": True}
        for hours in (2, 1):
            await Review.create(**plain, at=builders.ago(hours=hours), note=f"{revision.number}: {hours}")
    return await Article.get(id=article.id)


ALL = """query ($id: ID!) { article(by: {id: $id}) { revisions(first: 50) { nodes {
  number createdBy { id displayName } seo { title description noindex } reviews { note reviewer { name } } } } } }"""


@pytest.mark.usefixtures("database")
async def test_the_decisions_on_many_revisions_take_as_many_statements_as_those_on_two():
    counted = []
    for many in (2, 12):
        article = await reviewed(many)
        with Statements() as sent:
            found = (await ask(ALL, viewer(Role.EDITOR), id=article.id))["article"]["revisions"]["nodes"]
        counted.append(len(sent))
        assert [node["number"] for node in found] == list(range(many, 0, -1))
        assert [each["note"] for each in found[-1]["reviews"]] == ["1: 2", "1: 1"]
        assert found[-1]["createdBy"]["displayName"] == "Wren Sole"
        assert found[-1]["seo"] == {"title": "Sleep", "description": "About Sleep.", "noindex": False}
    assert counted[0] == counted[1]


@pytest.mark.usefixtures("database")
async def test_by_a_review_link_nobody_reads_members_names_or_earlier_notes():
    article = await reviewed(1)
    document = "query ($id: ID!) { node(id: $id) { ... on Revision { number createdBy { id } reviews { note } } } }"
    by_link = Viewer(preview=article.draft_id, review_link="lnk_1", practitioner="prc_1")
    found = (await ask(document, by_link, id=article.draft_id))["node"]
    assert found == {"number": 1, "createdBy": None, "reviews": []}
    for nobody in (ANONYMOUS, Viewer(preview=article.draft_id), viewer(Role.AUTHOR, member="mbr_other")):
        assert (await ask(document, nobody, id=article.draft_id))["node"] is None


@pytest.mark.usefixtures("database")
async def test_who_checked_a_source_is_told_to_those_who_work_here():
    checked = await builders.member(Role.EDITOR, display_name="Wren Sole")
    work = await builders.source("irnich2001")
    await Source.filter(id=work.id).update(status_checked_by_id=checked.id)
    document = '{ source(by: {key: "irnich2001"}) { statusCheckedBy { id displayName } } }'
    told = {"id": checked.id, "displayName": "Wren Sole"}
    assert (await ask(document, viewer(Role.REVIEWER)))["source"]["statusCheckedBy"] == told
    for nobody in (ANONYMOUS, viewer(Role.PARTNER), viewer(Role.MODERATOR)):
        assert (await ask(document, nobody))["source"]["statusCheckedBy"] is None


@pytest.mark.usefixtures("database")
async def test_a_picture_tells_the_hash_of_its_bytes():
    picture = await builders.picture()
    document = "query ($id: ID!) { node(id: $id) { ... on MediaAsset { sha256 src } } }"
    found = (await ask(document, id=picture.id))["node"]
    assert found["sha256"] == picture.sha256
    assert picture.sha256 in found["src"]
