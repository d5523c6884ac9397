"""An edit of the catalogue that alters what partners are shown is told once for each live article, in time."""

import asyncio

import pytest

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles import finding, reading, representation
from api.articles.derived import GateReport, Rendering
from api.articles.models import Article, Stage
from api.audit import AuditEntry
from api.changes import Change
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.publishing import retractions
from api.publishing.acting import Acting
from api.treatments import AdverseOutcome
from tests import builders
from tests.asking import SITE, ask
from tests.builders import ahead
from tests.doing import codes, do, done, member

pytestmark = pytest.mark.usefixtures("database")


async def told() -> list[tuple[str, str, str]]:
    return [(row.article_id, row.reason.value, row.severity) for row in await Change.all().order_by("id")]


async def shown_hash(article: Article) -> str:
    (shown,) = (await reading.by_id([article.id], ANONYMOUS)).values()
    (facts,) = await finding.facts([shown], ANONYMOUS)
    return representation.content_hash(facts, SITE)


async def reviewed(asking: Viewer, verb: str, field: str, **said) -> None:
    """Change what is clinical and public, by two members."""
    waits = await done(verb, asking, f"{field} {{ id }} proposal {{ id }}", **said)
    reviewer = await member(Role.REVIEWER)
    await done("approveCatalogueChange", reviewer, "", proposal=waits["proposal"]["id"], approve=True)


async def test_care_advice_is_told_as_safety_for_each_live_article_and_no_other():
    editor = await member(Role.EDITOR)
    neck, other = await builders.condition(care="Numbness."), await builders.condition("Other", care="Pain.")
    first, second = await builders.live("First", conditions=[neck]), await builders.live("Second", conditions=[neck])
    await builders.live("Elsewhere", conditions=[other])
    await builders.draft("Draft", conditions=[neck])
    await builders.take_down(await builders.live("Gone", conditions=[neck]))
    advice = [{"level": "EMERGENCY", "heading": "Call 999", "items": ["No feeling in the arms."]}]
    await reviewed(editor, "updateCondition", "condition", id=neck.id, expectedVersion=1, careAdvice=advice)
    assert sorted(await told()) == sorted((each.id, "UPDATED", "SAFETY") for each in (first, second))
    change = await Change.get(article_id=first.id)
    assert change.content_hash == await shown_hash(first)
    assert (change.acknowledge_by - change.at).total_seconds() == 24 * 3600
    assert (change.url, change.revision_number) == (f"{SITE}/articles/{first.slug}", 1)


async def test_risks_are_told_as_safety_and_a_name_as_routine():
    editor = await member(Role.EDITOR)
    needles = await builders.treatment(risk="Bruises")
    article = await builders.live(treatments=[needles])
    await done("updateTreatment", editor, "", id=needles.id, expectedVersion=1, name="Needling")
    assert await told() == [(article.id, "UPDATED", "ROUTINE")]
    risks = [{"text": "A collapsed lung", "frequency": "VERY_RARE"}]
    await reviewed(editor, "updateTreatment", "treatment", id=needles.id, expectedVersion=2, adverseOutcomes=risks)
    assert (await told())[1:] == [(article.id, "UPDATED", "SAFETY")]


async def test_what_partners_do_not_show_is_not_told():
    editor = await member(Role.EDITOR)
    neck = await builders.condition(care="Numbness.")
    await builders.live(conditions=[neck])
    await done("updateCondition", editor, "", id=neck.id, expectedVersion=1, bodyLocation="Neck", causes=["Strain."])
    assert await told() == []


async def test_an_authors_name_a_disclaimer_and_the_clinics_name_are_told():
    editor, admin = await member(Role.EDITOR), await member(Role.ADMIN)
    ada, note, clinic = await builders.practitioner(), await builders.disclaimer(), await builders.clinic()
    article = await builders.live(authors=[ada], disclaimers=[note])
    await done("updatePractitioner", editor, "", id=ada.id, expectedVersion=1, name="Ada Reed-Lin")
    await done("updateDisclaimer", editor, "", id=note.id, expectedVersion=1, text="Ask your doctor.")
    await done("updateClinic", admin, "clinic { version }", expectedVersion=clinic.version, name="New Clinic")
    assert await told() == [(article.id, "UPDATED", "ROUTINE")] * 3
    assert (await Change.all().order_by("-id").first()).content_hash == await shown_hash(article)


