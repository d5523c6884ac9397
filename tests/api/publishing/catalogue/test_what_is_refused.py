"""What an entry must be: addresses, references, words, and what must stand before it is public."""

import asyncio

import pytest

from api.accounts.viewer import ANONYMOUS, Role
from api.articles.models import Redirect
from api.audit import AuditEntry
from api.clinic import Clinic
from api.conditions import Condition
from api.publishing import entries
from tests import builders
from tests.api.publishing.catalogue.nouns import BY_NAME, CARE, CSL, created, published
from tests.asking import answer, ask
from tests.doing import codes, do, done, member

pytestmark = pytest.mark.usefixtures("database")
CONDITION, SOURCE, STATEMENT = BY_NAME["Condition"], BY_NAME["Source"], BY_NAME["EvidenceStatement"]


@pytest.fixture
async def editor(database):
    await builders.clinic()
    return await member(Role.EDITOR)


async def route(path: str):
    document = "query ($p: String!) { route(path: $p) { __typename ... on Moved { path } ... on Condition { slug } } }"
    return (await ask(document, p=path))["route"]


def refused(payload) -> tuple[list[str], list[str] | None]:
    return codes(payload), payload["userErrors"][0]["field"] if payload["userErrors"] else None


async def test_absent_leaves_alone_and_null_clears(editor):
    said = {"bodyLocation": "Shoulder", "causes": ["Strain."], "codes": [{"system": "ICD_10", "value": "M75"}]}
    body = {"markdown": "It moves less."}
    entry = await created(CONDITION, editor, **said, body=body)
    shown = "condition { name bodyLocation causes codes { value } careAdvice { heading } body { text } }"
    kept = await done("updateCondition", editor, shown, id=entry["id"], expectedVersion=1, name="Frozen shoulder")
    assert kept["condition"] == {
        "name": "Frozen shoulder", "bodyLocation": "Shoulder", "causes": ["Strain."], "codes": [{"value": "M75"}],
        "careAdvice": [{"heading": CARE[0]["heading"]}], "body": {"text": "It moves less."},
    }  # fmt: skip
    nothing = dict.fromkeys(("bodyLocation", "causes", "codes", "careAdvice", "body"))
    cleared = await done("updateCondition", editor, shown, id=entry["id"], expectedVersion=2, **nothing)
    assert cleared["condition"] == {
        "name": "Frozen shoulder",
        "bodyLocation": None,
        "causes": [],
        "codes": [],
        "careAdvice": [],
        "body": None,
    }
    for name in ("name", "summary", "slug"):
        null = await do("updateCondition", editor, "", id=entry["id"], expectedVersion=3, **{name: None})
        assert refused(null) == (["INVALID"], [name])
    assert (await Condition.get(id=entry["id"])).version == 3


async def test_a_slug_is_made_free_or_refused_and_an_old_one_leads_on_without_chains(editor):
    first = await published(CONDITION, editor)
    second = await created(CONDITION, editor)
    slugs = await Condition.all().order_by("created_at").values_list("slug", flat=True)
    assert slugs == ["stiff-shoulder", "stiff-shoulder-2"]
    for slug, code in (("stiff-shoulder", "SLUG_TAKEN"), ("Two Words", "INVALID"), ("-a", "INVALID"), ("", "INVALID")):
        assert refused(await do("updateCondition", editor, "", id=second["id"], expectedVersion=1, slug=slug)) == (
            [code],
            ["slug"],
        )
    for version, slug in ((2, "frozen-shoulder"), (3, "sore-shoulder")):
        await done("updateCondition", editor, "", id=first["id"], expectedVersion=version, slug=slug)
    moved = {"__typename": "Moved", "path": "/conditions/sore-shoulder"}
    assert [await route(f"/conditions/{old}") for old in ("stiff-shoulder", "frozen-shoulder")] == [moved, moved]
    old = await do("updateCondition", editor, "", id=second["id"], expectedVersion=1, slug="stiff-shoulder")
    assert codes(old) == ["SLUG_TAKEN"]
    await done("updateCondition", editor, "", id=first["id"], expectedVersion=4, slug="stiff-shoulder")
    assert await route("/conditions/stiff-shoulder") == {"__typename": "Condition", "slug": "stiff-shoulder"}
    assert sorted(await Redirect.all().values_list("path", "target")) == [
        ("/conditions/frozen-shoulder", "/conditions/stiff-shoulder"),
        ("/conditions/sore-shoulder", "/conditions/stiff-shoulder"),
    ]
    await done("unpublishCondition", editor, "", id=first["id"], expectedVersion=5)
    await done("updateCondition", editor, "", id=first["id"], expectedVersion=6, slug="secret-name")
    assert await route("/conditions/stiff-shoulder") is None
    await done("deleteCondition", editor, "", id=first["id"], expectedVersion=7)
    assert await Redirect.all().count() == 0


