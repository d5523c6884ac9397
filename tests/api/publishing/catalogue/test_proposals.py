"""What is public and clinical changes by two members: one proposes, another one lets it be."""

import pytest

from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.audit import AuditEntry
from api.conditions import Condition
from api.publishing.models import Proposal
from tests import builders
from tests.api.publishing.catalogue.nouns import BY_NAME, published
from tests.asking import answer, ask
from tests.doing import codes, do, done, member

pytestmark = pytest.mark.usefixtures("database")
CONDITION = BY_NAME["Condition"]
WAITS = (
    "condition { id version summary bodyLocation careAdvice { heading } } proposal { id changes approved entryVersion }"
)
DECIDED = "proposal { id approved note proposedByName decidedByName } entry { id ... on Condition { version summary } }"
ADVICE = [{"level": "EMERGENCY", "heading": "Call 999", "items": ["No feeling in either arm."], "phone": "999"}]


async def proposed(editor: Viewer, **said):
    entry = await published(CONDITION, editor)
    return await done("updateCondition", editor, WAITS, id=entry["id"], expectedVersion=2, **said)


async def decide(asking: Viewer, proposal: str, *, approve: bool = True, **more):
    return await do("approveCatalogueChange", asking, DECIDED, proposal=proposal, approve=approve, **more)


async def test_the_clinical_part_waits_and_the_rest_is_done_at_once():
    editor, reviewer = await member(Role.EDITOR), await member(Role.REVIEWER)
    first = await proposed(editor, bodyLocation="Shoulder", summary="It moves less.", careAdvice=ADVICE)
    assert first["condition"] == {
        "id": first["condition"]["id"], "version": 3, "summary": "A shoulder that moves less.",
        "bodyLocation": "Shoulder", "careAdvice": [{"heading": "Ask for help today"}],
    }  # fmt: skip
    waits = first["proposal"]
    assert waits == {
        "id": waits["id"], "approved": None, "entryVersion": 3,
        "changes": {"summary": "It moves less.", "careAdvice": [ADVICE[0] | {"body": None}]},
    }  # fmt: skip

    said = await decide(reviewer, waits["id"], note="Good.")
    assert said["userErrors"] == []
    names = {"proposedByName": editor.display_name, "decidedByName": reviewer.display_name}
    assert said["proposal"] == {"id": waits["id"], "approved": True, "note": "Good."} | names
    assert said["entry"] == {"id": first["condition"]["id"], "version": 4, "summary": "It moves less."}
    shown = await ask(
        "query ($id: ID!) { condition(by: {id: $id}) { careAdvice { heading phone } } }", id=said["entry"]["id"]
    )
    assert shown["condition"]["careAdvice"] == [{"heading": "Call 999", "phone": "999"}]
    verbs = await AuditEntry.filter(thing=said["entry"]["id"]).order_by("id").values_list("verb", "actor")
    assert verbs[2:] == [
        ("updateCondition", editor.member),
        ("proposeConditionChange", editor.member),
        ("approveCatalogueChange", reviewer.member),
    ]


async def test_nobody_approves_what_they_proposed_nor_decides_twice():
    both, other = await member(Role.EDITOR, Role.REVIEWER), await member(Role.REVIEWER)
    first = await proposed(both, summary="It moves less.")
    own = await decide(both, first["proposal"]["id"])
    assert (codes(own), own["userErrors"][0]["field"]) == (["NOT_INDEPENDENT"], ["proposal"])
    assert (await Condition.get(id=first["condition"]["id"])).version == 2
    assert codes(await decide(other, first["proposal"]["id"], approve=False, note="No.")) == []
    assert codes(await decide(other, first["proposal"]["id"])) == ["WRONG_STAGE"]
    row = await Proposal.get(id=first["proposal"]["id"])
    assert (row.approved, row.note, row.decided_by_id) == (False, "No.", other.member)
    assert (await Condition.get(id=row.thing)).summary == "A shoulder that moves less."


async def test_a_proposal_that_another_change_overtook_is_a_conflict_and_can_be_turned_down():
    editor, reviewer = await member(Role.EDITOR), await member(Role.REVIEWER)
    first = await proposed(editor, summary="It moves less.")
    entry = first["condition"]["id"]
    await done("updateCondition", editor, "", id=entry, expectedVersion=2, bodyLocation="Shoulder")
    late = await decide(reviewer, first["proposal"]["id"])
    assert codes(late) == ["CONFLICT"]
    assert late["entry"] == {"id": entry, "version": 3, "summary": "A shoulder that moves less."}
    assert codes(await decide(reviewer, first["proposal"]["id"], approve=False)) == []


