"""Random operations from the part of the schema that is planned: aliases, fragments, directives, variables, pages."""

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from hypothesis import strategies as st

from schema.plan.facts import TYPES
from tests.schema.plan.planned import SCHEMA
from tests.schema.plan.scene import Known

DEEPEST = 4
MOST_FIELDS = 25
HIDDEN = {"draft", "revisions", "gateReport", "unpublishing"}
"""Null for readers; what would stand below is not planned."""

ALIKE = {"Withdrawn", "Gone"}
"""Stand in one union and have fields of one name and two types, which no document may ask for under one key."""

FILTERS = {
    "articles": ("condition", "treatment", "practitioner", "kind", "language", "publishedAfter", "publishedBefore"),
    "conditions": ("parent", "treatment", "startsWith"),
    "treatments": ("condition", "startsWith"),
    "practitioners": ("condition", "treatment"),
}
MOMENTS = ["2020-01-01T00:00:00Z", "2026-06-01T12:00:00.5+02:00", "2030-01-01T00:00:00Z"]
LITERALS = {"kind": ["HEALTH", "NEWS"], "language": ['"en"', '"de"', '"xx"'], "startsWith": ['"a"', '"P"', '""', '"%"']}


@dataclass(repr=False)
class Question:
    """One operation with its variables, while it is being made."""

    known: Known
    cursors: dict[str, list[str]]
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    fields: int = 0
    has_cursor: bool = False
    text: str = ""

    def variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = (type_, value)
        return f"${name}"

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, (_type, value) in self.variables.items()}

    def __repr__(self) -> str:
        return f"{self.text}\n{self.values}"


def questions(known: Known, cursors: dict[str, list[str]]) -> st.SearchStrategy[Question]:
    return st.composite(_question)(known, cursors)


def _question(draw: Any, known: Known, cursors: dict[str, list[str]]) -> Question:
    question = Question(known, cursors)
    body = _Writer(draw, question).selection("Query", 0)
    declared = ", ".join(f"${name}: {type_}" for name, (type_, _value) in question.variables.items())
    operation = f"query {'(' + declared + ') ' if declared else ''}{body}"
    question.text = "\n".join([operation, *question.fragments])
    return question


