"""Signing in, passwords and tokens, as clients do it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.accounts import failures, members
from api.accounts.members import NewMember
from api.accounts.models import Member, Token
from api.accounts.viewer import ANONYMOUS, Role, Scope
from api.audit import AuditEntry
from tests import people

WRONG = {
    "code": "INVALID",
    "field": None,
    "message": "E-mail and password do not let you in: check both. "
    "After ten failures an account waits a quarter of an hour.",
}
TOKEN = "token { id name scopes expiresAt revokedAt isCurrent parent { id } member { id } } secret"


@pytest.fixture
def program(accounts: str, tmp_path: Path) -> people.Program:
    return people.Program(accounts, tmp_path)


def later(**time):
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


async def sign_in(program, member, password=people.PASSWORD, **said):
    asked = {"email": member.email, "password": password} | said
    return await program.act("signIn", asked, f"{TOKEN} member {{ id email roles version isInvited }}")


async def test_a_member_signs_in_asks_who_they_are_and_signs_out(program):
    member = await people.member(Role.EDITOR)
    answer = await sign_in(program, member)
    secret = answer["secret"]

    told = await program.ask(
        "{ viewer { isAuthenticated roles scopes member { id email roles practitioner { id } } "
        "tokens { totalCount nodes { name isCurrent member { displayName } } } } }",
        secret,
    )
    ended = await program.act("signOut", {}, "token { id revokedAt }", secret)

    assert answer["userErrors"] == []
    assert answer["member"]["id"] == member.id
    assert told["viewer"] == {
        "isAuthenticated": True,
        "roles": ["AUTHOR", "EDITOR"],
        "scopes": ["ARTICLES", "PUBLISHING", "REVIEWING", "CATALOGUE", "MEDIA"],
        "member": {"id": member.id, "email": member.email, "roles": ["EDITOR"], "practitioner": None},
        "tokens": {
            "totalCount": 1,
            "nodes": [{"name": "Sign-in", "isCurrent": True, "member": {"displayName": member.display_name}}],
        },
    }
    assert ended["token"]["revokedAt"]
    assert await program.who(secret) is None


async def test_nobody_is_told_why_they_do_not_get_in(program):
    known = await people.member()
    disabled = await people.member(disabled_at=datetime.now(UTC))
    unknown = Member(email="nobody@clinic.example")

    answers = [await sign_in(program, member, "wrong guess of mine") for member in (known, disabled, unknown)]

    assert answers == [{"token": None, "secret": None, "member": None, "userErrors": [WRONG]}] * 3


async def test_too_many_tries_from_one_address_are_rate_limited_in_plain_words(program, monkeypatch):
    monkeypatch.setattr(failures, "SLOWED_AFTER", 100)
    member = await people.member()
    said = {"email": "nobody@clinic.example", "password": "wrong guess of mine"}
    for number in range(failures.MOST_FROM_ADDRESS):
        await program.act("signIn", said | {"email": f"n{number}@clinic.example"}, "secret", address="203.0.113.9")

    said = {"email": member.email, "password": people.PASSWORD}
    answer = await program.act("signIn", said, "secret", address="203.0.113.9")

    assert answer["secret"] is None
    (told,) = answer["userErrors"]
    assert told["code"] == "RATE_LIMITED"
    assert told["message"].startswith("There were too many tries to sign in from where you are: wait")
    assert (await program.act("signIn", said, "secret", address="203.0.113.10"))["secret"]


async def test_whoever_knows_an_e_mail_cannot_make_its_member_wait(program, monkeypatch):
    monkeypatch.setattr(failures, "SLOWED_AFTER", 100)
    member = await people.member()
    for number in range(failures.MOST_FOR_ACCOUNT):
        said = {"email": member.email, "password": "wrong guess of mine"}
        await program.act("signIn", said, "secret", address=f"198.18.7.{number}")

    said = {"email": member.email, "password": people.PASSWORD}
    guessed = await program.act("signIn", said, "secret", address="198.18.7.99")
    at_home = await program.act("signIn", said, "secret", address="203.0.113.10")

    assert guessed["userErrors"] == [WRONG]
    assert at_home["secret"]


async def test_guesses_from_everywhere_come_to_an_end_but_where_the_member_got_in_before(program, monkeypatch):
    monkeypatch.setattr(failures, "MOST_EVERYWHERE", 4)
    member = await people.member()
    said = {"email": member.email, "password": people.PASSWORD}
    assert (await program.act("signIn", said, "secret", address="203.0.113.10"))["secret"]
    for number in range(failures.MOST_EVERYWHERE + 1):
        wrong = {"email": member.email, "password": "wrong guess of mine"}
        await program.act("signIn", wrong, "secret", address=f"198.18.{number}.1")

    elsewhere = await program.act("signIn", said, "secret", address="198.19.0.1")
    at_home = await program.act("signIn", said, "secret", address="203.0.113.11")

    assert elsewhere["userErrors"] == [WRONG]
    assert at_home["secret"]


async def test_a_forged_forwarding_header_is_no_way_around_the_count(program):
    document = "mutation($input: SignInInput!) { signIn(input: $input) { secret } }"
    for number in range(3):
        said = {"email": "nobody@clinic.example", "password": f"guess number {number}"}
        forged = {"x-forwarded-for": f"203.0.113.{number}", "meridian-site": f"t=1,ip=203.0.113.{number},v1={'0' * 64}"}
        await program.send(document, said, address="203.0.113.99", more=forged)

    assert [row.failures for row in await failures.SignInFailure.all()] == [3, 3, 3]


async def test_a_sign_in_repeated_by_its_key_makes_no_second_token_and_shows_no_secret(program):
    member = await people.member()

    first = await sign_in(program, member, idempotencyKey="again")
    second = await sign_in(program, member, idempotencyKey="again")

    assert first["secret"]
    assert second["secret"] is None
    assert (second["token"]["id"], second["member"]["id"]) == (first["token"]["id"], member.id)
    assert await Token.all().count() == 1


async def test_a_key_is_no_way_around_the_password(program):
    member = await people.member()
    await sign_in(program, member, idempotencyKey="again")

    answer = await sign_in(program, member, "wrong guess of mine", idempotencyKey="again")

    assert (answer["userErrors"], answer["token"]) == ([WRONG], None)


async def test_two_members_may_use_the_same_key(program):
    answers = [await sign_in(program, await people.member(), idempotencyKey="1") for _ in range(2)]

    assert all(answer["secret"] for answer in answers)


async def test_a_child_token_made_twenty_times_at_once_with_one_key_is_one(program):
    token = await people.token(await people.member())
    said = {"name": "ci", "scopes": ["MEDIA"], "idempotencyKey": "once"}

    answers = await asyncio.gather(*(program.act("createToken", said, TOKEN, token) for _ in range(20)))

    assert len({answer["token"]["id"] for answer in answers}) == 1
    assert sum(answer["secret"] is not None for answer in answers) == 1
    assert await Token.all().count() == 2


async def test_a_child_is_never_wider_nor_longer_than_its_parent(program):
    token = await people.token(await people.member(Role.ADMIN), Scope.MEDIA)

    wider = await program.act("createToken", {"name": "ci", "scopes": ["MEDIA", "MEMBERS"]}, TOKEN, token)
    longer = await program.act("createToken", {"name": "ci", "expiresAt": later(hours=2)}, TOKEN, token)
    child = await program.act("createToken", {"name": "ci"}, TOKEN, token)

    assert [error["field"] for error in wider["userErrors"]] == [["scopes"]]
    assert [error["field"] for error in longer["userErrors"]] == [["expiresAt"]]
    assert child["token"]["scopes"] == ["MEDIA"]
    assert await program.who(child["secret"])


async def test_with_the_password_a_token_for_a_year_is_made_and_without_it_refused(program):
    member = await people.member()
    token = await people.token(member)
    said = {"name": "ci", "scopes": ["MEDIA"], "expiresAt": later(days=364)}

    wrong = await program.act("createToken", said | {"password": "wrong guess of mine"}, TOKEN, token)
    right = await program.act("createToken", said | {"password": people.PASSWORD}, TOKEN, token)

    assert [error["field"] for error in wrong["userErrors"]] == [["password"]]
    assert right["token"]["parent"] is None
    assert await program.who(right["secret"]) == member.display_name


async def test_rotation_overlaps_and_revoking_ends_both(program):
    member = await people.member()
    token = await people.token(member, days=30)
    (own,) = (await program.ask("{ viewer { tokens { nodes { id } } } }", token))["viewer"]["tokens"]["nodes"]

    fresh = await program.act("rotateToken", {"id": own["id"], "idempotencyKey": "r"}, TOKEN, token)
    again = await program.act("rotateToken", {"id": own["id"], "idempotencyKey": "r"}, TOKEN, token)
    assert [await program.who(text) for text in (token, fresh["secret"])] == [member.display_name] * 2
    await program.act("revokeToken", {"id": fresh["token"]["id"]}, "token { id }", fresh["secret"])

    assert (again["secret"], again["token"]["id"]) == (None, fresh["token"]["id"])
    assert [await program.who(text) for text in (token, fresh["secret"])] == [None, None]


async def test_anothers_token_is_not_found_like_one_that_nobody_has(program):
    theirs = await people.viewer(await people.token(await people.member()))
    token = await people.token(await people.member(Role.EDITOR))

    answers = [
        await program.act("revokeToken", {"id": key}, "token { id }", token)
        for key in (theirs.token, "tok_" + "0" * 26)
    ]

    assert answers[0] == answers[1]
    assert answers[0]["userErrors"][0]["code"] == "NOT_FOUND"


async def test_a_wider_token_is_forbidden_at_the_top(program):
    member = await people.member()
    wider = await people.viewer(await people.token(member))
    token = await people.token(member, Scope.MEDIA)
    document = "mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { token { id } } }"

    assert await program.refused(document, {"id": wider.token}, token) == "FORBIDDEN"
    assert (await Token.get(id=wider.token)).revoked_at is None


async def test_a_changed_password_throws_everybody_out(program):
    member = await people.member()
    tokens = [await people.token(member) for _ in range(3)]
    said = {"currentPassword": people.PASSWORD, "newPassword": people.OTHER}

    answer = await program.act("changePassword", said, "member { id version }", tokens[0])

    assert answer == {"member": {"id": member.id, "version": 2}, "userErrors": []}
    assert [await program.who(text) for text in tokens] == [None] * 3
    assert (await sign_in(program, member))["userErrors"] == [WRONG]
    assert (await sign_in(program, member, people.OTHER))["secret"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"currentPassword": "wrong guess of mine", "newPassword": people.OTHER}, "currentPassword"),
        ({"currentPassword": people.PASSWORD, "newPassword": "short"}, "newPassword"),
        ({"currentPassword": people.PASSWORD, "newPassword": "password1234"}, "newPassword"),
        ({"currentPassword": people.PASSWORD, "newPassword": "x" * 201}, "newPassword"),
    ],
)
async def test_a_password_that_is_wrong_or_will_not_do_changes_nothing(program, said, field):
    token = await people.token(await people.member())

    answer = await program.act("changePassword", said, "member { id }", token)

    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [("INVALID", [field])]
    assert await program.who(token)


async def test_an_invitation_is_accepted_once_and_a_retry_by_key_is_told_the_same(program):
    member, invited = await members.create(ANONYMOUS, NewMember("ada@clinic.example", "Ada", frozenset({Role.AUTHOR})))
    said = {"token": invited.text, "password": people.PASSWORD}

    answers = [await program.act("acceptInvitation", said | {"idempotencyKey": "k"}, "member { id }") for _ in range(2)]
    other = await program.act("acceptInvitation", said | {"password": people.OTHER}, "member { id }")

    assert answers[0] == {"member": {"id": member.id}, "userErrors": []}
    assert answers[1]["member"] == {"id": member.id}
    assert (other["member"], other["userErrors"][0]["code"], other["userErrors"][0]["field"]) == (
        None,
        "NOT_FOUND",
        ["token"],
    )
    assert (await sign_in(program, member))["secret"]
    assert await AuditEntry.filter(verb="acceptInvitation").count() == 1


async def test_one_link_accepted_ten_times_at_once_is_accepted_once(program):
    _, invited = await members.create(ANONYMOUS, NewMember("ada@clinic.example", "Ada", frozenset({Role.AUTHOR})))
    said = {"token": invited.text, "password": people.PASSWORD}

    answers = await asyncio.gather(*(program.act("acceptInvitation", said, "member { id }") for _ in range(10)))

    assert sum(answer["member"] is not None for answer in answers) == 1


async def test_own_tokens_page_by_cursor_and_leave_out_others(program):
    member = await people.member()
    token, *_ = [await people.token(member) for _ in range(5)]
    await people.token(member, hours=-1)
    await people.token(await people.member())
    page = "{ viewer { tokens(first: 3 %s) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } } }"

    first = (await program.ask(page % "", token))["viewer"]["tokens"]
    after = f', after: "{first["pageInfo"]["endCursor"]}"'
    second = (await program.ask(page % after, token))["viewer"]["tokens"]

    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (
        5,
        True,
        False,
    )
    assert len({row["id"] for row in first["nodes"] + second["nodes"]}) == 5


async def test_without_a_token_there_is_neither_member_nor_token(program):
    told = await program.ask("{ viewer { isAuthenticated scopes member { id } tokens { totalCount nodes { id } } } }")

    assert told["viewer"] == {
        "isAuthenticated": False,
        "scopes": [],
        "member": None,
        "tokens": {"totalCount": 0, "nodes": []},
    }


async def test_members_and_tokens_are_nodes_for_themselves_and_for_admins_only(program):
    member = await people.member()
    own = await people.token(member)
    editor = await people.token(await people.member(Role.EDITOR))
    narrow = await people.token(await people.member(Role.ADMIN), Scope.ARTICLES)
    admin = await people.token(await people.member(Role.ADMIN))
    keys = [member.id, (await people.viewer(own)).token]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Member { email } ... on Token { name } } }"

    seen = [(await program.ask(document, text, ids=keys))["nodes"] for text in (own, admin, editor, narrow, "")]

    assert seen[0] == seen[1] == [{"id": keys[0], "email": member.email}, {"id": keys[1], "name": "test"}]
    assert seen[2] == seen[3] == seen[4] == [None, None]
