"""What one document may ask for only once, however it is aliased or spread: work that is made slow on purpose."""

from collections import Counter
from collections.abc import Mapping, Sequence

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

ONCE = frozenset(
    {"signIn", "changePassword", "acceptInvitation", "createToken", "rotateToken", "submitComment", "reportProblem"}
)

MOST_TOLD = 10**9
"""Fragments that spread fragments grow without end; more than this is told as this."""


def once_per_document(document: DocumentNode, _schema: GraphQLSchema, _limits: object) -> Sequence[GraphQLError]:
    """One error for each field of `ONCE` that a valid document has more than once, all its operations together."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    known: dict[str, Counter[str]] = {}
    asked: Counter[str] = Counter()
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            asked += _count(operation.selection_set, fragments, known)
    return [_refusal(name, asked[name]) for name in sorted(ONCE) if asked[name] > 1]


def _count(
    root: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], known: dict[str, Counter[str]]
) -> Counter[str]:
    """How often each field of `ONCE` stands at the root, each fragment counted in wherever it is spread."""
    found: Counter[str] = Counter()
    for selection in root.selections:
        if isinstance(selection, FieldNode):
            found[selection.name.value] += selection.name.value in ONCE
        elif isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name not in known:
                known[name] = _count(fragments[name].selection_set, fragments, known)
            found += known[name]
        elif isinstance(selection, InlineFragmentNode):
            found += _count(selection.selection_set, fragments, known)
    return found


def _refusal(name: str, asked: int) -> GraphQLError:
    told = min(asked, MOST_TOLD)
    sentence = f"This document has {told:,} {name} fields; at most 1 is allowed: send one document for each."
    limit = {"code": "COST_LIMIT_EXCEEDED", "limit": f"{name} fields", "maximum": 1, "asked": told}
    return GraphQLError(sentence, extensions=limit)
