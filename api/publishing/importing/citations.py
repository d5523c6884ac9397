"""Turns the marks of an old text, [1] or [2, 4-6], into citations by key; a mark without a source stays dangling."""

import re
from itertools import pairwise

from api.publishing.importing.model import ImportedSource, Unreadable
from api.publishing.importing.nodes import Inline, Node, change_inline, text
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import counted, listed, shown

_LISTED = r"[0-9]{1,3}(?:\s*[,;\u2010-\u2015-]\s*[0-9]{1,3})*"
_MARK = re.compile(rf"\[\[({_LISTED})\]\]|\[({_LISTED})\]")
_NUMBER_IN_SUPERSCRIPT = re.compile(rf"\(?({_LISTED})\)?")
_DANGLES, _DANGLE = "has no listed source and stays dangling", "have no listed source and stay dangling"
_WIDEST_RANGE = 20
_MOST_ITEMS = 20
"""As many as one citation of a document holds."""
_MOST_MARKS = 20_000


def mark(blocks: list[Node], sources: tuple[ImportedSource, ...], notes: Notes) -> tuple[list[Node], tuple[str, ...]]:
    """Return the blocks with citations in place of marks, and the keys that no listed source bears."""
    marking = _Marking({number: source.key for source in sources for number in source.numbers}, notes)
    marked = change_inline(blocks, marking.line)
    missing = sorted(marking.missing)
    sentence = f"{counted(marking.count, 'citation mark')}, {counted(len(sources), 'source')}"
    if missing:
        numbers = listed([f"[{number}]" for number in missing])
        sentence += f": {numbers} {_DANGLES if len(missing) == 1 else _DANGLE}"
    notes.say(f"{sentence}.")
    uncited = [source for source in sources if source.key not in marking.cited]
    if uncited:
        notes.say(f"Listed and never cited: {listed([shown(source.text) for source in uncited])}.")
    return marked, tuple(f"unresolved-{number}" for number in missing)


class _Marking:
    """Counts what it marks."""

    def __init__(self, keys: dict[int, str], notes: Notes) -> None:
        self.count = 0
        self.missing: set[int] = set()
        self.cited: set[str] = set()
        self._keys = keys
        self._notes = notes

    def line(self, content: Inline) -> Inline:
        marked: Inline = []
        for node in content:
            for piece in self._pieces(node):
                if not (marked and _join(marked[-1], piece)):
                    marked.append(piece)
        return marked

    def _pieces(self, node: Node) -> Inline:
        marks = node.get("marks", [])
        if node["type"] != "text" or {"type": "code"} in marks:
            return [node]
        if {"type": "sup"} in marks and (number := self._superscript(node["text"])):
            return [self._citation(number)]
        pieces: Inline = []
        end = 0
        for match in _MARK.finditer(node["text"]):
            if numbers := _numbers(match[1] or match[2]):
                self._note_link(match[0], marks)
                pieces += [text(node["text"][end : match.start()], marks), self._citation(numbers)]
                end = match.end()
        pieces.append(text(node["text"][end:], marks))
        return [piece for piece in pieces if piece.get("text", "-")]

    def _superscript(self, words: str) -> list[int]:
        """Read a raised number as a mark only if every number of it is listed; otherwise it may be a power."""
        match = _NUMBER_IN_SUPERSCRIPT.fullmatch(words.strip())
        numbers = _numbers(match[1]) if match else []
        return numbers if all(number in self._keys for number in numbers) else []

    def _citation(self, numbers: list[int]) -> Node:
        self.count += len(numbers)
        if self.count > _MOST_MARKS:
            raise Unreadable(f"This text has more than {_MOST_MARKS:,} citation marks: split it.")
        self.missing |= {number for number in numbers if number not in self._keys}
        keys = [self._keys.get(number, f"unresolved-{number}") for number in numbers]
        self.cited |= set(keys)
        return {"type": "citation", "attrs": {"items": [{"key": key} for key in dict.fromkeys(keys)]}}

    def _note_link(self, written: str, marks: list[Node]) -> None:
        for link in marks:
            if link["type"] == "link":
                self._notes.say(f"The mark {written} was a link to {link['attrs']['href']}: look there for its source.")


def _join(before: Node, node: Node) -> bool:
    """Make one citation of two that touch, as [1][2] does."""
    if before["type"] != "citation" or node["type"] != "citation":
        return False
    items = before["attrs"]["items"] + node["attrs"]["items"]
    if len(items) > _MOST_ITEMS:
        return False
    before["attrs"] = before["attrs"] | {"items": items}
    return True


def _numbers(written: str) -> list[int]:
    """Return the numbers of "2, 4-6"; nothing when it cannot be meant as a list of sources."""
    parts = re.findall(r"[0-9]+|[\u2010-\u2015-]", written)
    numbers: list[int] = []
    for before, part in pairwise(["", *parts]):
        if not part.isdigit():
            continue
        first = numbers[-1] + 1 if before and not before.isdigit() and numbers else int(part)
        if int(part) < first or int(part) - first > _WIDEST_RANGE:
            return []
        numbers += range(first, int(part) + 1)
    return numbers if 0 not in numbers else []
