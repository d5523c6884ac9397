"""Sentences that say that a treatment helps with something: who is said to act, on what, and where it is said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from api.documents import PassageKind
from api.gate.lexicon import alternatives, entries, words
from api.gate.negation import asks_openly, is_denied
from api.gate.prose import Line, Prose
from api.gate.quotations import GAP
from api.gate.vocabulary import Term, Vocabulary

_SEGMENT: Final = re.compile(r"[;—–()]|:(?=\s)|\s-\s|\b(?:but|while|whereas|although|though)\b", re.IGNORECASE)
_NOT_GIVEN: Final = re.compile(rf"\b(?:{alternatives(entries('effects')['not_given'])})\s+$", re.IGNORECASE)
_BY_MEANS: Final = re.compile(rf"\b(?:{alternatives(entries('effects')['by_means'])})\s+$", re.IGNORECASE)
_NAMES_SOMETHING_ELSE: Final = re.compile(
    rf"\s{{1,3}}(?:{alternatives(entries('effects')['not_treatment'])})\b", re.IGNORECASE
)
_ANAPHORA: Final = re.compile(
    rf"\A\W*+(?:\w++\W++){{0,2}}?(?:{alternatives(entries('effects')['anaphora'])})\b", re.IGNORECASE
)
_LED_BY: Final = re.compile(rf"\b(?:{alternatives(entries('effects')['led_by'])})\s+$", re.IGNORECASE)
_OTHER_SUBJECT: Final = re.compile(
    rf"(?:,|\band\b|\bso\b|\bor\b)\s+(?:(?:and|but|so|or)\s+)?(?:{alternatives(entries('effects')['subjects'])})\b[^,]*$",
    re.IGNORECASE,
)
_TREATS: Final = re.compile(r"treat(?:s|ing)?$", re.IGNORECASE)
_AT_THE_END: Final = re.compile(r"(?:help(?:s|ed)?|work(?:s|ed)?)\W*$", re.IGNORECASE)
_NEAR: Final = 40
_MOST: Final = 100
"""Effects that are looked at in one sentence: no readable one has so many."""
_BEFORE: Final = 60
_SILENT: Final = {PassageKind.HEADER_CELL, PassageKind.CALL_TO_ACTION}


@dataclass(frozen=True, slots=True)
class Claim:
    """`treatment` and `conditions` are what the vocabulary calls them; a claim about "the pain" names no condition."""

    line: Line
    treatment: str
    conditions: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.line.keys, *self.line.lead_keys)))


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence taken apart: its words, those that assert an effect, the names in it, and where its parts end.

    A title is one part, whatever its colon parts.
    """

    text: str
    effects: tuple[tuple[int, int], ...]
    treatments: tuple[Term, ...]
    conditions: tuple[Term, ...]
    breaks: tuple[tuple[int, int], ...]


def claims_in(prose: Prose, vocabulary: Vocabulary) -> tuple[Claim, ...]:
    """List the sentences that claim an effect, each once, in reading order."""
    return tuple(chain.from_iterable(_claims(line, vocabulary) for line in prose.lines))


def _claims(line: Line, vocabulary: Vocabulary) -> Iterator[Claim]:
    if line.kind in _SILENT or asks_openly(line.plain):
        return
    alone = _claim(line, vocabulary)
    if alone is None and line.lead:
        joined = f"{line.lead.rstrip(' :')} {line.plain}"
        with_lead = _claim(replace(line, plain=joined), vocabulary)
        by_itself = _claim(replace(line, plain=line.lead), vocabulary)
        # What the lead says by itself is its own finding, once.
        if with_lead and (by_itself is None or by_itself.conditions != with_lead.conditions):
            yield replace(with_lead, line=line)
    elif alone:
        yield alone