async def test_a_slug_that_was_never_public_leaves_nothing_behind(editor):
    entry = await created(CONDITION, editor)
    await done("updateCondition", editor, "", id=entry["id"], expectedVersion=1, slug="frozen-shoulder")
    assert await Redirect.all().count() == 0


async def test_of_two_that_want_one_slug_at_once_one_gets_it(editor):
    said = {"name": "Stiff shoulder", "slug": "shoulder", "summary": "It moves less."}
    both = await asyncio.gather(*(do("createCondition", editor, "", **said) for _ in range(2)))
    assert sorted(map(codes, both)) == [[], ["SLUG_TAKEN"]]
    assert await Condition.all().count() == await AuditEntry.all().count() == 1


async def test_references_must_be_there_once_and_not_lead_back(editor):
    entry, wider = await created(CONDITION, editor), await created(CONDITION, editor)
    said = {"id": entry["id"], "expectedVersion": 1}
    missing = await do("updateCondition", editor, "", **said, parent="cnd_00000000000000000000000000")
    assert refused(missing) == (["NOT_FOUND"], ["parent"])
    assert refused(await do("updateCondition", editor, "", **said, parent=entry["id"])) == (["INVALID"], ["parent"])
    await done("updateCondition", editor, "", **said, parent=wider["id"])
    back = await do("updateCondition", editor, "", id=wider["id"], expectedVersion=1, parent=entry["id"])
    assert refused(back) == (["INVALID"], ["parent"])
    twice = await do("createPractitioner", editor, "", name="Ada", jobTitle="Nurse", treats=[entry["id"], entry["id"]])
    assert refused(twice) == (["INVALID"], ["treats"])
    risks = [{"text": "Bruises", "frequency": "COMMON", "source": "src_00000000000000000000000000"}]
    unknown = await do("createTreatment", editor, "", name="Rest", summary="Rest.", adverseOutcomes=risks)
    assert refused(unknown) == (["NOT_FOUND"], ["adverseOutcomes", "0", "source"])


async def test_the_gate_keeps_unfit_words_out_and_nothing_is_saved(editor):
    fields = "gateReport { passes findings { rule path excerpt help } } condition { id }"
    care = [CARE[0] | {"items": ["Write to jane.roe@example.com."]}]
    said = {
        "name": "Sore neck",
        "summary": "Rest cures it.",
        "careAdvice": care,
        "body": {"markdown": "### Too deep\n\nAs shown [@nobody1999]."},
    }
    blocked = await do("createCondition", editor, fields, **said)
    assert (codes(blocked), blocked["condition"], blocked["gateReport"]["passes"]) == (["BLOCKED"], None, False)
    found = {(finding["rule"], finding["path"]) for finding in blocked["gateReport"]["findings"]}
    assert found >= {
        ("CIT-001", "body.content[1]"),
        ("CLM-004", "summary"),
        ("PRV-001", "careAdvice[0].items[0]"),
        ("ACC-002", "body.content[0]"),
    }
    assert (await Condition.all().count(), await AuditEntry.all().count()) == (0, 0)


