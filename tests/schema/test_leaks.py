"""One word stands in every private place; no question that anybody may ask brings it to light."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from api import ids
from api.accounts.viewer import ANONYMOUS, PartnerGrant, Role, Scope, Viewer
from api.articles.derived import GateReport
from api.articles.models import Article, CommentPolicy, Correction, UnpublishKind
from api.audit import AuditEntry
from api.comments.models import CommentStatus
from api.syndication import keys
from tests import builders, crawling
from tests.asking import answer, ask, crawl
from tests.builders import ago, ahead, viewer

CANARY = "xylocanary"
MISSPELT = "xylocanery"
SAID = f"The {CANARY} sings."
GRANT = PartnerGrant(
    partner="prt_00000000000000000000000000", full_text=True, topics=frozenset(), quota=1_000, sandbox=False
)
STRANGERS = {
    "anonymous": ANONYMOUS,
    "partner": keys.viewer(GRANT),
    # With the scope COMMENTS a moderator reads comments: see tests/api/comments/test_moderating.py.
    "moderator whose token is not for comments": viewer(Role.MODERATOR, scopes=frozenset(Scope) - {Scope.COMMENTS}),
    "another author": viewer(Role.AUTHOR, member="mbr_other"),
    "holder of a preview": Viewer(preview="rev_00000000000000000000000000"),
}
BY = {"cnd": "condition", "trt": "treatment", "prc": "practitioner"}
DEPTH = 3  # objects below objects; with the wrappers of lists, 5 and more levels of a document


@dataclass
class Secrets:
    """Ids, slugs and paths of what does not exist for a reader, and how much of each kind does."""

    ids: list[str]
    slugs: list[tuple[str, str]]
    paths: list[str]
    live: int
    conditions: int
    comments: int


async def hide() -> Secrets:
    await builders.clinic()
    await builders.partner(id=GRANT.partner)
    author = await builders.member(Role.AUTHOR, display_name=SAID)
    seen = {
        "condition": await builders.condition(care="Numbness."),
        "treatment": await builders.treatment(risk="Bruises"),
    }
    wrote = await builders.practitioner(treats=(seen["condition"],), offers=(seen["treatment"],))
    private = {"summary": SAID, "is_published": False}
    condition = await builders.condition(CANARY, care=SAID, parent=seen["condition"], **private)
    await builders.condition("Below", parent=condition)
    treatment = await builders.treatment(CANARY, risk=SAID, **private)
    person = await builders.practitioner(
        CANARY, bio=SAID, is_published=False, treats=(seen["condition"],), offers=(seen["treatment"],)
    )
    await builders.practitioner("Bo Lin", treats=(condition,), offers=(treatment,))
    work = await builders.source("hidden2020", title=SAID, plain_summary=SAID, is_published=False)
    cited = await builders.source("irnich2001", superseded_by=work)
    note, _ = await builders.disclaimer(SAID, is_published=False), await builders.disclaimer()
    statements = [
        await builders.statement(*names, sources=(cited, work), **said)
        for names, said in (
            ((seen["treatment"], seen["condition"], wrote), {"summary": SAID, "is_published": False}),
            ((treatment, seen["condition"], wrote), {"summary": SAID}),
            ((seen["treatment"], condition, wrote), {"summary": SAID}),
            ((seen["treatment"], seen["condition"], person), {"summary": SAID}),
        )
    ]
    await builders.statement(seen["treatment"], seen["condition"], wrote, sources=(cited, work))
    relations: dict[str, Any] = {
        "conditions": [seen["condition"], condition], "treatments": [seen["treatment"], treatment],
        "authors": [wrote, person], "disclaimers": [note],
    }  # fmt: skip
    body = "As shown [@irnich2001; @hidden2020]."
    live = await builders.live("Live", body, by=author, **relations)
    await GateReport.create(
        revision_id=live.live_id, policy_version="1", computed_at=ago(), findings=[{"message": SAID}]
    )
    await builders.review(live, wrote, note=SAID)
    await AuditEntry.create(actor=author.id, verb="publish", thing=live.id, after={"said": SAID})
    other = await builders.live("Other", "Other.", **relations)
    await builders.review(other, person)
    private = {"summary": SAID, "change_note": SAID, "seo": {"title": SAID}}
    hidden = [
        await builders.draft(CANARY, SAID, by=author, old_paths=("/post/draft",), **private, **relations),
        await builders.schedule(await builders.draft(CANARY, SAID, **private), ahead(days=1)),
    ]
    await builders.revised(live, CANARY, SAID, **private, **relations)
    scheduled = await builders.live("Live too", "Plain.")
    await builders.revised(scheduled, CANARY, SAID, **private)
    await builders.schedule(scheduled, ahead(days=1))
    withdrawn = await builders.live("Withdrawn", SAID, summary=SAID, old_paths=("/post/withdrawn",), **relations)
    gone = await builders.live(CANARY, SAID, old_paths=("/post/gone",), **relations)
    legal = await builders.live(CANARY, SAID, **relations)
    await Correction.create(article=gone, at=ago(), text=SAID)
    comments = [
        await builders.comment(live, SAID, display_name=CANARY, status=status)
        for status in CommentStatus
        if status is not CommentStatus.APPROVED
    ]
    comments += [await builders.comment(article, SAID) for article in (*hidden, withdrawn, gone)]
    closed = await builders.live("Silent", "Plain.", comments=CommentPolicy.OFF)
    comments.append(await builders.comment(closed, SAID))
    await builders.comment(live, "Thank you.", flags=[CANARY], consent={"said": CANARY})
    for article, kind in ((withdrawn, "WITHDRAWN"), (gone, "GONE"), (legal, "LEGAL")):
        await builders.take_down(article, UnpublishKind[kind])
    taken = [*hidden, withdrawn, gone, legal]
    return Secrets(
        ids=[row.id for row in (condition, treatment, person, work, note, *statements, *taken, *comments)],
        slugs=[("article", article.slug) for article in taken]
        + [("condition", condition.slug), ("treatment", treatment.slug), ("practitioner", person.slug)],
        paths=[f"/articles/{article.slug}" for article in hidden]
        + [f"/conditions/{condition.slug}", f"/treatments/{treatment.slug}", f"/practitioners/{person.slug}"]
        + ["/post/draft"],
        live=await Article.filter(live_id__isnull=False).count(),
        conditions=2,
        comments=1,
    )


@pytest.mark.parametrize("who", STRANGERS)
async def test_no_question_brings_a_private_word_to_light(database, who):
    asker = STRANGERS[who]
    secrets = await hide()
    questions = dict(crawling.questions(DEPTH if asker is ANONYMOUS else 1))
    assert {"articles", "conditions", "treatments", "practitioners", "sources", "clinic", "viewer"} <= set(questions)
    desk = await answer(questions.pop("editorial"), asker)
    assert {error.extensions["code"] for error in desk.errors or ()} <= {"FORBIDDEN"}
    assert CANARY not in f"{desk.data}{desk.errors}"
    for name, document in questions.items():
        found = await crawl(document, asker)
        assert CANARY not in orjson.dumps(found).decode(), name
        assert name in {"viewer", "clinic", "beginning"} or len(list(crawling.found(found, "id"))) > 1, name
    everything = await crawl(questions["articles"], asker)
    assert everything["articles"]["totalCount"] == secrets.live == len(everything["articles"]["nodes"])
    assert set(crawling.found(everything, "commentCount")) == {0, secrets.comments}
    hubs = await crawl(questions["conditions"], asker)
    assert hubs["conditions"]["totalCount"] == secrets.conditions


@pytest.mark.parametrize("who", STRANGERS)
async def test_what_is_private_is_asked_for_by_name_in_vain_and_answered_as_if_it_were_not(database, who):
    asker = STRANGERS[who]
    secrets = await hide()
    for key in secrets.ids:
        random = ids.new(key.partition("_")[0])
        assert await _everything_by_id(key, asker) == await _everything_by_id(random, asker), key
    for kind, slug in secrets.slugs:
        document = f"query ($slug: String!) {{ {kind}(by: {{slug: $slug}}) {{ id }} }}"
        assert await ask(document, asker, slug=slug) == {kind: None}
    for path in secrets.paths:
        assert await ask("query ($path: String!) { route(path: $path) { __typename } }", asker, path=path) == {
            "route": None
        }


@pytest.mark.parametrize("who", STRANGERS)
async def test_no_search_finds_suggests_or_counts_a_private_word(database, who):
    asker = STRANGERS[who]
    await hide()
    document = """query ($query: String!, $after: String) {
      search(query: $query, first: 2, after: $after) {
        totalCount didYouMean pageInfo { endCursor } nodes { title snippet } edges { cursor } }
    }"""
    for query in (
        CANARY,
        MISSPELT,
        CANARY[:6],
        f'"{CANARY} sings"',
        f"sings {CANARY}",
        f"neck -{MISSPELT}z",
        f"slepp {MISSPELT}",
    ):
        found = (await ask(document, asker, query=query))["search"]
        assert CANARY not in str(found).replace(query, ""), query
        if not query.startswith("neck"):
            assert (found["totalCount"], found["nodes"], found["didYouMean"]) == (0, [], None), query
    first = (await ask(document, asker, query=f"neck or {MISSPELT}"))["search"]
    after = first["pageInfo"]["endCursor"]
    rest = (await ask(document, asker, query=f"neck or {MISSPELT}", after=after))["search"]
    assert CANARY not in str([first, rest])


async def test_the_dead_tell_what_they_must_and_not_what_they_said(database):
    await hide()
    withdrawn, *others = await Article.filter(unpublished_kind__isnull=False).order_by("created_at")
    document = """query ($path: String!) { route(path: $path) { __typename
      ... on Withdrawn { title explanation severity replacement { id } } ... on Gone { why: explanation legal } } }"""
    for path in (f"/articles/{withdrawn.slug}", "/post/withdrawn"):
        assert (await ask(document, path=path))["route"] == {
            "__typename": "Withdrawn", "title": "Withdrawn", "explanation": "It was wrong.", "severity": "ROUTINE",
            "replacement": None,
        }  # fmt: skip
    for article in others:
        answer = await ask(document, path=f"/articles/{article.slug}")
        assert answer["route"]["__typename"] == "Gone"
        assert CANARY not in str(answer)


async def test_a_preview_shows_what_its_revision_names_and_nothing_more_of_others(database):
    hidden, plain = await builders.condition(CANARY, is_published=False), await builders.condition()
    await builders.source("hidden2020", title=SAID, is_published=False)
    body = "As shown [@hidden2020]."
    draft = await builders.draft("Draft", body, conditions=[hidden, plain])
    live = await builders.live("Live", body, conditions=[hidden, plain])
    document = """query ($by: [ID!]!) {
      nodes(ids: $by) { ... on Article { title conditions { name } citations { source { title } } } }
    }"""
    shown = await ask(document, Viewer(preview=draft.draft_id, preview_is_wide=True), by=[draft.id, live.id])
    assert [node["conditions"] for node in shown["nodes"]] == [
        [{"name": CANARY}, {"name": "Neck pain"}], [{"name": "Neck pain"}],
    ]  # fmt: skip
    other = await builders.draft("Other", "No source.")
    shown = await ask(document, Viewer(preview=other.draft_id, preview_is_wide=True), by=[draft.id, live.id])
    assert shown["nodes"] == [
        None,
        {"title": "Live", "conditions": [{"name": "Neck pain"}], "citations": [{"source": None}]},
    ]


async def _everything_by_id(key: str, asker: Viewer) -> Any:
    kind = BY.get(key.partition("_")[0])
    filters = {
        "cnd": "articles(filter: {condition: $id}) { totalCount } treatments(filter: {condition: $id}) { totalCount } "
        "conditions(filter: {parent: $id}) { totalCount } practitioners(filter: {condition: $id}) { totalCount }",
        "trt": "articles(filter: {treatment: $id}) { totalCount } conditions(filter: {treatment: $id}) { totalCount } "
        "practitioners(filter: {treatment: $id}) { totalCount }",
        "prc": "articles(filter: {practitioner: $id}) { totalCount }",
    }.get(key.partition("_")[0], "")
    alone = f"{kind}(by: {{id: $id}}) {{ id }}" if kind else ""
    document = f"query ($id: ID!) {{ node(id: $id) {{ id }} nodes(ids: [$id]) {{ id }} {alone} {filters} }}"
    return await ask(document, asker, id=key)
