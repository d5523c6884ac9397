"""Documents, parsed and validated once each: those asked last (recent.py), and the committed ones for good.

What is wrong with those that were refused is kept apart, so that junk is read once and drives out nothing that is good.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import cast

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
from graphql.validation import ASTValidationRule, ValidationContext
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.web.graphql import wording
from api.web.graphql.costs import Prices, Pricing, Variables
from api.web.graphql.errors import bare
from api.web.graphql.limits import Limits, refusals
from api.web.graphql.recent import Recent

RULES: tuple[type[ASTValidationRule], ...] = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
"""As Strawberry's own `Schema.execute` applies them; made once, or no answer could be kept."""
MOST_ERRORS = 20
MOST_DOCUMENTS = 1_000
MOST_BYTES = 8_000_000
MOST_REFUSED = 2_000
MOST_REFUSED_CHARACTERS = 2_000_000
"""Of all errors that are kept, with their places and what each holds besides."""
PER_PLACE = 100
PER_ERROR = 500
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


class Refusals:
    """What is wrong with the documents that were refused last, bounded by count and by what their errors hold."""

    def __init__(self, most: int = MOST_REFUSED, most_characters: int = MOST_REFUSED_CHARACTERS) -> None:
        """Take the bounds."""
        self.most = most
        self.most_characters = most_characters
        self.characters = 0
        self._kept: OrderedDict[tuple[str, Limits], Prepared] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: tuple[str, Limits]) -> bool:
        return key in self._kept

    def find(self, key: tuple[str, Limits]) -> Prepared | None:
        """What was said of it, if it is still known."""
        found = self._kept.get(key)
        if found:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: tuple[str, Limits], refused: Prepared) -> None:
        """Remember what was said of it, in place of what was asked longest ago."""
        self._kept[key] = refused
        self.characters += _length(refused)
        while len(self._kept) > self.most or self.characters > self.most_characters:
            self.characters -= _length(self._kept.popitem(last=False)[1])


class Documents:
    """Prepares documents for one schema."""

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
        self._kept: dict[tuple[str, Limits], Prepared] = {}
        self.recent = Recent(most, most_bytes)
        self.refused = Refusals()

    def __len__(self) -> int:
        return len(self.recent)

    @property
    def bytes(self) -> int:
        """How much memory the good ones take, about; without the committed ones."""
        return self.recent.bytes

    def prepare(self, text: str, digest: str, limits: Limits) -> Prepared:
        """Give the document of this text, whose hash is `digest`, to viewers with these limits."""
        key = (digest, limits)
        found = self._kept.get(key) or self.recent.find(digest, limits) or self.refused.find(key)
        if found is None:
            found = self._prepare(text, limits)
            self._keep(key, found)
        return found

    def _prepare(self, text: str, limits: Limits) -> Prepared:
        try:
            document = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
        except GraphQLSyntaxError as error:
            return Prepared(None, (bare(wording.of_syntax(error, limits)),))
        errors = refusals(document, limits) or self._invalid(document, limits)
        for check in self.checks if not errors else ():
            errors = [*errors, *check(document, self.schema, limits)]
        tokens = _unchained(document)
        if errors:
            return Prepared(None, tuple(map(bare, errors)))
        return Prepared(document, (), BYTES_PER_TOKEN * tokens + 2 * len(text), self._operations(document))

    def _operations(self, document: DocumentNode) -> Mapping[str | None, Operation]:
        def price(node: OperationDefinitionNode, variables: Variables) -> int:
            return Pricing(self.schema, document, self.prices, variables).of(node)

        found = [Operation(one, price) for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        return {one.name: one for one in found}

    def knows(self, digest: str, limits: Limits) -> bool:
        """Whether the document need not be read again."""
        key = (digest, limits)
        return key in self._kept or self.recent.knows(digest, limits) or key in self.refused

    def _invalid(self, document: DocumentNode, limits: Limits) -> list[GraphQLError]:
        with _let_go() as rules:
            errors = validate(self.schema, document, rules, max_errors=MOST_ERRORS)
        return [wording.of_validation(error, limits) for error in errors]

    def _keep(self, key: tuple[str, Limits], prepared: Prepared) -> None:
        if prepared.errors:
            self.refused.keep(key, prepared)
        elif key[0] in self.committed:
            self._kept[key] = prepared
        else:
            self.recent.keep(*key, prepared)


def _length(refused: Prepared) -> int:
    return sum(len(error.message) + PER_PLACE * len(error.locations or ()) + PER_ERROR for error in refused.errors)


def _tells(kind: TypeNode) -> bool:
    bare = kind.type if isinstance(kind, NonNullTypeNode) else kind
    return isinstance(bare, ListTypeNode) or (isinstance(bare, NamedTypeNode) and bare.name.value in {"Int", "Boolean"})


def _counted(value: object) -> object:
    """As much of a value as a cost can depend on."""
    if isinstance(value, list):
        return "list", len(value)
    return value if isinstance(value, bool | int) else None


@contextmanager
def _let_go() -> Iterator[list[type[ASTValidationRule]]]:
    """Give the rules, and empty what was made of them in the end.

    Each holds itself by its own methods, and with it all that it compared: thirty thousand things for one document,
    which nothing would let go of before everything that lives was looked through.
    """
    made: list[ASTValidationRule] = []

    def remembered(rule: type[ASTValidationRule], context: ValidationContext) -> ASTValidationRule:
        made.append(rule(context))
        return made[-1]

    try:
        yield [cast("type[ASTValidationRule]", partial(remembered, rule)) for rule in RULES]
    finally:
        for each in made:
            vars(each).clear()


def _unchained(document: DocumentNode) -> int:
    """Count the tokens, and let go of what links them to each other.

    Nobody asks for the links once the document is read; linked both ways the tokens would be garbage in circles, for
    which everything that lives is looked through.
    """
    count, token = 0, document.loc.start_token if document.loc else None
    while token:
        count, following = count + 1, token.next
        token.prev = token.next = None
        token = following
    return count
