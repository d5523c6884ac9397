"""Every role and every scope on every operation, generated from the schema and held against the one table.

What is tried is whether the operation lets the viewer in, through the whole program: UNAUTHENTICATED or FORBIDDEN at
the top, or anything else. Inputs are the smallest that the SDL allows, so that hardly any of them can succeed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from api.accounts.models import Member
from api.accounts.viewer import Role, Scope, with_implied
from schema.permissions import EVERYBODY, MUTATIONS, QUERIES, Permission
from schema.root import schema
from tests import builders, people

KNOWN = schema._schema
BY_SIGNATURE = {"recordViews"}
"""For whoever signs as the clinic's site; a token opens it to nobody (tests/api/test_views.py)."""
SHUT = {"UNAUTHENTICATED", "FORBIDDEN"}
SAMPLES = {
    "ID": "art_00000000000000000000000000",
    "String": "x",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "DateTime": "2099-01-01T00:00:00Z",
    "Date": "2099-01-01",
    "JSON": {},
    "URL": "https://clinic.example/",
    "DOI": "10.1136/bmj.322.7302.1574",
    "PMID": "1",
    "PMCID": "PMC1",
    "ISBN": "9780306406157",
}


def fields(root: GraphQLObjectType | None) -> dict[str, GraphQLField]:
    return dict(root.fields) if root else {}


def smallest(wanted: GraphQLInputType) -> Any:
    """The smallest value of a type."""
    if isinstance(wanted, GraphQLNonNull):
        return smallest(wanted.of_type)
    if isinstance(wanted, GraphQLList):
        return [smallest(wanted.of_type)]
    if isinstance(wanted, GraphQLEnumType):
        return next(iter(wanted.values))
    if isinstance(wanted, GraphQLInputObjectType):
        inside = wanted.fields.items()
        if wanted.is_one_of:
            name, field = next(iter(inside))
            return {name: smallest(field.type)}
        return {name: smallest(field.type) for name, field in inside if is_required_input_field(field)}
    return SAMPLES[get_named_type(wanted).name]


def document(kind: str, name: str, field: GraphQLField) -> tuple[str, dict[str, Any]]:
    """A document with this one field and no more than it needs, and its variables."""
    needed: dict[str, GraphQLArgument] = {key: each for key, each in field.args.items() if is_required_argument(each)}
    heads = ", ".join(f"${key}: {each.type}" for key, each in needed.items())
    passed = ", ".join(f"{key}: ${key}" for key in needed)
    named: GraphQLNamedType = get_named_type(field.type)
    below = "" if is_leaf_type(named) else " { __typename }"
    text = f"{kind}{f'({heads})' if heads else ''} {{ {name}{f'({passed})' if passed else ''}{below} }}"
    return text, {key: smallest(each.type) for key, each in needed.items()}


def test_every_operation_has_a_row():
    assert set(fields(KNOWN.mutation_type)) - set(MUTATIONS) == set()
    assert set(fields(KNOWN.query_type)) - set(QUERIES) == set()


def test_every_row_names_roles_and_a_scope_or_neither_but_for_ones_own_account():
    own = {"signOut", "changePassword", "createToken", "rotateToken", "revokeToken"}
    own |= {name for name, row in MUTATIONS.items() if row.roles == {Role.PARTNER}}

    assert len(own) >= 9
    assert {name for name, row in MUTATIONS.items() if bool(row.roles) != bool(row.scope)} == own
    assert {name for name, row in MUTATIONS.items() if row == EVERYBODY} == {
        "signIn", "acceptInvitation", "claimPartner", "submitComment", "withdrawComment", "reportProblem",
        *BY_SIGNATURE,
    }  # fmt: skip


def test_every_scope_opens_something_or_is_for_what_is_no_mutation_yet():
    used = {row.scope for row in MUTATIONS.values() if row.scope}

    assert used <= set(Scope)
    assert {Scope.ARTICLES, Scope.PUBLISHING, Scope.REVIEWING, Scope.MEMBERS} <= used


def lets_in(row: Permission, role: Role | None, scopes: frozenset[Scope]) -> bool:
    """What the table says, told apart here from how `require` reads it."""
    if not row.roles:
        return True
    if role is None or not with_implied(frozenset({role})) & row.roles:
        return False
    return row.scope is None or row.scope in scopes or role is Role.PARTNER  # a key has the one scope that it needs