async def test_a_reviewers_name_the_terms_the_logo_and_what_others_may_show_are_told():
    editor, admin = await member(Role.EDITOR), await member(Role.ADMIN)
    bo, clinic = await builders.practitioner("Bo Lin"), await builders.clinic()
    hero, inside, logo = [await builders.picture(licence="CC BY 4.0") for _ in range(3)]
    article = await builders.live("Live", f"Words.\n\n::: figure {inside.id}\n:::\n", hero_image=hero)
    await builders.review(article, bo)
    hashes = [await shown_hash(article)]
    terms = {"version": "2027-01", "html": "<p>New.</p>", "url": "/partners"}
    steps = (
        ("updatePractitioner", editor, {"id": bo.id, "expectedVersion": 1, "name": "Bo Lin-Reed"}),
        ("updateMediaAsset", editor, {"id": hero.id, "expectedVersion": 1, "alt": "A red door"}),
        ("updateMediaAsset", editor, {"id": inside.id, "expectedVersion": 1, "licence": None}),
        ("updateClinic", admin, {"expectedVersion": clinic.version, "syndicationTerms": terms}),
        ("updateClinic", admin, {"expectedVersion": clinic.version + 1, "logo": logo.id}),
        ("updateClinic", admin, {"expectedVersion": clinic.version + 2,
                                 "licence": {"name": "CC BY-ND 4.0", "url": "https://licence.example"}}),
    )  # fmt: skip
    for number, (verb, asking, said) in enumerate(steps, 1):
        await done(verb, asking, "", **said)
        assert await told() == [(article.id, "UPDATED", "ROUTINE")] * number, said
        hashes.append(await shown_hash(article))
        assert (await Change.all().order_by("-id").first()).content_hash == hashes[-1]
    assert len(set(hashes)) == len(hashes)


async def test_whatever_the_page_its_json_ld_or_a_feed_shows_of_an_entry_is_told_once_where_it_is_live():
    editor, admin = await member(Role.EDITOR), await member(Role.ADMIN)
    ada, clinic, hero = await builders.practitioner(), await builders.clinic(), await builders.picture()
    work, neck = await builders.source("trial2020"), await builders.condition(care="Numbness.")
    needles = await builders.treatment(risk="Bruises")
    article = await builders.live(
        "Live", "As shown [@trial2020].", authors=[ada], conditions=[neck], treatments=[needles], hero_image=hero
    )
    other = await builders.live("Elsewhere")
    await builders.revised(other, "As shown [@trial2020].", authors=[ada], conditions=[neck], hero_image=hero)
    credentials = [{"kind": "LICENCE", "name": "Licence", "recognizedBy": "Board"}]
    steps = [
        *(("updatePractitioner", editor, ada, {name: value}) for name, value in (
            ("jobTitle", "Head acupuncturist"), ("profession", "Acupuncturist"), ("honorificPrefix", "Dr"),
            ("credentials", credentials), ("slug", "ada-reed-lin"))),
        *(("updateSource", editor, work, {name: value}) for name, value in (
            ("plainSummary", "Fewer aches than with sham."), ("limits", "Small."), ("url", "https://trial.example"))),
        ("updateCondition", editor, neck, {"slug": "necks"}),
        ("updateTreatment", editor, needles, {"slug": "needling"}),
        ("updateMediaAsset", editor, hero, {"caption": "A red door"}),
    ]  # fmt: skip
    versions: dict[str, int] = {}
    for number, (verb, asking, row, said) in enumerate(steps, 1):
        versions[row.id] = versions.get(row.id, 0) + 1
        await done(verb, asking, "", id=row.id, expectedVersion=versions[row.id], **said)
        assert await told() == [(article.id, "UPDATED", "ROUTINE")] * number, said
        assert (await Change.all().order_by("-id").first()).content_hash == await shown_hash(article)
    await Change.all().delete()
    for number, said in enumerate(({"strapline": "Calm care"}, {"telephone": "+44 20 7946 0000"})):
        await done("updateClinic", admin, "", expectedVersion=clinic.version + number, **said)
    assert sorted(await told()) == sorted([(each.id, "UPDATED", "ROUTINE") for each in (article, other)] * 2)


async def test_what_no_article_shows_of_a_practitioner_a_source_or_the_clinic_is_not_told():
    editor, admin = await member(Role.EDITOR), await member(Role.ADMIN)
    ada, work, clinic = await builders.practitioner(), await builders.source("trial2020"), await builders.clinic()
    await builders.live("Live", "As shown [@trial2020].", authors=[ada])
    await done("updatePractitioner", editor, "", id=ada.id, expectedVersion=1, bio="Trained.", jobTitle=ada.job_title)
    await done("updateSource", editor, "", id=work.id, expectedVersion=1, isbn="9780306406157")
    await done("updateClinic", admin, "", expectedVersion=clinic.version, reviewIntervalMonths=24)
    assert await told() == []


