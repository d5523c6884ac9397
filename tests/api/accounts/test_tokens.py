"""Tokens: whom they stand for, what they may do, and how they end."""

import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from api.accounts import tokens
from api.accounts.models import Token
from api.accounts.viewer import OF_ROLE, Role, Scope, useful, with_implied
from schema.permissions import EDITORIAL, MUTATIONS
from tests import people

pytestmark = pytest.mark.usefixtures("accounts")


async def test_a_token_stands_for_its_member_with_what_the_roles_imply():
    member = await people.member(Role.ADMIN)

    found = await tokens.viewer_of(await people.token(member))

    assert (found.member, found.display_name) == (member.id, member.display_name)
    assert found.roles == {Role.ADMIN, Role.EDITOR, Role.AUTHOR, Role.MODERATOR}
    assert found.scopes == useful(found.roles)


async def test_a_viewer_carries_the_tokens_own_scopes_and_its_id():
    member = await people.member(Role.EDITOR)
    minted = await tokens.make(member, "ci", datetime.now(UTC) + timedelta(hours=1), frozenset({Scope.MEDIA}))

    found = await tokens.viewer_of(minted.text)

    assert (found.scopes, found.token) == (frozenset({Scope.MEDIA}), minted.token.id)


async def test_the_text_holds_256_random_bits_and_only_their_digest_is_kept():
    minted = await tokens.mint(await people.member(), "ci", timedelta(hours=1))
    secret = re.fullmatch(r"mrd_[0-9a-z]{26}_([A-Za-z0-9_-]{43})", minted.text)[1]

    row = await Token.get(id=minted.token.id)

    assert row.digest == sha256(secret.encode()).digest()


async def test_what_nobody_made_stands_for_nobody():
    good = await people.token(await people.member())
    other = await people.token(await people.member())
    prefix, identity, secret = good.split("_", 2)
    forged = [
        "",
        "mrd_",
        "mrd__",
        identity,
        secret,
        f"mrd_{identity}",
        f"mrd_{identity}_",
        f"mrd_{identity}_{secret[:-1]}",
        f"mrd_{identity}_{secret}A",
        f"mrd_{identity}_{secret} ",
        f"mrd_{identity}_{secret.swapcase()}",
        f"mrd_{identity}_{'A' * 43}",
        f"mrd_{identity}_{sha256(secret.encode()).hexdigest()}",
        f"mrd_{identity.upper()}_{secret}",
        f"mrd_tok_{identity}_{secret}",
        f"mrd_{identity[:-1]}{'1' if identity[-1] == '0' else '0'}_{secret}",
        f"mrd_{identity}_{other.split('_', 2)[2]}",
        f"mrd_{other.split('_', 2)[1]}_{secret}",
        f"mrd_%_{secret}",
        f"mrd_' OR ''='_{secret}",
        f"mrd_{identity}_\ud800",
        f"{prefix}_{identity}_{secret}".replace("_", "-"),
        "mrd_" + "0" * 2_000 + "_x",
    ]

    assert [text for text in forged if await tokens.viewer_of(text)] == []
    assert await tokens.viewer_of(good)


async def test_a_token_ends_when_its_time_is_up():
    text = await people.token(await people.member(), seconds=-1)

    assert await tokens.viewer_of(text) is None


async def test_a_token_of_a_disabled_member_does_not_hold():
    member = await people.member()
    text = await people.token(member)
    member.disabled_at = datetime.now(UTC)
    await member.save()

    assert await tokens.viewer_of(text) is None


async def test_last_use_is_written_at_most_once_a_minute():
    text = await people.token(await people.member())
    assert (await Token.get()).last_used_at is None

    await tokens.viewer_of(text)
    first = (await Token.get()).last_used_at
    await tokens.viewer_of(text)
    assert (await Token.get()).last_used_at == first

    await Token.all().update(last_used_at=first - timedelta(seconds=61))
    await tokens.viewer_of(text)
    assert (await Token.get()).last_used_at > first


async def test_an_unknown_token_takes_about_as_long_as_a_wrong_secret():
    known = (await people.token(await people.member())).rsplit("_", 1)[0][:30]
    unknown = f"mrd_{'0' * 26}"
    spent = {known: [], unknown: []}

    for _ in range(100):
        for text, times in spent.items():
            began = time.perf_counter()
            await tokens.viewer_of(f"{text}_{'A' * 43}")
            times.append(time.perf_counter() - began)

    known_median, unknown_median = (statistics.median(times) for times in spent.values())
    assert abs(known_median - unknown_median) < 0.002


async def test_what_ended_long_ago_is_forgotten():
    member = await people.member()
    await people.token(member, days=-91)
    kept = await people.token(member)

    assert await tokens.forget(datetime.now(UTC)) == 1
    assert await tokens.viewer_of(kept)


@pytest.mark.parametrize("role", Role)
async def test_a_token_has_the_scopes_that_its_members_roles_have_a_use_for(accounts, role):
    """No more than what some operation asks of the role, and no less."""
    minted = await tokens.mint(await people.member(role), "ci", timedelta(hours=1))
    rows = {**MUTATIONS, **EDITORIAL}.values()
    asked = {row.scope for row in rows if row.scope and row.roles & with_implied(frozenset({role}))}
    found = await tokens.viewer_of(minted.text)
    assert found is not None
    assert found.scopes == frozenset(Scope(scope) for scope in minted.token.scopes) == useful(frozenset({role}))
    assert asked <= found.scopes
    later = {Scope.COMMENTS, Scope.PARTNERS, Scope.MEDIA}
    assert found.scopes - asked <= later
    assert set(OF_ROLE) == set(Role)
