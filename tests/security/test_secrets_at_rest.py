"""What lies in the database: digests alone, whatever was signed in with, made, changed and repeated by its key."""

import hashlib
from pathlib import Path

import asyncpg
import pytest

from api import database
from api.accounts.viewer import Role
from tests import builders, people


@pytest.fixture
def program(accounts: str, tmp_path: Path) -> people.Program:
    return people.Program(accounts, tmp_path)


async def dumped(url: str) -> str:
    """Every row of every table as text, bytes as hexadecimal digits."""
    connection = await asyncpg.connect(**database.credentials(url))
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = [await connection.fetch(f'SELECT t::text AS row FROM "{name}" t') for (name,) in tables]
        return "\n".join(row["row"] for table in rows for row in table)
    finally:
        await connection.close()


def traces(secret: str) -> set[str]:
    """What must not be found: the text, its bytes, and hashes of it that anybody could compute."""
    tail = secret.split("_", 2)[-1]
    told = {secret, tail, secret.encode().hex(), tail.encode().hex()}
    return told | {hashlib.new(name, secret.encode()).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")}


async def test_no_password_token_or_link_lies_in_the_database(program: people.Program, accounts: str):
    first = "nineteen green lanterns"
    admin = await people.member(Role.ADMIN)
    said = {"email": admin.email, "password": people.PASSWORD, "idempotencyKey": "1"}
    signed_in = (await program.act("signIn", said, "secret"))["secret"]
    invited = {"email": "ada@clinic.example", "displayName": "Ada", "roles": ["AUTHOR"], "idempotencyKey": "2"}
    link = (await program.act("createMember", invited, "invitation { token }", signed_in))["invitation"]["token"]
    await program.act("acceptInvitation", {"token": link, "password": first, "idempotencyKey": "3"}, "member { id }")
    wish = {"name": "ci", "password": people.PASSWORD, "idempotencyKey": "4"}
    child = await program.act("createToken", wish, "secret token { id }", signed_in)
    rotated = await program.act(
        "rotateToken",
        {"id": child["token"]["id"], "idempotencyKey": "5", "password": people.PASSWORD},
        "secret",
        signed_in,
    )
    change = {"currentPassword": people.PASSWORD, "newPassword": people.OTHER, "idempotencyKey": "6"}
    await program.act("changePassword", change, "member { id }", signed_in)
    await program.act("signIn", said | {"password": "a guess that is wrong"}, "secret")

    lies = await dumped(accounts)

    secrets = [signed_in, link, child["secret"], rotated["secret"], people.PASSWORD, people.OTHER, first]
    assert all(secrets)
    assert admin.email in lies
    assert [secret for secret in secrets if any(trace in lies for trace in traces(secret))] == []
    assert "a guess that is wrong" not in lies
    assert "198.51." not in lies


async def test_no_link_or_key_of_a_partner_lies_in_the_database(database: str, tmp_path: Path):
    await builders.clinic()
    program = people.Program(database, tmp_path)
    admin = await people.token(await people.member(Role.ADMIN))
    wish = {"name": "Portal", "contact": "bo@portal.example", "siteOrigins": ["https://portal.example"]}
    made = await program.act("createPartner", wish | {"idempotencyKey": "1"}, "claim { token }", admin)
    link = made["claim"]["token"]
    terms = {"termsVersion": "2026-11", "name": "Bo Lin", "accepted": True}
    said = {"token": link, "idempotencyKey": "2"} | terms
    claimed = await program.act("claimPartner", said, "secret partnerKey { id }")
    key = claimed["secret"]
    renew = {"id": claimed["partnerKey"]["id"], "idempotencyKey": "3"}
    renewed = (await program.act("rotatePartnerKey", renew, "secret", key))["secret"]

    again = await program.act("claimPartner", said, "secret")
    lies = await dumped(database)

    assert again == {"secret": None, "userErrors": []}
    assert all((link, key, renewed))
    assert [secret for secret in (link, key, renewed) if any(trace in lies for trace in traces(secret))] == []
    assert "Bo Lin" in lies


async def test_no_answer_repeats_a_secret_that_was_shown(program: people.Program):
    token = await people.token(await people.member(Role.ADMIN))
    made = await program.act("createToken", {"name": "ci"}, "secret", token)

    told = await program.send(
        "{ viewer { member { id tokens { nodes { id name scopes } } } tokens { edges { cursor node { id } } } } }",
        token=token,
    )

    assert made["secret"].split("_", 2)[2] not in str(told)
    assert token.split("_", 2)[2] not in str(told)


async def test_a_refused_input_never_sends_a_password_back(program: people.Program):
    document = "mutation($input: SignInInput!) { signIn(input: $input) { secret userErrors { message field } } }"

    long = await program.send(document, {"email": "ada@clinic.example", "password": people.PASSWORD * 20})
    weak = await program.send(document, {"email": "x" * 300, "password": people.PASSWORD})

    assert people.PASSWORD not in str(long)
    assert people.PASSWORD not in str(weak)
