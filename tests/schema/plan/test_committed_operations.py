"""Which of the committed operations are planned, that each is one statement then, and why the others are not."""

import json

import pytest

from api.accounts.viewer import PartnerGrant, Role, Viewer
from api.articles.models import Article
from schema.plan import Unplanned
from tests import builders
from tests.asking import ROOT
from tests.schema.plan.planned import both, why
from tests.schema.plan.scene import Known, scene

OPERATIONS = {
    text.split("(")[0].split("{")[0].split()[1]: text
    for text in json.loads((ROOT / "schema" / "operations.json").read_text()).values()
}
EXECUTED = {
    "SearchPage": ("Query.search", {"query": "sleep"}),  # ranks, highlights and corrects in several steps
    "AskForForm": ("Query.commentForm", {"article": "art_x"}),  # sealed anew for each who asks
    "BeginningPage": ("Query.beginning", {}),  # before there is anything to read
    "OwnCommentPage": ("Query.viewer", {}),  # what depends on who asks is not planned
    "ReviewPage": ("Query.viewer", {"by": {"slug": "sleep"}}),  # likewise
    "EmbeddedArticle": ("Article.syndication", {"path": "/articles/sleep"}),  # made of the stored rendering, in Python
    "PartnerSync": ("Query.changes", {}),  # what partners get depends on their grants
}

PLANNED = 13


def variables(known: Known) -> dict[str, list[dict[str, object]]]:
    """What each operation is asked with: what is public, what is not, and what nobody knows."""
    slugs, ids = known.slugs, known.ids
    articles = [{"by": {"slug": slug}} for slug in slugs["article"]] + [{"by": {"id": key}} for key in ids["article"]]
    paths = [f"/{kind}s/{slug}" for kind, each in slugs.items() for slug in each]
    return {
        "ArticlePage": articles,
        "ArticlesPage": [{"orderBy": order, "last": 3} for order in ("NEWEST", "TITLE", "RECENTLY_REVIEWED")],
        "CommentedArticle": articles,
        "ConditionPage": [{"slug": slug} for slug in slugs["condition"]],
        "PractitionerPage": [{"slug": slug} for slug in slugs["practitioner"]],
        "RoutePage": [{"path": path} for path in [*paths, *PATHS]],
        "TreatmentPage": [{"slug": slug} for slug in slugs["treatment"]],
    }


PATHS = [
    "",
    "/",
    "//",
    "/old",
    "/older?a=b",
    "/gone-path",
    "/to-a-condition",
    "/to-hidden",
    "/a/b/c",
    "articles/x/",
    "/articles/",
]


@pytest.fixture
async def known(database):
    made = await scene()
    slugs = made.slugs
    live, hidden = slugs["article"][2], slugs["article"][10]
    rows = dict(zip(slugs["article"][2:], made.ids["article"][2:], strict=True))
    await builders.redirect("/old", to=await Article.get(id=rows[live]))
    await builders.redirect("/older", to=await Article.get(id=rows[slugs["article"][11]]))
    await builders.redirect("/gone-path", to=await Article.get(id=rows[hidden]))
    await builders.redirect("/to-a-condition", target=f"/conditions/{slugs['condition'][3]}")
    await builders.redirect("/to-hidden", target=f"/conditions/{slugs['condition'][4]}")
    return made


@pytest.mark.parametrize("name", sorted(EXECUTED))
async def test_a_committed_query_that_is_not_planned_has_its_reason_and_sends_nothing(database, name):
    reason, asked = EXECUTED[name]
    async with both(database) as pair:
        with pytest.raises(Unplanned, match=reason):
            why(pair.plans, OPERATIONS[name], asked)
        assert await pair.planned(OPERATIONS[name], **asked) is None
        assert pair.sent == []


async def test_every_other_committed_query_is_one_statement_whatever_it_is_asked_with(database, known):
    planned = [name for name, text in OPERATIONS.items() if text.startswith("query") and name not in EXECUTED]
    assert len(planned) == PLANNED
    async with both(database) as pair:
        for name in planned:
            for asked in variables(known).get(name, [{}]):
                await pair.agree(OPERATIONS[name], **asked)


