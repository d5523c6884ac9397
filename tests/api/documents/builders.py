"""Documents for tests: short builders for exact ones, Hypothesis strategies for every other."""

from typing import Any

from hypothesis import strategies as st

from api.documents import Document

Tree = dict[str, Any]


def text(words: str, *marks: str | Tree) -> Tree:
    return {
        "type": "text",
        "text": words,
        "marks": [{"type": mark} if isinstance(mark, str) else mark for mark in marks],
    }


def link(href: str) -> Tree:
    return {"type": "link", "attrs": {"href": href}}


def entity(identity: str) -> Tree:
    return {"type": "entityLink", "attrs": {"id": identity}}


def cite(*keys: str, locator: str | None = None) -> Tree:
    return {"type": "citation", "attrs": {"items": [{"key": key, "locator": locator} for key in keys]}}


def node(kind: str, *content: Tree | str, **attrs: object) -> Tree:
    """Make a node; a plain string is text."""
    tree: Tree = {"type": kind, "content": [text(part) if isinstance(part, str) else part for part in content]}
    return {**tree, "attrs": attrs} if attrs else tree


def leaf(kind: str, **attrs: object) -> Tree:
    return {"type": kind, "attrs": attrs} if attrs else {"type": kind}


def paragraph(*content: Tree | str) -> Tree:
    return node("paragraph", *content)


def table(*rows: list[str], header: bool = True) -> Tree:
    kinds = ["tableHeader" if header and at == 0 else "tableCell" for at in range(len(rows))]
    return node(
        "table",
        *(
            node("tableRow", *(node(kind, paragraph(cell)) for cell in row))
            for kind, row in zip(kinds, rows, strict=True)
        ),
    )


def tree(*blocks: Tree | str) -> Tree:
    return {
        "v": 1,
        "type": "doc",
        "content": [paragraph(block) if isinstance(block, str) else block for block in blocks],
    }


def document(*blocks: Tree | str) -> Document:
    return Document.parse(tree(*blocks))


# Strategies

_NASTY = st.sampled_from([*"*_[]<>~^|\\`@#:!&-+=.(){};\"'1 \n\t/", "é", "ü", "痛", "\u00a0", "\u2028", "😀", "a", "b"])
_SNIPPETS = st.sampled_from(
    (
        *("**", "__", "[@a]", "[x]: /y", "](/z)", "{.bold}", "&amp;", "&#32;", "<b>", "<a@b.co>", "  ", "```", "~2~"),
        *("1. ", "- ", "> ", "## ", "::: note", ":::", "---", "===", "| - |", "word", "entity:cnd_1", "\\", " \\"),
    )
)
WORDS = st.lists(_NASTY | _SNIPPETS | st.text(max_size=3), max_size=6).map("".join)

_KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}", fullmatch=True)
_IDS = st.sampled_from(["cnd_1a", "trt_2b", "prc_3c", "art_4d"])
_HREFS = st.sampled_from(
    (
        *("https://a.uk/b_c*d?e=1&copy=2#f", "http://a.uk", "mailto:a@b.uk", "tel:111", "/p(q)r", "#x", "/"),
        *("https://a.uk/(x", "https://a.uk/?a&amp;b", "https://ü.uk/é~[1]"),
    )
)
_STYLES = st.sampled_from(["bold", "italic", "sub", "sup", "code"]).map(lambda kind: {"type": kind})
_MARKS = st.tuples(st.lists(_STYLES, max_size=3), st.lists(_HREFS.map(link) | _IDS.map(entity), max_size=1)).map(
    lambda pair: [*pair[0], *pair[1]]
)
_TEXTS = st.builds(lambda words, marks: {"type": "text", "text": words, "marks": marks}, WORDS, _MARKS)
_CITATIONS = st.lists(
    st.builds(lambda key, locator: {"key": key, "locator": locator}, _KEYS, st.none() | WORDS), min_size=1, max_size=3
).map(lambda items: {"type": "citation", "attrs": {"items": items}})
LINES = st.lists(_TEXTS | _CITATIONS, max_size=4)
INLINES = st.lists(_TEXTS | _CITATIONS | st.just({"type": "hardBreak"}), max_size=6)

_PARAGRAPHS = INLINES.map(lambda content: node("paragraph", *content))
_HEADINGS = st.builds(lambda level, content: node("heading", *content, level=level), st.sampled_from([2, 3, 4]), LINES)
_FIGURES = st.builds(lambda caption: leaf("figure", assetId="med_1a", caption=caption), st.none() | WORDS)
_RULES = st.just(leaf("horizontalRule"))


@st.composite
def _tables(draw: st.DrawFn) -> Tree:
    width = draw(st.integers(1, 3))
    height = draw(st.integers(1, 3))
    header = draw(st.booleans())
    return node(
        "table",
        *(
            node(
                "tableRow",
                *(
                    node("tableHeader" if header and row == 0 else "tableCell", node("paragraph", *draw(LINES)))
                    for _ in range(width)
                ),
            )
            for row in range(height)
        ),
    )


def _nesting(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    items = st.lists(st.lists(inner, max_size=3).map(lambda content: node("listItem", *content)), max_size=3)
    return (
        items.map(lambda content: node("bulletList", *content))
        | st.builds(lambda start, content: node("orderedList", *content, start=start), st.integers(0, 200), items)
        | st.lists(inner, max_size=3).map(lambda content: node("blockquote", *content))
    )


_INNER = st.recursive(_PARAGRAPHS | _HEADINGS | _tables() | _FIGURES | _RULES, _nesting, max_leaves=6)
_CALLOUTS = st.builds(
    lambda tone, content: node("callout", *content, tone=tone),
    st.sampled_from(["note", "tip", "warning"]),
    st.lists(_INNER, max_size=3),
)
_CARE = st.builds(
    lambda level, heading, content: node("careAdvice", *content, level=level, heading=heading),
    st.sampled_from(["SELF_CARE", "NON_URGENT", "URGENT", "EMERGENCY"]),
    st.none() | WORDS,
    st.lists(_INNER, max_size=3),
)
_CALLS = st.builds(
    lambda target, words: leaf("callToAction", target=target, text=words),
    st.sampled_from(["clinic", "prc_3c"]),
    st.none() | WORDS,
)
DOCUMENTS = st.lists(_INNER | _CALLOUTS | _CARE | _CALLS, max_size=5).map(
    lambda blocks: Document.parse({"type": "doc", "content": blocks})
)
MARKDOWN = st.lists(
    _NASTY
    | _SNIPPETS
    | st.text(max_size=5)
    | st.sampled_from(
        ["\n", "\n\n", "\n- ", "\n  ", "\n    ", "\n1. ", "\n> ", "\n| a |\n|---|\n", "\n::: urgent x\n", "\n:::\n"]
    ),
    max_size=25,
).map("".join)
