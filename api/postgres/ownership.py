"""Who keeps the server up: one process at a time, known by a lock that the system itself releases when it dies."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from api.postgres.account import open_privately
from api.postgres.cluster import DataUnusable


@contextlib.contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Let one process at a time create, start or find this folder's server."""
    with _lock_file(folder, "postgres.turn") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def claim(folder: Path) -> IO[bytes] | None:
    """Become the owner of this folder's server, until the file is closed; None when another process is."""
    lock = _lock_file(folder, "postgres.owner")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _lock_file(folder: Path, name: str) -> IO[bytes]:
    try:
        # Others may pass through (an unprivileged server's own folder is inside), nobody may look around.
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        return open_privately(folder / name)
    except OSError as error:
        raise DataUnusable(
            f"The data folder {folder} cannot be written to ({error.strerror}); "
            "set DATA_DIR to one that can, or change its permissions."
        ) from error
