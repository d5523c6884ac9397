"""Documents that somebody might send to keep us busy: each at most 64 kB, each to be refused or answered cheaply."""

from collections.abc import Iterator

MOST = 65_000
CIRCLE = "conditions { articles(first: 100) { nodes { %s } } }"


def nested(way: str, levels: int, leaf: str = "title") -> str:
    """The same selection inside itself."""
    text = leaf
    for _ in range(levels):
        text = way % text
    return text


def fragments(levels: int, way: str = "related(first: 20) { ...F%d ...F%d }") -> str:
    """Each fragment spreads the next one twice."""
    chain = " ".join(f"fragment F{n} on Article {{ {way % (n + 1, n + 1)} }}" for n in range(levels))
    return f"{{ articles {{ nodes {{ ...F0 }} }} }} {chain} fragment F{levels} on Article {{ title }}"


def branching(levels: int) -> str:
    """Each fragment leads to the next one by every field that leads to conditions."""
    chain = " ".join(
        f"fragment C{n} on Condition {{ parent {{ ...C{n + 1} }} children {{ ...C{n + 1} }} "
        f"statements {{ condition {{ ...C{n + 1} }} }} }}"
        for n in range(levels)
    )
    return f"{{ conditions {{ nodes {{ ...C0 }} }} }} {chain} fragment C{levels} on Condition {{ name }}"


def types(levels: int) -> str:
    return '{ __type(name: "Query") { %s } }' % nested("fields { type { ofType { %s } } }", levels, "name")


