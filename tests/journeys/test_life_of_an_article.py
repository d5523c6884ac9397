"""An editor, a reviewer and a reader through GraphQL: from a draft to a take-down, on the sample clinic."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.accounts.viewer import ANONYMOUS, Role, Viewer, with_implied
from api.articles.models import Article, Revision, Stage
from api.audit import AuditEntry
from api.changes import Change
from tests import builders
from tests.asking import answer, ask

pytestmark = pytest.mark.usefixtures("sample")

BODY = """
Most neck pain eases by itself. In one trial of 177 people, acupuncture eased pain on movement more than massage in
the short term, but not clearly more than a sham laser [@irnich2001].

## When to get help

See a doctor if the pain does not ease after a few weeks.
"""
PAYLOAD = "userErrors { code field message } article { id version stage isLive slug title }"


async def viewer(*roles: Role, practitioner: str | None = None) -> Viewer:
    member = await builders.member(*roles, practitioner_id=practitioner)
    return Viewer(member.id, member.display_name, with_implied(frozenset(roles)), practitioner)


async def do(verb: str, asking: Viewer, *, fields: str = PAYLOAD, **said: Any) -> dict[str, Any]:
    name = verb[0].upper() + verb[1:]
    document = f"mutation ($input: {name}Input!) {{ {verb}(input: $input) {{ {fields} }} }}"
    found: dict[str, Any] = (await ask(document, asking, input=said))[verb]
    return found


async def ids() -> dict[str, Any]:
    document = """{
      author: practitioner(by: {slug: "maren-holloway"}) { id }
      reviewer: practitioner(by: {slug: "anita-verwood"}) { id }
      condition(by: {slug: "neck-pain"}) { id } treatment(by: {slug: "acupuncture"}) { id }
      article(by: {slug: "neck-pain-and-acupuncture"}) { disclaimers { id } }
    }"""
    return await ask(document)


async def written(editor: Viewer) -> dict[str, Any]:
    known = await ids()
    return await do(
        "createArticle",
        editor,
        title="A short word on sore shoulders",
        summary="What one trial found, and what it did not.",
        body={"markdown": BODY},
        authors=[known["author"]["id"]],
        conditions=[known["condition"]["id"]],
        treatments=[known["treatment"]["id"]],
        disclaimers=[each["id"] for each in known["article"]["disclaimers"]],
    )


def due() -> str:
    return (datetime.now(UTC) + timedelta(days=300)).date().isoformat()


async def approved(editor: Viewer) -> dict[str, Any]:
    article = (await written(editor))["article"]
    article = (await do("submitArticle", editor, id=article["id"], expectedVersion=article["version"]))["article"]
    reviewer = await viewer(Role.REVIEWER, practitioner=(await ids())["reviewer"]["id"])
    said = {"outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": due()}
    return (await do("reviewArticle", reviewer, id=article["id"], expectedVersion=article["version"], **said))[
        "article"
    ]


async def seen(slug: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (
        await ask("query ($s: String!) { article(by: {slug: $s}) { title version } }", s=slug)
    )["article"]
    return found


async def test_an_article_goes_from_draft_to_readers_and_back():
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    assert article["stage"] == "APPROVED"
    assert await seen(article["slug"]) is None

    live = await do("publishArticle", editor, id=article["id"], expectedVersion=article["version"])
    assert (live["userErrors"], live["article"]["isLive"], live["article"]["stage"]) == ([], True, None)
    assert await seen(article["slug"]) == {"title": article["title"], "version": None}

    said = {"kind": "WITHDRAWN", "explanation": "The trial was misread.", "severity": "SAFETY"}
    gone = await do("unpublishArticle", editor, id=article["id"], expectedVersion=live["article"]["version"], **said)
    assert (gone["userErrors"], gone["article"]["isLive"], gone["article"]["stage"]) == ([], False, "DRAFT")
    assert await seen(article["slug"]) is None
    route = await ask(
        "query ($p: String!) { route(path: $p) { __typename ... on Withdrawn { explanation } } }",
        p=f"/articles/{article['slug']}",
    )
    assert route == {"route": {"__typename": "Withdrawn", "explanation": "The trial was misread."}}

    again = await do("publishArticle", editor, id=article["id"], expectedVersion=gone["article"]["version"])
    assert again["userErrors"] == []
    changes = await Change.filter(article_id=article["id"]).order_by("id").values_list("kind", "reason")
    assert changes == [("UPSERT", "PUBLISHED"), ("REMOVE", "WITHDRAWN"), ("UPSERT", "UPDATED")]
    verbs = await AuditEntry.filter(thing=article["id"]).order_by("id").values_list("verb", flat=True)
    assert verbs == [
        "createArticle",
        "submitArticle",
        "reviewArticle",
        "publishArticle",
        "unpublishArticle",
        "publishArticle",
    ]


async def test_a_gate_that_blocks_changes_nothing_and_shows_its_report():
    editor = await viewer(Role.EDITOR)
    article = (await written(editor))["article"]
    fields = (
        "userErrors { code } gateReport { passes passesForReview findings { rule severity help } } article { version }"
    )
    refused = await do("publishArticle", editor, fields=fields, id=article["id"], expectedVersion=article["version"])
    assert [error["code"] for error in refused["userErrors"]] == ["BLOCKED"]
    assert "REV-001" in [finding["rule"] for finding in refused["gateReport"]["findings"]]
    assert (refused["gateReport"]["passes"], refused["gateReport"]["passesForReview"]) == (False, True)
    assert refused["article"]["version"] == article["version"]
    assert (await Article.get(id=article["id"])).live_id is None


async def test_a_stale_version_changes_nothing_and_answers_with_the_current_article():
    editor = await viewer(Role.EDITOR)
    article = (await written(editor))["article"]
    first = await do("reviseArticle", editor, id=article["id"], expectedVersion=1, title="A new title")
    second = await do("reviseArticle", editor, id=article["id"], expectedVersion=1, title="Another title")
    assert first["article"]["version"] == 2
    assert [error["code"] for error in second["userErrors"]] == ["CONFLICT"]
    assert (second["article"]["version"], second["article"]["title"]) == (2, "A new title")


async def test_the_open_draft_is_written_in_place_and_another_authors_edit_opens_a_new_one():
    first, second = await viewer(Role.EDITOR), await viewer(Role.EDITOR)
    article = (await written(first))["article"]
    await do("reviseArticle", first, id=article["id"], expectedVersion=1, title="Mine")
    assert await Revision.filter(article_id=article["id"]).count() == 1
    await do("reviseArticle", second, id=article["id"], expectedVersion=2, title="Theirs")
    numbers = await Revision.filter(article_id=article["id"]).order_by("number").values_list("number", "title")
    assert numbers == [(1, "Mine"), (2, "Theirs")]
    assert (await Revision.get(article_id=article["id"], number=1)).frozen_at is not None


async def test_absent_leaves_alone_and_null_clears():
    editor = await viewer(Role.EDITOR)
    article = (await written(editor))["article"]
    await do("reviseArticle", editor, id=article["id"], expectedVersion=1, summary=None)
    revision = await Revision.get(article_id=article["id"])
    assert (revision.title, revision.summary) == ("A short word on sore shoulders", "")


async def test_a_live_article_stays_as_it_is_while_its_draft_is_written():
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    live = (await do("publishArticle", editor, id=article["id"], expectedVersion=article["version"]))["article"]
    await do("reviseArticle", editor, id=article["id"], expectedVersion=live["version"], title="Not yet public")
    assert (await seen(article["slug"]) or {})["title"] == "A short word on sore shoulders"


async def test_a_discarded_draft_can_be_restored():
    editor = await viewer(Role.EDITOR)
    article = (await written(editor))["article"]
    first = await Revision.get(article_id=article["id"])
    gone = await do("discardDraft", editor, id=article["id"], expectedVersion=1)
    assert gone["article"]["stage"] is None
    back = await do("restoreRevision", editor, id=article["id"], expectedVersion=2, revision=first.id)
    assert back["article"]["stage"] == "DRAFT"
    assert (await Revision.get(article_id=article["id"], number=2)).content_hash == first.content_hash


async def test_a_scheduled_article_is_seen_from_its_moment_without_a_worker():
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    planned = await do("scheduleArticle", editor, id=article["id"], expectedVersion=article["version"], at=at)
    assert planned["article"]["stage"] == "SCHEDULED"
    assert await seen(article["slug"]) is None
    refused = await do(
        "reviseArticle", editor, id=article["id"], expectedVersion=planned["article"]["version"], title="No"
    )
    assert [error["code"] for error in refused["userErrors"]] == ["SCHEDULED"]
    await Article.filter(id=article["id"]).update(scheduled_for=datetime.now(UTC) - timedelta(seconds=1))
    assert await seen(article["slug"]) is not None
    assert await Change.filter(article_id=article["id"]).count() == 0


async def test_a_cancelled_schedule_is_approved_again():
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    planned = (await do("scheduleArticle", editor, id=article["id"], expectedVersion=article["version"], at=at))[
        "article"
    ]
    back = await do("cancelSchedule", editor, id=article["id"], expectedVersion=planned["version"])
    assert back["article"]["stage"] == "APPROVED"


async def test_who_edited_last_may_not_review():
    reviewer_id = (await ids())["reviewer"]["id"]
    both = await viewer(Role.EDITOR, Role.REVIEWER, practitioner=reviewer_id)
    article = (await written(both))["article"]
    article = (await do("submitArticle", both, id=article["id"], expectedVersion=1))["article"]
    said = {"outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": due()}
    refused = await do("reviewArticle", both, id=article["id"], expectedVersion=article["version"], **said)
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_INDEPENDENT"]
    assert (await Article.get(id=article["id"])).stage is Stage.IN_REVIEW


async def test_an_author_writes_own_drafts_only():
    editor, author = await viewer(Role.EDITOR), await viewer(Role.AUTHOR)
    theirs = (await written(editor))["article"]
    hidden = await do("reviseArticle", author, id=theirs["id"], expectedVersion=1, title="Mine now")
    assert [error["code"] for error in hidden["userErrors"]] == ["NOT_FOUND"]
    live = await ask('{ article(by: {slug: "neck-pain-and-acupuncture"}) { id } }')
    document = "mutation ($input: ReviseArticleInput!) { reviseArticle(input: $input) { userErrors { code } } }"
    seen_but = await answer(document, author, input={"id": live["article"]["id"], "expectedVersion": 2, "title": "No"})
    assert [type(error.original_error).__name__ for error in seen_but.errors] == ["NotYours"]


async def test_a_moved_article_leads_on_from_its_old_address():
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    live = (await do("publishArticle", editor, id=article["id"], expectedVersion=article["version"]))["article"]
    moved = await do(
        "changeArticleSlug", editor, id=article["id"], expectedVersion=live["version"], slug="sore-shoulders"
    )
    assert moved["userErrors"] == []
    route = await ask(
        "query ($p: String!) { route(path: $p) { ... on Moved { path } } }", p=f"/articles/{article['slug']}"
    )
    assert route == {"route": {"path": "/articles/sore-shoulders"}}
    other = (await written(editor))["article"]
    taken = await do("changeArticleSlug", editor, id=other["id"], expectedVersion=1, slug="sore-shoulders")
    assert [error["code"] for error in taken["userErrors"]] == ["SLUG_TAKEN"]


async def test_one_key_acts_once_and_answers_alike():
    editor = await viewer(Role.EDITOR)
    article = (await written(editor))["article"]
    said = {"id": article["id"], "expectedVersion": 1, "title": "Once", "idempotencyKey": "key-1"}
    first, second = await do("reviseArticle", editor, **said), await do("reviseArticle", editor, **said)
    assert first == second
    assert second["article"]["version"] == 2
    other = await do("reviseArticle", editor, **said | {"title": "Twice"})
    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_readers_see_nothing_of_the_desk():
    plain = "isLive hasUnpublishedChanges stage version scheduledFor"
    fields = f"{plain} unpublishing {{ at }} draft {{ id }} revisions {{ totalCount }} gateReport {{ passes }}"
    found = await ask(f'{{ article(by: {{slug: "neck-pain-and-acupuncture"}}) {{ {fields} }} }}', ANONYMOUS)
    assert set(found["article"].values()) == {None}


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "not a path", "/a b"])
async def test_a_moved_article_leads_to_a_path_or_an_address_of_the_web_only(target):
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    live = (await do("publishArticle", editor, id=article["id"], expectedVersion=article["version"]))["article"]
    said = {"kind": "MOVED", "explanation": "It moved.", "movedTo": target}
    refused = await do("unpublishArticle", editor, id=article["id"], expectedVersion=live["version"], **said)
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("INVALID", ["movedTo"])]
    assert await seen(article["slug"]) is not None


async def test_an_approval_names_a_day_that_lies_ahead():
    editor = await viewer(Role.EDITOR)
    article = (await written(editor))["article"]
    article = (await do("submitArticle", editor, id=article["id"], expectedVersion=article["version"]))["article"]
    reviewer = await viewer(Role.REVIEWER, practitioner=(await ids())["reviewer"]["id"])
    said = {"outcome": "APPROVED", "evidenceRechecked": True, "nextReviewDue": "2001-01-01"}
    refused = await do("reviewArticle", reviewer, id=article["id"], expectedVersion=article["version"], **said)
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("INVALID", ["nextReviewDue"])]
