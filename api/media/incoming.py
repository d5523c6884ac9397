"""Where an upload lies while it is in hand: a folder of its own, gone when its turn is over, whatever happened to it.

Each process has one folder here and holds a lock on it, which the system itself releases when the process dies; so
whoever starts next may know which folders nobody works in any more.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = ".incoming"
TURN = "turn"


class MediaFolderUnusable(Unavailable):
    """The media folder cannot be written to: check DATA_DIR, its permissions and the room on its disk."""


@dataclass(frozen=True)
class Incoming:
    """The part of the media folder that no address leads to: on the same disk, so that a file moves at once."""

    media: Path

    @contextlib.contextmanager
    def opened(self) -> Iterator[Desk]:
        """A folder for this process, once what dead processes left is gone."""
        place = self.media / NAME
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (place / TURN).open("w") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)
                _clear(place)
                own = Path(tempfile.mkdtemp(dir=place))
                lock = _locked(own)
        except OSError as error:
            raise MediaFolderUnusable from error
        try:
            yield Desk(own)
        finally:
            shutil.rmtree(own, ignore_errors=True)
            os.close(lock)


@dataclass(frozen=True)
class Desk:
    """One process's folder."""

    folder: Path

    @contextlib.contextmanager
    def cleared(self) -> Iterator[Path]:
        """A folder for one upload, whose name says nothing of it."""
        try:
            work = Path(tempfile.mkdtemp(dir=self.folder))
        except OSError as error:
            raise MediaFolderUnusable from error
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _clear(place: Path) -> None:
    for left in place.iterdir():
        if not left.is_dir():
            continue
        with contextlib.suppress(BlockingIOError):
            lock = _locked(left)
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
