"""Members, as admins manage them through the API."""

from pathlib import Path

import pytest

from api.accounts.models import Invitation, Member, Token
from api.accounts.viewer import Role, Scope
from tests import builders, people

MEMBER = "member { id email displayName roles disabledAt version isInvited practitioner { id } }"
CREATE = f"{MEMBER} invitation {{ token url expiresAt }}"


@pytest.fixture
def program(accounts: str, tmp_path: Path) -> people.Program:
    return people.Program(accounts, tmp_path)


@pytest.fixture
async def admin(program) -> str:
    return await people.token(await people.member(Role.ADMIN))


async def test_an_invited_member_chooses_a_password_and_signs_in(program, admin):
    said = {"email": "Ada@Clinic.example", "displayName": "Ada", "roles": ["AUTHOR"]}
    made = await program.act("createMember", said, CREATE, admin)
    link = made["invitation"]

    await program.act("acceptInvitation", {"token": link["token"], "password": people.PASSWORD}, "member { id }")
    answer = await program.act(
        "signIn", {"email": "ada@clinic.example", "password": people.PASSWORD}, "member { id isInvited } secret"
    )

    assert made["userErrors"] == []
    assert made["member"]["isInvited"]
    assert link["url"] == f"http://localhost:4321/invitation/{link['token']}"
    assert answer["member"] == {"id": made["member"]["id"], "isInvited": False}
    assert await program.who(answer["secret"]) == "Ada"


async def test_an_invitation_repeated_by_its_key_is_the_same_member_without_the_link(program, admin):
    said = {"email": "ada@clinic.example", "displayName": "Ada", "roles": ["AUTHOR"], "idempotencyKey": "k"}

    first = await program.act("createMember", said, CREATE, admin)
    second = await program.act("createMember", said, CREATE, admin)
    other = await program.act("createMember", said | {"displayName": "Eve"}, CREATE, admin)

    assert second == first | {"invitation": None}
    assert other["userErrors"][0]["code"] == "IDEMPOTENCY_MISMATCH"
    assert await Invitation.all().count() == 1


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"email": "no e-mail"}, "INVALID", "email"),
        ({"displayName": ""}, "INVALID", "displayName"),
        ({"displayName": "   "}, "INVALID", "displayName"),
        ({"roles": []}, "INVALID", "roles"),
        ({"roles": ["REVIEWER"]}, "INVALID", "practitioner"),
        ({"roles": ["REVIEWER"], "practitioner": "prc_" + "0" * 26}, "NOT_FOUND", "practitioner"),
    ],
)
async def test_what_cannot_be_a_member_is_refused_at_its_field(program, admin, said, code, field):
    usual = {"email": "ada@clinic.example", "displayName": "Ada", "roles": ["AUTHOR"]}

    answer = await program.act("createMember", usual | said, CREATE, admin)

    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [(code, [field])]
    assert await Member.all().count() == 1


async def test_absent_leaves_alone_and_null_clears(program, admin):
    practitioner = await builders.practitioner()
    member = await people.member(Role.AUTHOR, practitioner_id=practitioner.id)

    renamed = await program.act(
        "updateMember", {"id": member.id, "expectedVersion": 1, "displayName": "Ada"}, MEMBER, admin
    )
    cleared = await program.act(
        "updateMember", {"id": member.id, "expectedVersion": 2, "practitioner": None}, MEMBER, admin
    )
    refused = await program.act("updateMember", {"id": member.id, "expectedVersion": 3, "roles": None}, MEMBER, admin)

    assert (renamed["member"]["displayName"], renamed["member"]["practitioner"]) == ("Ada", {"id": practitioner.id})
    assert (cleared["member"]["displayName"], cleared["member"]["practitioner"]) == ("Ada", None)
    assert [error["field"] for error in refused["userErrors"]] == [["roles"]]


@pytest.mark.parametrize("change", [{"roles": ["EDITOR"]}, {"isDisabled": True}])
async def test_other_roles_and_disabling_end_the_members_tokens(program, admin, change):
    member = await people.member(Role.AUTHOR)
    texts = [await people.token(member) for _ in range(2)]

    answer = await program.act("updateMember", {"id": member.id, "expectedVersion": 1} | change, MEMBER, admin)

    assert answer["userErrors"] == []
    assert [await program.who(text) for text in texts] == [None, None]
    assert await Token.filter(member_id=member.id, revoked_at=None).count() == 0


async def test_a_stale_version_is_answered_with_the_current_member(program, admin):
    member = await people.member(Role.AUTHOR)
    said = {"id": member.id, "expectedVersion": 1}
    await program.act("updateMember", said | {"displayName": "Ada"}, MEMBER, admin)

    answer = await program.act("updateMember", said | {"isDisabled": True}, MEMBER, admin)

    assert (answer["userErrors"][0]["code"], answer["userErrors"][0]["field"]) == ("CONFLICT", ["expectedVersion"])
    assert (answer["member"]["displayName"], answer["member"]["version"]) == ("Ada", 2)
    assert (await Member.get(id=member.id)).disabled_at is None


async def test_the_last_admin_cannot_let_go_of_it(program, admin):
    (member,) = await Member.all()

    for change in ({"roles": ["EDITOR"]}, {"isDisabled": True}):
        answer = await program.act("updateMember", {"id": member.id, "expectedVersion": 1} | change, MEMBER, admin)
        assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [("INVALID", [*change])]

    assert await program.who(admin)


async def test_nobody_can_be_changed_who_is_not_there(program, admin):
    answer = await program.act("updateMember", {"id": "mbr_" + "0" * 26, "expectedVersion": 1}, MEMBER, admin)

    assert (answer["userErrors"][0]["code"], answer["userErrors"][0]["field"]) == ("NOT_FOUND", ["id"])


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.MEMBERS])
async def test_an_admins_token_without_the_scope_manages_nobody(program, scope):
    token = await people.token(await people.member(Role.ADMIN), scope)
    document = "mutation($input: CreateMemberInput!) { createMember(input: $input) { member { id } } }"

    code = await program.refused(document, {"email": "a@b.cd", "displayName": "Ada", "roles": ["ADMIN"]}, token)

    assert code == "FORBIDDEN"
    assert await Member.all().count() == 1
