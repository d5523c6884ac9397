"""Lists: their filters, their orders, their pages through GraphQL, and what they must not tell."""

import orjson
import pytest

from api.accounts.models import Member
from api.accounts.viewer import Role
from api.articles.models import Article, ArticleKind, Revision
from api.comments.models import Comment, CommentStatus
from api.evidence.models import Source
from api.practitioners import Practitioner
from api.sql import Sql, rows
from api.web.codes import Code
from tests import builders
from tests.asking import ask, refusal
from tests.builders import ago, ahead


async def titles(arguments: str, **variables):
    declared = ", ".join(f"${name}: ID!" for name in variables)
    head = f"query ({declared})" if declared else ""
    found = (await ask(f"{head} {{ articles({arguments}) {{ totalCount nodes {{ title }} }} }}", **variables))[
        "articles"
    ]
    assert found["totalCount"] == len(found["nodes"])
    return [node["title"] for node in found["nodes"]]


async def names(field: str, arguments: str, **variables):
    declared = ", ".join(f"${name}: ID!" for name in variables)
    head = f"query ({declared})" if declared else ""
    found = (await ask(f"{head} {{ {field}({arguments}) {{ totalCount nodes {{ name }} }} }}", **variables))[field]
    assert found["totalCount"] == len(found["nodes"])
    return [node["name"] for node in found["nodes"]]


async def test_articles_stand_newest_first_or_by_review_or_by_title(database):
    reviewer = await builders.practitioner()
    made = [await builders.live(title, at=ago(days=days)) for title, days in (("b", 3), ("C", 1), ("a", 2))]
    await builders.review(made[0], reviewer, at=ago(days=5))
    await builders.review(made[2], reviewer, at=ago(days=9))
    assert await titles("first: 9") == ["C", "a", "b"]
    assert await titles("orderBy: TITLE") == ["a", "b", "C"]
    assert await titles("orderBy: RECENTLY_REVIEWED") == ["b", "a", "C"]


async def test_articles_are_narrowed_by_what_they_are_about_and_by_whom(database):
    neck, needles, ada = await builders.condition(), await builders.treatment(), await builders.practitioner()
    await builders.live("Neck", conditions=[neck], treatments=[needles])
    await builders.live("Ada", authors=[ada], conditions=[neck])
    await builders.live("Neither", language="de")
    await builders.live("News", kind=ArticleKind.NEWS)
    assert sorted(await titles("filter: {condition: $id}", id=neck.id)) == ["Ada", "Neck"]
    assert await titles("filter: {treatment: $id}", id=needles.id) == ["Neck"]
    assert await titles("filter: {practitioner: $id}", id=ada.id) == ["Ada"]
    assert await titles("filter: {condition: $id, practitioner: $ada}", id=neck.id, ada=ada.id) == ["Ada"]
    assert await titles("filter: {kind: NEWS}") == ["News"]
    assert await titles('filter: {language: "de"}') == ["Neither"]


async def test_a_newer_draft_about_something_else_changes_no_filter(database):
    neck, back = await builders.condition(), await builders.condition("Back")
    article = await builders.live("Neck", conditions=[neck])
    await builders.revised(article, "Back", conditions=[back])
    assert await titles("filter: {condition: $id}", id=neck.id) == ["Neck"]
    assert await titles("filter: {condition: $id}", id=back.id) == []


async def test_articles_are_narrowed_by_the_moment_of_their_publication(database):
    for days in (1, 5, 9):
        await builders.live(f"{days}", at=ago(days=days))
    await builders.schedule(await builders.draft("due"), ago(days=3))
    await builders.schedule(await builders.draft("to come"), ahead(days=3))
    after, before = ago(days=6).isoformat(), ago(days=2).isoformat()
    assert await titles(f'filter: {{publishedAfter: "{after}"}}') == ["1", "due", "5"]
    assert await titles(f'filter: {{publishedBefore: "{before}"}}') == ["due", "5", "9"]
    assert await titles(f'filter: {{publishedAfter: "{after}", publishedBefore: "{before}"}}') == ["due", "5"]
    assert await titles(f'filter: {{publishedAfter: "{ago(days=0).isoformat()}"}}') == []


async def test_a_moment_without_its_offset_is_refused(database):
    for moment in ("2026-11-22T10:00:00", "2026-11-22", "yesterday", ""):
        document = f'{{ articles(filter: {{publishedAfter: "{moment}"}}) {{ totalCount }} }}'
        assert await refusal(document) is Code.BAD_USER_INPUT, moment


async def test_a_moment_may_be_written_as_its_standard_allows(database):
    at = ago(days=1).replace(microsecond=0)
    await builders.live("Yesterday", at=at)
    written = at.isoformat().replace("+00:00", "Z")
    for moment in (written, written.lower(), written.replace("Z", "+00:00"), written.replace("Z", ".000z")):
        assert await titles(f'filter: {{publishedAfter: "{moment}"}}') == [], moment


