"""How much a comment's words resemble those that moderators refused: a naive Bayes over words, all of it pure.

Words are never kept. Each falls into one of 4,096 buckets by a keyed hash, which several words share, and a bucket
counts the comments that had a word of it. Names, numbers and whatever else has a digit are no words here.
"""

from __future__ import annotations

import hmac
import math
import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from api import sealing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

PURPOSE: Final = "meridian/comment-words"
BUCKETS: Final = 4_096
ALL: Final = 0
"""The bucket that counts comments; those of words are 1 to 4,096."""
WORD: Final = re.compile(r"(?<![\w@.])[^\W\d_]{3,20}(?![\w@])")
MOST_WORDS: Final = 300
ENOUGH: Final = 10.0
"""Decisions of each kind without which nothing is said."""
SEEN: Final = 2.0
"""Comments that a bucket must have counted: what one writer alone says tells nothing, and is not told on."""
TELLING: Final = 15
"""Buckets that count for one comment, the clearest first: many weak ones would add up to false certainty."""
QUARTER: Final = timedelta(days=92)
QUARTERS: Final = 4
"""What is older says nothing any more; each quarter counts half as much as the next."""


class Lesson(StrEnum):
    """What a decision teaches: words that were shown to readers, or words that were refused for what they say."""

    SHOWN = "SHOWN"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Words:
    """Turns texts into buckets, by the key of this deployment."""

    key: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """By which counts made with another key are told from ours."""
        return hmac.digest(self.key, b"mark", sha256)[:4].hex()

    def buckets(self, text: str) -> frozenset[int]:
        """The buckets of a text's words."""
        words = list(dict.fromkeys(WORD.findall(text.casefold())))[:MOST_WORDS]
        return frozenset(self._bucket(word) for word in words)

    def generation(self, moment: datetime) -> str:
        """Where what was decided at this moment is counted, such as `2026Q4-5f1e8a9c`."""
        return f"{_quarter(moment.year * 4 + (moment.month - 1) // 3)}-{self.mark}"

    def weights(self, now: datetime) -> dict[str, float]:
        """How much each generation counts, the present one first; those not named count no more."""
        newest = now.year * 4 + (now.month - 1) // 3
        return {f"{_quarter(newest - age)}-{self.mark}": 0.5**age for age in range(QUARTERS)}

    def _bucket(self, word: str) -> int:
        digest = hmac.digest(self.key, word.encode("utf-8", "surrogatepass"), sha256)
        return 1 + int.from_bytes(digest[:4]) % BUCKETS


@dataclass(frozen=True)
class Learned:
    """How many comments had a word of each bucket: shown, refused; under `ALL`, how many there were."""

    counts: Mapping[int, tuple[float, float]]

    def score(self, buckets: Iterable[int]) -> int | None:
        """From 1 (like what was shown) to 99 (like what was refused); None while too little was decided."""
        shown, refused = self.counts.get(ALL, (0.0, 0.0))
        if min(shown, refused) < ENOUGH:
            return None
        hints = sorted((self._hint(each, shown, refused) for each in buckets), key=abs, reverse=True)[:TELLING]
        return min(99, max(1, round(100 / (1 + math.exp(-sum(hints))))))

    def _hint(self, bucket: int, shown: float, refused: float) -> float:
        """The logarithm of how much likelier a comment with this bucket is among the refused."""
        here = self.counts.get(bucket, (0.0, 0.0))
        if sum(here) < SEEN:
            return 0.0
        return math.log((here[1] + 1) / (refused + 2)) - math.log((here[0] + 1) / (shown + 2))


def words_of(secret: str) -> Words:
    """The words' key, derived from the one secret."""
    return Words(sealing.derive(secret, PURPOSE))


def _quarter(number: int) -> str:
    return f"{number // 4}Q{number % 4 + 1}"