@pytest.mark.parametrize(
    "viewer",
    [
        builders.viewer(Role.EDITOR),
        builders.viewer(Role.AUTHOR),
        builders.viewer(Role.MODERATOR),
        Viewer(preview="rev_1"),
        Viewer(partner=PartnerGrant("prt_1", full_text=True, topics=frozenset(), quota=1, sandbox=False)),
    ],
    ids=["editor", "author", "moderator", "preview", "partner"],
)
async def test_only_readers_without_a_token_are_answered_by_a_plan(database, viewer):
    await builders.clinic()
    async with both(database) as pair:
        assert await pair.planned("{ clinic { name } }", viewer) is None
        assert pair.sent == []
        assert await pair.planned("{ clinic { name } }") == b'{"clinic":{"name":"Test Clinic"}}'


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { isAuthenticated } }",
        "{ __schema { queryType { name } } }",
        "{ clinic { name } articles(first: 0) { totalCount } }",
        "{ clinic { name } articles(first: 1, last: 1) { totalCount } }",
        '{ clinic { name } articles(after: "forged") { totalCount } }',
        "{ articles { nodes { body { markdown } } } }",
    ],
)
async def test_what_no_fact_knows_or_a_room_refuses_is_left_to_strawberry_as_a_whole(database, document):
    await builders.clinic()
    async with both(database) as pair:
        assert await pair.planned(document) is None
        assert pair.sent == []


async def test_a_clinic_that_is_missing_is_told_of_by_strawberry(database):
    async with both(database) as pair:
        assert await pair.planned("{ clinic { name } }") is None
        assert len(pair.sent) == 1


async def test_a_picture_without_the_size_that_is_asked_for_is_told_of_by_strawberry(database):
    await builders.clinic(logo=await builders.picture(renditions=[]))
    async with both(database) as pair:
        assert await pair.planned("{ clinic { logo { src } } }") is None
        assert await pair.planned("{ clinic { logo { srcset } } }") == b'{"clinic":{"logo":{"srcset":""}}}'


async def test_a_source_whose_record_changed_behind_our_back_is_described_by_strawberry(database):
    source = await builders.source("trial")
    document = '{ source(by: {key: "trial"}) { reference year } }'
    async with both(database) as pair:
        assert (await pair.agree(document))["source"]["year"] == 2001
        csl = {**source.csl, "issued": {"date-parts": [[2002]]}}
        await type(source).filter(id=source.id).update(csl=csl)
        assert await pair.planned(document) is None
        source.csl = csl
        await source.save()
        assert (await pair.agree(document))["source"]["year"] == 2002


@pytest.mark.parametrize("info", ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "__typename"])
@pytest.mark.parametrize("rows", [0, 1, 3])
async def test_a_page_of_which_nothing_is_added_up_is_one_page_however_many_rows_it_has(database, info, rows):
    for number in range(rows):
        await builders.condition(f"Pain {number}")
    async with both(database) as pair:
        await pair.agree(f"{{ conditions(first: 2) {{ pageInfo {{ {info} }} }} }}")
        await pair.agree(f"{{ conditions(last: 2) {{ pageInfo {{ {info} }} __typename }} }}")


async def test_the_values_of_variables_and_directives_never_stick_to_a_plan(database):
    articles = [await builders.live(f"Sleep {number}") for number in range(3)]
    document = (
        "query ($slug: String!, $full: Boolean!) { article(by: {slug: $slug}) { title summary @include(if: $full) } }"
    )
    async with both(database) as pair:
        for full in (True, False):
            for article in articles:
                shown = await pair.agree(document, slug=article.slug, full=full)
                assert set(shown["article"]) == ({"title", "summary"} if full else {"title"})


async def test_what_was_taken_down_is_gone_from_the_next_answer(database):
    article = await builders.live("Sleep")
    document = "query ($slug: String!) { article(by: {slug: $slug}) { title } articles { totalCount } }"
    async with both(database) as pair:
        assert (await pair.agree(document, slug=article.slug))["articles"] == {"totalCount": 1}
        await builders.take_down(article)
        assert await pair.agree(document, slug=article.slug) == {"article": None, "articles": {"totalCount": 0}}
