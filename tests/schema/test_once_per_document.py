"""What is slow on purpose stands in a document once, however it is aliased, spread or split."""

import pytest
from graphql import parse, validate

from schema.limits import ONCE, once_per_document
from schema.root import schema

SIGN_IN = 'signIn(input: { email: "a@b.cd", password: "x" }) { userErrors { code } }'
ACCEPT = 'acceptInvitation(input: { token: "mri_", password: "x" }) { userErrors { code } }'


def refusals(document):
    parsed = parse(document)
    known = schema._schema
    assert validate(known, parsed) == []
    return [error.extensions for error in once_per_document(parsed, known, None)]


@pytest.mark.parametrize(
    "document",
    [
        f"mutation {{ {SIGN_IN} }}",
        f"mutation {{ {SIGN_IN} {ACCEPT} }}",
        f"mutation {{ ...F }} fragment F on Mutation {{ {SIGN_IN} }}",
        f"fragment F on Mutation {{ {SIGN_IN} }} mutation A {{ ... on Mutation {{ ...F }} }} query B {{ __typename }}",
        "{ viewer { member { displayName } } signIn: clinic { name } }",
    ],
)
def test_once_passes(document):
    assert refusals(document) == []


@pytest.mark.parametrize(
    ("document", "asked"),
    [
        (f"mutation {{ a: {SIGN_IN} b: {SIGN_IN} }}", 2),
        (f"mutation {{ {SIGN_IN} b: {SIGN_IN} c: {SIGN_IN} }}", 3),
        (f"mutation {{ a: {SIGN_IN} ...F }} fragment F on Mutation {{ b: {SIGN_IN} }}", 2),
        (f"mutation {{ a: {SIGN_IN} ... on Mutation {{ b: {SIGN_IN} }} }}", 2),
        (f"mutation {{ a: {SIGN_IN} ... @include(if: false) {{ b: {SIGN_IN} }} }}", 2),
        (f"mutation A {{ {SIGN_IN} }} mutation B {{ {SIGN_IN} }}", 2),
        (f"mutation {{ ...F ...G }} fragment F on Mutation {{ {SIGN_IN} }} fragment G on Mutation {{ ...F }}", 2),
    ],
)
def test_more_than_once_is_refused_with_the_count(document, asked):
    told = {"code": "COST_LIMIT_EXCEEDED", "limit": "signIn fields", "maximum": 1, "asked": asked}

    assert refusals(document) == [told]


@pytest.mark.parametrize("name", ["submitComment", "reportProblem"])
def test_what_is_looked_through_for_a_need_of_help_stands_once(name):
    kind = name[0].upper() + name[1:]
    sent = f"{name}(input: $input) {{ userErrors {{ code }} }}"

    assert refusals(f"mutation ($input: {kind}Input!) {{ {sent} }}") == []
    assert [told["limit"] for told in refusals(f"mutation ($input: {kind}Input!) {{ {sent} b: {sent} }}")] == [
        f"{name} fields"
    ]


def test_each_field_is_counted_by_itself():
    document = f"mutation {{ a: {SIGN_IN} b: {SIGN_IN} c: {ACCEPT} d: {ACCEPT} e: {ACCEPT} }}"

    assert {refusal["limit"]: refusal["asked"] for refusal in refusals(document)} == {
        "signIn fields": 2,
        "acceptInvitation fields": 3,
    }


def test_fragments_that_double_forty_times_are_counted_without_being_unfolded():
    doubling = "".join(f"fragment F{n} on Mutation {{ ...F{n + 1} ... {{ ...F{n + 1} }} }} " for n in range(40))
    document = f"mutation {{ ...F0 }} {doubling} fragment F40 on Mutation {{ {SIGN_IN} }}"

    assert [refusal["asked"] for refusal in refusals(document)] == [10**9]


def test_whatever_takes_a_password_stands_on_the_list():
    mutations = schema._schema.mutation_type.fields
    with_password = {
        name
        for name, field in mutations.items()
        if any("assword" in each for each in field.args["input"].type.of_type.fields)
    }

    assert with_password <= ONCE
    assert len(with_password) == 5