def tries(row: Permission) -> Iterator[tuple[Role | None, frozenset[Scope]]]:
    """Nobody, every role with all scopes, and a role that would do with each scope alone and with all but each."""
    yield None, frozenset()
    for role in Role:
        yield role, frozenset(Scope)
    role = next((role for role in Role if role in row.roles), Role.ADMIN)
    for scope in Scope:
        yield role, frozenset({scope})
        yield role, frozenset(Scope) - {scope}


class Matrix:
    """The program, and a member for each role; each try has a token of its own, for some of them end it."""

    def __init__(self, program: people.Program, members: dict[Role, Member]) -> None:
        self.program = program
        self.members = members

    async def token(self, role: Role, scopes: frozenset[Scope]) -> str:
        """A member's token or, of a partner, a real key: no member is one."""
        if role is Role.PARTNER:
            return await builders.key(await builders.partner())
        return await people.token(self.members[role], *scopes)

    async def code(self, asked: tuple[str, dict[str, Any]], role: Role | None, scopes: frozenset[Scope]) -> str | None:
        token = await self.token(role, scopes) if role else ""
        answer = await self.program.send(asked[0], None, token, **asked[1])
        return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


@pytest.fixture
async def matrix(database: str, tmp_path: Path) -> Matrix:
    members = {role: await people.member(role) for role in Role}
    return Matrix(people.Program(database, tmp_path), members)


async def test_each_mutation_lets_in_whom_its_row_names_and_nobody_else(matrix: Matrix):
    wrong, refused, passed = [], 0, 0
    for name, field in fields(KNOWN.mutation_type).items():
        asked = document("mutation", name, field)
        for role, scopes in tries(MUTATIONS[name]):
            code = await matrix.code(asked, role, scopes)
            expected = lets_in(MUTATIONS[name], role, scopes) and name not in BY_SIGNATURE
            refused, passed = refused + (not expected), passed + expected
            shut = "UNAUTHENTICATED" if role is None and name not in BY_SIGNATURE else "FORBIDDEN"
            if (code in SHUT) == expected or (not expected and code != shut):
                wrong.append((name, role, sorted(scopes), code))

    assert wrong == []
    assert refused + passed == len(fields(KNOWN.mutation_type)) * (1 + len(Role) + 2 * len(Scope))
    assert min(refused, passed) > len(fields(KNOWN.mutation_type)) * 5


async def test_each_query_is_open_to_everybody_and_answers_by_what_they_may_see(matrix: Matrix):
    wrong = []
    for name, field in fields(KNOWN.query_type).items():
        asked = document("query", name, field)
        for role in (None, *Role):
            code = await matrix.code(asked, role, frozenset(Scope) if role else frozenset())
            if (code in SHUT) == lets_in(QUERIES[name], role, frozenset(Scope)):
                wrong.append((name, role, code))

    assert wrong == []


async def test_a_token_that_does_not_hold_opens_nothing_at_all(matrix: Matrix):
    expired = await people.token(matrix.members[Role.ADMIN], seconds=-1)

    for text in (expired, "mrd_forged", "mri_" + "0" * 26 + "_x"):
        for name in ("signIn", "createMember"):
            asked = document("mutation", name, fields(KNOWN.mutation_type)[name])
            answer = await matrix.program.send(asked[0], None, text, **asked[1])
            assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_pictures_take_the_scope_for_them_and_the_role_of_an_author(matrix: Matrix):
    codes = {}
    for role, scopes in (
        (Role.AUTHOR, {Scope.MEDIA}),
        (Role.AUTHOR, set(Scope) - {Scope.MEDIA}),
        (Role.MODERATOR, set(Scope)),
    ):
        token = await people.token(matrix.members[role], *scopes)
        transport = httpx.ASGITransport(matrix.program.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
            answer = await client.post("/media", files={"file": b"x"}, headers={"authorization": f"Bearer {token}"})
        codes[role, len(scopes)] = answer.json()["errors"][0]["extensions"]["code"]

    assert codes.pop((Role.AUTHOR, 1)) not in SHUT
    assert set(codes.values()) == {"FORBIDDEN"}
    assert len(codes) == 2
