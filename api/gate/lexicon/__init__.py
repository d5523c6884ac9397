"""The gate's lists of words: data files beside this one, and the small grammar in which they are written.

An entry is a phrase. A blank stands for any white space (` ?` for perhaps none), `*` for any ending of a word
(`surpris*`), `(a|b)` for either and `?` for what may be missing; the rest is taken as a regular expression takes it.
Phrases match whole words, in any case. Apostrophes and hyphens are straight in the lists, as in `prose.Line.plain`.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_FOLDER: Final = Path(__file__).parent
_NOTHING: Final = r"(?!)"


@cache
def entries(name: str) -> Any:  # noqa: ANN401 - each list has its own shape, known to whoever asks for it
    """Return what the data file of this name holds."""
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))


@cache
def words(name: str, part: str) -> re.Pattern[str]:
    """Return a pattern for the phrases in one part of a data file."""
    return pattern(entries(name)[part])


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives(phrases)})(?!\w)", re.IGNORECASE)


def alternatives(phrases: Iterable[str]) -> str:
    """Return the phrases as one expression, the longer first so that they win; an empty list matches nothing."""
    longest_first = sorted(map(str, phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(_written(phrase) for phrase in longest_first) or _NOTHING


def literal(terms: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for terms as they stand, singular or plural, with any white space or hyphen between words."""
    longest_first = sorted({term.strip() for term in terms if term.strip()}, key=lambda term: (-len(term), term))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_term, longest_first)) or _NOTHING})(?!\w)", re.IGNORECASE)


def _written(phrase: str) -> str:
    return re.sub(r"(?<=\w)(?<!\\\w)\*", r"\\w*", phrase).replace(" ?", r"\s{0,3}").replace(" ", r"\s{1,3}")


def _term(term: str) -> str:
    words = [re.escape(word) for word in re.split(r"[\s-]+", term) if word]
    return r"[\s-]{1,3}".join(words) + "(?:'s|e?s)?"
