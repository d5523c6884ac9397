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
    "open code": "`a " * 20_000,
    "open code without blanks": "`a" * 30_000,
    "code": "`a` " * 15_000,
    "raised signs": "^a" * 30_000,
    "raised signs alone": "^" * 60_000,
    "lowered signs": "a~b~ " * 12_000,
    "open bold": "**a" * 20_000,
    "open bold words": "**a " * 15_000,
    "bold": "**a** " * 10_000,
    "italics": "_a_ " * 15_000,
    "small tables": "|a|b|\n|-|-|\n|c|d|\n\n" * 2_850,
    "smallest tables": "a|b\n-|-\n\n" * 6_000,
    "a table of many rows": "a|b\n-|-\n" + "a|b\n" * 15_000,
    "lines across": "---\n\n" * 12_000,
    "links that are never closed": "[a](" * 15_000,
    "addresses": "<http://a> " * 5_400,
    "open brackets before many signs": "[a" * 100 + ":" * 60_000,
    "brackets that only code closes": "[`]`" * 100 + ":" * 59_000,
    "paragraphs after an apostrophe": "'\n\n" + "a\n\n" * 20_900,
    "items of a sign": "- !\n" * 15_900,
    "lists in lists": "- " * 30_000 + "a",
    "all at once": "*a `b ^c ~d [e <http://a> " * 2_300,
}
JUST_ALLOWED = {
    "code": "`a` " * 1_499 + "word " * 10_000,
    "open code": "`a " * 2_999 + "word " * 10_000,
    "raised signs": "^a" * 2_999 + " word" * 10_000,
    "open bold": "**a" * 2_999 + " word" * 9_000,
    "bold": "**a** " * 1_499 + "word " * 9_000,
    "small tables": "|a|b|\n|-|-|\n|c|d|\n\n" * 199 + "word " * 10_000,
    "open brackets before signs": "[a" * 100 + ":" * 300 + " word" * 10_000,
    "links": "[a](/b) " * 1_499 + "word " * 8_000,
    "citations": "[@a] " * 1_499 + "word " * 10_000,
}
"""As much as is read at all, within 60 kB."""
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


@pytest.mark.parametrize("text", JUST_ALLOWED.values(), ids=JUST_ALLOWED)
def test_markdown_that_is_just_allowed_is_read_as_cheaply(text: str):
    assert from_markdown(text).content

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
