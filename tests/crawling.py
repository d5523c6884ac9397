"""Builds documents from the schema itself: every field of a type, to a depth, each argument at its default."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
)

from schema.root import schema

TYPES = schema._schema.type_map
QUERY = schema._schema.query_type
WRAPPERS = ("Connection", "Edge")
SAME_ROWS = "edges"  # those of `nodes`, which stand beside them


def selection(of: GraphQLNamedType, depth: int, *, outermost: bool = True) -> str:
    """Every field of a type, and of the objects below it to that depth.

    The wrappers of a list are no level of their own; below the outermost list its rows are asked for once, by `nodes`.
    """
    if is_abstract_type(of):
        members = schema._schema.get_possible_types(of)
        each = [f"... on {member} {{ {selection(member, depth, outermost=False)} }}" for member in members]
        return " ".join(["__typename", *each])
    named: dict[str, GraphQLField] = of.fields  # type: ignore[attr-defined]
    wanted = {name: field for name, field in named.items() if outermost or name != SAME_ROWS}
    return " ".join(["__typename", *(_field(of, name, field, depth) for name, field in wanted.items())])


def questions(depth: int) -> Iterator[tuple[str, str]]:
    """Each field of Query that needs no argument, with a document that asks for everything below it."""
    for name, field in QUERY.fields.items():
        if not _asks_for_more(field):
            yield name, f"{{ {name} {{ {selection(get_named_type(field.type), depth)} }} }}"


def found(data: Any, key: str) -> Iterator[Any]:
    """Every value under a key (or an alias of it), wherever it stands in an answer."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == key or name.endswith(f"_{key}"):
                yield value
            yield from found(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from found(value, key)


def _field(of: GraphQLNamedType, name: str, field: GraphQLField, depth: int) -> str:
    target, wrapper = get_named_type(field.type), of.name.endswith(WRAPPERS)
    told = name if wrapper else f"{of.name}_{name}: {name}"  # members of a union may have fields of one name
    if _asks_for_more(field):
        return ""
    if not is_composite_type(target):
        return told
    left = depth if wrapper else depth - 1
    return f"{told} {{ {selection(target, left, outermost=wrapper and name == SAME_ROWS)} }}" if left >= 0 else ""


def _asks_for_more(field: GraphQLField) -> bool:
    return any(is_required_argument(argument) for argument in field.args.values())
