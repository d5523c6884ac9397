"""Reads plain text, such as a post copied from a web page: its structure is told from how its lines stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from api.publishing.importing import sources, surplus
from api.publishing.importing.found import Found
from api.publishing.importing.nodes import Node, block, text
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import clean, listed, one_line, same, shown

_BULLET = re.compile("(?:[\u2022\u2023\u25e6\u25cf\u25aa\u25ab\u00b7\u2043]\\s*|[*\u2013-]\\s+|o\\s{2,})(?=\\S)")
_NUMBER = re.compile(r"([0-9]{1,3})[.)]\s+(?=\S)")
_RULE = re.compile(r"(?:[-*_=~\u2014]\s?){3,}")
_MARKED = re.compile(r"\[[0-9][0-9,; \u2013-]*\]$")
_TITLE = 150
_HEADING_SIGNS, _HEADING_WORDS = 90, 12
_HEADINGS_IN_A_ROW = 2
_WRAPPED = range(45, 101)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its words, what begins it, how it is set in, and whether a blank line stands before it."""

    words: str
    bullet: bool = False
    number: int | None = None
    inset: bool = False
    apart: bool = False

    @property
    def is_free(self) -> bool:
        return not self.bullet and self.number is None

    @property
    def is_rule(self) -> bool:
        return _RULE.fullmatch(self.words) is not None


def read(written: str, notes: Notes) -> Found:
    """Read a text whose first line is its title, unless that is a whole paragraph."""
    removal = surplus.Removal(notes)
    lines = [line for line in _lines(written) if not removal.takes(line.words)]
    title = lines[0].words if lines and lines[0].is_free and len(lines[0].words) <= _TITLE else ""
    if title:
        lines = _without_doubles(lines[1:], title, notes)
    return replace(removal.found, title=title, blocks=_blocks(_numbered(_joined(lines)), notes))


def _lines(written: str) -> Iterator[_Line]:
    apart = True
    for raw in clean(written).splitlines():
        words = raw.strip()
        if not words:
            apart = True
            continue
        bullet, number = _BULLET.match(words), _NUMBER.match(words)
        begins = None if _RULE.fullmatch(words) else bullet or number
        yield _Line(
            words=one_line(words[begins.end() :] if begins else words),
            bullet=begins is not None and begins is bullet,
            number=int(number[1]) if number and begins is number else None,
            inset=raw[0].isspace(),
            apart=apart,
        )
        apart = False


def _without_doubles(lines: list[_Line], title: str, notes: Notes) -> list[_Line]:
    """Leave out what repeats the title, and lines that stand twice in a row: an image's text and its caption."""
    doubled = {line.words for line, after in pairwise(lines) if line.is_free and line.words == after.words}
    for words in sorted(doubled):
        notes.say(
            f"{shown(words)} stands twice in a row, as the text of an image and its caption do; look for the image."
        )
    kept = []
    for line in lines:
        if same(line.words, title):
            notes.drop("lines that repeat the title", line.words)
        elif line.words in doubled:
            notes.drop("captions of images", line.words)
        else:
            kept.append(line)
    return kept


def _joined(lines: list[_Line]) -> list[_Line]:
    """Join lines that were broken to fit a width: those set in under a list's item, and full ones of a paragraph."""
    joined: list[_Line] = []
    last_width = 0
    for line in lines:
        before = joined[-1] if joined else None
        goes_on = before is not None and line.is_free and not line.apart and not before.is_rule and not line.is_rule
        if before is not None and goes_on and ((not before.is_free and line.inset) or last_width in _WRAPPED):
            joined[-1] = replace(before, words=f"{before.words} {line.words}")
        else:
            joined.append(line)
        last_width = len(line.words)
    return joined


def _numbered(lines: list[_Line]) -> list[_Line]:
    """Keep a number as words where it counts no list: one alone, or one out of order."""
    kept = []
    for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        follows = before is not None and before.number is not None and before.number + 1 == line.number
        goes_on = after is not None and line.number is not None and after.number == line.number + 1
        counts = line.number is None or follows or goes_on
        kept.append(line if counts else replace(line, words=f"{line.number}. {line.words}", number=None))
    return kept


def _blocks(lines: list[_Line], notes: Notes) -> list[Node]:
    headings = _headings(lines)
    if headings:
        quotes = listed([shown(lines[place].words) for place in sorted(headings)])
        notes.say(f"Read as headings, from how the lines stand: {quotes}.")
    blocks: list[Node] = []
    before: _Line | None = None
    for place, line in enumerate(lines):
        if line.is_rule:
            blocks.append({"type": "horizontalRule"})
        elif line.is_free:
            content = [text(line.words)]
            blocks.append(block("heading", content, level=2) if place in headings else block("paragraph", content))
        else:
            _add_item(blocks, line, before)
        before = line
    return blocks


def _add_item(blocks: list[Node], line: _Line, before: _Line | None) -> None:
    item = block("listItem", [block("paragraph", [text(line.words)])])
    follows = line.number is not None and before is not None and before.number == line.number - 1
    if before is not None and ((line.bullet and before.bullet) or follows):
        blocks[-1]["content"].append(item)
    elif line.bullet:
        blocks.append(block("bulletList", [item]))
    else:
        blocks.append(block("orderedList", [item], start=line.number))


def _headings(lines: list[_Line]) -> set[int]:
    """Return the places of headings: short lines that stand alone, end no sentence, and have text under them."""
    found: set[int] = set()
    row: list[int] = []
    for place, line in enumerate(lines):
        if sources.is_heading(line.words):
            found.add(place)
        alone = line.apart and (place + 1 == len(lines) or lines[place + 1].apart or not lines[place + 1].is_free)
        if alone and _looks_like_a_heading(line):
            row.append(place)
            continue
        if len(row) <= _HEADINGS_IN_A_ROW and not line.is_rule:
            found |= set(row)
        row = []
    return found


def _looks_like_a_heading(line: _Line) -> bool:
    words = line.words
    is_short = len(words) <= _HEADING_SIGNS and len(words.split()) <= _HEADING_WORDS
    begins = words[0].isupper() or words[0].isdigit()
    ends = words[-1] in ".,;:!\u2026" or _MARKED.search(words) is not None
    return line.is_free and is_short and begins and not ends and not line.is_rule
