"""What processes cost: CPU seconds and memory, of a process and of all its children (Linux)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cost:
    """CPU seconds so far, and resident bytes now."""

    cpu: float
    resident: int

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.cpu - other.cpu, self.resident)


def of(*pids: int) -> Cost:
    """The processes and all that they started; a child that has ended counts through its parent."""
    family = [pid for root in pids for pid in (root, *_descendants(root))]
    found = [_stat(pid) for pid in dict.fromkeys(family)]
    return Cost(sum(each[0] for each in found), sum(each[1] for each in found))


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(place.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _stat(pid: int) -> tuple[float, int]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    used = sum(int(fields[place]) for place in (11, 12, 13, 14))  # user, system, and those of children that ended
    return used / TICKS, int(fields[21]) * PAGE
