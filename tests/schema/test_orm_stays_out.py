"""`schema/` asks rooms and loaders; it never reaches for a row's own table, through which drafts would leak."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from schema import files
from tests import builders
from tests.asking import Statements, ask

SCHEMA = Path(files.__file__).parent
ACTS = {
    "all", "filter", "get", "first", "last", "create", "save", "delete", "exclude", "values",
    "values_list", "update", "fetch_related", "get_or_none", "get_or_create", "update_or_create", "bulk_create",
    "in_bulk", "raw", "select_related", "prefetch_related", "order_by", "execute_query", "execute_query_dict",
}  # fmt: skip
DICT_ACTS = {"get", "values", "update"}


def orm_calls(source: str) -> Iterator[str]:
    """Calls that look like Tortoise's; those that a dict has too are told apart by what they are given."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ACTS:
            plain = (node.func.attr in DICT_ACTS and _of_a_dict(node)) or _of_a_room(node)
            yield from () if plain else (f"{node.lineno}: {ast.unparse(node.func)}",)
        if isinstance(node, ast.ImportFrom | ast.Import) and "tortoise" in ast.unparse(node) and not _typing(node):
            yield f"{node.lineno}: {ast.unparse(node)}"


def _of_a_dict(call: ast.Call) -> bool:
    """`get(key)`, `get(key, default)`, `values()` and `update(mapping)` of something that is no class of rows.

    A row is asked for by keywords or by Q; a table is a class, whose name begins with a capital, and a relation
    hangs on a row: `article.comments.get(…)` has two dots where `found.get(…)` has one.
    """
    receiver = call.func.value  # type: ignore[attr-defined]
    name = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
    keywords = call.keywords or any("Q(" in ast.unparse(given) for given in call.args)
    constant = name.isupper()
    known = isinstance(receiver, ast.Name) or name in {"csl", "syndication_terms"}
    return not keywords and (constant or (known and not name[:1].isupper()))


def _of_a_room(call: ast.Call) -> bool:
    """`drafting.create(…)`: a room's verb; rows are created by their table, whose name begins with a capital."""
    receiver = call.func.value  # type: ignore[attr-defined]
    return call.func.attr == "create" and isinstance(receiver, ast.Name) and receiver.id.islower()  # type: ignore[attr-defined]


def _typing(node: ast.AST) -> bool:
    return ast.unparse(node) == "from tortoise.models import Model"  # named in annotations, for the type checker


@pytest.mark.parametrize("path", sorted(SCHEMA.rglob("*.py")), ids=lambda path: path.name)
def test_no_type_asks_a_table_or_a_relation(path):
    assert list(orm_calls(path.read_text())) == []


@pytest.mark.parametrize(
    "leak",
    [
        "condition.articles.all()",
        "await Article.get(id=key)",
        "await models.Article.get(Q(id=key))",
        "await article.comments.get(key)",
        "Article.filter(live=None)",
        "await Article.create(title=title)",
        "await models.Article.create(title=title)",
        "await article.save()",
        "await article.comments.first()",
        "article.revisions.values('title')",
        "from tortoise.expressions import Q",
    ],
)
def test_the_check_sees_what_it_is_for(leak):
    assert len(list(orm_calls(leak))) == 1


@pytest.mark.parametrize(
    "plain",
    ["said.get('title')", "KINDS.get(prefix)", "source.csl.get('title', '')", "rows.values()", "drafting.create(said)"],
)
def test_the_check_lets_dicts_be_dicts_and_rooms_be_rooms(plain):
    assert list(orm_calls(plain)) == []


async def test_every_statement_of_an_answer_is_asked_by_a_room(database):
    await builders.clinic()
    neck = await builders.condition(care="Numbness.")
    needles = await builders.treatment(risk="Bruises")
    ada = await builders.practitioner(treats=(neck,), offers=(needles,), photo=await builders.picture())
    await builders.source("irnich2001")
    await builders.statement(needles, neck, ada)
    article = await builders.live(
        body="As shown [@irnich2001].", conditions=[neck], treatments=[needles], authors=[ada]
    )
    await builders.comment(article)
    document = """query ($slug: String!) {
      clinic { name logo { src } }
      article(by: {slug: $slug}) {
        body { markdown images { asset { id } } links { entity { id } } }
        authors { name photo { src } } heroImage { src }
        conditions { name careAdvice { heading } codes { value } parent { id } children { id } practitioners { name }
          statements { summary sources { key } } articles { totalCount nodes { id } } }
        treatments { name adverseOutcomes { text source { key } } }
        citations { source { key findings { outcome } articles { totalCount } } } related { id }
        reviewedBy { name } corrections { text } comments { totalCount nodes { body } } syndication { html } jsonLd }
      search(query: "sleep") { nodes { item { __typename } } } route(path: "/articles/none") { __typename }
    }"""
    with Statements() as statements:
        await ask(document, slug=article.slug)
    assert len(statements) > 20
    assert [asker for asker in statements.askers if not asker.startswith("api/")] == []


async def test_a_draft_stays_hidden_behind_every_thing_that_it_names(database):
    neck, needles, ada = await builders.condition(), await builders.treatment(), await builders.practitioner()
    work = await builders.source("irnich2001")
    said = {"conditions": [neck], "treatments": [needles], "authors": [ada], "body": "As shown [@irnich2001]."}
    draft = await builders.draft("Draft", **said)
    live = await builders.live("Live", **said)
    hidden = await builders.condition("Hidden", is_published=False, parent=neck)
    document = """query ($neck: ID!, $needles: ID!, $ada: ID!, $work: ID!, $live: ID!, $draft: ID!, $hidden: ID!) {
      condition(by: {id: $neck}) { articles { totalCount nodes { id } } children { id } }
      treatment(by: {id: $needles}) { articles { totalCount nodes { id } } }
      practitioner(by: {id: $ada}) { articles { totalCount nodes { id } } reviewed { totalCount } }
      source(by: {id: $work}) { articles { totalCount nodes { id } } }
      article(by: {id: $live}) { related { id } }
      nodes(ids: [$draft, $hidden, $live]) { id }
    }"""
    seen = await ask(
        document, neck=neck.id, needles=needles.id, ada=ada.id, work=work.id, live=live.id, draft=draft.id,
        hidden=hidden.id,
    )  # fmt: skip
    only = {"totalCount": 1, "nodes": [{"id": live.id}]}
    assert seen == {
        "condition": {"articles": only, "children": []},
        "treatment": {"articles": only},
        "practitioner": {"articles": only, "reviewed": {"totalCount": 0}},
        "source": {"articles": only},
        "article": {"related": []},
        "nodes": [None, None, {"id": live.id}],
    }
