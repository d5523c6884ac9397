"""Where sentences end: full stops told apart from abbreviations, initials, decimals and list numbers."""

import re
from collections.abc import Iterator
from typing import Final

_PARAGRAPH: Final = re.compile(r"\n\s*\n|\n(?=\s*(?:[-•*–]|\d{1,3}[.)])\s)")
_STOP: Final = re.compile(
    r"""(?<![.!?…])(?P<stop>[.!?…]++)
        (?:["'”’»)\]]*(?:\s?\[\d+(?:\s?[,;–-]\s?\d+)*\])*)   # quotes, brackets, imported marks such as [3]
        (?=\s|$)""",
    re.VERBOSE,
)
_WORD_BEFORE: Final = re.compile(r"[(\[\"'“‘]*(\S+)$")
_NEXT: Final = re.compile(r"\s*[(\[\"'“‘«]*(\w[\w'’-]*|\S)?")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_MONTHS: Final = "jan feb mar apr jun jul aug sep sept oct nov dec"
# Always followed by more of the same sentence.
_OPEN: Final = _words("dr prof mr mrs ms mx mme hon messrs vs v e.g eg i.e ie viz cf approx ca incl esp resp")
# Followed by more of the same sentence if a number, roman or not, comes next.
_BEFORE_NUMBER: Final = _words("no nos fig figs p pp vol vols ch chap eq ref refs tab sect para suppl n nr", _MONTHS)
# May end a sentence or not: what follows decides.
_EITHER: Final = _words(
    "al inc ltd co corp dept univ assoc natl int intl st sr jr bros tel",
    _MONTHS,
    "med clin surg res rev altern complement integr br eur",
)
# Words that a name, or the second half of an abbreviation, hardly ever begins with.
_STARTERS: Final = _words(
    "a an the this that these those it its he she they we you i his her their our your there here who what which",
    "in on at for from by with without after before during since until while when where why how as to of if",
    "although though however but and or so yet also then thus therefore because once finally further moreover",
    "meanwhile overall among some most many few several all both each every no none not one two three other others",
    "another such more less only participants patients people researchers results studies trials evidence treatment",
    "acupuncture side is are was were do does did can could may might should will would have has had",
    "please ask call see speak talk",
)
# What a single letter belongs to when it is no initial: vitamin C, hepatitis B, group A.
_LETTERED: Final = _words(
    "vitamin hepatitis type group grade class arm plan level stage influenza factor option figure table part section",
    "appendix step form schedule band category",
)
_NUMBER: Final = re.compile(r"\d|[IVXLC]+\b")
_DOTTED: Final = re.compile(r"ph\.d|[^\W\d_](?:\.[^\W\d_]{1,4})+")
_LONGEST_NUMBER: Final = 3
_FAR_ENOUGH: Final = 100


def sentences(text: str) -> tuple[str, ...]:
    """Split plain text into its sentences, each without the space around it."""
    return tuple(text[start:end] for start, end in spans(text))


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence starts and ends; empty lines and list marks end one too."""
    found: list[tuple[int, int]] = []
    start = 0
    for end in (*_ends(text), len(text)):
        piece = text[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            found.append((left, left + len(piece.strip())))
        start = end
    return tuple(found)


def _ends(text: str) -> Iterator[int]:
    start = 0
    for paragraph_end in (*(gap.end() for gap in _PARAGRAPH.finditer(text)), len(text)):
        for stop in _STOP.finditer(text, start, paragraph_end):
            if _ends_sentence(text, start, stop, paragraph_end):
                start = stop.end()
                yield start
        start = paragraph_end
        yield start


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    following = _NEXT.match(text, stop.end(), end)
    after = (following[1] or "") if following else ""
    if after[:1].islower() and not after[1:2].isupper():  # but `pH` and `mRNA` may begin a sentence
        return False
    if not after or stop["stop"] != ".":
        return True
    is_initial = following is not None and text[following.end() : following.end() + 1] == "." and len(after) == 1
    nearby = text[max(start, stop.start() - _FAR_ENOUGH) : stop.start()]
    return _full_stop(nearby, f"{after}." if is_initial else after)


def _full_stop(before: str, after: str) -> bool:
    """Judge a single full stop by the word before it and the word after it."""
    found = _WORD_BEFORE.search(before)
    word = found[1] if found else ""
    plain = word.lower().rstrip(",")
    if plain in _OPEN or (plain in _BEFORE_NUMBER and _NUMBER.match(after)) or _is_list_number(before.strip()):
        return False
    if len(word) == 1 and word.isalpha():
        return _after_letter(before, after)
    return after.lower() in _STARTERS if plain in _EITHER or _DOTTED.fullmatch(plain) else True


def _is_list_number(before: str) -> bool:
    return not before or (before.isdigit() and len(before) <= _LONGEST_NUMBER)


def _after_letter(before: str, after: str) -> bool:
    """Tell `J. Smith` from `vitamin C. Smith`."""
    words = before.lower().split()
    return after.lower() in _STARTERS or (len(words) > 1 and words[-2].strip("(“\"'") in _LETTERED)