async def test_of_two_proposals_for_one_version_the_second_is_outdated():
    editor, reviewer = await member(Role.EDITOR), await member(Role.REVIEWER)
    first = await proposed(editor, summary="It moves less.")
    entry = first["condition"]["id"]
    second = await done("updateCondition", editor, WAITS, id=entry, expectedVersion=2, summary="It hardly moves.")
    assert codes(await decide(reviewer, second["proposal"]["id"])) == []
    assert codes(await decide(reviewer, first["proposal"]["id"])) == ["CONFLICT"]
    assert (await Condition.get(id=entry)).summary == "It hardly moves."


async def test_the_gate_is_asked_when_it_is_proposed_and_again_when_it_is_approved():
    editor, reviewer = await member(Role.EDITOR), await member(Role.REVIEWER)
    work = await builders.source("trial2020")
    entry = await published(CONDITION, editor)
    fields = "gateReport { findings { rule path severity } } proposal { id }"
    said = {"id": entry["id"], "expectedVersion": 2}
    blocked = await do("updateCondition", editor, fields, **said, summary="Rest cures it, guaranteed.")
    assert codes(blocked) == ["BLOCKED"]
    assert {"rule": "CLM-004", "path": "summary", "severity": "BLOCK"} in blocked["gateReport"]["findings"]
    assert (blocked["proposal"], await Proposal.all().count()) == (None, 0)
    waits = await done(
        "updateCondition", editor, fields, **said, body={"markdown": "It often eases by itself [@trial2020]."}
    )
    work.status = "RETRACTED"
    await work.save()
    late = await do(
        "approveCatalogueChange",
        reviewer,
        "gateReport { findings { rule } }",
        proposal=waits["proposal"]["id"],
        approve=True,
    )
    assert codes(late) == ["BLOCKED"]
    assert [finding["rule"] for finding in late["gateReport"]["findings"]] == ["CIT-006"]
    assert (await Condition.get(id=entry["id"])).body is None


async def test_proposals_are_for_those_who_see_drafts_and_decisions_for_reviewers():
    editor = await member(Role.EDITOR)
    first = await proposed(editor, summary="It moves less.")
    document = "query ($id: ID!) { node(id: $id) { id } }"
    for asking, seen in (
        (ANONYMOUS, None),
        (await member(Role.AUTHOR), None),
        (await member(Role.EDITOR), first["proposal"]["id"]),
    ):
        node = (await ask(document, asking, id=first["proposal"]["id"]))["node"]
        assert node == ({"id": seen} if seen else None)
    given, asked = "$input: ApproveCatalogueChangeInput!", "approveCatalogueChange(input: $input)"
    verdict = f"mutation ({given}) {{ {asked} {{ userErrors {{ code }} }} }}"
    for asking in (ANONYMOUS, await member(Role.EDITOR), await member(Role.ADMIN)):
        refused = await answer(verdict, asking, input={"proposal": first["proposal"]["id"], "approve": True})
        assert refused.errors[0].extensions["code"] in {"UNAUTHENTICATED", "FORBIDDEN"}
    unknown = await decide(await member(Role.REVIEWER), "pro_00000000000000000000000000")
    assert codes(unknown) == ["NOT_FOUND"]


async def test_one_key_proposes_and_decides_once():
    editor, reviewer = await member(Role.EDITOR), await member(Role.REVIEWER)
    entry = await published(CONDITION, editor)
    said = {"id": entry["id"], "expectedVersion": 2, "summary": "It moves less.", "idempotencyKey": "k"}
    first = await done("updateCondition", editor, WAITS, **said)
    assert await done("updateCondition", editor, WAITS, **said) == first
    assert await Proposal.all().count() == 1
    verdict = {"proposal": first["proposal"]["id"], "approve": True, "idempotencyKey": "v"}
    once = await done("approveCatalogueChange", reviewer, DECIDED, **verdict)
    assert await done("approveCatalogueChange", reviewer, DECIDED, **verdict) == once


async def test_a_deleted_entry_takes_its_proposals_along():
    editor, reviewer = await member(Role.EDITOR), await member(Role.REVIEWER)
    first = await proposed(editor, summary="It moves less.")
    await done("deleteCondition", editor, "", id=first["condition"]["id"], expectedVersion=2)
    assert codes(await decide(reviewer, first["proposal"]["id"])) == ["WRONG_STAGE"]


@pytest.mark.parametrize("name", ["Treatment", "EvidenceStatement"])
async def test_treatments_and_statements_wait_as_well(name):
    noun, editor, reviewer = BY_NAME[name], await member(Role.EDITOR), await member(Role.REVIEWER)
    entry = await published(noun, editor)
    fields = noun.fields() + " proposal { id }"
    waits = await done(f"update{name}", editor, fields, id=entry["id"], expectedVersion=2, **noun.clinical)
    assert (waits[noun.field]["version"], waits["proposal"] is not None) == (2, True)
    said = await done(
        "approveCatalogueChange", reviewer, "entry { id }", proposal=waits["proposal"]["id"], approve=True
    )
    assert said["entry"]["id"] == entry["id"]
