"""A partner's way in: made by an admin, claimed once, read by its own key, and blind to every other partner."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.accounts.viewer import Role
from api.audit import AuditEntry
from api.clinic import Clinic
from api.syndication.models import Partner, PartnerClaim, PartnerKey
from tests import builders, people

OWN = """{ viewer { displayName roles scopes member { id } partner { id name status termsOutdated
  termsAccepted { version name } grant { fullText topics { __typename } } quota { limit }
  keys { nodes { id isCurrent } }
  staleCopies { totalCount } recalls { totalCount } rehearsal { passedAt } } } }"""
WISH = {
    "name": "Health Portal", "contact": "Bo@Portal.example", "siteOrigins": ["https://Portal.example/"],
    "copyUrlTemplate": "https://portal.example/health/{slug}", "fullText": True, "quota": 5000,
}  # fmt: skip
MADE = "partner { id name status version siteOrigins contact } claim { token url }"


@pytest.fixture
async def program(database: str, tmp_path: Path) -> people.Program:
    await builders.clinic()
    return people.Program(database, tmp_path)


async def admin() -> str:
    return await people.token(await people.member(Role.ADMIN))


def agreed(token: str, /, **said: Any) -> dict[str, Any]:
    return {"token": token, "termsVersion": "2026-11", "name": "Bo Lin", "accepted": True} | said


async def claimed(program: people.Program, **wish: Any) -> tuple[str, str]:
    """The id and the key of a new partner."""
    made = await program.act("createPartner", WISH | wish, MADE, await admin())
    got = await program.act("claimPartner", agreed(made["claim"]["token"]), "partner { id } secret")
    return got["partner"]["id"], got["secret"]


async def test_a_partner_is_made_claims_its_key_and_reads_about_itself(program):
    made = await program.act("createPartner", WISH, MADE, await admin())
    link = made["claim"]["token"]
    assert made["userErrors"] == []
    assert link.startswith("mrc_")
    assert made["claim"]["url"].endswith(f"/partners/claim/{link}")
    assert made["partner"] | {"id": ""} == {
        "id": "", "name": "Health Portal", "status": "INVITED", "version": 1, "siteOrigins": ["https://portal.example"],
        "contact": "bo@portal.example",
    }  # fmt: skip

    got = await program.act("claimPartner", agreed(link), "partner { id status } partnerKey { id expiresAt } secret")

    assert got["userErrors"] == []
    assert got["secret"].startswith("mrd_")
    assert got["partner"]["status"] == "SANDBOX"
    seen = (await program.ask(OWN, got["secret"]))["viewer"]
    assert seen == {
        "displayName": None, "roles": ["PARTNER"], "scopes": [], "member": None,
        "partner": {
            "id": made["partner"]["id"], "name": "Health Portal", "status": "SANDBOX", "termsOutdated": False,
            "termsAccepted": {"version": "2026-11", "name": "Bo Lin"}, "grant": {"fullText": True, "topics": []},
            "quota": {"limit": 5000}, "keys": {"nodes": [{"id": got["partnerKey"]["id"], "isCurrent": True}]},
            "staleCopies": {"totalCount": 0}, "recalls": {"totalCount": 0}, "rehearsal": None,
        },
    }  # fmt: skip
    partner = await Partner.get()
    assert (partner.terms_accepted or {})["by"] == "Bo Lin"
    assert datetime.fromisoformat((partner.terms_accepted or {})["at"]) <= datetime.now(UTC)
    assert partner.last_seen_at is not None
    acts = await AuditEntry.filter(thing=partner.id).order_by("id").values_list("verb", "actor")
    assert [verb for verb, _ in acts] == ["createPartner", "claimPartner"]
    assert acts[1][1] == partner.id


async def test_a_new_partner_without_topics_may_fetch_everything_however_that_is_said(program):
    for said in ({}, {"topics": None}, {"topics": []}):
        shown = "partner { grant { topics { __typename } } }"
        made = await program.act("createPartner", WISH | said, shown, await admin())
        assert made == {"partner": {"grant": {"topics": []}}, "userErrors": []}


async def test_a_link_works_once_also_when_it_is_sent_ten_times_at_once(program):
    link = (await program.act("createPartner", WISH, MADE, await admin()))["claim"]["token"]
    answers = await asyncio.gather(
        *(program.act("claimPartner", agreed(link), "secret partner { id }") for _ in range(10))
    )
    assert sorted(len(answer["userErrors"]) for answer in answers) == [0, *[1] * 9]
    assert {error["code"] for answer in answers for error in answer["userErrors"]} == {"NOT_FOUND"}
    assert sum(answer["secret"] is not None for answer in answers) == 1
    assert await PartnerKey.all().count() == 1


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"accepted": False}, "INVALID", ["accepted"]),
        ({"name": "  "}, "INVALID", ["name"]),
        ({"termsVersion": "2020-01"}, "INVALID", ["termsVersion"]),
        ({"token": "mrc_" + "0" * 26 + "_x"}, "NOT_FOUND", ["token"]),
    ],
)
async def test_terms_that_are_not_accepted_give_no_key_and_leave_the_link_as_it_is(program, said, code, field):
    link = (await program.act("createPartner", WISH, MADE, await admin()))["claim"]["token"]
    refused = await program.act("claimPartner", agreed(link, **said), "secret")
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [(code, field)]
    assert refused["secret"] is None
    assert (await Partner.get()).terms_accepted is None
    assert await PartnerKey.all().count() == 0
    assert (await program.act("claimPartner", agreed(link), "secret"))["userErrors"] == []


async def test_an_old_link_and_one_that_a_newer_one_replaced_hold_no_more(program):
    token = await admin()
    made = await program.act("createPartner", WISH, MADE, token)
    newer = await program.act("createClaimLink", {"partner": made["partner"]["id"]}, "claim { token }", token)
    assert (await program.act("claimPartner", agreed(made["claim"]["token"]), "secret"))["secret"] is None
    await PartnerClaim.filter(used_at=None).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert (await program.act("claimPartner", agreed(newer["claim"]["token"]), "secret"))["secret"] is None


async def test_a_partner_sees_nothing_of_another_partner(program):
    first, key = await claimed(program)
    second, other = await claimed(program, name="Other site")
    article = await builders.live()
    await builders.recall(await Partner.get(id=second), article)
    await builders.copy(await Partner.get(id=second), article)
    kept = await PartnerKey.get(partner_id=second)
    shown = (await program.ask("{ viewer { partner { recalls { nodes { id } } } } }", other))["viewer"]["partner"]
    recall = shown["recalls"]["nodes"][0]["id"]
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } editorial { partners { totalCount } } }"
    asked = {"ids": [first, second, kept.id, recall]}
    assert await program.ask(nodes, key, **asked) == {"nodes": [{"id": first}, None, None, None], "editorial": None}
    assert await program.ask(nodes, **asked) == {"nodes": [None] * 4, "editorial": None}
    for name, said, shown in (
        ("acknowledgeRecall", {"id": recall}, "recall { id }"),
        ("revokePartnerKey", {"id": kept.id}, "partnerKey { id }"),
        ("rotatePartnerKey", {"id": kept.id}, "secret"),
    ):
        refused = await program.act(name, said, shown, key)
        assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"], name
    assert (await PartnerKey.get(id=kept.id)).revoked_at is None
    seen = (await program.ask(OWN, key))["viewer"]["partner"]
    assert (seen["recalls"]["totalCount"], seen["staleCopies"]["totalCount"]) == (0, 0)


async def test_the_same_idempotency_key_of_two_partners_is_two_acts(program):
    _, key = await claimed(program)
    _, other = await claimed(program, name="Other site")
    said = {"step": "PUBLISH", "idempotencyKey": "1"}
    shown = "partner { name rehearsal { articleId } }"
    first = await program.act("rehearse", said, shown, key)
    again = await program.act("rehearse", said, shown, key)
    second = await program.act("rehearse", said, shown, other)
    assert first == again
    assert [each["partner"]["name"] for each in (first, second)] == ["Health Portal", "Other site"]
    assert first["partner"]["rehearsal"] != second["partner"]["rehearsal"]


async def test_a_key_is_renewed_with_an_overlap_and_ended_at_once(program):
    _, key = await claimed(program)
    old = await PartnerKey.get()
    renewed = await program.act("rotatePartnerKey", {"id": old.id, "overlapHours": 1}, "partnerKey { id } secret", key)
    new = renewed["secret"]
    await old.refresh_from_db()
    assert timedelta(minutes=59) < (old.expires_at or datetime.now(UTC)) - datetime.now(UTC) <= timedelta(hours=1)
    assert [(await program.ask(OWN, each))["viewer"]["partner"]["name"] for each in (key, new)] == ["Health Portal"] * 2
    await program.act("revokePartnerKey", {"id": old.id}, "partnerKey { revokedAt }", new)
    assert await program.refused(OWN, token=key) == "UNAUTHENTICATED"
    assert await program.refused(OWN, token=new) is None
    secret = new.split("_", 2)[2]
    forged = new[:-1] + ("A" if new[-1] != "A" else "B")
    assert await program.refused(OWN, token=forged) == "UNAUTHENTICATED"
    assert secret.encode() not in (await PartnerKey.get(id=renewed["partnerKey"]["id"])).digest


async def test_a_suspended_partners_keys_open_nothing_until_it_is_taken_back(program):
    partner, key = await claimed(program)
    token = await admin()
    version = (await Partner.get()).version
    stale = await program.act("updatePartner", {"id": partner, "expectedVersion": 99}, "partner { version }", token)
    assert [error["code"] for error in stale["userErrors"]] == ["CONFLICT"]
    assert stale["partner"] == {"version": version}
    said = {"id": partner, "expectedVersion": version, "isSuspended": True, "topics": []}
    done = await program.act("updatePartner", said, "partner { status version }", token)
    assert done["partner"] == {"status": "SUSPENDED", "version": version + 1}
    assert await program.refused(OWN, token=key) == "UNAUTHENTICATED"
    back = {"id": partner, "expectedVersion": version + 1, "isSuspended": False}
    await program.act("updatePartner", back, "partner { status }", token)
    assert await program.refused(OWN, token=key) is None


async def test_a_partner_is_told_when_the_terms_change_and_accepts_them_with_its_key(program):
    _, key = await claimed(program)
    await Clinic.all().update(syndication_terms={"version": "2027-01", "html": "<p>New.</p>", "url": "/partners"})
    assert (await program.ask(OWN, key))["viewer"]["partner"]["termsOutdated"] is True
    old = {"termsVersion": "2026-11", "name": "Bo Lin", "accepted": True}
    assert (await program.act("acceptTerms", old, "partner { id }", key))["userErrors"][0]["code"] == "INVALID"
    await program.act("acceptTerms", old | {"termsVersion": "2027-01"}, "partner { id }", key)
    seen = (await program.ask(OWN, key))["viewer"]["partner"]
    assert (seen["termsOutdated"], seen["termsAccepted"]["version"]) == (False, "2027-01")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"contact": "nobody"}, "contact"),
        ({"siteOrigins": ["https://portal.example/health"]}, "siteOrigins"),
        ({"siteOrigins": ["ftp://portal.example"]}, "siteOrigins"),
        ({"copyUrlTemplate": "https://elsewhere.example/{slug}"}, "copyUrlTemplate"),
        ({"copyUrlTemplate": "https://portal.example/health"}, "copyUrlTemplate"),
        ({"topics": ["cnd_00000000000000000000000000"]}, "topics"),
        ({"quota": 1}, "quota"),
    ],
)
async def test_what_cannot_be_a_partner_is_refused_and_not_written(program, said, field):
    refused = await program.act("createPartner", WISH | said, "partner { id }", await admin())
    assert [(error["code"], error["field"][0]) for error in refused["userErrors"]] == [("INVALID", field)]
    assert await Partner.all().count() == 0


async def test_full_text_is_for_active_partners_whose_grant_and_topics_reach_it(program):
    neck, back = await builders.condition("Neck pain"), await builders.condition("Back pain")
    await builders.live("On the neck", conditions=[neck])
    await builders.live("On the back", conditions=[back])
    document = "{ articles(orderBy: TITLE) { nodes { title syndication { html text canonicalUrl } } } }"

    async def full(**said: Any) -> list[str]:
        key = await builders.key(await builders.partner(**said))
        nodes = (await program.ask(document, key))["articles"]["nodes"]
        assert all((node["syndication"]["html"] is None) is (node["syndication"]["text"] is None) for node in nodes)
        assert all(node["syndication"]["canonicalUrl"] for node in nodes)
        return [node["title"] for node in nodes if node["syndication"]["html"]]

    assert await full() == ["On the back", "On the neck"]
    assert await full(topics=[neck.id]) == ["On the neck"]
    assert await full(full_text=False) == []
    assert await full(active=False) == ["On the back", "On the neck"]
    assert await full(active=False, full_text=False) == []
    assert [node["syndication"]["html"] is None for node in (await program.ask(document))["articles"]["nodes"]] == [
        False,
        False,
    ]


async def test_partner_is_no_role_of_a_member(program):
    said = {"email": "x@clinic.example", "displayName": "X", "roles": ["PARTNER"]}
    refused = await program.act("createMember", said, "member { id }", await admin())
    assert [error["field"] for error in refused["userErrors"]] == [["roles"]]
