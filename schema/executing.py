"""How operations are executed: a row's own values are read at once, and resolvers are called without detours.

Whatever is not as plain as that goes graphql-core's way, and so does all that goes wrong: every error is worded there.
"""

from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import Any, Final, TypeGuard, cast

import strawberry
from graphql import GraphQLObjectType, GraphQLOutputType, Undefined, is_leaf_type, is_list_type, is_non_null_type
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.field import StrawberryField
from tortoise.models import Model

PLAIN: Final = "meridian-plain"
"""Under this name a type keeps, for each of its plain fields, how the value of a row is written."""
UNSURE: Final = object()
"""What is said of a value that may be an error."""
BACKREF: Final = "strawberry-definition"
AWAITED: dict[type, bool] = {}
"""Of each type of value that was met, whether its values are yet to come."""
Write = Callable[[Any], Any]


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Reads plain fields first, each in a step; graphql-core takes eight, and a path for errors that do not come."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - graphql-core's
        super().__init__(*arguments, **options)
        self.is_awaitable = is_awaited

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: object,
        path: Path | None,
        grouped_field_set: dict[str, Any],
        position_context: Any,  # noqa: ANN401 - graphql-core's
    ) -> Awaitable[dict[str, Any]] | dict[str, Any]:
        """The values of these fields, in their order."""
        told = parent_type.extensions
        plain: dict[str, Write] = told.get(PLAIN, {})
        read, rest = dict[str, Any](), dict[str, Any]()
        for name, details in grouped_field_set.items():
            write = plain.get(details[0].node.name.value)
            value = write(source_value) if write else UNSURE
            if value is UNSURE:
                rest[name] = details
            else:
                read[name] = value
        if not rest:
            return read
        found = super().execute_fields(parent_type, source_value, path, rest, position_context)
        if not read:
            return found
        return (
            _ordered(grouped_field_set, read, found)
            if isinstance(found, dict)
            else self._awaited(grouped_field_set, read, found)
        )

    @staticmethod
    async def _awaited(asked: dict[str, Any], read: dict[str, Any], found: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        return _ordered(asked, read, await found)


def is_awaited(value: object) -> TypeGuard[Awaitable[Any]]:
    """Whether a value is yet to come. Rows are there, though Tortoise lets each be awaited, by a task."""
    kind = type(value)
    if kind not in AWAITED:
        AWAITED[kind] = hasattr(kind, "__await__") and not issubclass(kind, Model)
    return AWAITED[kind]


def _ordered(asked: dict[str, Any], read: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    read.update(found)
    return {name: read[name] for name in asked if name in read}


def shorten(schema: strawberry.Schema) -> None:
    """Tell the executor which fields are plain, and call resolvers that take no arguments directly.

    Fields of Mutation keep what stands around them.
    """
    graphql = schema._schema  # noqa: SLF001 - graphql-core's own schema
    kinds = graphql.type_map
    for kind in kinds.values():
        if not isinstance(kind, GraphQLObjectType) or kind is graphql.mutation_type:
            continue
        plain = dict[str, Write]()
        fields, told_of = kind.fields, kind.extensions
        for name, field in fields.items():
            extensions = field.extensions
            told: StrawberryField | None = extensions.get(BACKREF)
            if told is None or told.extensions or told.arguments:
                continue
            field.resolve = _direct(told) or field.resolve
            get = _of_row(told)
            if get and (write := _written(get, field.type)):
                plain[name] = write
        told_of[PLAIN] = plain


def _of_row(told: StrawberryField) -> Write | None:
    """How a field that depends on nothing but its row is read: an attribute, or a resolver that asks for no more."""
    resolver = told.base_resolver
    if resolver is None:
        return attrgetter(told.python_name)
    row = resolver.parent_parameter
    if told.is_async or not row or resolver.info_parameter or resolver.self_parameter or resolver.root_parameter:
        return None
    name, call = row.name, cast("Callable[..., Any]", resolver.wrapped_func)
    return lambda source: call(**{name: source})


def _written(get: Write, kind: GraphQLOutputType) -> Write | None:
    """How what is read is written; None unless it is a scalar, an enum, or a list of those."""
    needed = is_non_null_type(kind)
    inner = kind.of_type if is_non_null_type(kind) else kind
    of_many = is_list_type(inner)
    item = inner.of_type if is_list_type(inner) else inner
    leaf = item.of_type if is_non_null_type(item) else item
    if not is_leaf_type(leaf) or (of_many and leaf is item):
        return None
    coerce = leaf.coerce_output_value

    def one(row: Any) -> Any:  # noqa: ANN401 - a row, and whatever it holds
        try:
            value = get(row)
            if value is None:
                return UNSURE if needed else None
            written = [coerce(each) for each in value] if of_many else coerce(value)
        except Exception:  # noqa: BLE001 - graphql-core meets the same, and says where
            return UNSURE
        unsure = None in written or Undefined in written if of_many else written is None or written is Undefined
        return UNSURE if unsure else written

    return one


def _direct(told: StrawberryField) -> Callable[..., Any] | None:
    """The resolver of a field, called with the row and the request, as far as it wants to know them."""
    resolver = told.base_resolver
    if resolver is None or resolver.self_parameter or resolver.root_parameter:
        return None
    call = cast("Callable[..., Any]", resolver.wrapped_func)  # what a static method holds
    row, asked = resolver.parent_parameter, resolver.info_parameter

    def resolve(source: object, info: Any) -> Any:  # noqa: ANN401 - graphql-core's
        said: dict[str, Any] = {}
        if row:
            said[row.name] = source
        if asked:
            said[asked.name] = strawberry.Info(_raw_info=info, _field=told)
        return call(**said)

    return resolve
