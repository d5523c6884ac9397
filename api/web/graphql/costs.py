"""What an operation may cost, told before it runs: how many things its answer can hold, by the sizes of its lists.

A thing (an object of the answer) counts 1, a list 1 more, five plain fields count 1; what stands in a list counts as
often as the list is long: `first` or `last` where it is given, the number of `ids`, else the size that the list usually
has. What is asked for twice is counted once, a fragment wherever it is spread; of a union or interface the dearest type
counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_object_type,
    type_from_ast,
    value_from_ast_untyped,
)

THING = 10
PLAIN = 2
ROW = 1
DESCRIBED = 2
"""In tenths. A row of a page is found and given a cursor before anything is shown of it; a thing of introspection
counts 2 with all its fields, for nobody has to be asked."""
USUAL = 20
LONGEST = 100
"""More than this is refused by every list, so no list is taken to be longer."""
TELLING = ("first", "last", "ids")
MOST_STEPS = 20_000
BEYOND = 10**9
"""What is told of an operation that takes too long to count."""
META = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}

INTROSPECTION = {
    "__Schema.types": 300,
    "__Schema.directives": 5,
    "__Directive.args": 1,
    "__Field.args": 1,
    "__Type.fields": 15,
    "__Type.inputFields": 8,
    "__Type.enumValues": 6,
    "__Type.interfaces": 1,
    "__Type.possibleTypes": 12,
}
SURVEYED = {"__Type.fields": 3, "__Type.inputFields": 2, "__Type.enumValues": 1, "__Type.possibleTypes": 1}
"""On the average of all types; a type that is led to is larger."""

Variables = Mapping[str, Any]
Sets = tuple[SelectionSetNode, ...]


@dataclass(frozen=True)
class Prices:
    """What a schema says of its fields, each named `Type.field`.

    `sizes`: how long a list usually is, when nothing else tells; `extra`: what a field counts beside what it answers
    with, each time.
    """

    sizes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    extra: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Place:
    """Where a selection stands: how long the page is that it is in, and whether it is asked of all types at once."""

    page: int = USUAL
    surveyed: bool = False


class TooMany(Exception):  # noqa: N818 - an answer, not a fault
    """There is no end to counting."""


class Pricing:
    """Prices the operations of one document for one set of variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, prices: Prices, variables: Variables) -> None:
        self.schema = schema
        self.prices = prices
        self.variables = variables
        self.fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self.steps = 0
        self._known: dict[tuple[str, tuple[int, ...], Place], int] = {}

    def of(self, operation: OperationDefinitionNode) -> int:
        """What this operation costs, at least 1."""
        root = self.schema.get_root_type(operation.operation)
        if root is None:
            return 1
        try:
            return max(1, -(-self._below(root, (operation.selection_set,), Place()) // THING))
        except TooMany:
            return BEYOND

    def _below(self, parent: GraphQLObjectType, sets: Sets, place: Place) -> int:
        key = (parent.name, tuple(map(id, sets)), place)
        if key not in self._known:
            fields = self._collect(parent, sets)
            self._known[key] = sum(self._field(parent, nodes, place) for nodes in fields.values())
        return self._known[key]

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode], place: Place) -> int:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMany
        name = nodes[0].name.value
        definition = META.get(name) or parent.fields.get(name)
        if definition is None:  # __typename
            return 0
        extra = THING * self.prices.extra.get(f"{parent.name}.{name}", 0)
        below = tuple(node.selection_set for node in nodes if node.selection_set)
        if not below:
            return extra + _plain(parent.name, name)
        return extra + self._things(parent, nodes[0], definition, below, place)

    def _things(
        self, parent: GraphQLObjectType, node: FieldNode, definition: GraphQLField, below: Sets, place: Place
    ) -> int:
        name = f"{parent.name}.{node.name.value}"
        kind = get_named_type(definition.type)
        given = self._given(node, definition)
        size = self._size(name, given, place) if _is_list(definition) else 1
        # Of a page, the arguments stand at the field above and the rows below.
        within = Place(given or USUAL, surveyed=name == "__Schema.types")
        types = self.schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        each = max((self._below(cast("GraphQLObjectType", one), below, within) for one in types), default=0)
        fetched = THING if _is_fetched(name, definition) else 0
        page = ROW * within.page if kind.name.endswith("Connection") else 0
        return fetched + page + size * (_itself(name, kind) + each)

    def _size(self, name: str, given: int | None, place: Place) -> int:
        if given is not None:
            return given
        if name.endswith(("Connection.nodes", "Connection.edges")):
            return place.page
        if name.startswith("__"):
            return SURVEYED.get(name, INTROSPECTION[name]) if place.surveyed else INTROSPECTION[name]
        return self.prices.sizes.get(name, USUAL)

    def _given(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """How many are asked for, where an argument says so."""
        said = {
            one.name.value: value_from_ast_untyped(one.value, dict(self.variables))
            for one in node.arguments or ()
            if one.name.value in TELLING
        }
        for name in TELLING:
            value = said.get(name, Undefined)
            if value is Undefined and name in definition.args:
                value = definition.args[name].default_value
            if isinstance(value, list):
                return min(len(value), LONGEST)
            if isinstance(value, int):
                return min(max(value, 0), LONGEST)
        return None

    def _collect(self, parent: GraphQLObjectType, sets: Sets) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for selection_set in sets:
            for node in self._applying(parent, selection_set, spread):
                found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return found

    def _applying(
        self, parent: GraphQLObjectType, selection_set: SelectionSetNode, spread: set[str]
    ) -> Iterator[FieldNode]:
        """The fields that are asked of this type, each fragment once."""
        for selection in selection_set.selections:
            if not self._wanted(selection.directives or ()):
                continue
            if isinstance(selection, FieldNode):
                yield selection
                continue
            fragment: InlineFragmentNode | FragmentDefinitionNode | None = None
            if isinstance(selection, InlineFragmentNode):
                fragment = selection
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                fragment = self.fragments.get(selection.name.value)
            if fragment is not None and self._applies(parent, fragment):
                yield from self._applying(parent, fragment.selection_set, spread)

    def _applies(self, parent: GraphQLObjectType, fragment: InlineFragmentNode | FragmentDefinitionNode) -> bool:
        if fragment.type_condition is None:
            return True
        kind = type_from_ast(self.schema, fragment.type_condition)
        if is_object_type(kind):
            return kind is parent
        return is_abstract_type(kind) and self.schema.is_sub_type(kind, parent)

    def _wanted(self, directives: Sequence[Any]) -> bool:
        for directive in directives:
            if directive.name.value in {"skip", "include"}:
                said = value_from_ast_untyped(directive.arguments[0].value, dict(self.variables))
                if said is (directive.name.value == "skip"):
                    return False
        return True


def _plain(parent: str, name: str) -> int:
    """What a field without fields counts; the length of a list is counted in the database."""
    if parent.startswith("__"):
        return 0
    return THING if name == "totalCount" else PLAIN


def _itself(name: str, kind: GraphQLNamedType) -> int:
    """What one thing counts before its fields; most types wrap no other one."""
    if not kind.name.startswith("__"):
        return THING
    return 0 if name == "__Type.ofType" else DESCRIBED


def _is_fetched(name: str, definition: GraphQLField) -> bool:
    """Whether it is a list that has to be asked for by itself; a page's rows are there with the page."""
    return _is_list(definition) and not name.startswith("__") and "Connection." not in name


def _is_list(definition: GraphQLField) -> bool:
    kind = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
    return isinstance(kind, GraphQLList)
