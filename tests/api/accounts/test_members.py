"""Members: what a change ends, and who must stay."""

import asyncio
from datetime import UTC, datetime

import pytest

from api.accounts import invitations, members, sessions, tokens
from api.accounts.members import EmailTaken, LastAdmin, NeedsPractitioner, NewMember, NobodyThere, NoName, NoRoles
from api.accounts.models import Invitation, Member, Token
from api.accounts.viewer import ANONYMOUS, Role
from api.audit import AuditEntry
from api.errors import Conflict
from tests import builders, people

pytestmark = pytest.mark.usefixtures("accounts")


async def held(member):
    return len([token for token in await Token.filter(member_id=member.id) if tokens.holds(token)])


async def with_tokens(*roles, **said):
    member = await people.member(*roles, **said)
    for _ in range(3):
        await people.token(member)
    return member


async def test_a_new_member_has_a_link_and_no_password():
    said = NewMember("Ada@Clinic.example", " Ada ", frozenset({Role.ADMIN, Role.AUTHOR}))

    member, invited = await members.create(ANONYMOUS, said)

    assert (member.email, member.display_name, member.roles) == ("ada@clinic.example", "Ada", ["AUTHOR", "ADMIN"])
    assert member.password_digest is None
    assert invited.text.startswith("mri_")


async def test_an_email_is_taken_whatever_its_capitals():
    await members.create(ANONYMOUS, NewMember("ada@clinic.example", "Ada", frozenset({Role.AUTHOR})))

    with pytest.raises(EmailTaken):
        await members.create(ANONYMOUS, NewMember("ADA@clinic.example", "Eve", frozenset({Role.ADMIN})))

    assert await Member.all().count() == 1


async def test_of_many_at_once_with_one_email_one_is_made():
    said = NewMember("ada@clinic.example", "Ada", frozenset({Role.AUTHOR}))

    answers = await asyncio.gather(*(members.create(ANONYMOUS, said) for _ in range(8)), return_exceptions=True)

    assert sum(isinstance(answer, EmailTaken) for answer in answers) == 7
    assert await Member.all().count() == 1


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (NewMember("a@b.cd", "Ada", frozenset()), NoRoles),
        (NewMember("a@b.cd", "  ", frozenset({Role.AUTHOR})), NoName),
        (NewMember("a@b.cd", "Ada", frozenset({Role.REVIEWER})), NeedsPractitioner),
    ],
)
async def test_a_member_needs_a_role_a_name_and_to_review_a_practitioner(said, refusal):
    with pytest.raises(refusal):
        await members.create(ANONYMOUS, said)

    assert await Member.all().count() == 0


@pytest.mark.parametrize("changes", [{"roles": frozenset({Role.EDITOR})}, {"is_disabled": True}])
async def test_other_roles_and_disabling_end_every_token(changes):
    member, bystander = await with_tokens(Role.AUTHOR), await with_tokens(Role.AUTHOR)

    changed = await members.update(ANONYMOUS, member.id, 1, changes)

    assert changed.version == 2
    assert await held(member) == 0
    assert await held(bystander) == 3


@pytest.mark.parametrize(
    "changes", [{"display_name": "Ada"}, {"roles": frozenset({Role.AUTHOR})}, {"is_disabled": False}]
)
async def test_what_changes_no_rights_leaves_tokens_alone(changes):
    member = await with_tokens(Role.AUTHOR)

    await members.update(ANONYMOUS, member.id, 1, changes)

    assert await held(member) == 3


async def test_a_new_password_ends_every_token_and_every_link():
    member = await with_tokens(Role.AUTHOR)
    viewer = await people.viewer(await people.token(member))
    _, invited = await members.reset_password(member.email)
    proof = await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)

    await members.change_password(viewer, proof, await people.digest(people.OTHER))

    assert await held(member) == 0
    assert (await Invitation.get(id=invited.invitation.id)).used_at
    assert await sessions.prove(member.email, people.OTHER, people.ORIGIN)