async def test_a_retracted_source_is_told_as_safety_cancels_schedules_and_is_asked_of_the_gate_anew():
    editor = await member(Role.EDITOR)
    work = await builders.source("trial2020", pmid="123")
    live = await builders.live("Live", "As shown [@trial2020].")
    planned = await builders.schedule(await builders.draft("Planned", "As shown [@trial2020]."), ahead(days=2))
    other = await builders.schedule(await builders.draft("Other", "Nothing is cited."), ahead(days=2))
    await done(
        "updateSource", editor, "", id=work.id, expectedVersion=1, status="RETRACTED", statusNote="Invented data."
    )
    assert await told() == [(live.id, "UPDATED", "SAFETY")]
    row = await Article.get(id=planned.id)
    assert (row.stage, row.scheduled_for, row.version) == (Stage.DRAFT, None, planned.version)
    entry = await AuditEntry.get(thing=planned.id)
    assert (entry.verb, entry.after["why"]) == (
        "cancelSchedule", "CIT-006: The source “trial2020” has the status retracted.",
    )  # fmt: skip
    assert (await Article.get(id=other.id)).stage is Stage.SCHEDULED
    for revision in (live.live_id, planned.draft_id):
        report = await GateReport.get(revision_id=revision)
        assert "CIT-006" in [finding["rule"] for finding in report.findings]


async def test_a_schedule_that_has_come_due_is_live_and_not_cancelled():
    editor = await member(Role.EDITOR)
    work = await builders.source("trial2020")
    due = await builders.schedule(await builders.draft("Due", "As shown [@trial2020]."), builders.ago(minutes=1))
    await done("updateSource", editor, "", id=work.id, expectedVersion=1, status="RETRACTED")
    assert await told() == [(due.id, "PUBLISHED", "ROUTINE"), (due.id, "UPDATED", "SAFETY")]
    assert (await Article.get(id=due.id)).live_id == due.draft_id


async def test_texts_that_cite_a_source_are_rendered_anew_when_it_comes_and_when_its_record_changes():
    editor = await member(Role.EDITOR)
    draft = await builders.draft("Draft", "As shown [@irnich2001].")
    assert "cite-unresolved" in (await Rendering.get(revision_id=draft.draft_id)).html
    csl = {
        "type": "article-journal",
        "title": "A trial",
        "author": [{"family": "Irnich"}],
        "issued": {"date-parts": [[2001]]},
    }
    made = (await done("createSource", editor, "source { id key }", csl=csl, studyDesign="RCT"))["source"]
    assert made["key"] == "irnich2001"
    assert 'aria-label="Reference 1, Irnich 2001"' in (await Rendering.get(revision_id=draft.draft_id)).html
    changed = csl | {"issued": {"date-parts": [[2002]]}}
    await done("updateSource", editor, "", id=made["id"], expectedVersion=1, csl=changed)
    assert 'aria-label="Reference 1, Irnich 2002"' in (await Rendering.get(revision_id=draft.draft_id)).html


async def test_a_live_text_that_links_to_an_entry_follows_its_new_address_and_is_told_of():
    editor = await member(Role.EDITOR)
    neck = await builders.condition(slug="neck-pain")
    article = await builders.live("Live", f"About [necks](entity:{neck.id}).")
    await done("updateCondition", editor, "", id=neck.id, expectedVersion=1, slug="sore-neck")
    assert 'href="/conditions/sore-neck"' in (await Rendering.get(revision_id=article.live_id)).html
    assert await told() == [(article.id, "UPDATED", "ROUTINE")]


async def test_the_words_of_a_picture_follow_into_the_texts_that_show_it():
    editor = await member(Role.EDITOR)
    asset = await builders.picture(alt="A green door")
    live = await builders.live("Live", f"::: figure {asset.id}\n:::\n")
    await builders.live("Elsewhere")
    shown = "mediaAsset { version alt decorative credit focalPoint { x y } }"
    said = {"id": asset.id, "expectedVersion": 1}
    point = {"x": 0.5, "y": 0.25}
    first = await done("updateMediaAsset", editor, shown, **said, alt="A blue door", focalPoint=point)
    assert first["mediaAsset"] == {
        "version": 2,
        "alt": "A blue door",
        "decorative": False,
        "credit": None,
        "focalPoint": point,
    }
    assert 'alt="A blue door"' in (await Rendering.get(revision_id=live.live_id)).html
    assert await told() == [(live.id, "UPDATED", "ROUTINE")]
    stale = await do("updateMediaAsset", editor, shown, **said, alt="A red door")
    assert (codes(stale), stale["mediaAsset"]["alt"]) == (["CONFLICT"], "A blue door")
    for wrong in ({"alt": None}, {"alt": "door.jpg"}, {"alt": "x" * 301}, {"focalPoint": {"x": 2, "y": 0}}):
        assert codes(await do("updateMediaAsset", editor, shown, id=asset.id, expectedVersion=2, **wrong)) == [
            "INVALID"
        ]
    plain = await done(
        "updateMediaAsset", editor, shown, id=asset.id, expectedVersion=2, decorative=True, focalPoint=None
    )
    assert (plain["mediaAsset"]["alt"], plain["mediaAsset"]["focalPoint"]) == (None, None)
    verbs = await AuditEntry.filter(thing=asset.id).order_by("id").values_list("verb", "actor")
    assert verbs == [("updateMediaAsset", editor.member)] * 2


