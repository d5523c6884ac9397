"""The server's process: its start, its end, and the watchdog that ends it when its owner is gone."""

import contextlib
import dataclasses
import os
import signal
import socket
import stat
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import IO

from api.errors import Unavailable
from api.postgres.account import Account, Command, open_privately
from api.watchdog import Watchdog

LONGEST_SOCKET_FOLDER = 88  # bytes: a socket's path is at most 107, on macOS 103, and "/.s.PGSQL.5432" comes after
PATIENCE_WITH_A_PREDECESSOR = 20.0  # seconds: a dying server still holds its folder for a moment
PATIENCE_WITH_RECOVERY = 300.0  # seconds: after a crash the log of changes is read first
SOCKET_FOLDER = "meridian-"
LARGEST_LOG = 5_000_000  # bytes


class NotStarted(Unavailable):
    """The embedded PostgreSQL did not start."""


@dataclasses.dataclass(frozen=True)
class Running:
    """A server of our own, and what ends it: us by `stop`, or the watchdog when we are gone."""

    process: subprocess.Popen[bytes]
    watchdog: Watchdog
    sockets: str

    def stop(self) -> None:
        """End the server in order: open transactions are rolled back, the files are left clean."""
        for request, patience in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            self.process.send_signal(request)
            try:
                self.process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        self.watchdog.forget(self.process)
        self.watchdog.__exit__(None, None, None)
        if Path(self.sockets).name.startswith(SOCKET_FOLDER):
            with contextlib.suppress(OSError):
                Path(self.sockets).rmdir()


@dataclasses.dataclass(frozen=True)
class Answering:
    """A server that answers: the number of its process and the folder of its socket."""

    number: int
    sockets: str


def answering(place: Path) -> Answering | None:
    """Return the server that answers for this cluster, if one does."""
    try:
        lines = (place / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return None
    if [line.strip() for line in lines[7:8]] != ["ready"]:
        return None
    number, port, folder = int(lines[0]), lines[3], lines[4]
    with socket.socket(socket.AF_UNIX) as probe:  # the number in the file may be stale, another's, or a zombie's
        try:
            probe.connect(f"{folder}/.s.PGSQL.{port}")
        except OSError:
            return None
    return Answering(number, folder)


def start(account: Account, place: Path, *, log: Path) -> Running:
    """Start the server and return once it answers; one whose owner has died is seen off first."""
    _see_off(place)
    sockets = _socket_folder(account, place)
    quoted = '"' + str(sockets).replace('"', '""') + '"'
    settings = ("listen_addresses=", "unix_socket_permissions=0700", "timezone=UTC", "log_timezone=UTC")
    options = [option for setting in settings for option in ("-c", setting)]
    command = account.command(["postgres", "-D", str(place), "-k", quoted, *options])
    _rotate(log)
    with contextlib.ExitStack() as unfinished, _opened(log) as journal:
        watchdog = unfinished.enter_context(Watchdog())  # when the start fails, it ends what was started
        process = _started(watchdog, command, place, journal)
        unfinished.pop_all()
    return Running(process, watchdog, str(sockets))


def _see_off(place: Path) -> None:
    began = time.monotonic()
    while found := answering(place):
        if time.monotonic() - began > PATIENCE_WITH_A_PREDECESSOR:
            raise NotStarted(f"A PostgreSQL that nobody owns (process {found.number}) does not end; end it by hand.")
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.number, signal.SIGINT)
        time.sleep(0.05)


def _started(watchdog: Watchdog, command: Command, place: Path, journal: IO[bytes]) -> subprocess.Popen[bytes]:
    began = time.monotonic()
    while True:
        position = journal.seek(0, os.SEEK_END)
        process = watchdog.start(
            command.arguments, request=signal.SIGINT, stdout=journal, stderr=journal, **command.options
        )
        while process.poll() is None:
            found = answering(place)
            if found and found.number == process.pid:
                return process
            if time.monotonic() - began > PATIENCE_WITH_RECOVERY:
                raise NotStarted(
                    f"PostgreSQL did not answer within {PATIENCE_WITH_RECOVERY:.0f} s; see {journal.name}."
                )
            time.sleep(0.01)
        watchdog.forget(process)
        waited = time.monotonic() - began
        said = _said(Path(journal.name), position)
        if not _is_held_by_a_predecessor(said) or waited > PATIENCE_WITH_A_PREDECESSOR:
            raise NotStarted(_why(said, journal.name))
        time.sleep(0.2)


def _socket_folder(account: Account, place: Path) -> Path:
    """Return the cluster itself where its path suits a socket, else a private folder beside other passing files."""
    path = str(place)
    if len(os.fsencode(path)) <= LONGEST_SOCKET_FOLDER and "," not in path and ".s.PGSQL." not in path:
        return place
    name = f"{SOCKET_FOLDER}{os.geteuid()}-{sha256(os.fsencode(path)).hexdigest()[:16]}"
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the folder is private, and its owner is checked
        folder = Path(parent, name)
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            continue
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            status = folder.lstat()
            private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == stat.S_IRWXU
            if private and status.st_uid in {os.geteuid(), account.user}:
                account.adopt(folder)
                return folder
    raise NotStarted(
        f"No folder for the database's socket can be made in {tempfile.gettempdir()}; set TMPDIR to a short path."
    )


def _rotate(log: Path) -> None:
    """Keep the log small: one older part beside the current one."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(log.with_suffix(".log.1"))


def _opened(log: Path) -> IO[bytes]:
    try:
        return open_privately(log)
    except OSError as error:
        raise NotStarted(
            f"The log {log} cannot be written to ({error.strerror}); remove it, then start again."
        ) from error


def _said(log: Path, position: int) -> str:
    with log.open("rb") as journal:
        journal.seek(position)
        return journal.read().decode(errors="replace")


def _is_held_by_a_predecessor(said: str) -> bool:
    return "postmaster.pid" in said or "pre-existing shared memory block" in said or ".lock" in said


def _why(said: str, log: str) -> str:
    if "No space left on device" in said:
        return f"PostgreSQL did not start because the disk is full; make room (its log is {log})."
    fatal = [line.partition("FATAL:")[2].strip() for line in said.splitlines() if "FATAL:" in line]
    return f"PostgreSQL did not start: {fatal[-1] if fatal else 'see its log'} ({log})."