async def test_risks_and_statements_are_read_with_their_sources(editor):
    bad = await builders.source("bad2001", status="RETRACTED")
    risks = [{"text": "Bruises", "frequency": "COMMON", "source": bad.id}]
    fields = "gateReport { findings { rule path } }"
    blocked = await do(
        "createTreatment",
        editor,
        fields,
        name="Rest",
        summary="Rest.",
        adverseOutcomes=risks,
        body={"markdown": "## A part"},
    )
    assert codes(blocked) == ["BLOCKED"]
    assert blocked["gateReport"]["findings"] == [{"rule": "CIT-006", "path": "adverseOutcomes[0]"}]
    said = await STATEMENT.said() | {"sources": [bad.id], "summary": "Little is known. It is safe and effective."}
    blocked = await do("createEvidenceStatement", editor, fields, **said)
    assert {(each["rule"], each["path"]) for each in blocked["gateReport"]["findings"]} >= {
        ("CIT-006", "summary"),
        ("CLM-004", "summary"),
    }


async def test_a_condition_needs_urgent_advice_or_a_reason_and_a_statement_its_ground_to_be_public(editor):
    entry = await created(CONDITION, editor, careAdvice=[CARE[0] | {"level": "SELF_CARE"}])
    said = {"id": entry["id"], "expectedVersion": 1}
    assert refused(await do("publishCondition", editor, "", **said)) == (["INVALID"], ["careAdvice"])
    await done("updateCondition", editor, "", **said, noUrgentAdviceReason="It is never urgent.")
    await done("publishCondition", editor, "", id=entry["id"], expectedVersion=2)
    alone = await created(STATEMENT, editor, sources=[])
    assert refused(await do("publishEvidenceStatement", editor, "", id=alone["id"], expectedVersion=1)) == (
        ["INVALID"],
        ["sources"],
    )
    hidden = await builders.source(is_published=False)
    early = await created(STATEMENT, editor, sources=[hidden.id], outcome="Sleep")
    early = await do("publishEvidenceStatement", editor, "", id=early["id"], expectedVersion=1)
    assert (refused(early), hidden.id in early["userErrors"][0]["message"]) == ((["INVALID"], ["sources", "0"]), True)


async def test_a_statement_is_short_and_said_once(editor):
    said = await STATEMENT.said()
    assert refused(await do("createEvidenceStatement", editor, "", **said | {"summary": "word " * 41})) == (
        ["INVALID"],
        ["summary"],
    )
    await done("createEvidenceStatement", editor, "", **said | {"summary": "word " * 40})
    assert refused(await do("createEvidenceStatement", editor, "", **said)) == (["INVALID"], ["outcome"])


async def test_a_source_gets_its_key_and_identifiers_from_its_record(editor):
    shown = "source { key doi pmid isbn status statusCheckedAt csl }"
    csl = CSL | {"DOI": "https://doi.org/10.1136/BMJ.322.7302.1574", "PMID": 11420270, "ISBN": "0-306-40615-2"}
    first = (await done("createSource", editor, shown, csl=csl, studyDesign="RCT"))["source"]
    assert (first["key"], first["doi"], first["pmid"], first["isbn"]) == (
        "irnich2001",
        "10.1136/bmj.322.7302.1574",
        "11420270",
        "9780306406157",
    )
    assert (first["status"], first["statusCheckedAt"], first["csl"]["PMID"]) == ("UNRESOLVED", None, "11420270")
    second = (await done("createSource", editor, shown, csl=CSL, studyDesign="RCT", status="OK", doi="10.1000/OTHER"))[
        "source"
    ]
    assert (second["key"], second["doi"], second["statusCheckedAt"] is not None) == (
        "irnich2001b",
        "10.1000/other",
        True,
    )
    no_names = {"type": "webpage", "title": "Überblick: Rest & sleep at night", "issued": {"date-parts": [[2020]]}}
    third = (await done("createSource", editor, shown, csl=no_names, studyDesign="OTHER"))["source"]
    assert third["key"] == "uberblickrestsleep2020"


