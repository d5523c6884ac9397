"""What refers to an entry is named and keeps it: never deleted meanwhile, nor hidden while readers need it."""

import pytest

from api.accounts.viewer import Role
from api.articles.models import RevisionCondition
from api.audit import AuditEntry
from tests import builders
from tests.builders import ahead
from tests.doing import codes, do, done, member

pytestmark = pytest.mark.usefixtures("database")


async def tried(verb: str, entry, version: int = 1) -> tuple[list[str], str]:
    refused = await do(verb, await member(Role.EDITOR), "", id=entry.id, expectedVersion=version)
    return codes(refused), "".join(error["message"] for error in refused["userErrors"])


async def test_a_condition_is_kept_by_articles_statements_and_lists():
    neck, needles = await builders.condition(care="Numbness."), await builders.treatment()
    ada = await builders.practitioner(treats=(neck,))
    live = await builders.live("Live", conditions=[neck])
    draft = await builders.draft("A draft", conditions=[neck])
    planned = await builders.schedule(await builders.draft("Planned", f"See [it](entity:{neck.id})."), ahead(days=1))
    said = await builders.statement(needles, neck, ada, outcome="Pain")
    below = await builders.condition("Below", parent=neck)
    found, words = await tried("deleteCondition", neck)
    assert found == ["IN_USE"]
    named = (
        f"“Live”, live ({live.id})",
        f"“A draft”, draft ({draft.id})",
        f"“Planned”, scheduled ({planned.id})",
        f"evidence statement “Pain” ({said.id})",
        f"condition “Below” ({below.id})",
        f"practitioner “Ada Reed” ({ada.id})",
    )
    assert [name for name in named if name not in words] == []
    found, words = await tried("unpublishCondition", neck)
    assert found == ["IN_USE"]
    assert [name in words for name in (live.id, planned.id, said.id, draft.id, below.id, ada.id)] == [True] * 3 + [
        False
    ] * 3
    assert await AuditEntry.all().count() == 0


async def test_what_only_drafts_and_lists_name_may_be_hidden_and_comes_back_with_every_relation():
    editor, neck = await member(Role.EDITOR), await builders.condition(care="Numbness.")
    await builders.practitioner(treats=(neck,))
    draft = await builders.draft("A draft", conditions=[neck])
    gone = await builders.take_down(await builders.live("Gone", conditions=[neck]))
    await done("unpublishCondition", editor, "", id=neck.id, expectedVersion=1)
    assert await RevisionCondition.filter(condition_id=neck.id).count() == 2
    await done("publishCondition", editor, "", id=neck.id, expectedVersion=2)
    found, words = await tried("deleteCondition", neck, 3)
    assert (found, draft.id in words, gone.id in words) == (["IN_USE"], True, True)


async def test_an_earlier_revision_keeps_an_entry_from_being_deleted():
    neck = await builders.condition()
    article = await builders.live("Live", conditions=[neck])
    await builders.revised(article, "Newer")
    await builders.publish(article)
    found, words = await tried("deleteCondition", neck)
    assert (found, f"“Live”, earlier revision ({article.id})" in words) == (["IN_USE"], True)
    assert await tried("unpublishCondition", neck) == ([], "")


async def test_a_treatment_a_disclaimer_and_a_picture_of_a_person_are_kept_alike():
    needles, neck, note = await builders.treatment(), await builders.condition(), await builders.disclaimer()
    ada = await builders.practitioner(offers=(needles,))
    said = await builders.statement(needles, neck, ada, is_published=False)
    live = await builders.live("Live", treatments=[needles], disclaimers=[note])
    found, words = await tried("deleteTreatment", needles)
    assert (found, [each in words for each in (live.id, said.id, ada.id)]) == (["IN_USE"], [True] * 3)
    found, words = await tried("unpublishTreatment", needles)
    assert (found, [each in words for each in (live.id, said.id, ada.id)]) == (["IN_USE"], [True, False, False])
    for verb in ("deleteDisclaimer", "unpublishDisclaimer"):
        found, words = await tried(verb, note)
        assert (found, live.id in words) == (["IN_USE"], True)


async def test_a_practitioner_is_kept_by_what_they_wrote_reviewed_judged_and_by_their_account():
    ada, bo, cy = [await builders.practitioner(name) for name in ("Ada Reed", "Bo Lin", "Cy Ode")]
    wrote = await builders.live("Live", authors=[ada])
    await builders.review(wrote, bo)
    said = await builders.statement(await builders.treatment(), await builders.condition(), cy)
    called = await builders.live("Called", f"::: call-to-action {cy.id}\n:::\n")
    for verb in ("deletePractitioner", "unpublishPractitioner"):
        assert [wrote.id in (await tried(verb, each))[1] for each in (ada, bo, cy)] == [True, True, False]
        assert [each in (await tried(verb, cy))[1] for each in (said.id, called.id)] == [True, True]
    account = await builders.member(Role.REVIEWER, practitioner=(only := await builders.practitioner("Di Vu")))
    found, words = await tried("deletePractitioner", only)
    assert (found, account.id in words) == (["IN_USE"], True)
    assert await tried("unpublishPractitioner", only) == ([], "")


async def test_a_source_is_kept_by_citations_statements_risks_texts_and_its_predecessor():
    editor = await member(Role.EDITOR)
    work, newer = await builders.source("trial2020"), await builders.source("trial2021")
    await done("updateSource", editor, "", id=work.id, expectedVersion=1, supersededBy=newer.id)
    live = await builders.live("Live", "As shown [@trial2020].")
    needles, neck, ada = await builders.treatment(), await builders.condition(), await builders.practitioner()
    said = await builders.statement(needles, neck, ada, sources=(work,))
    risks = [{"text": "Bruises", "frequency": "COMMON", "source": work.id}]
    await builders.clinic()
    made = {
        "name": "Rest",
        "summary": "Rest.",
        "adverseOutcomes": risks,
        "body": {"markdown": "It may help [@trial2020]."},
    }
    rest = (await done("createTreatment", editor, "treatment { id }", **made))["treatment"]["id"]
    found, words = await tried("deleteSource", work, 2)
    assert (found, [each in words for each in (live.id, said.id, rest)]) == (["IN_USE"], [True] * 3)
    assert words.count(rest) == 2
    found, words = await tried("unpublishSource", work, 2)
    assert (found, [each in words for each in (live.id, said.id, rest)]) == (["IN_USE"], [True, True, False])
    found, words = await tried("deleteSource", newer)
    assert (found, "source “trial2020”" in words) == (["IN_USE"], True)
    assert await tried("unpublishSource", newer) == ([], "")


async def test_a_long_list_is_cut_and_counted():
    neck = await builders.condition()
    for number in range(12):
        await builders.draft(f"Draft {number:02}", conditions=[neck])
    _, words = await tried("deleteCondition", neck)
    assert ("Draft 09" in words, "Draft 10" in words, ", and 2 more" in words) == (True, False, True)


async def test_an_article_is_named_by_the_text_that_readers_see():
    neck = await builders.condition(care="Numbness.")
    article = await builders.live("What readers see", conditions=[neck])
    await builders.revised(article, "What is being written", conditions=[neck])
    _, words = await tried("deleteCondition", neck)
    assert f"“What readers see”, live ({article.id})" in words
    assert "What is being written" not in words
