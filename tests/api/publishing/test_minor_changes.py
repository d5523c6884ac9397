"""What a small change may touch, what it inherits, and what may be cut without asking first (invariant 5)."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from api import documents
from api.accounts.viewer import Role
from api.articles.editing import Content
from api.articles.models import Article, Revision, UpdateType
from api.publishing import gating, minor
from tests.deskwork import (
    BODY,
    REPORT,
    approved,
    codes,
    decided,
    do,
    published,
    reviewer,
    submitted,
    viewer,
    written,
)

TEXT = (
    "Most neck pain eases by itself. In one trial of 177 people [@irnich2001], acupuncture helped a little. "
    + " ".join(f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
)
FIELDS = "userErrors { code field message } article { id version stage isLive } " + REPORT


def content(body: str = TEXT, **said: object) -> Content:
    return Content(**{"title": "Sleep", "body": documents.from_markdown(body), "authors": ("prc_1",)} | said)


@pytest.mark.parametrize(
    ("after", "differs"),
    [
        (content(), ()),
        (content(TEXT.replace("helped a little", "did not help")), ("more than 5 % of the words",)),
        (content(TEXT.replace("eases", "fades")), ()),
        (content(TEXT.replace("177", "178")), ("numbers in the text",)),
        (content(TEXT.replace("[@irnich2001]", "[@other2001]")), ("citations",)),
        (content(TEXT.replace("[@irnich2001]", "[@irnich2001, p. 4]")), ("citations",)),
        (content(authors=("prc_2",)), ("authors",)),
        (content(conditions=("cnd_1",)), ("conditions",)),
        (content(treatments=("trt_1",)), ("treatments",)),
        (content(disclaimers=("dsc_1",)), ("disclaimers",)),
        (content(title="Slept"), ()),
        (content(TEXT + "\n\n::: urgent\nCall 111.\n:::\n"), ("care advice", "numbers in the text")),
    ],
    ids=[
        "nothing", "three words", "a word", "a number", "a source", "a locator", "authors", "conditions", "treatments",
        "disclaimers", "the title", "care advice",
    ],
)  # fmt: skip
def test_what_makes_a_change_too_big(after, differs):
    found = minor.too_big(content(), after)
    assert found[: len(differs)] == differs
    assert set(found) - set(differs) <= {"more than 5 % of the words"}


def test_five_in_a_hundred_words_may_differ_and_six_may_not():
    words = [f"w{chr(97 + place // 26)}{chr(97 + place % 26)}" for place in range(99)]
    before = content(" ".join(words))  # with the title, a hundred
    assert minor.too_big(before, content(" ".join([*words[:-5], *"vwxyz"]))) == ()
    assert minor.too_big(before, content(" ".join([*words[:-6], *"uvwxyz"]))) == ("more than 5 % of the words",)
    assert minor.too_big(before, content(" ".join(words[:-5]))) == ()
    assert minor.too_big(before, content(" ".join(words[:-6]))) == ("more than 5 % of the words",)


def test_words_that_only_change_places_are_counted_too():
    words = [f"w{chr(97 + place // 26)}{chr(97 + place % 26)}" for place in range(99)]
    turned = " ".join([*words[50:], *words[:50]])
    assert minor.too_big(content(" ".join(words)), content(turned)) == ("more than 5 % of the words",)


def test_a_long_text_in_disorder_is_compared_in_time():
    words = ["the", "and"] * 12_000
    before, after = content(" ".join(words)), content(" ".join(reversed(words)))
    begun = time.process_time()
    minor.too_big(before, after)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("body", "cuts"),
    [
        ("One. It helps a little. Three [@a1].", False),
        ("One. Three [@a1].", True),
        ("One. It helps a little.", True),
        ("It helps a little. Three [@a1].", True),
        ("Helps a little. Three [@a1].", True),
        ("One. It helps. Three [@a1].", True),
        ("One. It helps a lot. Three [@a1].", False),
        ("One. It helps a little. Three [@b1].", False),
        ("## One\n\nIt helps a little.", False),
        ("One. It **helps** a little.", False),
        ("One. It [helps](https://x.example) a little.", False),
        ("Three [@a1]. One.", False),
    ],
)
def test_a_cut_only_takes_away(body, cuts):
    before = content("One. It helps a little. Three [@a1].")
    assert minor.only_deletes(before, content(body)) is cuts


def test_part_of_a_number_cannot_be_cut():
    before = content("It eased by 12.5 points of 100.")
    assert not minor.only_deletes(before, content("It eased by 2.5 points of 100."))
    assert not minor.only_deletes(before, content("It eased by 12.5 points of 10."))
    assert minor.only_deletes(before, content("It eased by 12.5 points."))


def test_a_cut_changes_no_relation():
    assert not minor.only_deletes(content("One. Two."), content("One.", authors=()))
    assert not minor.only_deletes(content("One. Two."), content("One.", disclaimers=("dsc_1",)))


pytest_sample = pytest.mark.usefixtures("sample")


@pytest_sample
async def test_a_minor_change_goes_live_without_a_new_review_and_keeps_the_reviewer():
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    body = {"markdown": BODY.replace("few weeks", "few days")}
    said = {"id": article["id"], "expectedVersion": article["version"], "updateType": "MINOR", "body": body}
    revised = (await do("reviseArticle", editor, **said))["article"]
    before = await Article.get(id=article["id"])
    done = await do("publishArticle", editor, id=article["id"], expectedVersion=revised["version"])
    assert (revised["stage"], done["userErrors"], done["article"]["isLive"]) == ("DRAFT", [], True)
    after = await Article.get(id=article["id"])
    assert (before.live_id != after.live_id, after.updated_at) == (True, before.updated_at)
    assert after.reviewed_on == before.reviewed_on


@pytest_sample
async def test_a_discarded_draft_does_not_stand_between_a_minor_change_and_its_review():
    editor, other = await viewer(Role.EDITOR), await viewer(Role.EDITOR)
    article = await published(editor)
    await do("reviseArticle", other, id=article["id"], expectedVersion=article["version"], title="Something else")
    await do("discardDraft", other, id=article["id"], expectedVersion=article["version"] + 1)
    said = {"id": article["id"], "expectedVersion": article["version"] + 2, "updateType": "MINOR"}
    revised = (await do("reviseArticle", editor, **said, title="A short word on a sore shoulder"))["article"]
    done = await do("publishArticle", editor, id=article["id"], expectedVersion=revised["version"])
    assert done["userErrors"] == []


@pytest_sample
async def test_a_change_that_is_too_big_to_be_minor_is_refused_and_told_in_what():
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    body = {"markdown": BODY.replace("177", "178").replace(" [@irnich2001]", "")}
    said = {"id": article["id"], "expectedVersion": article["version"], "updateType": "MINOR", "body": body}
    refused = await do("reviseArticle", editor, **said)
    assert refused["userErrors"] == [
        {
            "code": "INVALID",
            "field": ["updateType"],
            "message": "A MINOR change leaves these as they are, and here differ: citations, numbers in the text. "
            "Make it MAJOR.",
        }
    ]
    assert await Revision.filter(article_id=article["id"]).count() == 1


@pytest_sample
@pytest.mark.parametrize("verb", ["submitArticle", "publishArticle", "scheduleArticle"])
async def test_a_change_that_is_too_big_is_refused_again_on_its_way(verb):
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    body = {"markdown": BODY.replace("177", "178")}
    revised = await do("reviseArticle", editor, id=article["id"], expectedVersion=article["version"], body=body)
    await Revision.filter(article_id=article["id"], number=2).update(update_type=UpdateType.MINOR)
    at = {"at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()} if verb == "scheduleArticle" else {}
    refused = await do(verb, editor, id=article["id"], expectedVersion=revised["article"]["version"], **at)
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("INVALID", ["updateType"])]


@pytest_sample
async def test_minor_is_said_of_one_change_and_not_of_the_next():
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    said = {
        "id": article["id"],
        "updateType": "MINOR",
        "changeNote": "A word",
        "title": "A short word on a sore shoulder",
    }
    revised = (await do("reviseArticle", editor, expectedVersion=article["version"], **said))["article"]
    live = (await do("publishArticle", editor, id=article["id"], expectedVersion=revised["version"]))["article"]
    await do("reviseArticle", editor, id=article["id"], expectedVersion=live["version"], title="Anew")
    newest = await Revision.get(article_id=article["id"], number=3)
    assert (newest.update_type, newest.change_note) == (UpdateType.MAJOR, None)


@pytest_sample
async def test_a_minor_change_of_a_reviewed_draft_cannot_bring_in_what_nobody_reviewed():
    editor = await viewer(Role.EDITOR)
    article = await approved(editor)
    said = {"id": article["id"], "expectedVersion": article["version"], "updateType": "MINOR"}
    refused = await do(
        "reviseArticle", editor, **said, body={"markdown": BODY.replace("eases", "goes") + "\n\nMore. " * 9}
    )
    assert codes(refused) == ["INVALID"]
    small = await do("reviseArticle", editor, **said, title="A short word on a sore shoulder")
    done = await do("publishArticle", editor, id=article["id"], expectedVersion=small["article"]["version"])
    assert done["userErrors"] == []


@pytest_sample
async def test_what_a_reviewer_sent_back_inherits_nothing():
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    said = {"id": article["id"], "updateType": "MINOR", "title": "A short word on a sore shoulder"}
    revised = (await do("reviseArticle", editor, expectedVersion=article["version"], **said))["article"]
    asked = (await do("submitArticle", editor, id=article["id"], expectedVersion=revised["version"]))["article"]
    back = await decided(asked, "CHANGES_REQUESTED")
    again = (await do("reviseArticle", editor, expectedVersion=back["version"], **said))["article"]
    refused = await do("publishArticle", editor, fields=FIELDS, id=article["id"], expectedVersion=again["version"])
    assert codes(refused) == ["BLOCKED"]
    assert "REV-001" in [found["rule"] for found in refused["gateReport"]["findings"]]


@pytest_sample
async def test_a_cut_is_published_at_once_as_a_correction_and_reviewed_within_seven_days():
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    body = {"markdown": BODY.replace("Most neck pain eases by itself. ", "")}
    revised = (await do("reviseArticle", editor, id=article["id"], expectedVersion=article["version"], body=body))[
        "article"
    ]
    done = await do(
        "correctArticle", editor, id=article["id"], expectedVersion=revised["version"], text="It went too far."
    )
    assert (done["userErrors"], done["article"]["isLive"]) == ([], True)
    row = await Article.get(id=article["id"])
    live = await Revision.get(id=row.live_id)
    rules = {}
    for days in (0, 7, 8):
        report = await gating.report_of(row, live, datetime.now(UTC) + timedelta(days=days))
        rules[days] = [found.rule for found in report.findings if found.rule.startswith("REV")]
    assert rules == {0: [], 7: [], 8: ["REV-001"]}


@pytest_sample
async def test_a_correction_that_adds_a_word_needs_a_review():
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    body = {"markdown": BODY.replace("Most neck pain eases by itself. ", "Always. ")}
    revised = (await do("reviseArticle", editor, id=article["id"], expectedVersion=article["version"], body=body))[
        "article"
    ]
    said = {"id": article["id"], "expectedVersion": revised["version"], "text": "It went too far."}
    refused = await do("correctArticle", editor, **said)
    assert codes(refused) == ["BLOCKED"]
    assert (await Article.get(id=article["id"])).version == revised["version"]


@pytest_sample
async def test_a_schedule_of_an_inheriting_draft_goes_back_to_where_it_was():
    editor = await viewer(Role.EDITOR)
    article = await published(editor)
    said = {"id": article["id"], "updateType": "MINOR", "title": "A short word on a sore shoulder"}
    revised = (await do("reviseArticle", editor, expectedVersion=article["version"], **said))["article"]
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    planned = await do("scheduleArticle", editor, id=article["id"], expectedVersion=revised["version"], at=at)
    back = await do("cancelSchedule", editor, id=article["id"], expectedVersion=planned["article"]["version"])
    assert (planned["article"]["stage"], back["article"]["stage"]) == ("SCHEDULED", "DRAFT")


@pytest_sample
async def test_a_new_draft_that_calls_itself_minor_still_needs_its_review():
    editor = await viewer(Role.EDITOR)
    article = await written(editor, updateType="MINOR")
    refused = await do("publishArticle", editor, id=article["id"], expectedVersion=article["version"])
    assert codes(refused) == ["BLOCKED"]
    by = await reviewer()
    sent = await submitted(editor)
    assert (await decided(sent, by=by))["stage"] == "APPROVED"
