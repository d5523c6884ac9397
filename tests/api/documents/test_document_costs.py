"""Markdown of 64 kB that is made to keep us busy is refused cheaply; what is accepted stays within its bound."""

import time

import pytest

from api.documents import InvalidDocument, from_markdown

REFUSED, ACCEPTED = 0.1, 0.5
"""Seconds of CPU."""
TOO_MUCH = {
    "items": "- a\n" * 15_000,
    "numbered items": "1. a\n" * 12_000,
    "containers": "::: urgent\n" * 5_454,
    "a wide table": "|" + "a|" * 300 + "\n|" + "-|" * 300 + "\n" + ("|" + "a|" * 200 + "\n") * 150,
    "a long table": "|a|\n|-|\n" + "|b|\n" * 15_000,
    "headings": "# a\n" * 15_000,
    "a heading of many lines": "a\n" * 20_000 + "===",
    "paragraphs": "a\n\n" * 21_000,
    "quotations": "> a\n\n" * 12_000,
    "hard breaks": "a  \n" * 12_000,
    "broken lines": "a\\\n" * 20_000,
    "open brackets": "[a\n" * 4_900,
    "open pictures": "![" * 5_000,
}
DEAR = {
    "stars": "*a_ " * 15_000,
    "citations": "[@a]" * 5_000,
    "links": "[a](/b) " * 4_900,
    "spans": "[a]{.bold}" * 1_400,
    "brackets in brackets": "[" * 1_400 + "a" + "]{.bold}" * 1_400,
    "entities": "&amp;" * 12_000,
    "accents": "a\u0301" * 20_000,
    "one word": "a" * 64_000,
    "blanks": " " * 64_000,
    "line ends": "\n" * 64_000,
}


def seconds(text: str) -> float:
    began = time.process_time()
    try:
        from_markdown(text)
    except InvalidDocument:
        return time.process_time() - began
    return time.process_time() - began


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_markdown_that_is_too_much_is_refused_cheaply(text: str):
    with pytest.raises(InvalidDocument, match=r"split it|take some out"):
        from_markdown(text)

    assert min(seconds(text) for _ in range(2)) < REFUSED


@pytest.mark.parametrize("text", DEAR.values(), ids=DEAR)
def test_markdown_that_is_dear_stays_within_its_bound(text: str):
    assert min(seconds(text) for _ in range(2)) < ACCEPTED


@pytest.mark.parametrize(
    "text",
    ["- a\n" * 6_000, "a\n\n" * 9_900, "a\n" * 9_900, "## a\n\n" * 9_900, "::: tip\na\n:::\n" * 4_000],
)
def test_markdown_of_nearly_as_many_parts_as_are_allowed_is_read(text: str):
    assert from_markdown(text).content
