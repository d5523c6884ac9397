"""What everybody may ask for in a minute: a bucket each, which every operation fills by its cost and time empties.

The buckets of one process; the least recently used are forgotten when there are too many, and so are no more than full
ones anew. Those that several processes share are in shared.py.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

MINUTE = 60
MOST_BUCKETS = 20_000


@dataclass(frozen=True)
class Payer:
    """Whose bucket it is, and how much it holds: the cost that may be asked for in a minute."""

    name: str
    per_minute: int


@dataclass(frozen=True)
class Level:
    """How a payer stands: what may still be asked for, in how many seconds the bucket is empty, and whether it fits.

    `wait`: in how many seconds what was refused will fit; 0 when nothing was.
    """

    per_minute: int
    remaining: int
    reset: int
    wait: int = 0


@dataclass
class Buckets:
    """Every payer's bucket, as it was when it was last used."""

    most: int = MOST_BUCKETS
    now: Callable[[], float] = time.monotonic
    _filled: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._filled)

    def pour(self, payer: Payer, cost: int, *, anyway: bool = False) -> Level:
        """Fill the payer's bucket here, if the cost fits; `anyway` for what has been spent already."""
        moment = self.now()
        rate = payer.per_minute / MINUTE
        filled, since = self._filled.get(payer.name, (0.0, moment))
        filled = max(0.0, filled - (moment - since) * rate)
        over = filled + cost - payer.per_minute
        if over <= 0 or anyway:
            filled, over = min(filled + cost, payer.per_minute), 0
        return self._stands(payer, filled, over, moment)

    async def take(self, payer: Payer, cost: int, *, anyway: bool = False) -> Level:
        """Pour where the payer's bucket is: here."""
        return self.pour(payer, cost, anyway=anyway)

    async def close(self) -> None:
        """End what is open for the buckets: nothing."""

    def _stands(self, payer: Payer, filled: float, over: float, moment: float) -> Level:
        """Remember how full the bucket is; `over` is by how much a cost that was refused does not fit."""
        self._filled[payer.name] = filled, moment
        self._filled.move_to_end(payer.name)
        while len(self._filled) > self.most:
            self._filled.popitem(last=False)
        rate = payer.per_minute / MINUTE
        wait = max(1, ceil(over / rate)) if over > 0 else 0
        return Level(payer.per_minute, int(payer.per_minute - filled), ceil(filled / rate), wait)
