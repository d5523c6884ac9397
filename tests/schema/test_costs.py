"""What operations cost: the site's own, a page of full articles, and whatever an answer can be made long by."""

from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
    is_composite_type,
)

from api.app import prices
from api.syndication.models import Partner
from api.web.graphql import Documents, limits
from schema import costs
from schema.root import schema
from tests.schema.test_statement_counts import OPERATIONS

SCHEMA = schema._schema
# Of the site's operations, without variables: pages of the usual size.
SITE = {
    "ArticlePage": 461,
    "ArticlesPage": 475,
    "AskForForm": 3,
    "BeginningPage": 2,
    "ClinicPage": 25,
    "CommentedArticle": 105,
    "ConditionPage": 534,
    "ConditionsPage": 232,
    "EmbeddedArticle": 33,
    "HomePage": 401,
    "IndexPage": 515,
    "OwnCommentPage": 27,
    "PartnerSync": 765,
    "PractitionerPage": 357,
    "PractitionersPage": 1_292,
    "ReviewPage": 586,
    "RoutePage": 23,
    "SearchPage": 106,
    "TreatmentPage": 536,
    "TreatmentsPage": 232,
}
FULL = """{ articles(first: 50) { nodes {
  id slug url kind title summary publishedAt updatedAt lastReviewed nextReview isReviewOverdue wordCount readingMinutes
  body { html toc { id text } } authors { name jobTitle } conditions { name slug } treatments { name slug }
  reviewedBy { name } heroImage { src alt } disclaimers { title text } licence { name url }
  citations { number source { reference doi url } } corrections { at text } related { title slug }
} } }"""
SYNC = """{ articles(first: 50) { nodes {
  id slug kind title summary publishedAt updatedAt lastReviewed nextReview isReviewOverdue readingMinutes body { html }
  authors { name } conditions { name } treatments { name } reviewedBy { name } licence { name url } disclaimers { text }
  citations { number source { reference doi url } }
  syndication { html text attribution { html text } contentHash } } } }"""


def cost(text: str, **variables: Any) -> int:
    prepared = Documents(SCHEMA, prices=prices()).prepare(text, text, limits.TOKEN)
    assert not prepared.errors, prepared.errors
    (operation,) = prepared.operations.values()
    return operation.cost(variables)


def test_every_operation_of_the_site_stays_well_under_the_limit():
    counted = {name: cost(text) for name, text in OPERATIONS.items()}
    print(counted)  # noqa: T201 - for whoever changes an operation

    assert counted == SITE
    assert max(counted.values()) <= limits.ANONYMOUS.cost / 3


def test_a_new_partners_quota_holds_a_full_reading_of_ten_thousand_articles():
    assert 101 * cost(OPERATIONS["PartnerSync"], first=100) <= Partner().quota == 400_000


def test_a_page_of_fifty_full_articles_fits():
    assert (cost(FULL), cost(SYNC)) == (3_526, 4_706)
    assert limits.ANONYMOUS.cost == 5_000


def test_a_list_counts_as_often_as_is_asked_for():
    page = "query ($n: Int) { articles(first: $n) { nodes { title } } }"

    assert cost("{ articles(first: 50) { nodes { title } } }") == 66
    assert cost(page, n=50) == cost("query ($n: Int = 50) { articles(first: $n) { nodes { title } } }") == 66
    assert cost(page) == cost(page, n=20) == 27
    assert cost("{ articles(last: 50) { edges { node { title } } } }") == 116
    assert cost("{ articles(first: 2147483647) { nodes { title } } }") == cost(page, n=100) == 131


def test_lists_in_lists_multiply():
    assert cost("{ articles(first: 10) { nodes { related(first: 5) { title } } } }") == 132
    assert cost("{ conditions(first: 10) { nodes { articles(first: 10) { nodes { title } } } } }") == 152


def test_ids_count_one_by_one():
    assert cost('{ nodes(ids: ["a", "b", "c"]) { id } }') == 5
    assert cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a"] * 100) == 121


def test_of_several_types_the_dearest_counts():
    assert cost('{ node(id: "a") { ... on Article { body { html } } ... on Condition { name } } }') == 4
    assert cost('{ node(id: "a") { ... on Condition { name } } }') == 2


def test_what_is_asked_for_twice_is_counted_once():
    once = cost("{ articles { nodes { related { title } } } }")

    assert once == cost(
        "{ articles { nodes { ...A ...A related { title } } } } fragment A on Article { related { title } }"
    )
    assert cost("{ articles { nodes { a: related { title } b: related { title } } } }") == 2 * once - 23


def test_what_is_left_out_is_not_counted():
    text = "query ($more: Boolean!) { articles { nodes { title related @include(if: $more) { title } } } }"

    assert cost(text, more=False) == cost("{ articles { nodes { title } } }")
    assert cost(text, more=True) == cost("{ articles { nodes { title related { title } } } }")
    assert cost("{ clinic { name } articles @skip(if: true) { nodes { title } } }") == cost("{ clinic { name } }")


def test_the_standard_introspection_query_is_affordable():
    assert cost(get_introspection_query(descriptions=True, input_value_deprecation=True)) == 1_204


def test_a_mutation_counts_its_work():
    mutation = "mutation ($input: SignInInput!) { signIn(input: $input) { secret } }"

    assert cost(mutation) == costs.MUTATION + 2


@pytest.mark.parametrize("name", ["submitComment", "reportProblem"])
def test_what_everybody_may_send_costs_the_search_for_a_need_of_help(name: str):
    kind = name[0].upper() + name[1:]

    assert cost(f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}") >= 100


def test_every_list_of_the_schema_has_its_usual_length():
    missing = {
        f"{kind.name}.{name}"
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if holds_things(field.type)
        and not kind.name.endswith("Connection")
        and not {"first", "ids"} & set(field.args)
        and name != "userErrors"
    }
    assert missing == set(costs.SIZES)


def holds_things(kind: Any) -> bool:
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(bare, GraphQLList) and is_composite_type(get_named_type(bare))


@pytest.mark.parametrize("name", sorted(costs.EXTRA))
def test_every_price_is_of_a_field_that_there_is(name: str):
    kind, field = name.split(".")

    assert field in SCHEMA.get_type(kind).fields
