"""Search as readers use it: words in any form, best first, marked, and forgiving of slips."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import search
from api.articles.models import Article
from api.web.codes import Code
from tests import builders
from tests.asking import answer, ask, refusal

DOCUMENT = """query ($query: String!, $first: Int, $after: String, $types: [SearchType!]) {
  search(query: $query, first: $first, after: $after, types: $types) {
    totalCount didYouMean pageInfo { hasNextPage endCursor }
    nodes { title snippet rank item { __typename
      ... on Article { slug } ... on Condition { slug } ... on Treatment { slug } ... on Practitioner { slug } } }
  }
}"""


async def found(query, **arguments):
    return (await ask(DOCUMENT, query=query, **arguments))["search"]


async def slugs(query, **arguments):
    return [hit["item"]["slug"] for hit in (await found(query, **arguments))["nodes"]]


async def test_a_word_in_the_title_weighs_more_than_in_the_summary_and_that_more_than_in_the_text(database):
    await builders.live("Rest", "Migraine is common.", slug="text")
    await builders.live("Sleep", "Rest.", summary="On migraine.", slug="summary")
    await builders.live("Migraine", "Rest.", slug="title")
    assert await slugs("migraine") == ["title", "summary", "text"]


async def test_words_are_found_in_all_their_forms(database):
    await builders.live("Sleep", "She was sleeping badly with two needles.", slug="sleep")
    for query in ("sleeps", "slept badly", "needle", "NEEDLES", "sleep needling"):
        assert await slugs(query) == (["sleep"] if query != "slept badly" else []), query


async def test_the_last_word_may_be_a_beginning_and_no_other_may(database):
    await builders.live("Acupuncture for migraine", slug="found")
    assert await slugs("acupuncture for migr") == ["found"]
    assert await slugs("acup migraine") == []
    assert await slugs("m") == ["found"]


async def test_quotes_and_minus_and_or_mean_what_they_mean_elsewhere(database):
    await builders.live("Neck pain", "A stiff neck.", slug="neck")
    await builders.live("Pain", "The neck hurts.", slug="pain")
    assert await slugs('"stiff neck"') == ["neck"]
    assert set(await slugs("neck -stiff")) == {"pain"}
    assert set(await slugs("stiff or hurts")) == {"neck", "pain"}


async def test_every_kind_is_found_and_can_be_asked_for_alone(database):
    await builders.live("Migraine", slug="article")
    await builders.condition("Migraine", slug="condition")
    await builders.treatment("Migraine massage", slug="treatment")
    await builders.practitioner("Mia Migraine", slug="person")
    assert set(await slugs("migraine")) == {"article", "condition", "treatment", "person"}
    for kind, slug in (("ARTICLE", "article"), ("CONDITION", "condition"), ("TREATMENT", "treatment")):
        assert await slugs("migraine", types=[kind]) == [slug]
    assert set(await slugs("migraine", types=["PRACTITIONER", "TREATMENT"])) == {"person", "treatment"}


async def test_a_condition_is_found_by_its_other_names_and_symptoms(database):
    await builders.condition("Migraine", slug="found", alternate_names=["hemicrania"], symptoms=["photophobia"])
    assert await slugs("hemicrania") == await slugs("photophobia") == ["found"]


async def test_an_external_reviewer_is_found_by_nobody(database):
    await builders.practitioner("Ora Outside", affiliation="EXTERNAL_REVIEWER")
    assert (await found("outside"))["totalCount"] == 0


async def test_pages_of_hits_meet_each_hit_once_best_first(database):
    for number in range(7):
        await builders.live(f"Sleep {number}", "sleep " * number, slug=f"s{number}")
    whole, paged, after = await slugs("sleep", first=100), [], None
    while True:
        page = await found("sleep", first=2, after=after)
        paged += [hit["item"]["slug"] for hit in page["nodes"]]
        assert page["totalCount"] == 7
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert paged == whole
    ranks = [hit["rank"] for hit in (await found("sleep"))["nodes"]]
    assert ranks == sorted(ranks, reverse=True)


async def test_beyond_what_is_looked_at_every_page_is_of_the_same_articles(database, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 6)
    monkeypatch.setattr(search, "MOST_BEGUN", 3)
    for number in range(12):
        await builders.live(f"Migraine {number}")
        await builders.live(f"Migraines{number}x")

    whole = [hit["title"] for hit in (await found("migraine"))["nodes"]]
    paged, after = [], None
    for _ in range(3):
        page = await found("migraine", first=3, after=after)
        paged += [hit["title"] for hit in page["nodes"]]
        after = page["pageInfo"]["endCursor"]

    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (9, False)
    assert paged == whole
    assert [title.startswith("<mark>Migraine</mark> ") for title in whole].count(True) == 6


async def test_no_article_with_the_whole_words_is_lost_to_those_that_only_begin_so(database, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 6)
    monkeypatch.setattr(search, "MOST_BEGUN", 3)
    for number in range(20):
        await builders.live(f"Migraines{number}x")
    for number in range(5):
        await builders.live(f"Migraine {number}")

    titles = [hit["title"] for hit in (await found("migraine"))["nodes"]]

    assert len(titles) == 5 + 3
    assert all(f"<mark>Migraine</mark> {number}" in titles for number in range(5))


async def test_what_was_found_is_marked_and_everything_else_is_escaped(database):
    hostile = "Sleep <script>alert(1)</script> & <img src=x onerror=alert(1)>"
    await builders.live(hostile, "Sleep well.", summary='<b onmouseover=alert(1)>sleep</b> "quoted"', slug="found")
    await builders.practitioner("Sleep <svg/onload=alert(1)>", slug="person", bio="</mark><script>sleep</script>")
    for hit in (await found("sleep"))["nodes"]:
        assert "<mark>" in hit["title"] + hit["snippet"]
        for text in (hit["title"], hit["snippet"]):
            assert text.count("<mark>") == text.count("</mark>")
            assert "<" not in re.sub(r"</?mark>", "", text)
            assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", text)


async def test_the_highlight_stands_on_the_words_that_were_found(database):
    await builders.live("Sleeping badly", "Nights are short.")
    (hit,) = (await found("sleeps"))["nodes"]
    assert hit["title"] == "<mark>Sleeping</mark> badly"


async def test_a_misspelt_word_is_put_right_when_that_finds_something(database):
    await builders.live("Sleep and migraine", "Acupuncture.")
    slips = {
        "migrane": "migraine",
        "acupunture": "acupuncture",
        "slepp migrane": "sleep migraine",
        "MIGRANE": "migraine",
    }
    answered = {slip: await found(slip) for slip in slips}
    assert {slip: (one["totalCount"], one["didYouMean"]) for slip, one in answered.items()} == {
        slip: (0, meant) for slip, meant in slips.items()
    }


async def test_nothing_is_suggested_where_something_was_found_or_nothing_comes_near(database):
    await builders.live("Migraine", slug="found")
    assert (await found("migraine"))["didYouMean"] is None
    assert (await found("zzzzzzzz"))["didYouMean"] is None
    end = (await found("migraine"))["pageInfo"]["endCursor"]
    assert (await found("migraine", after=end))["didYouMean"] is None


async def test_a_word_that_only_a_withdrawn_article_held_is_never_suggested(database):
    await builders.take_down(await builders.live("Xanthoma", "Xanthelasma."))
    await builders.live("Sleep", slug="sleep")
    assert (await found("xanthomma"))["didYouMean"] is None
    assert (await found("-xanthomma slepp"))["didYouMean"] == "-xanthomma sleep"


async def test_common_words_alone_find_nothing_and_harm_nobody(database):
    await builders.live("The sleep of the just")
    for query in ("the", "of the", "and or the", '"the"'):
        answered = await found(query)
        assert (answered["totalCount"], answered["didYouMean"]) == (0, None), query
    assert (await found("the sleep of"))["totalCount"] == 1


async def test_a_query_has_one_to_two_hundred_characters(database):
    await builders.clinic()
    for query in ("", "   ", "\n\t", "a" * 201):
        assert await refusal(DOCUMENT, query=query) is Code.BAD_USER_INPUT, query
    assert (await found("a" * 200))["totalCount"] == 0
    assert (await found("  " + "a" * 200 + "  "))["totalCount"] == 0


async def test_a_cursor_of_another_list_is_refused(database):
    await builders.live("Sleep")
    foreign = (await ask("{ articles { edges { cursor } } }"))["articles"]["edges"][0]["cursor"]
    assert await refusal(DOCUMENT, query="sleep", after=foreign) is Code.BAD_CURSOR


signs = st.text(
    st.sampled_from("abé ß_-'\"\\!&|():*<>%?$,.;@#/0\x02\x03\x1fー中²½İǅ𝔘\u200d\u0301"), min_size=1, max_size=40
)


@given(st.one_of(signs, st.text(min_size=1, max_size=60)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_query_is_too_strange(database, query):
    result = await answer(DOCUMENT, query=query)
    for error in result.errors or ():
        assert not query.strip() or "\0" in query, error


@given(signs)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_title_is_found_by_its_own_words_and_shown_safely(database, strange):
    if not await Article.exists(slug="found"):
        await builders.live("Sleep", "Sleep.", slug="found")
    for hit in (await found(f"{strange} sleep"))["nodes"]:
        assert hit["item"]["slug"] == "found"
