"""CLM-004: wording that promises more than any study can show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.lexicon import entries, pattern, words
from api.gate.negation import asks_openly, is_denied
from api.gate.prose import Line

_GAP = 24


@dataclass(frozen=True, slots=True)
class _Absolute:
    name: str
    words: re.Pattern[str]
    help: str
    fair: re.Pattern[str]
    counted: re.Pattern[str] | None


def absolute_wording(case: Case) -> Iterator[Hit]:
    for line in case.prose.lines:
        for name, help_, said in _absolutes(line):
            yield Hit(
                path=line.path,
                message=f"“{said}” is absolute wording ({name}).",
                help=help_,
                excerpt=line.text,
                about=f"{name} {line.text}",
            )


def _absolutes(line: Line) -> Iterator[tuple[str, str, str]]:
    """Yield each kind of absolute wording once a sentence: its name, the help, and the words as they stand there."""
    if asks_openly(line.plain):
        return
    taken: list[tuple[int, int]] = []
    for absolute in _known():
        found = next((each for each in absolute.words.finditer(line.plain) if _stands(absolute, each, line)), None)
        if found and not any(start < found.end() and found.start() < end for start, end in taken):
            taken.append(found.span())
            yield absolute.name, absolute.help, line.text[found.start() : found.end()]


def _stands(absolute: _Absolute, found: re.Match[str], line: Line) -> bool:
    around = absolute.fair.finditer(line.plain, max(0, found.start() - 2 * _GAP), found.end() + 2 * _GAP)
    if any(fair.start() < found.end() and found.start() < fair.end() for fair in around):
        return False
    if absolute.counted and absolute.counted.match(line.plain, found.start()) and _is_figure(line):
        return False
    return not is_denied(line.plain, *found.span())


def _is_figure(line: Line) -> bool:
    return bool(line.keys) or not words("effects", "acts").search(line.plain)


@cache
def _known() -> tuple[_Absolute, ...]:
    return tuple(map(_absolute, entries("absolute")))


def _absolute(said: dict[str, Any]) -> _Absolute:
    return _Absolute(
        name=said["name"],
        words=pattern(said["words"]),
        help=said["help"],
        fair=pattern(said["fair"]),
        counted=pattern([said["counted"]]) if "counted" in said else None,
    )
