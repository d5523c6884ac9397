"""What members do with their tokens: children are never wider, rotation overlaps, revoking takes them all."""

from datetime import UTC, datetime, timedelta

import pytest

from api.accounts import issuing, tokens
from api.accounts.issuing import (
    AlreadyOver,
    NeedsPassword,
    NoLongerHolds,
    NoScope,
    NoSuchToken,
    TooFar,
    TooLong,
    TooWide,
    WiderThanYours,
    Wish,
)
from api.accounts.models import Token
from api.accounts.viewer import Role, Scope
from api.audit import AuditEntry
from tests import people

pytestmark = pytest.mark.usefixtures("accounts")
MEDIA = frozenset({Scope.MEDIA})
BOTH = frozenset({Scope.MEDIA, Scope.ARTICLES})


def ahead(**time):
    return datetime.now(UTC) + timedelta(**time)


async def holds(text):
    return await tokens.viewer_of(text) is not None


async def test_a_child_has_at_most_its_parents_scopes_and_time():
    member = await people.member(Role.EDITOR)
    asking = await people.viewer(await people.token(member, *BOTH))

    child = await issuing.create(asking, Wish("same"), proven=False)
    narrow = await issuing.create(asking, Wish("narrow", MEDIA, ahead(minutes=5)), proven=False)

    parent = await Token.get(id=asking.token)
    assert (child.token.parent_id, child.token.expires_at) == (parent.id, parent.expires_at)
    assert tokens.scopes_of(child.token) == BOTH
    assert (await people.viewer(narrow.text)).scopes == MEDIA


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope not in BOTH])
async def test_a_child_with_a_scope_that_its_parent_lacks_is_refused(scope):
    asking = await people.viewer(await people.token(await people.member(Role.ADMIN), *BOTH))

    with pytest.raises(TooWide):
        await issuing.create(asking, Wish("wide", BOTH | {scope}), proven=False)

    assert await Token.all().count() == 1


async def test_a_child_of_a_child_is_bounded_by_the_child():
    asking = await people.viewer(await people.token(await people.member(), *BOTH))
    child = await people.viewer((await issuing.create(asking, Wish("child", MEDIA), proven=False)).text)

    with pytest.raises(TooWide):
        await issuing.create(child, Wish("grandchild", BOTH), proven=False)


async def test_a_child_that_would_outlive_its_parent_is_refused():
    asking = await people.viewer(await people.token(await people.member()))

    with pytest.raises(TooLong):
        await issuing.create(asking, Wish("long", expires_at=ahead(hours=2)), proven=False)


async def test_with_the_password_a_token_stands_on_its_own_for_up_to_a_year():
    asking = await people.viewer(await people.token(await people.member()))

    own = await issuing.create(asking, Wish("ci", MEDIA, ahead(days=364)), proven=True)
    usual = await issuing.create(asking, Wish("ci"), proven=True)
    await issuing.sign_out(asking)

    assert own.token.parent_id is None
    assert ahead(days=89) < usual.token.expires_at < ahead(days=91)
    assert await holds(own.text)


@pytest.mark.parametrize(("end", "refusal"), [({"days": 366}, TooFar), ({"seconds": -1}, AlreadyOver)])
async def test_an_end_that_is_past_or_beyond_a_year_is_refused(end, refusal):
    asking = await people.viewer(await people.token(await people.member()))

    with pytest.raises(refusal):
        await issuing.create(asking, Wish("ci", expires_at=ahead(**end)), proven=True)


async def test_a_token_without_any_scope_is_refused():
    asking = await people.viewer(await people.token(await people.member()))

    with pytest.raises(NoScope):
        await issuing.create(asking, Wish("ci", frozenset()), proven=False)


async def test_a_request_whose_token_was_revoked_meanwhile_makes_none():
    text = await people.token(await people.member())
    asking = await people.viewer(text)
    await Token.all().update(revoked_at=datetime.now(UTC))

    with pytest.raises(NoLongerHolds):
        await issuing.create(asking, Wish("late"), proven=False)

    assert await Token.all().count() == 1


async def test_revoking_takes_children_and_their_children_and_nobody_elses():
    member = await people.member()
    first = await people.token(member)
    asking = await people.viewer(first)
    child = await issuing.create(asking, Wish("child"), proven=False)
    grandchild = await issuing.create(await people.viewer(child.text), Wish("grandchild"), proven=False)
    sibling = await people.token(member)

    await issuing.revoke(await people.viewer(sibling), asking.token)

    assert [await holds(text) for text in (first, child.text, grandchild.text, sibling)] == [False, False, False, True]


async def test_signing_out_ends_the_token_and_its_children():
    text = await people.token(await people.member())
    child = await issuing.create(await people.viewer(text), Wish("child"), proven=False)

    ended = await issuing.sign_out(await people.viewer(text))

    assert ended.revoked_at
    assert not await holds(text)
    assert not await holds(child.text)


async def test_a_rotated_token_overlaps_for_a_day_and_keeps_its_scopes_and_end():
    text = await people.token(await people.member(), Scope.MEDIA, days=30)
    asking = await people.viewer(text)
    before = await Token.get(id=asking.token)

    fresh = await issuing.rotate(asking, asking.token, proven=False)

    old = await Token.get(id=asking.token)
    assert await holds(text)
    assert await holds(fresh.text)
    assert ahead(hours=23.9) < old.expires_at < ahead(hours=24.1)
    assert (fresh.token.expires_at, fresh.token.scopes) == (before.expires_at, ["MEDIA"])
    await Token.filter(id=old.id).update(expires_at=datetime.now(UTC))
    assert not await holds(text)
    assert await holds(fresh.text)


