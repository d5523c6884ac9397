"""How much a picture may ask of the machine; shared by the process that starts a child and by the child itself."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Limits:
    """What one child may use. Memory is address space, which is what the system counts."""

    pixels: int = 25_000_000
    side: int = 16_000
    memory_bytes: int = 800_000_000
    file_bytes: int = 30_000_000
    cpu_seconds: int = 20
    seconds: int = 40


class Fault(StrEnum):
    """Why a child made nothing of a file; the value is what it tells its parent."""

    TOO_LARGE = "TOO_LARGE"
    ANIMATED = "ANIMATED"
    UNREADABLE = "UNREADABLE"
    TOO_DEMANDING = "TOO_DEMANDING"
