"""The lexical half of SAF-003: sentences that keep people from a doctor, or make them stop a medicine."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from api.gate.lexicon import alternatives, entries, words
from api.gate.negation import asks_openly, is_denied
from api.gate.prose import Line


def discouraging(lines: Iterable[Line]) -> Iterator[Line]:
    return (line for line in lines if _discourages(line.plain))


def _discourages(text: str) -> bool:
    if asks_openly(text) or words("discouragement", "fair").search(text):
        return False
    orders = (found.span("order") for found in _orders().finditer(text))
    phrases = (found.span() for found in words("discouragement", "phrases").finditer(text))
    return any(not is_denied(text, *span) for span in (*orders, *phrases))


@cache
def _orders() -> re.Pattern[str]:
    """Orders stand at the head of a sentence, or behind a sign or a word that begins a clause."""
    orders = alternatives(entries("discouragement")["orders"])
    return re.compile(
        rf"(?:^\W*|(?<=[,;:–—])\s*|\b(?:and|then|so)\s+|\b(?=you\s))(?P<order>{orders})(?!\w)", re.IGNORECASE
    )
