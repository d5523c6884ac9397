"""A bound of memory around processes: the kernel's, for root with a cgroup of its own; and how much they hold."""

from __future__ import annotations

import contextlib
import os
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GROUPS = Path("/sys/fs/cgroup")
LIMITS = (("memory", "memory.limit_in_bytes"), (".", "memory.max"))
"""Where the memory of groups is bounded: by version 1, by version 2."""


@dataclass(frozen=True)
class Bound:
    """`group` is None where the kernel is not ours to ask, so that what is held is only measured."""

    group: Path | None = None

    @property
    def first(self) -> list[str]:
        """What stands before a command so that its process is bounded from its start, and all that it starts."""
        if self.group is None:
            return []
        return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self.group / "cgroup.procs")]

    def take(self, processes: Iterable[int]) -> None:
        """Bound what has just been started; what has ended since it was looked for needs no bound."""
        for process in processes if self.group else ():
            with contextlib.suppress(ProcessLookupError):
                (self.group / "cgroup.procs").write_text(str(process))

    def ended(self) -> int:
        """How many processes the kernel ended for want of memory."""
        if self.group is None:
            return 0
        told = next(path for name in ("memory.oom_control", "memory.events") if (path := self.group / name).exists())
        return sum(int(line.split()[1]) for line in told.read_text().splitlines() if line.startswith("oom_kill "))


@contextlib.contextmanager
def bounded(most: int) -> Iterator[Bound]:
    """At most so many bytes for all that is put into it."""
    group = _group(most)
    try:
        yield Bound(group)
    finally:
        if group is not None:
            _remove(group)


def descendants(roots: Iterable[int]) -> list[int]:
    """These processes and all that they started."""
    children = defaultdict(list)
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            children[int(place.read_text().rpartition(")")[2].split()[1])].append(int(place.parent.name))
    found = list(roots)
    for process in found:
        found += children[process]
    return found


def held(processes: Iterable[int]) -> int:
    """Bytes that they hold together; what several share is counted once."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += int(told.partition("\nPss:")[2].split()[0]) * 1024
    return total


def _group(most: int) -> Path | None:
    for folder, name in LIMITS:
        group = GROUPS / folder / f"meridian-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        with contextlib.suppress(OSError):
            (group / name).write_text(str(most))
            return group
        group.rmdir()
    return None


def _remove(group: Path) -> None:
    """The kernel takes a moment to see that the last process has gone."""
    for _ in range(50):
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)