class _Writer:
    def __init__(self, draw: Any, question: Question) -> None:
        self.draw = draw
        self.question = question

    def one_of(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(list(choices)))

    def maybe(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def selection(self, of: str, depth: int) -> str:
        names = self.fields(of, depth)
        chosen = [self.one_of(names) for _ in range(self.draw(st.integers(1, 3 if depth == 0 else 6)))]
        parts = [self.wrapped(of, self.field(of, name, depth)) for name in chosen]
        return "{ " + " ".join(part for part in parts if part) + " __typename }"

    def fields(self, of: str, depth: int) -> list[str]:
        definition = SCHEMA.type_map[of]
        assert isinstance(definition, GraphQLObjectType)
        known = sorted(TYPES.get(of) or set(definition.fields))
        deep = depth >= DEEPEST or self.question.fields > MOST_FIELDS
        leaves = [name for name in known if is_leaf_type(get_named_type(definition.fields[name].type))]
        plain = [name for name in known if name not in leaves and name not in HIDDEN]
        return leaves if deep and leaves else leaves + plain * 2

    def field(self, of: str, name: str, depth: int) -> str:
        self.question.fields += 1
        definition = SCHEMA.type_map[of].fields[name]
        arguments = self.arguments(of, name, definition)
        below = get_named_type(definition.type)
        inner = "" if is_leaf_type(below) else " " + self.below(below, depth + 1)
        alias = f"a{self.question.fields}: " if arguments or of in ALIKE or self.maybe(4) else ""
        return alias + name + arguments + self.directive() + inner

    def below(self, of: Any, depth: int) -> str:
        if isinstance(of, GraphQLObjectType):
            return self.selection(of.name, depth)
        chosen = self.draw(st.lists(st.sampled_from(of.types), unique=True, max_size=2))
        return (
            "{ __typename "
            + " ".join(f"... on {one.name} {self.selection(one.name, DEEPEST)}" for one in chosen)
            + " }"
        )

    def directive(self) -> str:
        if not self.maybe(6):
            return ""
        name, value = self.one_of(("skip", "include")), self.draw(st.booleans())
        literal = self.question.variable("Boolean!", value) if self.draw(st.booleans()) else str(value).lower()
        return f" @{name}(if: {literal})"

    def wrapped(self, of: str, field_: str) -> str:
        kind = self.draw(st.integers(1, 8))
        if kind == 1:
            return f"... on {of}{self.directive()} {{ {field_} }}"
        if kind == 2:
            return f"...{self.directive() or ' @include(if: true)'} {{ {field_} }}"
        if kind == 3:
            name = f"F{len(self.question.fragments)}"
            self.question.fragments.append(f"fragment {name} on {of} {{ {field_} }}")
            return f"...{name}{self.directive()}"
        if kind == 4 and "Node" in {one.name for one in SCHEMA.type_map[of].interfaces}:
            return f"... on Node {{ id }} {field_}"
        return field_

    def arguments(self, of: str, name: str, definition: Any) -> str:
        given: list[str] = []
        if "by" in definition.args:
            given.append(f"by: {self.by(name)}")
        if "path" in definition.args:
            kind = self.one_of(self.question.known.slugs)
            path = f"/{kind}s/{self.one_of(self.question.known.slugs[kind])}"
            given.append(f"path: {self.text('String!', path)}")
        if "last" in definition.args:
            given += self.page(name)
        if "orderBy" in definition.args and self.draw(st.booleans()):
            order = get_named_type(definition.args["orderBy"].type)
            given.append(f"orderBy: {self.given(f'{order.name}!', self.one_of(order.values))}")
        if of == "Query" and name in FILTERS and self.draw(st.booleans()):
            given.append(f"filter: {self.filter(name)}")
        if name == "related" and self.draw(st.booleans()):
            given.append(f"first: {self.given('Int!', self.draw(st.integers(1, 30)))}")
        if name == "renditions" and self.draw(st.booleans()):
            given.append(f"mime: {self.text('String', self.one_of(('image/webp', 'image/jpeg', 'x')))}")
        return f"({', '.join(given)})" if given else ""

    def given(self, type_: str, value: Any) -> str:
        """A number or a name of an enum, as it stands or as a variable."""
        return self.question.variable(type_, value) if self.draw(st.booleans()) else str(value)

    def text(self, type_: str, value: str) -> str:
        return self.question.variable(type_, value) if self.draw(st.booleans()) else f'"{value}"'

    def by(self, kind: str) -> str:
        known = self.question.known
        if kind == "source":
            return f"{{key: {self.text('String!', self.one_of(known.sources))}}}"
        name, values = self.one_of((("id", known.ids[kind]), ("slug", known.slugs[kind])))
        value = self.one_of(values)
        if self.maybe(3):
            return self.question.variable(f"{kind.capitalize()}By!", {name: value})
        return f"{{{name}: {self.text('ID!' if name == 'id' else 'String!', value)}}}"

    def page(self, name: str) -> list[str]:
        size = self.draw(st.sampled_from([None, 1, 2, 3, 20, 100]))
        cursor = self.cursor(name) if self.question.cursors and self.maybe(5) else None
        backward = self.draw(st.booleans())
        found = [] if size is None else [f"{'last' if backward else 'first'}: {self.given('Int', size)}"]
        if cursor:
            self.question.has_cursor = True
            found.append(f"{'before' if backward else 'after'}: {self.text('String', cursor)}")
        elif self.maybe(5):
            found.append(f"{'before' if backward else 'after'}: {self.question.variable('String', None)}")
        return found

    def cursor(self, name: str) -> str:
        """Mostly one of a list with this name; now and then one of another, which is refused."""
        listed = name if name in self.question.cursors and not self.maybe(12) else self.one_of(self.question.cursors)
        return self.one_of(self.question.cursors[listed])

    def filter(self, name: str) -> str:
        chosen = self.draw(st.lists(st.sampled_from(FILTERS[name]), unique=True, max_size=2))
        parts = []
        for each in chosen:
            if each in LITERALS:
                parts.append(f"{each}: {self.one_of(LITERALS[each])}")
            elif each.startswith("published"):
                parts.append(f"{each}: {self.text('DateTime', self.one_of(MOMENTS))}")
            else:
                kind = "condition" if each == "parent" else each
                parts.append(f"{each}: {self.text('ID', self.one_of(self.question.known.ids[kind]))}")
        return "{" + ", ".join(parts) + "}"
