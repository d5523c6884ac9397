"""No word vanishes in silence: each is in the article, or the report quotes it."""

import re

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.errors import Refused
from api.publishing.importing import read

TAGS = (
    *("p", "div", "span", "ul", "ol", "li", "table", "tr", "td", "th", "b", "a", "h1", "h3", "blockquote", "pre"),
    *("br", "hr", "figure", "figcaption", "caption", "sup", "dl", "nav", "form"),
)
WORD = "WORD"
pieces = st.sampled_from(
    [
        *(f"<{tag}>" for tag in TAGS),
        *(f"</{tag}>" for tag in TAGS),
        *[WORD] * 25,
        "<h2>References</h2>",
        "<a href='#x'>1</a>",
    ]
)
listed = ["• WORD", "- WORD", "  WORD", "1. WORD", "2. WORD", "[1] WORD 2001", "Sources:", "WORD 2001"]
lines = st.sampled_from(
    [
        "",
        "",
        "***",
        "===",
        "---",
        "```",
        WORD,
        "# WORD",
        "> WORD",
        "WORD WORD.",
        "By WORD WORD",
        "| WORD |",
        "WORD: WORD",
        *listed,
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(pieces, max_size=25).map(" ".join), st.booleans())
@example("WORD <ul> WORD <table> WORD <li> WORD <td> WORD", True)  # noqa: FBT003 - an example of Hypothesis's
def test_every_word_of_a_page_is_kept_or_quoted(soup: str, is_whole: bool):  # noqa: FBT001 - likewise
    assert_all_is_told("a.html", f"<main><h1>Title</h1>{soup}</main>" if is_whole else soup)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(lines, max_size=25).map("\n".join), st.sampled_from(["a.txt", "a.md"]))
@example("---\nWORD\n---\nWORD", "a.txt")
def test_every_word_of_a_text_is_kept_or_quoted(text: str, name: str):
    assert_all_is_told(name, text)


def assert_all_is_told(name: str, text: str) -> None:
    count = text.count(WORD)
    numbers = iter(range(count))
    numbered = re.sub(WORD, lambda _: f"Zq{next(numbers)}x", text)
    try:
        told = str(read(name, numbered.encode()))
    except Refused as refusal:
        told = refusal.message
        assert count <= 1 or "no text" in told or "front matter" in told, told
        return
    assert [number for number in range(count) if f"Zq{number}x" not in told] == []
