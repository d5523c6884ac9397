"""RDB-001: plain words, sentences that end, abbreviations that are spelled out."""

import re
from collections.abc import Iterator
from typing import Final

from api.documents import PassageKind, reading_grade, to_text
from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.lexicon import alternatives, entries
from api.gate.prose import Line

HIGHEST_GRADE: Final = 9.0
LONGEST_SENTENCE: Final = 30

_WORD: Final = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*")
_ABBREVIATION: Final = re.compile(r"(?<![\w&/.@#-])(?:[A-Z]&[A-Z]|[A-Z]{2,6})(?=s?(?![\w&/@-]|\.\w))")
_KNOWN: Final = re.compile(rf"(?:{alternatives(entries('abbreviations')['known'])})")
_PERSON: Final = re.compile(r"[A-Z][a-zà-öø-ÿ]{1,40}(?:[-'][A-Z]?[a-zà-öø-ÿ]{1,40}){0,3}\s{1,3}$")
_AFTER_PERSON: Final = re.compile(r"\s{0,3}(?:,|;|et\s{1,3}al|in\s{1,3}\d{4}|and\b|&|\(\d)")
_REACH: Final = 2
_NEAR: Final = 90


def hard_to_read(case: Case) -> Iterator[Hit]:
    yield from _grade(case)
    for line in case.prose.body:
        length = len(_WORD.findall(line.text))
        if length > LONGEST_SENTENCE:
            yield Hit(
                path=line.path,
                message=f"This sentence has {length} words.",
                help=f"Make two or three of it; {LONGEST_SENTENCE} words are the most that most readers follow.",
                excerpt=line.text,
                about=f"long {line.text}",
            )
    yield from _abbreviations(case)


def _grade(case: Case) -> Iterator[Hit]:
    grade = reading_grade(to_text(case.revision.body))
    if grade is not None and grade > HIGHEST_GRADE:
        yield Hit(
            path="body",
            message=f"The text asks for reading grade {grade:g}, above {HIGHEST_GRADE:g}.",
            help="Use shorter sentences and everyday words: “about” for “approximately”, “use” for “utilise”.",
            about=f"grade {int(grade)}",
        )


def _abbreviations(case: Case) -> Iterator[Hit]:
    spelled_out = _spelled_out(case.prose.lines)
    seen: set[str] = set()
    for line in case.prose.body:
        if line.text.isupper() or line.kind is PassageKind.CALL_TO_ACTION:
            continue
        for found in _ABBREVIATION.finditer(line.text):
            name = found[0]
            if name in seen or name in spelled_out or _KNOWN.fullmatch(name) or _is_initials(line.text, found):
                continue
            seen.add(name)
            yield Hit(
                path=line.path,
                message=f"“{name}” is never spelled out.",
                help=f"Write the words at its first use, with “({name})” behind them.",
                excerpt=line.text,
                about=f"abbreviation {name}",
            )


def _is_initials(text: str, found: re.Match[str]) -> bool:
    """Tell "Ross BE" from an abbreviation: up to three capitals behind a name, and a sign that ends the name."""
    is_short = len(found[0]) <= len("ABC")
    return is_short and bool(
        _PERSON.search(text[max(0, found.start() - _NEAR) : found.start()]) and _AFTER_PERSON.match(text, found.end())
    )


def _spelled_out(lines: tuple[Line, ...]) -> set[str]:
    """Collect what stands in brackets behind its words, or before them: "Long Name (LN)", "LN (long name)"."""
    return {
        found[0]
        for line in lines
        for found in _ABBREVIATION.finditer(line.text)
        if _stands_behind_its_words(line.text, found) or _stands_before_its_words(line.text, found)
    }


def _stands_behind_its_words(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _NEAR) : found.start()]
    opened = re.search(r"[(\[][^()\[\]]{0,20}$", before)
    return bool(opened) and _initials_match(found[0], before[: opened.start()] if opened else "", at_end=True)


def _stands_before_its_words(text: str, found: re.Match[str]) -> bool:
    behind = re.match(
        r"s?,?\s*(?:[(\[]|,\s|stands\s+for\s|means\s|is\s+short\s+for\s|–\s|—\s)",
        text[found.end() : found.end() + _NEAR],
    )
    return bool(behind) and _initials_match(found[0], text[found.end() + (behind.end() if behind else 0) :][:_NEAR])


def _initials_match(name: str, words: str, *, at_end: bool = False) -> bool:
    """Compare the letters with the words beside it; words may be left out, as NICE leaves out Health.

    What counts are initials and, where the words are fewer than the letters, letters within them (electromyography).
    """
    letters = [sign for sign in name.lower() if sign.isalpha()]
    parts = re.findall(r"[^\W\d_]+", words.lower())
    near = parts[-_REACH * len(letters) :] if at_end else parts[: _REACH * len(letters)]
    starts = range(len(near)) if at_end else range(min(1, len(near)))
    return any(near[at][0] == letters[0] and _are_of(letters, near[at:]) for at in starts)


def _are_of(letters: list[str], parts: list[str]) -> bool:
    few = len(parts) < len(letters)
    return _runs_through(letters, [part[0] for part in parts]) or (few and _runs_through(letters, list("".join(parts))))


def _runs_through(letters: list[str], initials: list[str]) -> bool:
    rest = iter(initials)
    return all(letter in rest for letter in letters)
