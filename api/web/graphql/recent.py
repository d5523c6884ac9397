"""The documents that were asked last, bounded by count and by bytes; of two classes of viewers the fuller gives way.

So whoever has no token may send what he will: it takes from editors only the room beyond their half.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.web.graphql.documents import Prepared
    from api.web.graphql.limits import Limits


class Recent:
    """Good documents, by class of viewers."""

    def __init__(self, most: int, most_bytes: int) -> None:
        """Take the bounds, which all classes share."""
        self.most = most
        self.most_bytes = most_bytes
        self._kept: dict[Limits, OrderedDict[str, Prepared]] = {}
        self._bytes: dict[Limits, int] = {}

    def __len__(self) -> int:
        return sum(map(len, self._kept.values()))

    def __iter__(self) -> Iterator[Prepared]:
        return (each for kept in self._kept.values() for each in kept.values())

    @property
    def bytes(self) -> int:
        """How much memory they take, about."""
        return sum(self._bytes.values())

    def knows(self, digest: str, limits: Limits) -> bool:
        """Whether it is here, without asking for it."""
        return digest in self._kept.get(limits, ())

    def find(self, digest: str, limits: Limits) -> Prepared | None:
        """The document, if it is still known; it is the last to go then."""
        if not self.knows(digest, limits):
            return None
        self._kept[limits].move_to_end(digest)
        return self._kept[limits][digest]

    def keep(self, digest: str, limits: Limits, prepared: Prepared) -> None:
        """Remember it in place of what was asked longest ago, by the class that has most of what is short."""
        self._kept.setdefault(limits, OrderedDict())[digest] = prepared
        self._bytes[limits] = self._bytes.get(limits, 0) + prepared.size
        while len(self) > self.most:
            self._forget(max(self._kept, key=lambda each: len(self._kept[each])))
        while self.bytes > self.most_bytes:
            self._forget(max(self._bytes, key=lambda each: self._bytes[each]))

    def _forget(self, fullest: Limits) -> None:
        self._bytes[fullest] -= self._kept[fullest].popitem(last=False)[1].size
