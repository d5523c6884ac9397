"""Signing in: one answer for everybody who does not get in, and an end to guessing."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from api.accounts import emails, failures, members, passwords, sessions, tokens
from api.accounts.emails import BadEmail
from api.accounts.failures import Origin, TooManyTries
from api.accounts.models import Member, SignInFailure, Token
from api.accounts.sessions import WrongPassword, WrongSignIn
from tests import people

pytestmark = pytest.mark.usefixtures("accounts")


def elsewhere(number):
    return Origin(people.ORIGIN.key, f"198.51.100.{number}")


async def sign_in(email, password=people.PASSWORD, origin=people.ORIGIN):
    return await sessions.open_session(await sessions.prove(email, password, origin))


async def sentence(email, password, origin=people.ORIGIN):
    with pytest.raises(WrongSignIn) as refused:
        await sign_in(email, password, origin)
    return refused.value.message, refused.value.path


async def test_a_member_signs_in_for_twelve_hours():
    member = await people.member()

    minted = await sign_in(member.email)

    left = minted.token.expires_at - datetime.now(UTC)
    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12)
    assert (await people.viewer(minted.text)).member == member.id


async def test_capitals_and_spaces_around_an_email_do_not_matter():
    member = await people.member()

    assert (await sign_in(f" {member.email.upper()} ")).token.member_id == member.id


async def test_every_refusal_is_the_same():
    known = await people.member()
    disabled = await people.member(disabled_at=datetime.now(UTC))
    invited = await people.member(password=None)
    waiting = await people.member()
    for number in range(failures.MOST_FOR_ACCOUNT):
        await sentence(waiting.email, "wrong guess of mine", elsewhere(number))

    told = {
        await sentence(known.email, "wrong guess of mine"),
        await sentence("nobody@clinic.example", people.PASSWORD),
        await sentence("no e-mail at all", people.PASSWORD),
        await sentence("a\x00b@clinic.example", people.PASSWORD),
        await sentence(disabled.email, people.PASSWORD),
        await sentence(invited.email, people.PASSWORD),
        await sentence(waiting.email, people.PASSWORD, elsewhere(99)),
    }

    assert len(told) == 1
    assert await Token.all().count() == 0


async def test_an_account_waits_after_ten_failures_until_the_window_is_over():
    member = await people.member()
    for number in range(failures.MOST_FOR_ACCOUNT):
        await sentence(member.email, "wrong guess of mine", elsewhere(number))

    await sentence(member.email, people.PASSWORD, elsewhere(99))
    await SignInFailure.all().update(since=datetime.now(UTC) - failures.WINDOW - timedelta(seconds=1))

    assert await sign_in(member.email, origin=elsewhere(99))


async def test_tries_that_are_not_looked_at_do_not_count_for_the_account_elsewhere():
    for number in range(failures.MOST_FOR_ACCOUNT + 5):
        tried = await failures.count(elsewhere(number), "somebody@clinic.example", None)

    assert tried.locked
    assert tried.everywhere == failures.MOST_FOR_ACCOUNT


async def test_what_outsiders_guess_does_not_stop_whoever_is_signed_in():
    member = await people.member()
    viewer = await people.viewer(await people.token(member))
    for _ in range(failures.MOST_FOR_ACCOUNT + 1):
        tried = await failures.count(elsewhere(1), member.email, member.password_digest)

    assert tried.locked
    assert await sessions.prove_again(viewer, people.PASSWORD, elsewhere(2), field="password")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.1", "198.51.100.254", True),
        ("198.51.100.1", "198.51.101.1", False),
        ("2001:db8::/64", "2001:db8::/64", True),
        ("2001:db8::/64", "2001:db8:0:ff::/64", True),
        ("2001:db8::/64", "2001:db8:1::/64", False),
        (None, None, True),
    ],
)
def test_a_place_is_a_neighbourhood_of_addresses(one, other, same):
    assert (Origin(b"k", one).place == Origin(b"k", other).place) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.1", "198.51.100.1", True),
        ("198.51.100.1", "198.51.100.2", False),
        ("2001:db8::/64", "2001:db8:0:ff::/64", True),
        ("2001:db8::/64", "2001:db8:1::/64", False),
        (None, None, True),
    ],
)
def test_all_that_one_ipv6_line_has_counts_as_one_address(one, other, same):
    assert (Origin(b"k", one).counted == Origin(b"k", other).counted) is same


@pytest.mark.parametrize(("everywhere", "seconds"), [(50, 0), (51, 0.25), (52, 0.5), (60, 2), (5_000, 2)])
def test_an_account_is_slowed_down_after_fifty_failures_from_anywhere(everywhere, seconds):
    tried = failures.Try("", "", "", from_place=1, from_address=1, everywhere=everywhere, known=False)

    assert tried.pause == seconds


def test_an_account_is_guessed_at_two_thousand_times_a_day_at_most():
    windows = timedelta(days=1) / failures.LONG_WINDOW

    assert windows * failures.MOST_EVERYWHERE == 2_000
    assert timedelta(days=1) / failures.WINDOW * failures.MOST_FOR_ACCOUNT == 960


async def test_a_place_where_a_member_got_in_is_known_for_a_month():
    member = await people.member()
    await sign_in(member.email)
    now = datetime.now(UTC)

    assert await failures.forget(now + failures.LONG_WINDOW) == 2  # of the address and of the account
    assert (await failures.count(people.ORIGIN, member.email, member.password_digest)).known
    assert not (await failures.count(elsewhere(1), member.email, member.password_digest)).known
    await SignInFailure.all().update(since=now - timedelta(days=31))
    await SignInFailure.filter(proven_at__isnull=False).update(proven_at=now - timedelta(days=31))
    assert not (await failures.count(people.ORIGIN, member.email, member.password_digest)).known


async def test_a_place_is_no_longer_known_when_the_password_changes():
    member = await people.member()
    viewer = await people.viewer(await people.token(member))
    proof = await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)
    assert (await failures.count(people.ORIGIN, member.email, member.password_digest)).known

    changed = await members.change_password(viewer, proof, await people.digest(people.OTHER))

    assert not (await failures.count(people.ORIGIN, member.email, changed.password_digest)).known


async def test_a_try_that_is_refused_for_its_address_writes_nothing_of_the_account():
    await failures.count(people.ORIGIN, "one@clinic.example", None)
    await SignInFailure.all().update(failures=failures.MOST_FROM_ADDRESS)
    kept = {row.key for row in await SignInFailure.all()}

    with pytest.raises(TooManyTries):
        await failures.count(people.ORIGIN, "other@clinic.example", None)

    assert {row.key for row in await SignInFailure.all()} == kept


async def test_getting_in_starts_the_account_afresh():
    member = await people.member()
    for _ in range(3):
        for number in range(failures.MOST_FOR_ACCOUNT - 1):
            await sentence(member.email, "wrong guess of mine", elsewhere(number))
        assert await sign_in(member.email)


async def test_guesses_at_once_count_each(monkeypatch):
    monkeypatch.setattr(failures, "MOST_FROM_ADDRESS", 1_000)
    monkeypatch.setattr(failures, "SLOWED_AFTER", 1_000)
    member = await people.member()
    looked_at = []
    real = passwords.verify

    async def counted(kept, password):
        looked_at.append(kept)
        return await real(kept, password)

    monkeypatch.setattr(passwords, "verify", counted)
    tries = (sessions.prove(member.email, f"guess number {number}", people.ORIGIN) for number in range(40))
    refusals = await asyncio.gather(*tries, return_exceptions=True)

    assert {type(refusal) for refusal in refusals} == {WrongSignIn}
    assert len(looked_at) - looked_at.count(None) == failures.MOST_FOR_ACCOUNT


async def test_an_address_is_slowed_down_and_then_refused_in_plain_words(monkeypatch):
    monkeypatch.setattr(failures, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(failures, "LONGEST_PAUSE", 0.002)
    member = await people.member()
    for number in range(failures.MOST_FROM_ADDRESS):
        await sentence(f"somebody{number}@clinic.example", "wrong guess of mine")

    with pytest.raises(TooManyTries, match="wait a quarter of an hour"):
        await sign_in(member.email)

    assert await sign_in(member.email, origin=elsewhere(1))


def test_pauses_double_from_a_quarter_second_to_two():
    assert [failures.pause(tries) for tries in (1, 10, 11, 12, 13, 14, 15, 40)] == [0, 0, 0.25, 0.5, 1, 2, 2, 2]


async def test_getting_in_is_no_failure_of_the_address():
    member = await people.member()
    for _ in range(failures.SLOWED_AFTER * 2):
        await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)

    assert [row.failures for row in await SignInFailure.all()] == [0, 0, 0]


async def test_neither_e_mail_nor_address_is_kept_and_what_is_old_is_forgotten():
    await sentence("somebody@clinic.example", "wrong guess of mine")

    rows = await SignInFailure.all()
    assert all(len(row.key) == 64 and not set(row.key) - set("0123456789abcdef") for row in rows)
    assert await failures.forget(datetime.now(UTC)) == 0
    assert await failures.forget(datetime.now(UTC) + failures.LONG_WINDOW) == 3


async def test_a_digest_with_less_effort_is_computed_anew_when_its_member_gets_in():
    weak = PasswordHasher(1, 8 * 1024, 1).hash(people.PASSWORD)
    member = await people.member()
    await Member.all().update(password_digest=weak)

    await sign_in(member.email)

    kept = (await Member.get()).password_digest
    assert kept != weak
    assert not passwords.is_outdated(kept)
    assert await sign_in(member.email)


async def test_whoever_proved_a_password_that_was_changed_meanwhile_does_not_get_in():
    member = await people.member()
    proof = await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)
    viewer = await people.viewer(await people.token(member))
    await members.change_password(viewer, proof, await people.digest(people.OTHER))

    with pytest.raises(WrongSignIn):
        await sessions.open_session(proof)

    assert not [token for token in await Token.all() if tokens.holds(token)]


async def test_whoever_was_disabled_meanwhile_does_not_get_in():
    member = await people.member()
    proof = await sessions.prove(member.email, people.PASSWORD, people.ORIGIN)
    await Member.all().update(disabled_at=datetime.now(UTC))

    with pytest.raises(WrongSignIn):
        await sessions.open_session(proof)


async def test_a_token_cannot_be_used_to_guess_the_password():
    member = await people.member()
    viewer = await people.viewer(await people.token(member))
    for number in range(failures.MOST_FOR_ACCOUNT):
        with pytest.raises(WrongPassword):
            await sessions.prove_again(viewer, "wrong guess of mine", elsewhere(number), field="password")

    with pytest.raises(WrongPassword):
        await sessions.prove_again(viewer, people.PASSWORD, elsewhere(99), field="password")


@pytest.mark.parametrize(
    "text", ["", "ada", "ada@", "@clinic.example", "a@b", "a b@c.de", "a@b..c", "a\x00@b.cd", "a\n@b.cd"]
)
def test_what_is_no_email_is_refused(text):
    assert emails.normal(text) == ""
    with pytest.raises(BadEmail):
        emails.check(text)


def test_an_email_has_one_spelling():
    assert emails.check(" ADA@Clinic.Example\n") == "ada@clinic.example"
    assert emails.check("Jose\u0301@clinic.example") == emails.check("jos\u00e9@clinic.example")