async def test_the_catalogue_stands_from_a_to_z_and_is_narrowed_by_its_links(database):
    neck, back = await builders.condition("neck"), await builders.condition("Back")
    needles, cups = await builders.treatment("Needles"), await builders.treatment("Cups")
    ada = await builders.practitioner("Ada", treats=(neck,), offers=(needles,))
    await builders.practitioner("Bo", treats=(back,), offers=(needles,))
    await builders.practitioner("Ora", treats=(back,), affiliation="EXTERNAL_REVIEWER")
    await builders.condition("Low back", parent=back)
    await builders.statement(needles, neck, ada)
    assert await names("conditions", "first: 9") == ["Back", "Low back", "neck"]
    assert await names("conditions", "orderBy: NEWEST") == ["Low back", "Back", "neck"]
    assert await names("conditions", "filter: {parent: $id}", id=back.id) == ["Low back"]
    assert await names("conditions", "filter: {treatment: $id}", id=needles.id) == ["neck"]
    assert await names("conditions", 'filter: {startsWith: "B"}') == ["Back"]
    assert await names("treatments", "filter: {condition: $id}", id=neck.id) == ["Needles"]
    assert await names("treatments", 'filter: {startsWith: "cu"}') == [cups.name]
    assert await names("practitioners", "first: 9") == ["Ada", "Bo"]
    assert await names("practitioners", "filter: {condition: $id}", id=back.id) == ["Bo"]
    assert await names("practitioners", "filter: {treatment: $id, condition: $neck}", id=needles.id, neck=neck.id) == [
        "Ada"
    ]


async def test_a_statement_by_somebody_whom_readers_do_not_see_joins_nothing(database):
    neck, needles = await builders.condition("Neck"), await builders.treatment("Needles")
    hidden = await builders.practitioner("Hidden", is_published=False)
    await builders.statement(needles, neck, hidden)
    assert await names("conditions", "filter: {treatment: $id}", id=needles.id) == []
    assert await names("treatments", "filter: {condition: $id}", id=neck.id) == []


async def test_a_source_is_found_by_each_of_its_names(database):
    work = await builders.source("irnich2001", doi="10.1136/bmj.322.7302.1574", pmid="11431299")
    for by in (f'{{id: "{work.id}"}}', '{key: "irnich2001"}', '{pmid: "11431299"}',
               '{doi: "https://doi.org/10.1136/BMJ.322.7302.1574"}'):  # fmt: skip
        assert await ask(f"{{ source(by: {by}) {{ id }} }}") == {"source": {"id": work.id}}, by
    for by in ('{doi: "nonsense"}', '{pmid: "0"}', "{}"):
        assert await refusal(f"{{ source(by: {by}) {{ id }} }}") is Code.BAD_USER_INPUT, by


async def test_pages_below_each_of_many_equal_the_pages_of_each(database):
    conditions = [await builders.condition(f"c{number}") for number in range(3)]
    for number in range(7):
        await builders.live(f"{number}", at=ago(days=number), conditions=conditions[: 1 + number % 3])
    fields = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { title } } totalCount"
    for window in ("first: 2", "last: 2", "first: 100"):
        nested = (await ask(f"{{ conditions {{ nodes {{ id articles({window}) {{ {fields} }} }} }} }}"))["conditions"][
            "nodes"
        ]
        for node in nested:
            alone = f"query ($id: ID!) {{ condition(by: {{id: $id}}) {{ articles({window}) {{ {fields} }} }} }}"
            assert (await ask(alone, id=node["id"]))["condition"]["articles"] == node["articles"]
            cursor = node["articles"]["pageInfo"]["endCursor" if "first" in window else "startCursor"]
            way = "after" if "first" in window else "before"
            both = f"""query ($id: ID!, $at: String) {{
              a: condition(by: {{id: $id}}) {{ articles({window}, {way}: $at) {{ {fields} }} }}
              b: articles(filter: {{condition: $id}}, {window}, {way}: $at) {{ {fields} }} }}"""
            found = await ask(both, id=node["id"], at=cursor)
            assert found["a"]["articles"] == found["b"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("first: 0", Code.BAD_USER_INPUT),
        ("first: 101", Code.BAD_USER_INPUT),
        ("last: -1", Code.BAD_USER_INPUT),
        ("first: 1, last: 1", Code.BAD_USER_INPUT),
        ('first: 1, before: "x"', Code.BAD_USER_INPUT),
        ('after: "x"', Code.BAD_CURSOR),
        ('after: ""', Code.BAD_CURSOR),
        ('before: "AAAA"', Code.BAD_CURSOR),
    ],
)
async def test_a_page_that_cannot_be_is_refused_at_the_root_and_below(database, arguments, code):
    await builders.condition()
    assert await refusal(f"{{ articles({arguments}) {{ totalCount }} }}") is code
    assert await refusal(f"{{ conditions {{ nodes {{ articles({arguments}) {{ totalCount }} }} }} }}") is code