def filled(text: str, most: int = MOST) -> str:
    """As often as it fits."""
    return text * (most // len(text))


def corpus() -> Iterator[tuple[str, str]]:
    """Each with what it is."""
    circle = "{ articles(first: 100) { nodes { %s } } }"
    yield "the circle, 4 hops", circle % nested(CIRCLE, 1)
    yield "the circle, 8 hops", circle % nested(CIRCLE, 3)
    yield (
        "the circle, 4 hops of the usual size",
        "{ articles { nodes { conditions { articles { nodes { conditions { articles { nodes { title } } } } } } } } }",
    )
    yield "the circle through treatments", circle % nested("treatments { articles(first: 100) { nodes { %s } } }", 2)
    yield "the circle through authors", circle % nested("authors { articles(first: 100) { nodes { %s } } }", 2)
    yield (
        "the circle through sources",
        "{ sources(first: 100) { nodes { articles(first: 100) { nodes { citations { source { articles(first: 100) { nodes { title } } } } } } } } }",
    )
    yield "related of related", "{ articles(first: 100) { nodes { %s } } }" % nested("related(first: 20) { %s }", 8)
    yield "1 kB of related", "{ articles { nodes { %s } } }" % nested("related(first: 20) { id title %s }", 9)
    yield "related, of the usual size", "{ articles { nodes { %s } } }" % nested("related { %s }", 8)
    yield "parents of parents", "{ conditions(first: 100) { nodes { %s } } }" % nested("parent { %s }", 9, "name")
    yield "children of children", "{ conditions(first: 100) { nodes { %s } } }" % nested("children { %s }", 9, "name")
    yield (
        "statements there and back",
        "{ conditions(first: 100) { nodes { %s } } }"
        % nested("statements { treatment { statements { condition { %s } } } }", 2, "name"),
    )
    yield "deep", "{ articles { nodes { %s } } }" % nested("related { %s }", 60)
    yield "deeper than any parser", "{ a " * 16_000
    yield "open brackets", "{" * 60_000
    yield "open lists", "{ nodes(ids: " + "[" * 60_000
    yield "open objects", "{ article(by: " + "{a:" * 20_000
    yield "wide", "{ " + filled("clinic { name } ") + "}"
    yield "the same field", "{ " + filled("clinic{name}", 5_900) + "}"
    yield "aliases", "{ " + " ".join(f"a{n}: clinic {{ name }}" for n in range(2_500)) + "}"
    yield (
        "as many aliases as are allowed",
        "{ articles(first: 100) { nodes { "
        + " ".join(f"a{n}: related(first: 20) {{ title }}" for n in range(30))
        + " } } }",
    )
    yield (
        "aliases of costly texts",
        "{ articles(first: 100) { nodes { body { " + " ".join(f"a{n}: document" for n in range(30)) + " } } } }",
    )
    yield (
        "aliases of searches",
        "{ "
        + " ".join(
            f'a{n}: search(query: "neck {n}", first: 100) {{ totalCount didYouMean nodes {{ snippet }} }}'
            for n in range(20)
        )
        + "}",
    )
    yield (
        "aliases in fragments",
        "{ articles { nodes { ...A ...B } } } "
        + "fragment A on Article { %s } fragment B on Article { %s }"
        % (" ".join(f"a{n}: title" for n in range(30)), " ".join(f"b{n}: title" for n in range(30))),
    )
    yield "directives", "{ clinic { name " + filled("@include(if: true) ") + "} }"
    yield (
        "directives spread",
        "{ articles { nodes { " + " ".join("... @include(if: true) { title }" for _ in range(150)) + " } } }",
    )
    yield "unknown directives", "{ clinic { name " + filled("@a ") + "} }"
    yield "fragments doubled", fragments(30)
    yield "fragments doubled within the depth", fragments(8)
    yield "fragments that branch", branching(5)
    yield "fragments that branch deeper", branching(10)
    yield (
        "a circle of fragments",
        "{ articles { nodes { ...A } } } fragment A on Article { related { ...B } } fragment B on Article { related { ...A } }",
    )
    yield (
        "unused fragments",
        "{ clinic { name } } " + " ".join(f"fragment F{n} on Clinic {{ name }}" for n in range(1_800)),
    )
    yield (
        "fragments as many as fit",
        "{ clinic { "
        + " ".join(f"...F{n}" for n in range(100))
        + " } } "
        + " ".join(f"fragment F{n} on Clinic {{ name }}" for n in range(100)),
    )
    yield "overlapping fields", "{ articles { nodes { " + filled("related { title summary slug } ", 4_500) + " } } }"
    yield (
        "overlapping fields, two fragments",
        "{ articles { nodes { ...A ...B } } } fragment A on Article { %s } fragment B on Article { %s }"
        % (("related { id } " * 110,) * 2),
    )
    yield (
        "overlapping fields, nested",
        "{ articles { nodes { " + ("related { related { related { id } } } " * 70) + "} } }",
    )
    yield (
        "overlapping fields that differ",
        "{ articles { nodes { " + " ".join(f"related(first: {n % 20 + 1}) {{ id }}" for n in range(100)) + "} } }",
    )
    yield (
        "overlapping inline fragments",
        "{ articles { nodes { " + "... on Article { related { ... on Article { id } } } " * 60 + "} } }",
    )
    yield "comments", "#" + "x" * 65_000 + "\n{ clinic { name } }"
    yield "lines of comments", filled("#\n", 43_000) + "{ clinic { name } }"
    yield "spaces", filled(" ,\n", 48_000) + "{ clinic { name } }"
    yield "a long name", "{ " + "x" * 65_000 + " }"
    yield "a long text", '{ search(query: "' + "x" * 65_000 + '") { totalCount } }'
    yield "a block of text", '{ search(query: """' + "\n  x" * 16_000 + '""") { totalCount } }'
    yield "escapes", '{ search(query: "' + filled("\\u0041", 60_000) + '") { totalCount } }'
    yield "many ids", "{ nodes(ids: [" + " ".join(f'"art_{n:026}"' for n in range(900)) + "]) { id } }"
    yield (
        "ids of everything",
        "{ nodes(ids: [%s]) { ... on Article { related(first: 20) { related(first: 20) { title } } } } }"
        % " ".join(f'"art_{n:026}"' for n in range(100)),
    )
    yield "a huge page", "{ articles(first: 2147483647) { nodes { title } } }"
    yield "huge pages below", "{ articles(first: 100) { nodes { comments(first: 2147483647) { nodes { body } } } } }"
    yield "a variable list", "query ($a: [ID!]!) { nodes(ids: $a) { id } }"
    yield "variables as many as fit", "query (" + " ".join(f"$v{n}: Int" for n in range(240)) + ") { clinic { name } }"
    yield "operations as many as fit", " ".join(f"query Q{n} {{ clinic {{ name }} }}" for n in range(1_500))
    yield "introspection of types' types", types(2)
    yield "introspection, deeper", types(4)
    yield (
        "introspection of all types",
        "{ __schema { types { fields { type { ofType { fields { type { ofType { name } } } } } } } } }",
    )
    yield (
        "introspection, aliased",
        "{ " + " ".join(f"a{n}: __schema {{ types {{ name fields {{ name }} }} }}" for n in range(20)) + "}",
    )
    yield (
        "introspection of possible types",
        "{ __schema { types { possibleTypes { interfaces { possibleTypes { interfaces { name } } } } } } }",
    )
    yield (
        "introspection of names",
        "{ " + " ".join(f'a{n}: __type(name: "Article") {{ name }}' for n in range(30)) + "}",
    )
    yield "an unknown field that is nearly right", "{ " + " ".join(f"articl{n}" for n in range(900)) + "}"
    yield "unknown arguments", "{ articles(" + " ".join(f"firs{n}: 1" for n in range(300)) + ") { totalCount } }"
    yield "a wrong value", "{ articles(orderBy: " + "N" * 60_000 + ") { totalCount } }"
    yield "objects as deep as is allowed", "{ article(by: " + "{id: " * 150 + '"x"' + "}" * 150 + ") { id } }"
    yield "a list as wide as is allowed", "{ nodes(ids: [" + "1 " * 950 + "]) { id } }"
    yield (
        "mutations as many as fit",
        "mutation { "
        + " ".join(f'a{n}: signIn(input: {{email: "a", password: "b"}}) {{ userErrors {{ code }} }}' for n in range(20))
        + "}",
    )
    yield "a subscription", "subscription { a }"
    yield "definitions of types", filled("type A { a: Int } ", 60_000)