async def test_hiding_an_entry_waits_for_an_article_that_is_being_published_with_it():
    editor = await member(Role.EDITOR)
    neck, ada = await builders.condition(), await builders.practitioner()
    article = await builders.draft("News", "We are open.", kind="NEWS", authors=[ada])
    await builders.clinic()
    for _ in range(3):
        hide = do("unpublishPractitioner", editor, "practitioner { version }", id=ada.id, expectedVersion=ada.version)
        show = do(
            "publishArticle", editor, "article { version isLive }", id=article.id, expectedVersion=article.version
        )
        hidden, live = await asyncio.gather(hide, show)
        assert (codes(hidden), codes(live)) in ((["IN_USE"], []), ([], ["BLOCKED"]))
        await ada.refresh_from_db()
        await article.refresh_from_db()
        if article.live_id:
            said = {"kind": "GONE", "explanation": "Over."}
            await done("unpublishArticle", editor, "", id=article.id, expectedVersion=article.version, **said)
        else:
            await done("publishPractitioner", editor, "", id=ada.id, expectedVersion=ada.version)
        await ada.refresh_from_db()
        await article.refresh_from_db()
    assert neck.version == 1
    assert (await ask("query ($s: String!) { article(by: {slug: $s}) { title } }", s=article.slug))["article"] is None


async def behind_a_risk(source: Source, **said) -> Article:
    """A live article about a treatment of which the source says what can go wrong."""
    needles = await builders.treatment(**said)
    await AdverseOutcome.create(treatment=needles, position=0, text="Bruises", frequency="COMMON", source=source)
    return await builders.live(f"About {needles.name}", treatments=[needles])


async def test_a_source_behind_a_treatments_risk_is_told_of_where_readers_see_it():
    editor = await member(Role.EDITOR)
    work = await builders.source("harm2020")
    article = await behind_a_risk(work)
    await behind_a_risk(await builders.source("other2020"), name="Cupping")
    await behind_a_risk(work, name="Moxibustion", is_published=False)
    before = await shown_hash(article)

    await done("updateSource", editor, "", id=work.id, expectedVersion=1, status="RETRACTED")
    await done("updateSource", editor, "", id=work.id, expectedVersion=2, url="https://trial.example")
    await done("updateSource", editor, "", id=work.id, expectedVersion=3, isbn="9780306406157")

    assert await told() == [(article.id, "UPDATED", "SAFETY"), (article.id, "UPDATED", "ROUTINE")]
    assert {row.content_hash for row in await Change.all()} == {before}, "no text of it changed"


async def test_a_source_that_replaces_a_cited_one_is_told_of_while_readers_see_it():
    editor = await member(Role.EDITOR)
    newer = await builders.source("newer2024", is_published=False)
    older = await builders.source("older2001", superseded_by=newer)
    await builders.source("oldest1990", superseded_by=older)
    article = await builders.live("Live", "As shown [@older2001].", slug="live")
    await builders.live("One step further", "As shown [@oldest1990].")
    await builders.draft("Draft", "As shown [@older2001].")

    await done("updateSource", editor, "", id=newer.id, expectedVersion=1, url="https://unseen.example")
    assert await told() == []
    await done("publishSource", editor, "", id=newer.id, expectedVersion=2)
    await done("updateSource", editor, "", id=newer.id, expectedVersion=3, url="https://seen.example")
    await done("updateSource", editor, "", id=newer.id, expectedVersion=4, status="WITHDRAWN")
    await done("unpublishSource", editor, "", id=newer.id, expectedVersion=5)

    assert await told() == [
        (article.id, "UPDATED", severity) for severity in ("ROUTINE", "ROUTINE", "SAFETY", "ROUTINE")
    ]
    page = '{ article(by: {slug: "live"}) { citations { source { supersededBy { key } } } } }'
    assert await ask(page) == {"article": {"citations": [{"source": {"supersededBy": None}}]}}


async def test_a_notice_of_retraction_reaches_whom_a_source_behind_a_risk_is_shown_to():
    work = await builders.source("harm2020", doi="10.1000/harm")
    article = await behind_a_risk(work)
    notice = retractions.Notice(SourceStatus.RETRACTED, None, "10.1000/harm", None, None, ())

    (verdict,) = await retractions.verdicts([notice])
    await retractions.mark(verdict, Acting(SITE))

    assert await told() == [(article.id, "UPDATED", "SAFETY")]
