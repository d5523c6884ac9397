"""One-time links: they work once, for a while, for one member, and only while that member may sign in."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from api.accounts import invitations, members, passwords, sessions, tokens
from api.accounts.invitations import DeadLink
from api.accounts.members import NewMember
from api.accounts.models import Invitation, Member, Token
from api.accounts.passwords import TooShort
from api.accounts.viewer import ANONYMOUS, Role
from tests import people

pytestmark = pytest.mark.usefixtures("accounts")


async def invited():
    return await members.create(ANONYMOUS, NewMember("ada@clinic.example", "Ada", frozenset({Role.AUTHOR})))


async def accept(text, password=people.PASSWORD):
    return await invitations.accept(await invitations.answer(text, password))


async def test_a_link_lets_its_member_choose_a_password_and_sign_in():
    member, link = await invited()

    await accept(link.text)

    proof = await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)
    assert proof.member_id == member.id


async def test_a_link_works_once():
    _, link = await invited()
    await accept(link.text)

    with pytest.raises(DeadLink):
        await accept(link.text, people.OTHER)

    assert await passwords.verify((await Member.get()).password_digest, people.PASSWORD)


async def test_of_many_who_use_a_link_at_once_one_succeeds():
    _, link = await invited()

    answers = await asyncio.gather(*(accept(link.text) for _ in range(6)), return_exceptions=True)

    assert sum(isinstance(answer, DeadLink) for answer in answers) == 5


@pytest.mark.parametrize(("makes", "lifetime"), [("invitation", timedelta(days=7)), ("reset", timedelta(days=1))])
async def test_a_link_ends_after_its_days(makes, lifetime):
    member, link = await invited()
    if makes == "reset":
        _, link = await members.reset_password(member.email)
    left = link.invitation.expires_at - datetime.now(UTC)
    assert lifetime - timedelta(minutes=1) < left <= lifetime
    await Invitation.all().update(expires_at=datetime.now(UTC))

    with pytest.raises(DeadLink):
        await accept(link.text)


async def test_a_weak_password_does_not_use_the_link_up():
    _, link = await invited()

    with pytest.raises(TooShort):
        await accept(link.text, "short")

    assert await accept(link.text)


async def test_what_nobody_made_is_no_link_and_costs_no_hash(monkeypatch):
    _, link = await invited()
    _, identity, secret = link.text.split("_", 2)
    monkeypatch.setattr(passwords, "digest", None)
    forged = ["", "mri_", identity, f"mri_{identity}", f"mri_{identity}_{secret}A", f"mrd_{identity}_{secret}",
              f"mri_{'0' * 26}_{secret}", f"mri_{identity}_{'A' * 43}", "mri_" + "0" * 190]  # fmt: skip

    for text in forged:
        with pytest.raises(DeadLink):
            await invitations.answer(text, people.PASSWORD)


async def test_a_used_link_costs_no_hash(monkeypatch):
    _, link = await invited()
    await accept(link.text)
    monkeypatch.setattr(passwords, "digest", None)

    assert (await invitations.answer(link.text, people.PASSWORD)).digest is None


async def test_choosing_a_new_password_ends_what_the_member_was_signed_in_with():
    member = await people.member()
    for _ in range(3):
        await people.token(member)
    _, link = await members.reset_password(member.email)
    assert await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)

    await accept(link.text, people.OTHER)

    assert not [token for token in await Token.all() if tokens.holds(token)]
    with pytest.raises(sessions.WrongSignIn):
        await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)


async def test_a_disabled_member_cannot_come_back_by_a_link():
    member = await people.member()
    _, link = await members.reset_password(member.email)
    await Member.all().update(disabled_at=datetime.now(UTC))

    with pytest.raises(DeadLink):
        await accept(link.text)


async def test_only_the_digest_of_a_link_is_kept_and_old_ones_are_forgotten():
    _, link = await invited()

    row = await Invitation.get()

    assert row.digest == sha256(link.text.split("_", 2)[2].encode()).digest()
    assert await invitations.forget(datetime.now(UTC) + timedelta(days=36)) == 0
    assert await invitations.forget(datetime.now(UTC) + timedelta(days=38)) == 1
