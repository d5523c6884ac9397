"""Letting findings pass: who may, what never passes, and what a waiver is bound to."""

from datetime import UTC, datetime, timedelta

import pytest

from api.accounts.viewer import Role, Viewer
from api.articles.models import Article
from api.audit import AuditEntry
from api.publishing.models import Waiver
from tests import builders
from tests.deskwork import BODY, REPORT, codes, decided, do, due, reviewer, version, viewer, written

pytestmark = pytest.mark.usefixtures("sample")
FIELDS = "userErrors { code field message } article { version } " + REPORT
ABSOLUTE = BODY + "\nTea after a walk is a miracle.\n"
LONG = BODY + "\nThis sentence is " + "very, " * 30 + "long.\n"


@pytest.fixture(autouse=True)
async def without_the_samples_own(sample: str) -> None:
    await Waiver.all().delete()


async def findings(asking: Viewer, article: dict) -> dict[str, dict]:
    """The findings that publishing the draft meets, by rule."""
    fields = "userErrors { code } article { version } " + REPORT
    refused = await do("publishArticle", asking, fields=fields, id=article["id"], expectedVersion=article["version"])
    return {found["rule"]: found for found in refused["gateReport"]["findings"]}


def said(article: dict, found: dict, **more: object) -> dict:
    plain = {"article": article["id"], "expectedVersion": article["version"]}
    plain |= {"rule": found["rule"], "fingerprint": found["fingerprint"]}
    return plain | {"why": "It quotes what others say.", "until": due(30)} | more


async def test_a_reviewer_lets_wording_pass_and_says_why_and_until_when():
    editor, clinician = await viewer(Role.EDITOR), await reviewer()
    article = await written(editor, body=ABSOLUTE)
    found = (await findings(editor, article))["CLM-004"]
    done = await do("waiveFinding", clinician, fields=FIELDS, **said(article, found))
    assert (done["userErrors"], done["article"]["version"]) == ([], article["version"] + 1)
    waived = {each["rule"]: each["waiver"] for each in done["gateReport"]["findings"]}
    assert waived["CLM-004"] == {"why": "It quotes what others say."}
    row = await Waiver.get()
    assert (row.member_id, row.rule, str(row.until)) == (clinician.member, "CLM-004", due(30))
    assert (await AuditEntry.filter(verb="waiveFinding").order_by("-id").first()).after[
        "why"
    ] == "It quotes what others say."


async def test_with_its_waiver_the_draft_is_submitted_reviewed_and_published():
    editor, clinician = await viewer(Role.EDITOR), await reviewer()
    article = await written(editor, body=ABSOLUTE)
    refused = await do("submitArticle", editor, id=article["id"], expectedVersion=1)
    assert codes(refused) == ["BLOCKED"]
    await do("waiveFinding", clinician, **said(article, (await findings(editor, article))["CLM-004"]))
    sent = (await do("submitArticle", editor, id=article["id"], expectedVersion=2))["article"]
    ready = await decided(sent, by=clinician)
    done = await do("publishArticle", editor, id=article["id"], expectedVersion=ready["version"])
    assert done["userErrors"] == []


@pytest.mark.parametrize("who", ["editor", "author of the text", "reviewer without a practitioner"])
async def test_wording_that_blocks_passes_by_no_one_but_a_free_reviewer(who):
    editor = await viewer(Role.EDITOR)
    asking = {
        "editor": editor,
        "author of the text": await reviewer("maren-holloway"),
        "reviewer without a practitioner": await viewer(Role.REVIEWER),
    }[who]
    article = await written(editor, body=ABSOLUTE)
    refused = await do("waiveFinding", asking, **said(article, (await findings(editor, article))["CLM-004"]))
    assert codes(refused) == ["NOT_INDEPENDENT"]
    assert (await Waiver.all().count(), (await Article.get(id=article["id"])).version) == (0, 1)


async def test_what_blocks_for_the_structure_never_passes():
    editor, clinician = await viewer(Role.EDITOR), await reviewer()
    article = await written(editor, body=BODY.replace("irnich2001", "nobody2001"))
    found = await findings(editor, article)
    for rule in ("CIT-001", "REV-001"):
        refused = await do("waiveFinding", clinician, **said(article, found[rule]))
        assert codes(refused) == ["INVALID"]
    assert await Waiver.all().count() == 0


