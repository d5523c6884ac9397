"""What an operation asks for, as a tree: fragments spread, repeated fields merged, `@skip` and `@include` decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_directive_values

TYPENAME = "__typename"
DIRECTIVES = frozenset({"skip", "include"})


class Unplanned(Exception):  # noqa: N818 - no fault: another way leads to the answer
    """This operation is answered the long way."""


@dataclass(frozen=True)
class Asked:
    """One field of an answer: of which type, under which key, what it is, and what is asked below it.

    `below` holds the fields of each object type that may stand there, by the name of the type.
    """

    of: str
    key: str
    name: str
    definition: GraphQLField | None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    below: Mapping[str, Sequence[Asked]] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The name of its type, without lists and exclamation marks."""
        return get_named_type(self.definition.type).name if self.definition else "String"

    @property
    def fields(self) -> Sequence[Asked]:
        """What is asked below it, where only one type may stand there."""
        below = self.below
        (fields,) = below.values()
        return fields


class Selection:
    """Reads the operations of one document; `variables` are coerced, with slots for what a plan need not know."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) -> None:
        self.schema = schema
        self.variables = variables
        definitions = document.definitions
        self.fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}

    def of(self, operation: OperationDefinitionNode) -> Sequence[Asked]:
        """The fields at the root of a query."""
        assert self.schema.query_type is not None  # noqa: S101 - there is one
        return self._fields(self.schema.query_type, [operation.selection_set])

    def _fields(self, of: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Sequence[Asked]:
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for one in sets:
            for node in self._nodes(of, one, seen):
                found.setdefault((node.alias or node.name).value, []).append(node)
        return [self._asked(of, key, nodes) for key, nodes in found.items()]

    def _nodes(self, of: GraphQLObjectType, within: SelectionSetNode, seen: set[str]) -> Iterator[FieldNode]:
        for node in within.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._applies(of, node.type_condition.name.value):
                    yield from self._nodes(of, node.selection_set, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(of, fragment.type_condition.name.value):
                    yield from self._nodes(of, fragment.selection_set, seen)

    def _included(self, node: Any) -> bool:  # noqa: ANN401 - every selection carries directives
        if not node.directives:
            return True
        if {directive.name.value for directive in node.directives} - DIRECTIVES:
            raise Unplanned("a directive that is not known here")
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _applies(self, of: GraphQLObjectType, condition: str) -> bool:
        if of.name == condition:
            return True
        wanted = self.schema.get_type(condition)
        return bool(wanted) and is_abstract_type(wanted) and self.schema.is_sub_type(wanted, of)

    def _asked(self, of: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> Asked:
        name = nodes[0].name.value
        if name == TYPENAME:
            return Asked(of.name, key, name, None)
        if name.startswith("__"):
            raise Unplanned("introspection")
        definition = of.fields[name]
        arguments = get_argument_values(definition, nodes[0], self.variables)
        sets = [node.selection_set for node in nodes if node.selection_set]
        below = {each.name: self._fields(each, sets) for each in self._possible(definition)} if sets else {}
        return Asked(of.name, key, name, definition, arguments, below)

    def _possible(self, definition: GraphQLField) -> Sequence[GraphQLObjectType]:
        named = get_named_type(definition.type)
        if isinstance(named, GraphQLObjectType):
            return [named]
        return self.schema.get_possible_types(named)  # type: ignore[arg-type] # an interface or a union
