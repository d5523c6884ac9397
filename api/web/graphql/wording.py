"""What the checks of the libraries refuse, told as this API tells it: which limit, or what to do."""

import re

from graphql import GraphQLError, GraphQLSyntaxError
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.rules.max_introspection_depth_rule import MAX_LIST_DEPTH
from graphql.validation.validate import ValidationAbortedError

from api.web.codes import Code
from api.web.graphql.limits import Limits, refusal

# The stock half million lets 9 kB of overlapping fields cost 1.5 s.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000

NULL = re.compile(r"(?:Field|Argument) '(\w+)' of type 'Maybe\[")


def of_syntax(error: GraphQLSyntaxError, limits: Limits) -> GraphQLError:
    """Why a text cannot be read."""
    if "nested too deeply" in error.message:
        return refusal(Code.DEPTH_LIMIT_EXCEEDED, "levels", limits.depth, limits.who)
    if "Parsing aborted" in error.message:
        return refusal(Code.COST_LIMIT_EXCEEDED, "tokens", limits.tokens, limits.who)
    return error


def of_validation(error: GraphQLError, limits: Limits) -> GraphQLError:
    """Why a document may not run."""
    if isinstance(error, ValidationAbortedError) and error.message == "Validation aborted.":
        budget = overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET
        return refusal(Code.COST_LIMIT_EXCEEDED, "comparisons of overlapping fields", budget, limits.who)
    if error.message == "Maximum introspection depth exceeded":
        noun = "lists of introspection within each other"
        return refusal(Code.DEPTH_LIMIT_EXCEEDED, noun, MAX_LIST_DEPTH - 1, limits.who)
    if null := NULL.search(error.message):
        return GraphQLError(f"'{null[1]}' cannot be null: leave it out, or give it a value.", error.nodes)
    return error