async def test_a_cursor_of_one_list_opens_no_other(database):
    await builders.condition()
    await builders.live()
    cursors = await ask("{ conditions { edges { cursor } } articles { edges { cursor } } }")
    foreign = cursors["conditions"]["edges"][0]["cursor"]
    document = "query ($at: String) { articles(after: $at, orderBy: %s) { totalCount } }"
    assert await refusal(document % "NEWEST", at=foreign) is Code.BAD_CURSOR
    own = cursors["articles"]["edges"][0]["cursor"]
    assert await refusal(document % "TITLE", at=own) is Code.BAD_CURSOR


async def test_up_to_a_hundred_things_are_asked_for_at_once(database):
    await builders.clinic()
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await ask(document, ids=["art_1"] * 100) == {"nodes": [None] * 100}
    assert await refusal(document, ids=["art_1"] * 101) is Code.BAD_USER_INPUT


EVERYTHING = """{
  articles { totalCount edges { cursor node { id title summary updatedAt publishedAt isReviewOverdue wordCount jsonLd
    commentCount comments { edges { cursor node { body } } } related { id } citations { source { key title } }
    syndication { text contentHash attribution { text } } authors { name jsonLd } conditions { name } } } }
  byTitle: articles(orderBy: TITLE) { edges { cursor } }
  byReview: articles(orderBy: RECENTLY_REVIEWED) { edges { cursor } }
  conditions { totalCount edges { cursor node { name articles { totalCount } statements { summary } } } }
  treatments { edges { cursor node { name jsonLd } } } practitioners { edges { cursor node { name bio } } }
  sources { edges { cursor node { key csl } } } clinic { name } viewer { displayName roles }
  search(query: "sleep") { totalCount edges { cursor node { title snippet rank } } didYouMean }
  slip: search(query: "slepp") { totalCount didYouMean }
}"""


async def test_what_only_private_columns_say_changes_no_byte_of_any_answer(database):
    """An oracle would tell a secret sign by sign: change every private column, and compare all answers."""
    ada = await builders.practitioner()
    neck, needles = await builders.condition(care="Numbness."), await builders.treatment(risk="Bruises")
    await builders.source("irnich2001")
    await builders.statement(needles, neck, ada)
    writer = await builders.member(practitioner=ada)
    article = await builders.live(
        "Sleep", "Sleep well [@irnich2001].", by=writer, authors=[ada], conditions=[neck], treatments=[needles]
    )
    await builders.review(article, ada)
    await builders.comment(article)
    before = orjson.dumps(await ask(EVERYTHING))
    await Member.all().update(email="other@clinic.example", display_name="Other", password_digest="x", roles=["ADMIN"])
    await Article.all().update(version=99, created_at=ago(days=999))
    await Comment.all().update(flags=["HELD"], consent={"textVersion": "2"})
    await builders.comment(article, "Sleep.", status=CommentStatus.PENDING)
    await builders.revised(article, "Sleep sleep", "Sleep sleep sleep slepp.", conditions=[neck], authors=[ada])
    await Revision.filter(frozen_at__isnull=True).update(change_note="sleep", created_by_id=writer.id)
    await rows(Sql("UPDATE review SET note = 'sleep'"))
    await Source.all().update(status_checked_by_id=writer.id, version=7)
    await builders.draft("Sleep", "Sleep slepp.", conditions=[neck], treatments=[needles], authors=[ada])
    await builders.schedule(await builders.draft("Sleep", "Slepp."), ahead(days=1))
    hidden = await builders.condition("Sleep", is_published=False, parent=neck)
    await builders.source("hidden2020", is_published=False)
    await builders.statement(needles, hidden, ada)
    await builders.statement(needles, neck, ada, is_published=False)
    await Practitioner.create(name="Sleep", slug="sleep", job_title="Sleep", is_published=False)
    assert orjson.dumps(await ask(EVERYTHING)) == before


async def test_disclaimers_are_listed_by_title_and_readers_see_what_is_public(database):
    for title, is_published in (("b", True), ("A", True), ("c", False)):
        await builders.disclaimer(title=title, is_published=is_published)
    document = "{ disclaimers(first: 10) { totalCount nodes { title } } }"
    found = (await ask(document))["disclaimers"]
    assert found == {"totalCount": 2, "nodes": [{"title": "A"}, {"title": "b"}]}
    assert (await ask(document, builders.viewer(Role.EDITOR)))["disclaimers"]["totalCount"] == 3
