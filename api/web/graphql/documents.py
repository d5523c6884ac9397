"""Documents, parsed and validated once each: an LRU bounded by count and by bytes, and the committed ones for good."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    TypeNode,
    parse,
    specified_rules,
    validate,
    value_from_ast_untyped,
)
from graphql.validation import ASTValidationRule
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.web.codes import Code
from api.web.graphql.costs import Prices, Pricing, Variables
from api.web.graphql.limits import Limits, refusal, refusals

# The stock half million lets 9 kB of overlapping fields cost 1.5 s.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000

RULES: tuple[type[ASTValidationRule], ...] = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
"""As Strawberry's own `Schema.execute` applies them; made once, or no answer could be kept."""
MOST_ERRORS = 20
MOST_DOCUMENTS = 1_000
MOST_BYTES = 32_000_000
MOST_COSTS = 32
ABOUT_ITSELF = frozenset({"__schema", "__type", "__typename"})
BYTES_PER_TOKEN = 410
"""Measured: a syntax tree with its locations, divided by its tokens."""

Check = Callable[[DocumentNode, GraphQLSchema, Limits], Sequence[GraphQLError]]
"""A further limit, asked once per document and class of viewers, after the document has proved valid."""


@dataclass(frozen=True)
class Prepared:
    """A document that may run, or the errors for which it may not."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    size: int = 0
    operations: Mapping[str | None, "Operation"] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One operation of a document that may run, and what it costs: kept by the variables on which that depends."""

    node: OperationDefinitionNode
    price: Callable[[OperationDefinitionNode, Variables], int]
    costs: dict[tuple[object, ...], int] = field(default_factory=dict)

    @property
    def kind(self) -> OperationType:
        return self.node.operation

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    @cached_property
    def counted(self) -> Mapping[str, object]:
        """The variables that can tell how long a list is or what is left out, with their defaults."""
        return {
            one.variable.name.value: value_from_ast_untyped(one.default_value) if one.default_value else None
            for one in self.node.variable_definitions or ()
            if _tells(one.type)
        }

    @cached_property
    def introspects(self) -> bool:
        """Whether it asks of nothing but the schema, directly: its answer is always the same."""
        asked = self.node.selection_set.selections
        return not self.node.variable_definitions and all(
            isinstance(one, FieldNode) and one.name.value in ABOUT_ITSELF for one in asked
        )

    def cost(self, variables: Variables) -> int:
        """What it costs with these variables, before anybody knows whether they are right."""
        said = {name: variables.get(name, default) for name, default in self.counted.items()}
        key = tuple(_counted(value) for value in said.values())
        if key not in self.costs:
            if len(self.costs) >= MOST_COSTS:
                self.costs.clear()
            self.costs[key] = self.price(self.node, said)
        return self.costs[key]


class Documents:
    """Prepares documents for one schema; a refused one is forgotten, so that junk never drives out what is good."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        checks: Sequence[Check] = (),
        prices: Prices = Prices(),  # noqa: B008 - frozen
        committed: frozenset[str] = frozenset(),
        most: int = MOST_DOCUMENTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Take further checks, and the hashes of the documents to keep for good."""
        self.schema = schema
        self.checks = tuple(checks)
        self.prices = prices
        self.committed = committed
        self.most = most
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: dict[tuple[str, Limits], Prepared] = {}
        self._recent: OrderedDict[tuple[str, Limits], Prepared] = OrderedDict()

    def __len__(self) -> int:
        return len(self._recent)

    def prepare(self, text: str, digest: str, limits: Limits) -> Prepared:
        """Give the document of this text, whose hash is `digest`, to viewers with these limits."""
        key = (digest, limits)
        found = self._kept.get(key) or self._recent.get(key)
        if found is None:
            found = self._prepare(text, limits)
            self._keep(key, found)
        elif key in self._recent:
            self._recent.move_to_end(key)
        return found

    def _prepare(self, text: str, limits: Limits) -> Prepared:
        try:
            document = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
        except GraphQLSyntaxError as error:
            return Prepared(None, (_syntax_error(error, limits),))
        errors = refusals(document, limits) or self._invalid(document, limits)
        for check in self.checks if not errors else ():
            errors = [*errors, *check(document, self.schema, limits)]
        size = BYTES_PER_TOKEN * sum(1 for _ in _tokens(document)) + 2 * len(text)
        return Prepared(None, tuple(errors)) if errors else Prepared(document, (), size, self._operations(document))

    def _operations(self, document: DocumentNode) -> Mapping[str | None, Operation]:
        def price(node: OperationDefinitionNode, variables: Variables) -> int:
            return Pricing(self.schema, document, self.prices, variables).of(node)

        found = [Operation(one, price) for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        return {one.name: one for one in found}

    def knows(self, digest: str, limits: Limits) -> bool:
        """Whether the document need not be read again."""
        return (digest, limits) in self._kept or (digest, limits) in self._recent

    def _invalid(self, document: DocumentNode, limits: Limits) -> list[GraphQLError]:
        errors = validate(self.schema, document, RULES, max_errors=MOST_ERRORS)
        return [_overlapping(limits) if _gave_up(error) else error for error in errors]

    def _keep(self, key: tuple[str, Limits], prepared: Prepared) -> None:
        if prepared.errors:
            return
        if key[0] in self.committed:
            self._kept[key] = prepared
            return
        self._recent[key] = prepared
        self.bytes += prepared.size
        while len(self._recent) > self.most or self.bytes > self.most_bytes:
            self.bytes -= self._recent.popitem(last=False)[1].size


def _tells(kind: TypeNode) -> bool:
    bare = kind.type if isinstance(kind, NonNullTypeNode) else kind
    return isinstance(bare, ListTypeNode) or (isinstance(bare, NamedTypeNode) and bare.name.value in {"Int", "Boolean"})


def _counted(value: object) -> object:
    """As much of a value as a cost can depend on."""
    if isinstance(value, list):
        return "list", len(value)
    return value if isinstance(value, bool | int) else None


def _syntax_error(error: GraphQLSyntaxError, limits: Limits) -> GraphQLError:
    if "nested too deeply" in error.message:
        return refusal(Code.DEPTH_LIMIT_EXCEEDED, "levels", limits.depth, limits.who)
    if "Parsing aborted" in error.message:
        return refusal(Code.COST_LIMIT_EXCEEDED, "tokens", limits.tokens, limits.who)
    return error


def _gave_up(error: GraphQLError) -> bool:
    return isinstance(error, ValidationAbortedError) and error.message == "Validation aborted."


def _overlapping(limits: Limits) -> GraphQLError:
    budget = overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET
    return refusal(Code.COST_LIMIT_EXCEEDED, "comparisons of overlapping fields", budget, limits.who)


def _tokens(document: DocumentNode) -> Iterator[object]:
    token = document.loc.start_token if document.loc else None
    while token:
        yield token
        token = token.next
