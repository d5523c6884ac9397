"""How deep and how wide a document may be, each refusal with its numbers."""

from typing import Any

import httpx
import pytest
import small_clinic
from graphql import get_introspection_query, parse

from api.web.graphql.documents import Documents
from api.web.graphql.limits import ANONYMOUS, TOKEN, Limits, refusals, shapes


def nested(levels: int) -> str:
    return "{ node " + "{ child " * (levels - 2) + "{ name }" + " }" * (levels - 2) + " }"


def told(text: str, limits: Limits = ANONYMOUS) -> list[dict[str, Any]]:
    return [error.extensions for error in refusals(parse(text), limits)]


def exceeded(code: str, limit: str, maximum: int, asked: object) -> dict[str, Any]:
    return {"code": f"{code}_LIMIT_EXCEEDED", "limit": limit, "maximum": maximum, "asked": asked}


@pytest.mark.parametrize(("limits", "most"), [(ANONYMOUS, 12), (TOKEN, 15)])
def test_depth(limits: Limits, most: int):
    assert told(nested(most), limits) == []
    assert told(nested(most + 1), limits) == [exceeded("DEPTH", "levels of fields", most, most + 1)]


@pytest.mark.parametrize(("limits", "most"), [(ANONYMOUS, 30), (TOKEN, 60)])
def test_aliases(limits: Limits, most: int):
    text = "{ node { %s } }"

    assert told(text % " ".join(f"a{n}: name" for n in range(most)), limits) == []
    assert told(text % " ".join(f"a{n}: name" for n in range(most + 1)), limits) == [
        exceeded("COST", "aliases", most, most + 1)
    ]


@pytest.mark.parametrize(("limits", "most"), [(ANONYMOUS, 30), (TOKEN, 50)])
def test_directives(limits: Limits, most: int):
    text = "query Q @a { node @b { ...F @c ... @d { name %s } } } fragment F on Node { name @e }"

    assert told(text % (" @f" * (most - 5)), limits) == []
    assert told(text % (" @f" * (most - 4)), limits) == [exceeded("COST", "directives", most, most + 1)]


@pytest.mark.parametrize(("limits", "most"), [(ANONYMOUS, 20), (TOKEN, 40)])
def test_root_fields(limits: Limits, most: int):
    text = "{ %s ...F ... on Query { hello } } fragment F on Query { hello }"

    assert told(text % ("hello " * (most - 2)), limits) == []
    assert told(text % ("hello " * (most - 1)), limits) == [exceeded("COST", "root fields", most, most + 1)]


def test_depth_goes_through_fragments():
    text = (
        "{ node { ...A } } fragment A on Node { child { ...B } } "
        "fragment B on Node { child { ...C } } fragment C on Node "
    )

    (shape,) = shapes(parse(text + nested(9)))

    assert shape.depth == 3 + 9


def test_fragments_are_unfolded_before_their_aliases_are_counted():
    doubled = " ".join(
        f"fragment F{n} on Node {{ a: child {{ ...F{n + 1} }} b: child {{ ...F{n + 1} }} }}" for n in range(9)
    )
    text = f"{{ node {{ ...F0 }} }} {doubled} fragment F9 on Node {{ name }}"

    assert told(text) == [exceeded("COST", "aliases", 30, 2**10 - 2)]


def test_a_long_chain_of_fragments_is_measured_without_recursion():
    chain = " ".join(f"fragment F{n} on Node {{ ...F{n + 1} ...F{n + 1} b: name }}" for n in range(2_000))

    (error,) = told(f"{{ node {{ ...F0 }} }} {chain} fragment F2000 on Node {{ name }}")

    assert error == exceeded("COST", "aliases", 30, 10**9)


def test_fragments_in_a_circle_are_left_to_validation():
    assert told("{ node { ...A } } fragment A on Node { ...B } fragment B on Node { ...A }") == []


def test_unknown_fragments_are_left_to_validation():
    assert told("{ node { ...Nowhere } }") == []


def test_each_operation_is_measured():
    assert len(told(f"query A {nested(13)} query B {nested(14)}")) == 2


async def test_the_standard_introspection_query_passes(client: httpx.AsyncClient):
    query = get_introspection_query(
        descriptions=True, specified_by_url=True, directive_is_repeatable=True, schema_description=True,
        input_value_deprecation=True, one_of=True,
    )  # fmt: skip

    answer = await client.post("/graphql", json={"query": query})

    assert "errors" not in answer.json()
    assert answer.json()["data"]["__schema"]["queryType"]["name"] == "Query"


def test_introspection_has_a_depth_of_its_own():
    text = "{ __schema { types " + "{ ofType " * 18 + "{ name }" + " }" * 18 + " } }"

    assert told(text) == [exceeded("DEPTH", "levels of introspection", 20, 21)]


async def test_lists_of_introspection_within_each_other_are_a_limit_that_is_named(client: httpx.AsyncClient):
    text = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"

    (error,) = (await client.post("/graphql", json={"query": text})).json()["errors"]

    assert error["extensions"] == exceeded("DEPTH", "lists of introspection within each other", 2, "more")
    assert error["message"] == (
        "This document has more lists of introspection within each other; without a token at most 2 are allowed."
    )


def test_introspection_takes_each_list_once():
    text = (
        '{ a: __type(name: "A") { name } __schema { types { ...T } } } fragment T on __Type { f: fields { g: name } }'
    )

    assert told(text) == [exceeded("COST", "aliases on lists of introspection", 0, 1)]


async def test_a_refusal_names_the_limit_its_value_and_what_was_asked(client: httpx.AsyncClient):
    answer = await client.post("/graphql", json={"query": nested(14)})

    assert answer.json()["errors"] == [
        {
            "message": "This document has 14 levels of fields; without a token at most 12 are allowed.",
            "extensions": exceeded("DEPTH", "levels of fields", 12, 14),
        }
    ]


def test_tokens_are_counted_while_the_text_is_read():
    store = Documents(small_clinic.SCHEMA._schema)
    limits = Limits(tokens=10)

    passed = store.prepare("{ " + "hello " * 8 + "}", "8", limits)
    refused = store.prepare("{ " + "hello " * 9 + "}", "9", limits)
    commented = store.prepare("# x\n" * 11 + "{ hello }", "11", limits)

    assert passed.errors == ()
    assert [error.message for error in refused.errors] == [
        "This document has more tokens; without a token at most 10 are allowed."
    ]
    assert [error.extensions for error in refused.errors] == [exceeded("COST", "tokens", 10, "more")]
    assert [error.extensions for error in commented.errors] == [exceeded("COST", "tokens", 10, "more")]
