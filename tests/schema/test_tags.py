"""What answers depend on, read off their operation."""

import pytest
from graphql import parse

from api.app import DEPENDS
from api.web.graphql.reach import reach
from schema import tags
from schema.root import schema

ALL = tags.CATALOGUE
SLUG = "query ($s: String!) { article(by: {slug: $s}) "


def of(document: str, **said: object) -> frozenset[str]:
    return reach(schema._schema, parse(document), DEPENDS).of(said)


@pytest.mark.parametrize(
    ("document", "said", "wanted"),
    [
        ("{ clinic { name logo { alt } } }", {}, tags.CLINIC),
        ("{ conditions { nodes { name } } }", {}, ALL),
        (SLUG + "{ title authors { name } } }", {"s": "sleep"}, ALL | {"article:slug:sleep"}),
        (SLUG + "{ related { title } } }", {"s": "sleep"}, ALL | {"article:slug:sleep", "list:articles"}),
        (SLUG + "{ conditions { articles { totalCount } } } }", {"s": "x"}, ALL | {"article:slug:x", "list:articles"}),
        ("query ($by: ArticleBy!) { article(by: $by) { title } }", {"by": {"slug": "a"}}, ALL | {"article:slug:a"}),
        ('{ article(by: {slug: "Not, a slug"}) { title } }', {}, ALL | {"list:articles"}),
        (SLUG + "{ title } }", {}, ALL | {"list:articles"}),
        ('{ route(path: "/articles/x") { __typename } }', {}, ALL | {"list:articles"}),
        ('{ node(id: "x") { id } }', {}, ALL | {"list:articles"}),
        ('{ search(query: "x") { nodes { title } } }', {}, ALL | {"list:articles"}),
    ],
)
def test_an_answer_has_the_tags_of_whatever_it_can_show(document: str, said: dict[str, object], wanted: frozenset[str]):
    assert of(document, **said) == wanted


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { roles } }",
        "{ changes { nodes { at } } }",
        '{ article(by: {slug: "x"}) { syndication { refreshBy } } }',
    ],
)
def test_what_moves_with_time_or_viewer_is_never_kept(document: str):
    assert not reach(schema._schema, parse(document), DEPENDS).may_be_kept


def test_every_name_is_one_of_the_schema():
    fields = {
        f"{kind.name}.{name}" for kind in schema._schema.type_map.values() for name in getattr(kind, "fields", ())
    }
    later = {"Query.commentForm"}  # comes with comments by readers

    assert schema._schema.type_map.keys() >= tags.OF_THE_CLINIC | tags.FINDS_ARTICLES
    assert fields | later >= tags.NEVER_KEPT
