"""When to try again: ever later, not all at the same moment, and never before the other side wants it (pure)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from secrets import SystemRandom
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLOCK = tuple(
    timedelta(seconds=each) for each in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h
JITTER = 0.1
LONGEST = timedelta(hours=24)
WAITING = frozenset({429, 503})

_chance = SystemRandom().random


def next_try(tries: int, at: datetime, chance: Callable[[], float] = _chance) -> datetime | None:
    """The moment of the next try after so many; None when that was the last one."""
    if tries > len(CLOCK):
        return None
    return at + CLOCK[tries - 1] * (1 + JITTER * chance())


def asked_to_wait(status: int, headers: Mapping[str, str], at: datetime) -> datetime | None:
    """Until when a 429 or 503 asks for time (RFC 9110, section 10.2.3), a day at most."""
    said = headers.get("retry-after", "").strip()
    if status not in WAITING or not said:
        return None
    if said.isascii() and said.isdecimal():
        return at + min(timedelta(seconds=min(int(said), 10**6)), LONGEST)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), at + LONGEST)
