"""The lists of words are data: each is read, each phrase is a text, and each matches what it is meant to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.gate import lexicon

LISTS = sorted(path.stem for path in Path(lexicon.__file__).parent.glob("*.yaml"))


def texts(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for key, inner in value.items():
            assert isinstance(key, str)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    else:
        yield value


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_texts_only_and_each_can_be_looked_for(name: str) -> None:
    held = list(texts(lexicon.entries(name)))

    assert held
    assert [text for text in held if not isinstance(text, str)] == []
    assert all(lexicon.pattern([text]) for text in held)


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("surpris*", "Surprising", True),
        ("surpris*", "enterprise", False),
        ("no one", "no\n one", True),
        ("100 ?%", "100%", True),
        ("100 ?%", "100 %", True),
        ("(best|worst) of", "the worst of", True),
        ("cure", "secure", False),
        ("cure", "self-cure", False),
        (r"bleed\w* now", "bleed now", True),
    ],
)
def test_the_grammar_of_phrases(phrase: str, text: str, *, matches: bool) -> None:
    assert bool(lexicon.pattern([phrase]).search(text)) is matches


def test_the_longest_phrase_wins_and_none_matches_nothing() -> None:
    found = lexicon.literal(["pain", "neck pain"]).search("Neck-pains")

    assert found is not None
    assert found[0] == "Neck-pains"
    assert lexicon.pattern([]).search("anything") is None
    assert lexicon.literal(["", " "]).search("anything") is None