def _claim(line: Line, vocabulary: Vocabulary) -> Claim | None:
    said = _said(line, vocabulary)
    for start, end in said.effects:
        left, right = _segment(said, start)
        treatment = _agent(said, start, left, right) or _taken_up(line, said, left, start, vocabulary)
        conditions = _objects(said, start, end, left, right) if treatment else None
        if treatment and conditions is None and _AT_THE_END.match(said.text, start):
            conditions = _named(line.before, vocabulary)
        if treatment and conditions is not None:
            return Claim(line, treatment, conditions)
    return None


def _said(line: Line, vocabulary: Vocabulary) -> _Said:
    text = line.plain
    unfair = words("effects", "fair").sub(lambda found: GAP * len(found[0]), text)
    spans = (found.span() for found in words("effects", "acts").finditer(unfair))
    effects = tuple(islice((span for span in spans if not is_denied(text, *span)), _MOST))
    if not effects:
        return _Said(text, (), (), (), ())
    is_title = line.is_heading or line.kind is None
    return _Said(
        text=text,
        effects=effects,
        treatments=tuple(term for term in vocabulary.treatments.find(text) if _is_given(text, term)),
        conditions=tuple(vocabulary.conditions.find(text)),
        breaks=() if is_title else tuple(found.span() for found in _SEGMENT.finditer(text)),
    )


def _is_given(text: str, term: Term) -> bool:
    before = text[max(0, term.start - _BEFORE) : term.start]
    return not _NOT_GIVEN.search(before) and not _NAMES_SOMETHING_ELSE.match(text[term.end : term.end + _NEAR])


def _segment(said: _Said, at: int) -> tuple[int, int]:
    """Return the part of the sentence in which the effect is said."""
    left = max((end for _, end in said.breaks if end <= at), default=0)
    return left, min((start for start, _ in said.breaks if start >= at), default=len(said.text))


def _agent(said: _Said, at: int, left: int, right: int) -> str | None:
    """Return what is said to have the effect: the nearest treatment before it, or one that follows as its means."""
    before = [term for term in said.treatments if left <= term.start < at]
    if before and not _gives_way(said.text, before[-1], at):
        return before[-1].name
    after = (term for term in said.treatments if at <= term.start < right)
    return next(
        (term.name for term in after if _BY_MEANS.search(said.text[max(left, term.start - _BEFORE) : term.start])), None
    )


def _gives_way(text: str, term: Term, at: int) -> bool:
    """Tell whether another subject stands between a treatment and the effect, as in "acupuncture, this page helps"."""
    led = _LED_BY.search(text[max(0, term.start - _BEFORE) : term.start])
    return not led and bool(_OTHER_SUBJECT.search(text[term.end : at]))


def _taken_up(line: Line, said: _Said, left: int, at: int, vocabulary: Vocabulary) -> str | None:
    """Return the treatment that "it" or "these" take up from the words before."""
    if not _ANAPHORA.match(said.text[left:at]):
        return None
    earlier = [term for term in said.treatments if term.end <= left]
    if left == 0:
        earlier = [term for term in vocabulary.treatments.find(line.before) if _is_given(line.before, term)]
    return earlier[-1].name if earlier else None


def _objects(said: _Said, start: int, end: int, left: int, right: int) -> tuple[str, ...] | None:
    """Return the conditions that the effect is on; empty for pain as such, None where there is no object."""
    if _TREATS.search(said.text[start:end]):
        right = min(right, end + _NEAR)
        near = [term for term in said.conditions if end <= term.start < right]
        return tuple(dict.fromkeys(term.name for term in near)) or None
    named = [term for term in said.conditions if left <= term.start < right] or said.conditions
    if named:
        return tuple(dict.fromkeys(term.name for term in named))
    return () if words("effects", "outcomes").search(said.text, left, right) else None


def _named(question: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what a question before asked about ("Neck pain? It helps."); else the claim is about no condition."""
    found = vocabulary.conditions.find(question) if question.rstrip().endswith("?") else ()
    return tuple(dict.fromkeys(term.name for term in found))
