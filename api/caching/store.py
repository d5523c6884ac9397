"""The answers that are kept, within a bound of bytes: the least recently asked for make room."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

OVERHEAD = 1_500
"""Bytes of an entry beside its body: its keys, its headers, its places in the indexes."""
MOST_SPELLINGS = 8
"""Ways to ask for one answer that are found without reading them; the oldest is forgotten."""


@dataclass(eq=False)
class Kept:
    """One answer: its bytes, what it depends on, when it was made (by `time.monotonic`), and in which way.

    `forms`: what the edge made of it for one way of asking each, found again by the same way of asking.
    """

    key: Hashable
    body: bytes
    tags: frozenset[str]
    at: float
    way: str = ""
    forms: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    packed: dict[bytes, bytes] = field(default_factory=dict)
    """The body by Content-Encoding, once somebody has asked for it so."""
    size: int = 0


@dataclass
class Store:
    """Answers by their key, by the way they were asked for, and by tag."""

    most: int
    bytes: int = 0
    _kept: OrderedDict[Hashable, Kept] = field(default_factory=OrderedDict)
    _ways: dict[Hashable, Kept] = field(default_factory=dict)
    _tagged: defaultdict[str, dict[Kept, None]] = field(default_factory=lambda: defaultdict(dict))

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, entry: Kept) -> bool:
        return self._kept.get(entry.key) is entry

    def find(self, key: Hashable) -> Kept | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def form(self, way: Hashable) -> Any:  # noqa: ANN401 - whatever the edge made
        """What was made for this way of asking."""
        found = self._ways.get(way)
        if found is None:
            return None
        self._kept.move_to_end(found.key)
        return found.forms[way]

    def keep(self, entry: Kept) -> None:
        """Keep an answer in place of an earlier one of its key; one that is too large for the store is left out."""
        self.drop([entry.key])
        entry.size = len(entry.body) + OVERHEAD
        if entry.size > self.most:
            return
        self._kept[entry.key] = entry
        self.bytes += entry.size
        for tag in entry.tags:
            self._tagged[tag][entry] = None
        self._make_room()

    def shape(self, entry: Kept, way: Hashable, form: object, size: int) -> None:
        """Remember a form of a kept answer, which takes so many bytes more."""
        if entry not in self or way in entry.forms:
            return
        if len(entry.forms) >= MOST_SPELLINGS:
            del self._ways[entry.forms.popitem(last=False)[0]]
        entry.forms[way] = form
        self._ways[way] = entry
        self.grow(entry, size)

    def grow(self, entry: Kept, size: int) -> None:
        """Count more bytes of an answer that is kept."""
        if entry in self:
            entry.size += size
            self.bytes += size
            self._make_room()

    def purge(self, tags: Iterable[str]) -> None:
        """Drop whatever depends on one of these."""
        self.drop([entry.key for tag in tags for entry in self._tagged.get(tag, ())])

    def drop(self, keys: Iterable[Hashable]) -> None:
        for key in keys:
            entry = self._kept.pop(key, None)
            if entry is not None:
                self._forget(entry)

    def clear(self) -> None:
        self._kept.clear()
        self._ways.clear()
        self._tagged.clear()
        self.bytes = 0

    def _make_room(self) -> None:
        while self.bytes > self.most:
            self._forget(self._kept.popitem(last=False)[1])

    def _forget(self, entry: Kept) -> None:
        self.bytes -= entry.size
        for way in entry.forms:
            self._ways.pop(way, None)
        for tag in entry.tags:
            tagged = self._tagged[tag]
            tagged.pop(entry, None)
            if not tagged:
                del self._tagged[tag]
