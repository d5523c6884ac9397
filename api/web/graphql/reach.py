"""What the answer of an operation can depend on, read off the operation before it runs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLNamedType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    value_from_ast_untyped,
    visit,
)

SLUG = re.compile(r"[a-z0-9-]{1,160}")
ID = re.compile(r"art_[0-9a-z]{26}")


@dataclass(frozen=True)
class Depends:
    """How a schema's answers depend on its things.

    `some` are the tags of an answer all of whose types are among `plain`, `all_tags` those of every other. An answer
    that can hold a thing of the type `told_apart` has the tag `listed`; only where `one` is the sole way to it, tags
    of the single thing, such as `article:slug:x`. `beside` are further types with that tag, `never` fields whose
    answers are not kept.
    """

    some: frozenset[str] = frozenset()
    all_tags: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    told_apart: str = ""
    listed: str = ""
    one: str = ""
    beside: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reach:
    """What one document asks for: whether its answers may be kept, their tags, and where single things are named."""

    may_be_kept: bool
    tags: frozenset[str]
    named: tuple[FieldNode, ...] = ()
    listed: str = ""
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, variables: Mapping[str, Any]) -> frozenset[str]:
        """The tags of the answer with these variables."""
        said = {**self.defaults, **variables}
        return self.tags | {self._tag(node, said) for node in self.named}

    def _tag(self, node: FieldNode, said: dict[str, Any]) -> str:
        by = next((value_from_ast_untyped(one.value, said) for one in node.arguments or ()), None)
        by = by if isinstance(by, dict) else {}
        slug, key = by.get("slug"), by.get("id")
        if isinstance(slug, str) and key is None and SLUG.fullmatch(slug):
            return f"article:slug:{slug}"
        if isinstance(key, str) and slug is None and ID.fullmatch(key):
            return f"article:{key}"
        return self.listed


def reach(schema: GraphQLSchema, document: DocumentNode, depends: Depends) -> Reach:
    """Look at every field of the document; one with several operations is taken as a whole."""
    looking = _Looking(TypeInfo(schema))
    visit(document, TypeInfoVisitor(looking.info, looking))
    several = sum(1 for each in document.definitions if each.kind == "operation_definition") > 1
    tags = set(depends.some if looking.types <= depends.plain else depends.all_tags)
    ways = [name for name, kind in looking.asked if _may_be(schema, kind, depends)]
    if any(name != depends.one for name in ways):
        tags.add(depends.listed)
    may_be_kept = not several and not looking.fields & depends.never
    named = tuple(node for name, node in looking.nodes if name == depends.one)
    return Reach(may_be_kept, frozenset(tags), named, depends.listed, dict(_defaults(document)))


class _Looking(Visitor):
    """Collects the fields that are asked for, and their types."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.fields: set[str] = set()
        self.types: set[str] = set()
        self.asked: list[tuple[str, GraphQLNamedType]] = []
        self.nodes: list[tuple[str, FieldNode]] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, kind = self.info.get_parent_type(), get_named_type(self.info.get_type())
        name = f"{parent.name if parent else ''}.{node.name.value}"
        self.fields.add(name)
        self.nodes.append((name, node))
        if kind is not None and is_composite_type(kind):
            self.types.add(kind.name)
            self.asked.append((name, kind))


def _may_be(schema: GraphQLSchema, kind: GraphQLNamedType, depends: Depends) -> bool:
    if kind.name in {depends.told_apart, f"{depends.told_apart}Connection"} | depends.beside:
        return True
    return is_abstract_type(kind) and any(one.name == depends.told_apart for one in schema.get_possible_types(kind))


def _defaults(document: DocumentNode) -> Iterator[tuple[str, Any]]:
    for operation in document.definitions:
        for one in getattr(operation, "variable_definitions", None) or ():
            if one.default_value is not None:
                yield one.variable.name.value, value_from_ast_untyped(one.default_value)