async def test_a_work_is_known_once_and_named(editor):
    await done(
        "createSource",
        editor,
        "",
        csl=CSL | {"DOI": "10.1136/bmj.1", "PMID": "11420270"},
        studyDesign="RCT",
        key="first",
    )
    for name, value in (("doi", "doi:10.1136/BMJ.1"), ("pmid", "PMID: 11420270")):
        again = await do("createSource", editor, "", csl=CSL, studyDesign="RCT", **{name: value})
        assert refused(again) == (["INVALID"], [name])
        assert "first" in again["userErrors"][0]["message"]
    other = await do(
        "createSource", editor, "", csl=CSL | {"DOI": "10.1136/bmj.2"}, studyDesign="RCT", doi="10.1136/bmj.3"
    )
    assert refused(other) == (["INVALID"], ["doi"])
    for key in ("first", "Irnich 2001", "-a", "ä"):
        assert refused(await do("createSource", editor, "", csl=CSL, studyDesign="RCT", key=key)) == (
            ["INVALID"],
            ["key"],
        )


async def test_a_key_is_frozen_once_it_is_cited(editor):
    entry = await created(SOURCE, editor, key="trial2001")
    await done("updateSource", editor, "", id=entry["id"], expectedVersion=1, key="irnich2001")
    await builders.draft("Draft", "As shown [@irnich2001].")
    frozen = await do("updateSource", editor, "", id=entry["id"], expectedVersion=2, key="other2001")
    assert refused(frozen) == (["INVALID"], ["key"])
    await done("updateSource", editor, "", id=entry["id"], expectedVersion=2, key="irnich2001", limits="Few people.")


async def test_what_replaces_a_work_is_not_the_work_itself(editor):
    first, second = await created(SOURCE, editor, key="a1"), await created(SOURCE, editor, key="b1")
    await done(
        "updateSource", editor, "", id=first["id"], expectedVersion=1, supersededBy=second["id"], status="SUPERSEDED"
    )
    ring = await do("updateSource", editor, "", id=second["id"], expectedVersion=1, supersededBy=first["id"])
    assert refused(ring) == (["INVALID"], ["supersededBy"])


async def test_there_is_one_disclaimer_that_every_article_carries(editor):
    said = {"key": "NOT_A_SUBSTITUTE", "title": "Note", "text": "See a doctor."}
    await done("createDisclaimer", editor, "", **said)
    assert refused(await do("createDisclaimer", editor, "", **said)) == (["INVALID"], ["key"])
    await done("createDisclaimer", editor, "", **said | {"key": "CUSTOM"})


async def test_a_gate_of_articles_knows_what_was_public_once(editor):
    entry = await published(CONDITION, editor)
    never = await created(CONDITION, editor)
    await done("unpublishCondition", editor, "", id=entry["id"], expectedVersion=2)
    found = await entries.conditions([entry["id"], never["id"]])
    assert [each.publicity.value for each in found] == ["ONCE_PUBLIC", "NEVER_PUBLIC"]


HOSTILE = {
    "name": ["", "   ", "x" * 161],
    "bodyLocation": ["", "x" * 161],
    "causes": [["x" * 501], [""], ["x"] * 51],
    "codes": [[{"system": "ICD_10", "value": "x" * 41}], [{"system": "MESH", "value": "D1"}] * 2],
    "careAdvice": [[CARE[0] | {"heading": "x" * 201}], [CARE[0]] * 13, [CARE[0] | {"phone": "9" * 41}]],
    "body": [
        {"document": {"v": 2}},
        {"document": "x"},
        {"document": {"v": 1, "type": "doc", "content": [{"type": "iframe"}]}},
    ],
    "slug": ["../etc", "a b", "x" * 161, "admin\n"],
    "summary": ["", "x" * 5_001],
    "idempotencyKey": ["", "x" * 201],
}


