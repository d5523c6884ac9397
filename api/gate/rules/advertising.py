"""ADV-001: whoever reads about health is not sold to in mid-sentence; a call to action has its own block."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from api.documents import PassageKind
from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.lexicon import alternatives, entries, words
from api.gate.negation import asks_openly, is_denied

_HEADS: Final = r"^\W*|[,;:–—!?]\s*|\b(?:please|simply|just|why not)\s+"
_BEFORE: Final = 25
_AFTER: Final = 40
_NAME: Final = (
    r"\s{1,3}(?:(?:the|our)\s{1,3})?(?-i:[A-Z][a-z]{1,40})"
    r"(?:\s{1,3}(?-i:[A-Z][a-z]{1,40})){0,5}\s{1,3}(?:at|on|from|today|now|for|via|in)\b"
)


def call_in_running_text(case: Case) -> Iterator[Hit]:
    for line in case.prose.body:
        if line.kind is PassageKind.CALL_TO_ACTION or line.in_care_advice:
            continue
        if _calls(line.plain):
            yield Hit(
                path=line.path,
                message="This calls readers to book, to buy or to get in touch, inside running text.",
                help="Take it out and set a block of its own: “::: call-to-action clinic”.",
                excerpt=line.text,
            )


def _calls(text: str) -> bool:
    if asks_openly(text) or words("calls", "safety").search(text):
        return False
    orders = (found.span("order") for found in _orders().finditer(text))
    others = (found.span() for found in words("calls", "anywhere").finditer(text))
    return any(not _is_fair(text, *span) and not is_denied(text, *span) for span in (*orders, *others))


def _is_fair(text: str, start: int, end: int) -> bool:
    return bool(words("calls", "fair").search(text[max(0, start - _BEFORE) : end + _AFTER]))


@cache
def _orders() -> re.Pattern[str]:
    orders = alternatives(entries("calls")["orders"])
    named = alternatives([entries("calls")["named"]])
    return re.compile(rf"(?:{_HEADS})(?P<order>(?:{orders})(?!\w)|(?:{named}){_NAME})", re.IGNORECASE)
