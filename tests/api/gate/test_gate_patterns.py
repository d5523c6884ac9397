"""Every pattern that reads other people's words takes a time that grows with their length, and no faster."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pumping import pumped

import api.comments
import api.documents
import api.gate
from api.gate import lexicon
from api.gate.rules import advertising, discouragement, wording

SIZE = 2_000
ENOUGH = 0.005
"""Seconds of CPU for 2,000 characters: twenty times what nearly all of the patterns need for the dearest text."""
STEEP = 2.9
"""How much dearer a text of double the length may be: twice as dear is linear, four times is a square."""


def modules() -> Iterator[ModuleType]:
    for room in (api.gate, api.comments, api.documents):
        yield room
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(found.name)


def in_modules() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in modules():
        for name, value in vars(module).items():
            held = value.values() if isinstance(value, dict) else (value,)
            several = [each for one in held for each in (one if isinstance(one, tuple) else (one,))]
            yield from ((f"{module.__name__}.{name}", each) for each in several if isinstance(each, re.Pattern))


def in_lists() -> Iterator[tuple[str, re.Pattern[str]]]:
    for file in sorted(Path(lexicon.__file__).parent.glob("*.yaml")):
        parts = lexicon.entries(file.stem)
        for part in parts if isinstance(parts, dict) else ():
            phrases = [parts[part]] if isinstance(parts[part], str) else parts[part]
            if isinstance(phrases, list) and all(isinstance(phrase, str) for phrase in phrases):
                yield f"{file.stem}.{part}", lexicon.pattern(phrases)
    for absolute in wording._known():
        yield f"absolute {absolute.name}", absolute.words
        yield f"absolute {absolute.name}, fair", absolute.fair
    yield "calls to action", advertising._orders()
    yield "orders", discouragement._orders()


PATTERNS = {pattern: name for name, pattern in (*in_lists(), *in_modules())}


def some(texts: Iterator[str], most: int = 200) -> list[str]:
    """Take some from everywhere: the words of a long list are much like one another."""
    all_ = list(texts)
    return all_[:: len(all_) // most + 1]


def seconds(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - began


def is_steep(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether twice the text costs more than twice the time; the beginning and the end stay as they are."""
    half = text[len(text) // 2 - 200 : -1]
    once, twice = (min(seconds(pattern, text[:-1] + half * times + "\x01") for _ in range(3)) for times in (2, 6))
    return twice / once > STEEP


def test_the_patterns_of_all_rooms_are_found():
    names = " ".join(PATTERNS.values())

    assert len(PATTERNS) > 150
    assert all(name in names for name in ("privacy._BORN", "personal._BORN", "effects.acts", "dialect._CITATION"))


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_a_pattern_takes_no_longer_than_its_text_is_long(pattern: re.Pattern[str]):
    dear = (text for text in some(pumped(pattern, SIZE)) if seconds(pattern, text) > ENOUGH)

    steep = [(text[:40], text[-10:]) for text in dear if is_steep(pattern, text)]

    assert steep == []


@pytest.mark.parametrize("broken", [r"born\s+(?:on)?\s*\d", r"\s+$"])
def test_a_pattern_that_takes_longer_is_noticed(broken: str):
    pattern = re.compile(broken)

    assert any(seconds(pattern, text) > ENOUGH and is_steep(pattern, text) for text in pumped(pattern, SIZE))
