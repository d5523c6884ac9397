"""Ids inside a page: the same text always gives the same ids, each of them once."""

import re
import unicodedata
from collections import Counter

_RESERVED = ("cite-", "ref-", "care-")


def slug(words: str) -> str:
    """Return lower-case ASCII words joined by dashes, or `section` where nothing is left of them."""
    ascii_only = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    dashed = "-".join(re.findall(r"[a-z0-9]+", ascii_only.replace("'", "")))[:80].strip("-") or "section"
    return f"section-{dashed}" if f"{dashed}-".startswith(_RESERVED) else dashed


class Ids:
    """Hands out ids in reading order; a second one of the same name gets `-2`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._turns: Counter[str] = Counter()
        self._marks: Counter[str] = Counter()

    def take(self, wanted: str) -> str:
        found = wanted
        while found in self._taken:
            self._turns[wanted] += 1
            found = f"{wanted}-{self._turns[wanted] + 1}"
        self._taken.add(found)
        return found

    def mark(self, key: str) -> str:
        """Name the next place that cites a key: `cite-<key>-<n>`."""
        self._marks[key] += 1
        return f"cite-{key}-{self._marks[key]}"
