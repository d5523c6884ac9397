"""The desk: articles by what is to be done, the log, what differs, what publishing would do; each for its own."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api import ids
from api.accounts import tokens
from api.accounts.viewer import Role, Scope, Viewer
from api.articles.derived import GateReport
from api.articles.models import Article, Stage
from api.audit import AuditEntry
from api.publishing import rechecking
from api.publishing.models import Proposal
from api.sql import Sql, rows
from schema.permissions import EDITORIAL
from schema.root import schema
from tests import builders
from tests.asking import answer, ask, cost
from tests.builders import ahead, viewer
from tests.deskwork import BODY, approved, do, published, written
from tests.deskwork import viewer as member

EDITOR = viewer(Role.EDITOR)
NOBODY = "art_00000000000000000000000000"
FIELDS = {
    "worklist": "worklist { totalCount }",
    "articles": "articles { totalCount }",
    "auditLog": "auditLog { totalCount }",
    "diff": 'diff(from: "rev_0", to: "rev_0") { markdown }',
    "proposals": "proposals { totalCount }",
    "members": "members { totalCount }",
    "tokens": "tokens { totalCount }",
    "publishPlan": f'publishPlan(ids: ["{NOBODY}"]) {{ wouldPublish }}',
    "recalls": "recalls { totalCount }",
    "partners": "partners { totalCount }",
    "webhooks": "webhooks { totalCount }",
    "deliveries": "deliveries { totalCount }",
    "moderationQueue": "moderationQueue { totalCount }",
    "views": f'views(article: "{NOBODY}") {{ views }}',
}
MAY = {
    "worklist": {Role.AUTHOR, Role.EDITOR, Role.REVIEWER, Role.MODERATOR, Role.ADMIN},
    "articles": {Role.AUTHOR, Role.EDITOR, Role.REVIEWER, Role.ADMIN},
    "diff": {Role.AUTHOR, Role.EDITOR, Role.REVIEWER, Role.ADMIN},
    "auditLog": {Role.EDITOR, Role.ADMIN},
    "publishPlan": {Role.EDITOR, Role.ADMIN},
    "proposals": {Role.EDITOR, Role.REVIEWER, Role.ADMIN},
    "members": {Role.ADMIN},
    "tokens": {Role.ADMIN},
    "recalls": {Role.EDITOR, Role.ADMIN},
    "partners": {Role.ADMIN},
    "webhooks": {Role.ADMIN},
    "deliveries": {Role.ADMIN},
    "moderationQueue": {Role.MODERATOR, Role.ADMIN},
    "views": {Role.AUTHOR, Role.EDITOR, Role.REVIEWER, Role.ADMIN},
}


def test_every_field_of_the_desk_has_its_row():
    assert set(schema._schema.type_map["Editorial"].fields) == set(EDITORIAL) == set(FIELDS) == set(MAY)


@pytest.mark.usefixtures("database")
async def test_every_role_is_answered_by_every_field_as_its_row_says():
    found: dict[str, set[Role]] = {name: set() for name in FIELDS}
    for role in set(Role) - {Role.PARTNER}:
        for name, field in FIELDS.items():
            result = await answer(f"{{ editorial {{ {field} }} }}", viewer(role))
            codes = {(error.extensions or {}).get("code") for error in result.errors or ()}
            assert result.data["editorial"] is not None  # a field that is refused takes no other with it
            found[name] |= set() if codes == {"FORBIDDEN"} else {role}
    assert found == MAY


async def listed(asking: Viewer = EDITOR, **filters: Any) -> list[str]:
    document = """query ($filter: EditorialArticleFilter) {
      editorial { articles(filter: $filter) { totalCount nodes { id } } } }"""
    found = (await ask(document, asking, filter=filters))["editorial"]["articles"]
    assert found["totalCount"] == len(found["nodes"])
    return [node["id"] for node in found["nodes"]]


@pytest.mark.usefixtures("database")
async def test_articles_are_listed_by_stage_author_and_day_newest_first():
    author, ada = await builders.member(Role.AUTHOR), await builders.practitioner()
    first = await builders.draft("First", by=author, authors=[ada])
    second = await builders.live("Second", authors=[ada])
    await builders.review(second, await builders.practitioner("Bo Lin"), next_review_due=ahead(days=9).date())
    third = await builders.draft("Third")
    await Article.filter(id=third.id).update(stage=Stage.IN_REVIEW)
    assert await listed() == [third.id, second.id, first.id]
    assert await listed(stage="IN_REVIEW") == [third.id]
    assert await listed(author=ada.id) == [second.id, first.id]
    assert await listed(author=ada.id, stage="DRAFT") == [first.id]
    assert await listed(reviewDueBefore=ahead(days=10).date().isoformat()) == [second.id]
    assert await listed(reviewDueBefore=ahead(days=9).date().isoformat()) == []
    assert await listed(viewer(Role.AUTHOR, member=author.id)) == [first.id]
    assert await listed(viewer(Role.REVIEWER)) == [third.id, second.id, first.id]


@pytest.mark.usefixtures("database")
async def test_articles_are_listed_by_the_rule_that_blocks_their_newest_text():
    await builders.clinic()
    article = await builders.draft(body="As shown [@nobody2001].")
    assert await listed(blockedBy="CIT-001") == []  # a query writes nothing
    assert await GateReport.all().count() == 0
    assert sum(await asyncio.gather(*(rechecking.judge_drafts() for _ in range(3)))) >= 1
    assert await listed(blockedBy="CIT-001") == [article.id]
    assert await listed(blockedBy="RDB-001") == []
    editor = await member(Role.EDITOR)
    await do("reviseArticle", editor, id=article.id, expectedVersion=1, body={"markdown": "Sleep well."})
    assert await rechecking.judge_drafts() == 1
    assert await rechecking.judge_drafts() == 0
    assert await listed(blockedBy="CIT-001") == []
    assert await listed(blockedBy="REV-001") == [article.id]


@pytest.mark.usefixtures("database")
async def test_articles_that_a_rule_blocks_are_all_listed_however_many_there_are():
    await builders.clinic()
    made = [await builders.draft(f"Number {number}", "As shown [@nobody2001].") for number in range(53)]
    assert await rechecking.judge_drafts() == 53
    document = """{ editorial { articles(first: 100, filter: {blockedBy: "CIT-001"}) { totalCount nodes { id } } } }"""
    found = (await ask(document, EDITOR))["editorial"]["articles"]
    assert found["totalCount"] == 53
    assert [node["id"] for node in found["nodes"]] == [article.id for article in reversed(made)]


async def log(asking: Viewer = EDITOR, **wanted: Any) -> list[tuple[str, str, str, str | None]]:
    document = """query ($thing: ID, $actor: ID) { editorial { auditLog(thing: $thing, actor: $actor) {
      totalCount nodes { at verb thing actor actorName before after } } } }"""
    found = (await ask(document, asking, **wanted))["editorial"]["auditLog"]
    assert found["totalCount"] == len(found["nodes"])
    return [(node["verb"], node["thing"], node["actor"], node["actorName"]) for node in found["nodes"]]


@pytest.mark.usefixtures("database")
async def test_the_log_tells_who_did_what_newest_first():
    await builders.clinic()
    editor, other = await member(Role.EDITOR), await member(Role.EDITOR)
    made = (await do("createArticle", editor, title="Sleep"))["article"]
    await do("reviseArticle", other, id=made["id"], expectedVersion=1, title="Sleep well")
    await builders.schedule(await builders.draft(), ahead(days=1))
    await AuditEntry.create(actor="system", verb="settleSchedule", thing=made["id"])
    await AuditEntry.create(
        actor=editor.member, verb="createMember", thing=other.member, after={"email": "x@y.example"}
    )
    create = ("createArticle", made["id"], editor.member, editor.display_name)
    revise = ("reviseArticle", made["id"], other.member, other.display_name)
    settle = ("settleSchedule", made["id"], "system", None)
    assert await log() == [settle, revise, create]
    assert await log(thing=made["id"]) == [settle, revise, create]
    assert await log(actor=other.member) == [revise]
    assert await log(thing=NOBODY) == []
    assert await log(thing=other.member) == []
    assert (await log(viewer(Role.ADMIN)))[0][0] == "createMember"


LOGGED = {
    Scope.ARTICLES: {"art"},
    Scope.PUBLISHING: {"art"},
    Scope.REVIEWING: {"art", "cnd", "trt", "prc", "src", "est", "dsc", "cln"},
    Scope.CATALOGUE: {"cnd", "trt", "prc", "src", "est", "dsc", "cln"},
    Scope.MEDIA: {"med"},
    Scope.MEMBERS: {"mbr", "tok"},
    Scope.PARTNERS: {"prt", "whk", "rcl"},
    Scope.COMMENTS: {"cmt", "prb"},
}
PRIVATE = {"mbr", "tok", "prt", "whk", "rcl", "cmt", "prb"}


@pytest.mark.usefixtures("database")
async def test_the_log_shows_no_more_than_the_token_is_for():
    every = set().union(*LOGGED.values())
    for prefix in every:
        await AuditEntry.create(actor="system", verb="didSomething", thing=ids.new(prefix))
    for scope, prefixes in LOGGED.items():
        for role in (Role.ADMIN, Role.EDITOR):
            found = await log(viewer(role, scopes=frozenset({scope})))
            shown = prefixes if role is Role.ADMIN else prefixes - PRIVATE
            assert {thing[:3] for _, thing, _, _ in found} == shown
            assert len(found) == len(shown)
    assert {thing[:3] for _, thing, _, _ in await log(viewer(Role.ADMIN))} == every


@pytest.mark.usefixtures("database")
async def test_the_log_tells_of_a_webhook_whose_it_is_and_not_its_whole_address():
    admin = await member(Role.ADMIN)
    shown = "userErrors { code message } webhook { id version }"
    address = "https://93.184.216.34:443/hook/a-secret-of-theirs?key=another"
    made = await do("createWebhook", admin, fields=shown, url=address, events=[])
    assert made["userErrors"] == []
    said = {"id": made["webhook"]["id"], "expectedVersion": made["webhook"]["version"]}
    await do("updateWebhook", admin, fields=shown, **said, url=address + "2")
    await do("deleteWebhook", admin, fields="userErrors { code }", id=said["id"])
    kept = await AuditEntry.filter(thing=said["id"]).values_list("verb", "before", "after")
    origins = [(verb, (before or {}).get("origin"), (after or {}).get("origin")) for verb, before, after in kept]
    origin = "https://93.184.216.34:443"
    assert sorted(origins) == [
        ("createWebhook", None, origin),
        ("deleteWebhook", origin, None),
        ("updateWebhook", origin, origin),
    ]
    assert "secret" not in str(kept)


@pytest.mark.usefixtures("database")
async def test_the_log_keeps_what_was_before_and_after():
    await builders.clinic()
    editor = await member(Role.EDITOR)
    article = await builders.live()
    before = article.slug
    await do("changeArticleSlug", editor, id=article.id, expectedVersion=1, slug="sleep-anew")
    document = "{ editorial { auditLog(first: 1) { nodes { verb before after } } } }"
    (entry,) = (await ask(document, EDITOR))["editorial"]["auditLog"]["nodes"]
    assert entry == {"verb": "changeArticleSlug", "before": {"slug": before}, "after": {"slug": "sleep-anew"}}


DIFF = """query ($from: ID!, $to: ID!) { editorial { diff(from: $from, to: $to) {
  from { number } to { number } markdown
  fields { place change before after } blocks { place change before after } } } }"""


@pytest.mark.usefixtures("database")
async def test_two_revisions_are_told_apart_field_by_field_and_block_by_block():
    ada, bo = await builders.practitioner("Ada Reed"), await builders.practitioner("Bo Lin")
    neck = await builders.condition("Neck pain")
    article = await builders.draft("Sleep", "One.\n\nTwo.\n\n## Three\n\nFour.", summary="In short.", authors=[ada])
    older = article.draft_id
    said = {"summary": "In short.", "authors": [ada, bo], "conditions": [neck], "change_note": "More."}
    newer = await builders.revised(article, "Sleep well", "One.\n\nTwo, and more.\n\nFour.\n\nFive.", **said)
    found = (await ask(DIFF, EDITOR, **{"from": older, "to": newer.id}))["editorial"]["diff"]
    assert (found["from"], found["to"]) == ({"number": 1}, {"number": 2})
    changed = {hunk["place"]: hunk for hunk in found["fields"] if hunk["change"] != "EQUAL"}
    assert {name: (hunk["change"], hunk["before"], hunk["after"]) for name, hunk in changed.items()} == {
        "title": ("CHANGED", "Sleep", "Sleep well"),
        "changeNote": ("ADDED", None, "More."),
        "authors": ("CHANGED", "Ada Reed", "Ada Reed, Bo Lin"),
        "conditions": ("ADDED", None, "Neck pain"),
    }
    assert {hunk["place"] for hunk in found["fields"]} - set(changed) == {
        "summary", "heroImage", "updateType", "treatments", "disclaimers", "seo.title", "seo.description",
        "seo.noindex",
    }  # fmt: skip
    assert [(hunk["place"], hunk["change"], hunk["before"], hunk["after"]) for hunk in found["blocks"]] == [
        ("content[0]", "EQUAL", "One.", "One."),
        ("content[1]", "CHANGED", "Two.", "Two, and more."),
        ("content[2]", "REMOVED", "## Three", None),
        ("content[2]", "EQUAL", "Four.", "Four."),
        ("content[3]", "ADDED", None, "Five."),
    ]
    assert found["markdown"].splitlines() == [
        "--- revision 1", "+++ revision 2", "@@ -1,11 +1,11 @@", "-# Sleep", "+# Sleep well", " ", " In short.", " ",
        " One.", " ", "-Two.", "-", "-## Three", "+Two, and more.", " ", " Four.", "+", "+Five.",
    ]  # fmt: skip


@pytest.mark.usefixtures("database")
async def test_a_revision_does_not_differ_from_itself():
    article = await builders.draft()
    found = (await ask(DIFF, EDITOR, **{"from": article.draft_id, "to": article.draft_id}))["editorial"]["diff"]
    assert found["markdown"] == ""
    assert {hunk["change"] for hunk in (*found["fields"], *found["blocks"])} == {"EQUAL"}


@pytest.mark.usefixtures("database")
async def test_only_revisions_of_one_article_that_may_be_read_are_compared():
    author = await builders.member(Role.AUTHOR)
    mine, other = await builders.draft(by=author), await builders.draft("Other")
    asking = viewer(Role.AUTHOR, member=author.id)
    for first, second, who, name in (
        (mine.draft_id, other.draft_id, EDITOR, "TwoArticles"),
        (mine.draft_id, "rev_00000000000000000000000000", EDITOR, "NoSuchRevision"),
        (other.draft_id, other.draft_id, asking, "NoSuchRevision"),
    ):
        result = await answer(DIFF, who, **{"from": first, "to": second})
        assert [type(error.original_error).__name__ for error in result.errors] == [name]
        assert result.data == {"editorial": {"diff": None}}
    assert (await ask(DIFF, asking, **{"from": mine.draft_id, "to": mine.draft_id}))["editorial"]["diff"] is not None


PLAN = """query ($ids: [ID!]!) { editorial { publishPlan(ids: $ids) {
  id article { id } wouldPublish userErrors { code } gateReport { passes findings { rule } }
  leansOn { id name isPlanned } addresses { path change } } } }"""
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


async def everything() -> dict[str, Any]:
    """A digest of every row of every table."""
    named = sorted(row["table_name"] for row in await rows(Sql(TABLES)))
    digest = "SELECT md5(string_agg(it::text, '' ORDER BY it::text)) AS said FROM"
    return {name: (await rows(Sql(f'{digest} "{name}" AS it')))[0]["said"] for name in named}


@pytest.mark.usefixtures("sample")
async def test_a_plan_tells_what_would_go_live_and_writes_nothing():
    editor = await member(Role.EDITOR)
    ready = await approved(editor, title="Ready")
    await do("addRedirect", editor, id=ready["id"], expectedVersion=ready["version"], path="/post/ready")
    blocked = await written(editor, title="Blocked")
    live = await published(editor, title="Live")
    revised = await do(
        "reviseArticle", editor, id=live["id"], expectedVersion=live["version"], title="Life", updateType="MINOR"
    )
    taken = await published(editor, title="Taken")
    said = {"kind": "WITHDRAWN", "explanation": "It was wrong."}
    await do("unpublishArticle", editor, id=taken["id"], expectedVersion=taken["version"], **said)
    nothing = await published(editor, title="No draft")
    assert revised["userErrors"] == []
    before = await everything()
    ids = [article["id"] for article in (ready, blocked, live, taken, nothing)]
    found = (await ask(PLAN, editor, ids=[*ids, NOBODY, ids[0]]))["editorial"]["publishPlan"]
    assert await everything() == before
    assert [plan["id"] for plan in found] == [*ids, NOBODY]
    unknown = found.pop()
    assert unknown == {
        "id": NOBODY, "article": None, "wouldPublish": False, "userErrors": [{"code": "NOT_FOUND"}],
        "gateReport": None, "leansOn": [], "addresses": [],
    }  # fmt: skip
    assert [plan["article"]["id"] for plan in found] == ids
    assert [plan["wouldPublish"] for plan in found] == [True, False, True, True, False]
    assert [[error["code"] for error in plan["userErrors"]] for plan in found] == [
        [], ["BLOCKED"], [], [], ["WRONG_STAGE"],
    ]  # fmt: skip
    assert [each["rule"] for each in found[1]["gateReport"]["findings"]] == ["REV-001"]
    assert [plan["addresses"] for plan in found] == [
        [{"path": "/articles/ready", "change": "NEW"}, {"path": "/post/ready", "change": "REDIRECTS"}],
        [{"path": "/articles/blocked", "change": "NEW"}],
        [],
        [{"path": "/articles/taken", "change": "RETURNS"}],
        [],
    ]
    assert [plan["leansOn"] for plan in found] == [[], [], [], [], []]
    assert found[4]["gateReport"] is None


@pytest.mark.usefixtures("sample")
async def test_a_plan_names_what_readers_would_not_find_behind_a_draft():
    editor = await member(Role.EDITOR)
    hidden = await builders.condition("Hidden", is_published=False)
    linked = await builders.treatment("Linked", is_published=False)
    work = await builders.source("hidden2020", is_published=False)
    other, third = await written(editor, title="Other"), await written(editor, title="Third")
    body = f"{BODY}\nSee [this](entity:{linked.id}), [that](/articles/{other['slug']}), "
    body += f"[more](entity:{third['id']}) and one more work [@hidden2020].\n"
    article = await written(editor, title="Leaning", body=body, conditions=[hidden.id])
    plans = (await ask(PLAN, editor, ids=[article["id"], other["id"]]))["editorial"]["publishPlan"]
    leaning = {each["id"]: (each["name"], each["isPlanned"]) for each in plans[0]["leansOn"]}
    assert leaning == {
        hidden.id: ("Hidden", False),
        linked.id: ("Linked", False),
        work.id: ("hidden2020", False),
        other["id"]: ("other", True),
        third["id"]: ("third", False),
    }
    assert "LNK-001" in [found["rule"] for found in plans[0]["gateReport"]["findings"]]
    assert plans[1]["leansOn"] == []


@pytest.mark.usefixtures("database")
async def test_a_plan_is_for_one_to_a_hundred_articles():
    for asked in ([], [NOBODY] * 101):
        result = await answer(PLAN, EDITOR, ids=asked)
        assert [type(error.original_error).__name__ for error in result.errors] == ["TooMany"]


@pytest.mark.usefixtures("database")
async def test_lists_of_the_desk_cost_the_same_for_two_rows_and_for_twenty():
    documents = {
        "worklist": "{ editorial { worklist(first: 50) { nodes { kind since item { ... on Article { title } } } } } }",
        "articles": "{ editorial { articles(first: 50) { nodes { title stage version } } } }",
        "auditLog": "{ editorial { auditLog(first: 50) { nodes { verb actorName } } } }",
    }
    costs = []
    for more in (2, 18):
        for _ in range(more):
            article = await builders.draft()
            await Article.filter(id=article.id).update(stage=Stage.IN_REVIEW)
            await AuditEntry.create(actor="mbr_1", verb="submitArticle", thing=article.id)
        costs.append({name: await cost(document, EDITOR) for name, document in documents.items()})
    assert costs[0] == costs[1] == {"worklist": 2, "articles": 3, "auditLog": 3}


@pytest.mark.usefixtures("database")
async def test_proposals_are_listed_oldest_first_by_entry_and_by_whether_they_wait():
    editor = await builders.member(Role.EDITOR)
    neck, back = await builders.condition(), await builders.condition("Back pain")
    plain = {"thing_version": 1, "changes": {"summary": "Anew."}, "proposed_by_id": editor.id}
    first = await Proposal.create(thing=neck.id, **plain)
    second = await Proposal.create(thing=back.id, **plain)
    decided = {"decided_by_id": editor.id, "decided_at": ahead(), "approved": False}
    third = await Proposal.create(thing=neck.id, **plain | decided)

    async def found(**wanted: Any) -> list[str]:
        document = """query ($filter: ProposalFilter) { editorial { proposals(filter: $filter) {
          totalCount nodes { id entry { id } } } } }"""
        page = (await ask(document, EDITOR, filter=wanted or None))["editorial"]["proposals"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["id"] for node in page["nodes"]]

    assert await found() == [first.id, second.id]
    assert await found(thing=neck.id) == [first.id]
    assert await found(waiting=None) == [first.id, second.id, third.id]
    assert await found(waiting=False) == [third.id]


@pytest.mark.usefixtures("accounts")
async def test_admins_list_members_and_tokens():
    admin = await builders.member(Role.ADMIN, display_name="Ada")
    other = await builders.member(Role.EDITOR, display_name="Bo")
    minted = await tokens.mint(other, "import", timedelta(hours=1))
    document = "{ editorial { members { nodes { id } } tokens { nodes { id member { id } } } } }"
    found = (await ask(document, viewer(Role.ADMIN, member=admin.id)))["editorial"]
    assert [node["id"] for node in found["members"]["nodes"]] == [admin.id, other.id]
    assert found["tokens"]["nodes"] == [{"id": minted.token.id, "member": {"id": other.id}}]
    assert minted.text not in str(found)