async def test_an_editor_lets_a_warning_pass():
    editor = await viewer(Role.EDITOR)
    article = await written(editor, body=LONG)
    found = (await findings(editor, article))["RDB-001"]
    assert found["severity"] == "WARN"
    assert codes(await do("waiveFinding", editor, **said(article, found))) == []


@pytest.mark.parametrize(
    ("changed", "code", "place"),
    [
        ({"fingerprint": "0" * 24}, "NOT_FOUND", ["fingerprint"]),
        ({"rule": "CLM-001"}, "NOT_FOUND", ["fingerprint"]),
        ({"until": (datetime.now(UTC) - timedelta(days=1)).date().isoformat()}, "INVALID", ["until"]),
        ({"until": due(1_200)}, "INVALID", ["until"]),
        ({"why": ""}, "INVALID", ["why"]),
        ({"why": "   "}, "INVALID", None),
    ],
)
async def test_a_waiver_names_a_finding_a_reason_and_a_day_ahead(changed, code, place):
    editor, clinician = await viewer(Role.EDITOR), await reviewer()
    article = await written(editor, body=ABSOLUTE)
    found = (await findings(editor, article))["CLM-004"]
    refused = await do("waiveFinding", clinician, **said(article, found, **changed))
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [(code, place)]
    assert await Waiver.all().count() == 0


async def test_a_waiver_ends_with_its_day_and_with_its_words():
    editor, clinician = await viewer(Role.EDITOR), await reviewer()
    article = await written(editor, body=ABSOLUTE)
    await do("waiveFinding", clinician, **said(article, (await findings(editor, article))["CLM-004"]))
    assert (await findings(editor, article | {"version": 2}))["CLM-004"]["waiver"] is not None
    await Waiver.all().update(until=builders.ago(days=1).date())
    assert (await findings(editor, article | {"version": 2}))["CLM-004"]["waiver"] is None
    await Waiver.all().update(until=builders.ahead(days=9).date())
    other = {"markdown": ABSOLUTE.replace("Tea after a walk", "Soup after a walk")}
    await do("reviseArticle", editor, id=article["id"], expectedVersion=2, body=other)
    assert (await findings(editor, article | {"version": 3}))["CLM-004"]["waiver"] is None


async def test_a_waiver_tells_who_gave_it_though_they_be_no_practitioner():
    editor, clinician = await viewer(Role.EDITOR), await reviewer()
    article = await written(editor, body=LONG)
    shown = "userErrors { code } gateReport { findings { rule waiver { byName by { name } } } }"
    found = (await findings(editor, article))["RDB-001"]
    for who, by in ((editor, None), (clinician, {"name": "Anita Verwood"})):
        now = article | {"version": await version(article)}
        done = await do("waiveFinding", who, fields=shown, **said(now, found))
        waived = [each["waiver"] for each in done["gateReport"]["findings"] if each["waiver"]]
        assert waived == [{"byName": who.display_name, "by": by}]


async def test_findings_on_the_catalogue_cannot_be_waived_and_the_answer_says_so():
    clinician = await reviewer()
    row = await builders.condition()
    one = {"article": row.id, "expectedVersion": 1, "rule": "CLM-004", "fingerprint": "0"}
    refused = await do("waiveFinding", clinician, **one, why="It is so.", until=due(30))
    (error,) = refused["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID", ["article"])
    assert error["message"] == "Findings on entries of the catalogue cannot be waived: mend the words in question."
    assert await Waiver.all().count() == 0


async def test_a_waiver_names_the_version_that_was_read_and_a_stale_one_changes_nothing():
    editor, clinician = await viewer(Role.EDITOR), await reviewer()
    article = await written(editor, body=ABSOLUTE)
    found = (await findings(editor, article))["CLM-004"]
    await do("reviseArticle", editor, id=article["id"], expectedVersion=1, title="Sore shoulders")
    refused = await do("waiveFinding", clinician, fields=FIELDS, **said(article, found))
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("CONFLICT", ["expectedVersion"])]
    assert refused["article"] == {"version": 2}
    assert (await Waiver.all().count(), await version(article)) == (0, 2)
    assert codes(await do("waiveFinding", clinician, **said({**article, "version": 2}, found))) == []
