"""Every text that a client may send, filled with what attackers send: answered as data, refused, never obeyed."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLInputObjectType, get_named_type

from api.sql import Sql, rows
from api.web.codes import Code
from api.web.graphql.errors import format_all
from tests import builders, crawling
from tests.asking import CODES, answer, ask

PAYLOADS = [
    "'", "''", '"', "\\", "\\'", "`", ";", "--", "/*", "*/", "$1", "?", "%", "_", "%s", "%(id)s", "{0}", "${x}",
    "' OR '1'='1",
    "' OR 1=1 --", "'; DROP TABLE article; --", "1; SELECT pg_sleep(5)", "' UNION SELECT * FROM member --",
    "') OR TRUE --", "art_' || (SELECT email FROM member LIMIT 1) || '", "E'\\x27'", "\u02bc OR 1=1", "＇ OR 1=1",
    "$$; DROP TABLE article; $$", "../../etc/passwd",
    "<script>alert(1)</script>", "{{7*7}}", "\u202e",
    "\u0000", "a\u0000b",
    "\ufeff", "\U0001f9e0", "a" * 161, "a" * 5000, "NaN", "-1", "null", "true", "[]", "{}", "é" * 41,
]  # fmt: skip
TEXTS = {"String", "ID", "DOI", "PMID"}
USUAL = {"search": {"query": "sleep"}, "node": {"id": "art_1"}, "nodes": {"ids": ["art_1"]}, "route": {"path": "/"}}


def places() -> Iterator[tuple[str, str, tuple[str, ...], bool]]:
    """Each text among the arguments of Query: field, argument, the way into an input, and whether it is a list."""
    for name, field in crawling.QUERY.fields.items():
        for argument, told in field.args.items():
            type_ = get_named_type(told.type)
            inside = type_.fields if isinstance(type_, GraphQLInputObjectType) else {}
            if type_.name in TEXTS:
                yield name, argument, (), "[" in str(told.type)
            yield from (
                (name, argument, (key,), False) for key, one in inside.items() if get_named_type(one.type).name in TEXTS
            )


def question(name: str, argument: str, way: tuple[str, ...], payload: Any) -> tuple[str, dict[str, Any]]:
    field = crawling.QUERY.fields[name]
    value: Any = payload
    for key in reversed(way):
        value = {key: value}
    given = {**USUAL.get(name, {}), argument: value}
    declared = ", ".join(f"${key}: {field.args[key].type}" for key in given)
    passed = ", ".join(f"{key}: ${key}" for key in given)
    return f"query ({declared}) {{ {name}({passed}) {{ __typename }} }}", given


async def test_no_argument_is_obeyed_or_breaks_anything(database):
    await builders.live(conditions=[await builders.condition()])
    before = await rows(Sql("SELECT count(*) AS n FROM article"))
    tried = list(places())
    assert len(tried) >= 25
    broken = []
    for name, argument, way, many in tried:
        for payload in PAYLOADS:
            document, variables = question(name, argument, way, [payload] if many else payload)
            result = await answer(document, **variables)
            codes = {error["extensions"]["code"] for error in format_all(result.errors or (), CODES, None)}
            # commentForm cannot be null: of what does not exist it says so.
            if codes - {Code.BAD_USER_INPUT, Code.BAD_CURSOR, Code.NOT_FOUND}:
                broken.append((name, argument, way, payload[:40], codes))
    assert broken == []
    assert await rows(Sql("SELECT count(*) AS n FROM article")) == before


async def test_a_payload_names_nothing_and_narrows_to_nothing(database):
    await builders.live(conditions=[await builders.condition()])
    for payload in (one for one in PAYLOADS if "\0" not in one):
        document = """query ($text: String!, $id: ID!) {
          article(by: {slug: $text}) { id } condition(by: {slug: $text}) { id } node(id: $id) { id }
          byLanguage: articles(filter: {language: $text}) { totalCount }
          byCondition: articles(filter: {condition: $id}) { totalCount }
          source(by: {key: $text}) { id } route(path: $text) { __typename } }"""
        nothing = {"totalCount": 0}
        assert await ask(document, text=payload, id=payload) == {
            "article": None, "condition": None, "node": None, "byLanguage": nothing, "byCondition": nothing,
            "source": None, "route": None,
        }, payload[:40]  # fmt: skip


async def test_wild_cards_are_letters_like_any_other(database):
    await builders.condition("100% pain")
    await builders.condition("Neck_pain")
    document = "query ($text: String!) { conditions(filter: {startsWith: $text}) { nodes { name } } }"

    async def names(text: str) -> list[str]:
        return [node["name"] for node in (await ask(document, text=text))["conditions"]["nodes"]]

    assert await names("%") == await names("_") == await names("neck%") == []
    assert (await names("100%"), await names("NECK_")) == (["100% pain"], ["Neck_pain"])
