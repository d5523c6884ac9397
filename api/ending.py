"""How somebody asks a program that starts others for the end: a signal is noted, and strikes only where it may."""

import contextlib
import dataclasses
import signal
from collections.abc import Iterator
from types import FrameType


class Asked(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the terminal is gone."""


@dataclasses.dataclass
class Wish:
    """Whether somebody has asked for the end, and whether it may strike at once.

    No lock is in it: a signal could find it taken by the very lines that it interrupts.
    """

    asked: bool = False
    at_once: bool = False


WISH = Wish()


def heed_signals() -> None:
    """Take note of who asks for the end; also where a shell's `&` had SIGINT ignored."""
    WISH.asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        first, WISH.asked = not WISH.asked, True
        if first and WISH.at_once:  # else the end has begun, and takes its time
            raise Asked

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # `nohup` means to stay
        signal.signal(signal.SIGHUP, ask)


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """Let whoever asks for the end have it in the midst of what is done here.

    Nowhere else: an exception that strikes while a process is looked at leaves that process locked for ever, and one
    that strikes in a destructor is lost.
    """
    WISH.at_once = True
    try:
        heed()
        yield
    finally:
        WISH.at_once = False


def heed() -> None:
    """End here if somebody has asked for it."""
    if WISH.asked:
        raise Asked
