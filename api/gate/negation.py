"""Whether words are asserted: not denied in their own clause, not merely asked, not merely supposed."""

import re
from typing import Final

from api.gate.lexicon import alternatives, entries, pattern, words

_WINDOW: Final = 200
_NEAR: Final = 3
_AFTER: Final = 60

_HARD_BREAK: Final = re.compile(
    rf"[;:()\[\]!?…—–.](?=\s|$)|\(|\s-\s|\b(?:{alternatives(entries('negation')['breaks'])})\b", re.IGNORECASE
)
_SOFT_BREAK: Final = re.compile(r",|\band\b|\bas\b|\bwhich\b", re.IGNORECASE)
_FACTIVE: Final = pattern([entries("negation")["factive"]])
_FINITE: Final = re.compile(r"\w(?:s|ed)$")
_DENIED_AFTER: Final = re.compile(
    r"\s{1,3}(?:(?:for|of|from|that|to)\s{1,3}(?:[\w'-]++\s++){1,5})?"
    r"(?:is|are|was|were|has|have|had|do|does|did|can|could|will|would|may|might|should)(?:n't|\s+(?:not|never|no)\b)"
    r"|\s{1,3}(?:(?:for|of)\s{1,3}(?:[\w'-]++\s++){1,4})?(?:remains?|is|are|was)\s{1,3}"
    r"(?:unknown|unproven|unclear|elusive|lacking|missing|a myth)",
    re.IGNORECASE,
)


def is_denied(text: str, start: int, end: int) -> bool:
    """Tell whether the clause takes the words back, before them ("does not prove") or after ("a cure is not known")."""
    if _DENIED_AFTER.match(text[end : end + _AFTER]):
        return True
    scope = words("negation", "pseudo").sub(_blank, text[max(0, start - _WINDOW) : start])
    scope = scope[_scope_start(scope, text[start:end]) :]
    if words("negation", "supposed").search(scope, scope.rfind(",") + 1):
        return True
    return any(not _FACTIVE.search(scope, found.end()) for found in words("negation", "negators").finditer(scope))


def asks_openly(sentence: str) -> bool:
    """Tell a question that leaves the answer open from one that only dresses a claim ("Why is it the best?")."""
    return sentence.rstrip(" \"')").endswith("?") and bool(
        words("negation", "open_questions").match(sentence.lstrip(" \"'(").lower())
    )


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _scope_start(scope: str, term: str) -> int:
    """Return where the clause of the term begins in the text before it."""
    start = max((found.end() for found in _HARD_BREAK.finditer(scope)), default=0)
    nearest_first = reversed([found.end() for found in _SOFT_BREAK.finditer(scope, start)])
    return next((end for end in nearest_first if _is_break(scope, start, end, term)), start)


def _is_break(scope: str, start: int, end: int, term: str) -> bool:
    """Judge a comma, "and", "as" or "which" by what stands between it and the term."""
    rest = scope[end:]
    if words("negation", "subjects").search(rest):
        return True
    sign = scope[:end].rstrip()
    if sign.endswith(","):
        return len(rest.split()) > _NEAR and not _FACTIVE.search(rest)
    if sign.lower().endswith("and"):
        return not _shares_its_negation(scope[start:end], rest, term)
    return sign.lower().endswith("which")


def _shares_its_negation(before: str, rest: str, term: str) -> bool:
    """Tell whether "not … and" reaches the term: in "does not hurt and cures" it does not."""
    shared = [found[0].lower() for found in words("negation", "shared").finditer(before)]
    if not shared or len(rest.split()) > 1:
        return False
    third_person = shared[-1].startswith("does") or shared[-1] == "never"
    return not (third_person and _FINITE.search(term))