async def test_hostile_input_is_refused_in_words_and_leaves_nothing(editor):
    for name, values in HOSTILE.items():
        for value in values:
            said = await CONDITION.said() | {name: value}
            payload = await do("createCondition", editor, "", **said)
            assert codes(payload)[:1] == ["INVALID"], (name, value)
            assert payload["userErrors"][0]["message"].endswith((".", "?"))
    for csl in (1, [], "x", {}, CSL | {"evil": 1}, CSL | {"title": "x" * 2_001}, CSL | {"title": "\0"}, {"type": []}):
        assert codes(await do("createSource", editor, "", csl=csl, studyDesign="RCT")) == ["INVALID"], csl
    links = ("javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", "https://", " /x")
    for link in links:
        assert refused(await do("createPractitioner", editor, "", name="Ada", jobTitle="Nurse", bookingUrl=link)) == (
            ["INVALID"],
            ["bookingUrl"],
        )
    assert await AuditEntry.all().count() == await Condition.all().count() == 0


async def test_the_clinic_is_changed_by_admins_under_its_version_and_its_terms_by_theirs(editor):
    admin = await member(Role.ADMIN)
    clinic = await Clinic.first()
    shown = "clinic { name version bookingUrl syndicationTerms { version html } openingHours { opens } }"
    document = "mutation ($input: UpdateClinicInput!) { updateClinic(input: $input) { userErrors { code } } }"
    for asking, code in ((ANONYMOUS, "UNAUTHENTICATED"), (editor, "FORBIDDEN")):
        said = await answer(document, asking, input={"expectedVersion": 1})
        assert said.errors[0].extensions["code"] == code
    hours = [{"days": ["Monday"], "opens": "09:00", "closes": "17:30"}]
    done_ = await done(
        "updateClinic", admin, shown, expectedVersion=1, name="Ash Clinic", bookingUrl="/contact", openingHours=hours
    )
    assert (done_["clinic"]["version"], done_["clinic"]["bookingUrl"]) == (2, "https://clinic.example/contact")
    stale = await do("updateClinic", admin, shown, expectedVersion=1, name="Oak Clinic")
    assert (codes(stale), stale["clinic"]["name"]) == (["CONFLICT"], "Ash Clinic")
    terms = {
        "version": clinic.syndication_terms["version"],
        "html": "<p>New.</p><script>x</script>",
        "url": "/partners",
    }
    same = await do("updateClinic", admin, shown, expectedVersion=2, syndicationTerms=terms)
    assert refused(same) == (["INVALID"], ["syndicationTerms", "version"])
    new = await done("updateClinic", admin, shown, expectedVersion=2, syndicationTerms=terms | {"version": "2027-01"})
    assert new["clinic"]["syndicationTerms"] == {"version": "2027-01", "html": "<p>New.</p>"}
    for name, value in (
        ("jurisdiction", "FR"),
        ("timezone", "Mars/Base"),
        ("email", "x"),
        ("reviewIntervalMonths", 0),
        ("name", None),
    ):
        assert refused(await do("updateClinic", admin, "", expectedVersion=3, **{name: value})) == (["INVALID"], [name])
    entries = await AuditEntry.filter(verb="updateClinic").order_by("id")
    assert [(each.before["version"], each.after["version"]) for each in entries] == [(1, 2), (2, 3)]


async def test_an_admin_sets_the_clinic_up_where_there_is_none():
    admin = await member(Role.ADMIN)
    assert codes(await do("updateClinic", admin, "", expectedVersion=1, name="Ash Clinic")) == ["INVALID"]
    terms = {"version": "1", "html": "<p>Show it whole.</p>", "url": "/partners"}
    made = await done(
        "updateClinic", admin, "clinic { name timezone }", expectedVersion=1, name="Ash Clinic", syndicationTerms=terms
    )
    assert made["clinic"] == {"name": "Ash Clinic", "timezone": "Europe/London"}
    assert await Clinic.all().count() == 1