async def test_the_overlap_is_as_told_and_nothing_ends_the_old_one_at_once():
    text = await people.token(await people.member(), days=30)
    asking = await people.viewer(text)

    fresh = await issuing.rotate(asking, asking.token, overlap=timedelta(0), proven=False)

    assert not await holds(text)
    assert await holds(fresh.text)


async def test_an_overlap_never_prolongs_the_old_token():
    text = await people.token(await people.member(), hours=1)
    asking = await people.viewer(text)
    before = (await Token.get(id=asking.token)).expires_at

    await issuing.rotate(asking, asking.token, proven=False)

    assert (await Token.get(id=asking.token)).expires_at == before


async def test_children_follow_a_rotated_token_and_end_with_the_new_one():
    text = await people.token(await people.member(), days=30)
    asking = await people.viewer(text)
    child = await issuing.create(asking, Wish("child"), proven=False)
    fresh = await issuing.rotate(asking, asking.token, overlap=timedelta(0), proven=False)
    assert await holds(child.text)

    await issuing.revoke(await people.viewer(fresh.text), fresh.token.id)

    assert not await holds(child.text)


async def test_revoking_the_new_token_ends_the_old_one_in_its_overlap():
    text = await people.token(await people.member(), days=30)
    asking = await people.viewer(text)
    fresh = await issuing.rotate(asking, asking.token, proven=False)

    await issuing.revoke(await people.viewer(fresh.text), fresh.token.id)

    assert not await holds(text)


async def test_a_child_cannot_take_its_parents_place():
    text = await people.token(await people.member(), days=30)
    asking = await people.viewer(text)
    child = await issuing.create(asking, Wish("child"), proven=False)

    with pytest.raises(NeedsPassword):
        await issuing.rotate(await people.viewer(child.text), asking.token, proven=False)
    own = await issuing.rotate(await people.viewer(child.text), child.token.id, proven=False)
    await issuing.revoke(asking, asking.token)

    assert [await holds(each) for each in (text, child.text, own.text)] == [False, False, False]
    assert await Token.all().count() == 3


async def test_revoking_a_token_ends_whatever_it_was_rotated_into():
    member = await people.member()
    text = await people.token(member, days=30)
    asking = await people.viewer(text)
    child = await issuing.create(asking, Wish("child"), proven=False)
    once = await issuing.rotate(asking, asking.token, proven=False)
    again = await issuing.rotate(asking, asking.token, proven=False)
    later = await issuing.rotate(await people.viewer(again.text), again.token.id, proven=False)
    own = await people.token(member)

    await issuing.revoke(await people.viewer(own), asking.token)

    ended = (text, child.text, once.text, again.text, later.text)
    assert [await holds(each) for each in (*ended, own)] == [False] * 5 + [True]


async def test_a_token_rotates_what_was_made_with_it_by_however_many_steps():
    asking = await people.viewer(await people.token(await people.member(), days=30))
    child = await issuing.create(asking, Wish("child"), proven=False)
    grandchild = await issuing.create(await people.viewer(child.text), Wish("grandchild"), proven=False)

    fresh = await issuing.rotate(asking, grandchild.token.id, proven=False)

    assert await holds(fresh.text)
    assert fresh.token.parent_id == child.token.id


async def test_a_token_that_was_not_made_with_the_one_in_use_is_rotated_with_the_password_only():
    member = await people.member()
    asking = await people.viewer(await people.token(member, Scope.MEDIA, hours=1))
    same = await people.viewer(await people.token(member, Scope.MEDIA, hours=1))
    wider = await people.viewer(await people.token(member, *BOTH, hours=1))
    longer = await people.viewer(await people.token(member, Scope.MEDIA, hours=2))

    for other in (same, wider, longer):
        with pytest.raises(NeedsPassword):
            await issuing.rotate(asking, other.token, proven=False)
    fresh = await issuing.rotate(asking, longer.token, proven=True)

    assert await holds(fresh.text)
    assert await Token.all().count() == 5


async def test_a_narrow_token_cannot_end_a_wider_one():
    member = await people.member()
    asking = await people.viewer(await people.token(member, Scope.MEDIA))
    wider = await people.viewer(await people.token(member))

    with pytest.raises(WiderThanYours):
        await issuing.revoke(asking, wider.token)

    assert (await Token.get(id=wider.token)).revoked_at is None


async def test_anothers_token_does_not_exist_but_for_an_admin_with_the_scope():
    theirs = await people.viewer(await people.token(await people.member()))
    editor = await people.viewer(await people.token(await people.member(Role.EDITOR)))
    narrow = await people.viewer(await people.token(await people.member(Role.ADMIN), Scope.ARTICLES))
    admin = await people.viewer(await people.token(await people.member(Role.ADMIN)))

    for stranger in (editor, narrow):
        with pytest.raises(NoSuchToken):
            await issuing.revoke(stranger, theirs.token)
    for stranger in (editor, admin):
        with pytest.raises(NoSuchToken):
            await issuing.rotate(stranger, theirs.token, proven=True)
    ended = await issuing.revoke(admin, theirs.token)

    assert ended.revoked_at


async def test_each_act_is_in_the_audit_log_without_a_secret():
    asking = await people.viewer(await people.token(await people.member()))
    child = await issuing.create(asking, Wish("child"), proven=False)
    fresh = await issuing.rotate(asking, child.token.id, proven=False)
    await issuing.revoke(asking, fresh.token.id)
    await issuing.sign_out(asking)

    entries = await AuditEntry.all().order_by("id")

    assert [entry.verb for entry in entries] == ["createToken", "rotateToken", "revokeToken", "signOut"]
    assert {entry.actor for entry in entries} == {asking.member}
    told = str([(entry.before, entry.after) for entry in entries])
    assert child.text.split("_", 2)[2] not in told
    assert fresh.text.split("_", 2)[2] not in told
