"""How deep and how wide a document may be: counted on the syntax tree alone, before anything costs time.

All but depth is counted as it runs, fragments unfolded, so that thirty lines cannot become thirty thousand fields.
Introspection has a depth of its own, and there the lists take no aliases: one answer holds each of them once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from api.web.codes import Code

INTROSPECTION_DEPTH = 20
INTROSPECTION_ALIASES = 0
UNFOLDED = 10**9
"""Fragments that spread fragments grow without end; more than this is told as this."""
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True)
class Limits:
    """What one class of viewers may ask in one request; the defaults are those of anonymous callers."""

    who: str = "without a token"
    body_bytes: int = 65_536
    tokens: int = 1_000
    depth: int = 12
    aliases: int = 30
    directives: int = 30
    root_fields: int = 20
    cost: int = 5_000
    seconds: float = 5
    statement_seconds: float = 4


ANONYMOUS = Limits()
TOKEN = Limits("with a token", 1_048_576, 4_000, 15, 60, 50, 40, 50_000, 10, 8)


@dataclass
class Shape:
    """The measures of one operation or fragment, and where it spreads fragments."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    introspection_depth: int = 0
    introspection_aliases: int = 0
    spreads: list[tuple[str, int]] = field(default_factory=list)

    def take_in(self, spread: "Shape", depth: int) -> None:
        """Count a fragment in where it is spread."""
        self.depth = max(self.depth, depth + spread.depth if spread.depth else 0)
        deeper = depth + spread.introspection_depth if spread.introspection_depth else 0
        self.introspection_depth = max(self.introspection_depth, deeper)
        self.aliases += spread.aliases
        self.directives += spread.directives
        self.root_fields += 0 if depth else spread.root_fields
        self.introspection_aliases += spread.introspection_aliases


def refusals(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """One error for each limit that an operation exceeds, naming the limit, its value and what was asked."""
    return [error for shape in shapes(document) for error in _refusals(shape, limits)]


def shapes(document: DocumentNode) -> Iterator[Shape]:
    """Measure each operation; none when fragments go round in circles, which validation refuses by name."""
    fragments = {
        one.name.value: _measure(one.selection_set, inside=one.type_condition.name.value.startswith("__"))
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    uses = {name: {used for used, _ in shape.spreads} for name, shape in fragments.items()}
    try:
        order = tuple(TopologicalSorter(uses).static_order())
    except CycleError:
        return
    for name in order:
        if name in fragments:
            _unfold(fragments[name], fragments)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            shape = _measure(operation.selection_set, inside=False)
            shape.directives += len(operation.directives or ())
            _unfold(shape, fragments)
            yield shape


def refusal(code: Code, noun: str, most: int, who: str, asked: int | None = None) -> GraphQLError:
    """Say which limit was exceeded, in words and in numbers; without `asked`, counting stopped at the limit."""
    asked = None if asked is None else min(asked, UNFOLDED)
    count = "more" if asked is None else f"{asked:,}"
    sentence = f"This document has {count} {noun}; {who} at most {most:,} are allowed."
    return GraphQLError(sentence, extensions={"code": code, "limit": noun, "maximum": most, "asked": asked or count})


def _unfold(shape: Shape, fragments: Mapping[str, Shape]) -> None:
    for name, depth in shape.spreads:
        if name in fragments:
            shape.take_in(fragments[name], depth)


def _measure(root: SelectionSetNode, *, inside: bool) -> Shape:
    """One definition by itself; `inside` introspection or not."""
    shape = Shape()
    waiting = [(root, 0, inside)]
    while waiting:
        selection_set, depth, within = waiting.pop()
        for selection in selection_set.selections:
            shape.directives += len(selection.directives or ())
            if isinstance(selection, FragmentSpreadNode):
                shape.spreads.append((selection.name.value, depth))
            elif isinstance(selection, InlineFragmentNode):
                waiting.append((selection.selection_set, depth, within))
            elif isinstance(selection, FieldNode):
                below = within or selection.name.value in INTROSPECTION
                _count(shape, selection, depth + 1, within=within, below=below)
                if selection.selection_set:
                    waiting.append((selection.selection_set, depth + 1, below))
    return shape


def _count(shape: Shape, selection: FieldNode, depth: int, *, within: bool, below: bool) -> None:
    shape.root_fields += depth == 1
    shape.aliases += selection.alias is not None
    if below:
        listed = selection.selection_set is not None and selection.name.value != "__type"
        shape.introspection_aliases += selection.alias is not None and listed
        shape.introspection_depth = max(shape.introspection_depth, depth)
    if not within:
        shape.depth = max(shape.depth, depth)


def _refusals(shape: Shape, limits: Limits) -> Iterator[GraphQLError]:
    cost = Code.COST_LIMIT_EXCEEDED
    for code, noun, most, asked in (
        (Code.DEPTH_LIMIT_EXCEEDED, "levels of fields", limits.depth, shape.depth),
        (Code.DEPTH_LIMIT_EXCEEDED, "levels of introspection", INTROSPECTION_DEPTH, shape.introspection_depth),
        (cost, "aliases", limits.aliases, shape.aliases),
        (cost, "aliases on lists of introspection", INTROSPECTION_ALIASES, shape.introspection_aliases),
        (cost, "directives", limits.directives, shape.directives),
        (cost, "root fields", limits.root_fields, shape.root_fields),
    ):
        if asked > most:
            yield refusal(code, noun, most, limits.who, asked)