async def test_a_disabled_member_is_enabled_again_with_the_old_password_and_no_token():
    member = await with_tokens(Role.AUTHOR)
    await members.update(ANONYMOUS, member.id, 1, {"is_disabled": True})
    with pytest.raises(sessions.WrongSignIn):
        await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)

    await members.update(ANONYMOUS, member.id, 2, {"is_disabled": False})

    assert await held(member) == 0
    assert await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)


async def test_disabling_ends_a_link_that_was_not_used_yet():
    member, _ = await members.create(ANONYMOUS, NewMember("ada@clinic.example", "Ada", frozenset({Role.AUTHOR})))

    await members.update(ANONYMOUS, member.id, 1, {"is_disabled": True})

    assert (await Invitation.get()).used_at


@pytest.mark.parametrize("changes", [{"roles": frozenset({Role.EDITOR})}, {"is_disabled": True}])
async def test_the_last_admin_who_can_sign_in_stays_one(changes):
    admin = await with_tokens(Role.ADMIN)
    await people.member(Role.ADMIN, password=None)
    await people.member(Role.ADMIN, disabled_at=datetime.now(UTC))
    await people.member(Role.EDITOR)

    with pytest.raises(LastAdmin):
        await members.update(ANONYMOUS, admin.id, 1, changes)

    kept = await Member.get(id=admin.id)
    assert (kept.roles, kept.disabled_at, kept.version, await held(admin)) == (["ADMIN"], None, 1, 3)


async def test_of_two_admins_who_let_each_other_go_at_once_one_stays():
    admins = [await people.member(Role.ADMIN) for _ in range(2)]
    changes = {"roles": frozenset({Role.EDITOR})}

    answers = await asyncio.gather(
        *(members.update(ANONYMOUS, admin.id, 1, changes) for admin in admins), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["LastAdmin", "Member"]
    assert await Member.filter(roles__contains=["ADMIN"]).count() == 1


async def test_a_stale_version_changes_nothing():
    member = await with_tokens(Role.AUTHOR)
    await members.update(ANONYMOUS, member.id, 1, {"display_name": "Ada"})

    with pytest.raises(Conflict) as refused:
        await members.update(ANONYMOUS, member.id, 1, {"is_disabled": True})

    assert refused.value.thing == member.id
    assert (await Member.get()).disabled_at is None


async def test_a_reviewer_keeps_a_practitioner():
    practitioner = await builders.practitioner()
    member = await people.member(Role.REVIEWER, practitioner_id=practitioner.id)

    with pytest.raises(NeedsPractitioner):
        await members.update(ANONYMOUS, member.id, 1, {"practitioner_id": None})


async def test_from_the_shell_a_member_who_never_chose_a_password_gets_a_new_link():
    first, lost = await members.invite(NewMember("ada@clinic.example", "Ada", frozenset({Role.AUTHOR})))

    second, found = await members.invite(NewMember("ada@clinic.example", "Ada", frozenset({Role.ADMIN})))

    assert (second.id, second.roles) == (first.id, ["ADMIN"])
    with pytest.raises(invitations.DeadLink):
        await invitations.accept(await invitations.answer(lost.text, people.PASSWORD))
    assert await invitations.accept(await invitations.answer(found.text, people.PASSWORD))
    with pytest.raises(EmailTaken):
        await members.invite(NewMember("ada@clinic.example", "Ada", frozenset({Role.ADMIN})))


async def test_nobody_gets_a_link_for_a_new_password_without_being_a_member():
    with pytest.raises(NobodyThere):
        await members.reset_password("nobody@clinic.example")


async def test_the_audit_log_tells_what_was_before_and_after():
    member = await people.member(Role.AUTHOR)

    await members.update(ANONYMOUS, member.id, 1, {"roles": frozenset({Role.EDITOR})})

    entry = await AuditEntry.get()
    assert (entry.verb, entry.thing, entry.actor) == ("updateMember", member.id, "system")
    assert (entry.before["roles"], entry.after["roles"]) == (["AUTHOR"], ["EDITOR"])
