"""`python3 -m api.bootstrap GOAL`: prepare what a goal needs, then become it."""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)


def hand_over_to_a_newer_python() -> None:
    """Go on with a newer Python of this machine; without one, say what is needed."""
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        trial = [str(path), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if path and subprocess.call(trial, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            os.execv(path, [path, "-m", "api.bootstrap"] + sys.argv[1:])  # noqa: S606, RUF005 - no shell; old syntax
    sys.exit(
        "Meridian needs Python 3.11 or newer and this is {}.{}; install one (Debian 12, Ubuntu 24.04 or later: "
        "`apt install python3 python3-venv`) or name it: `make run PYTHON=/path/to/python3.12`.".format(
            *sys.version_info[:2]
        )
    )


if sys.version_info < OLDEST:
    hand_over_to_a_newer_python()

# ruff: noqa: E402 - the rest is for a Python that is new enough
import contextlib
import dataclasses
import fcntl
import signal
from collections.abc import Iterator
from pathlib import Path

from api.bootstrap.node import EXPLORER, FRONTEND, build_site, install_node_packages, node_environment
from api.bootstrap.python import PYTHON, install_python_packages
from api.bootstrap.steps import ROOT, Stop, say

LONGEST_ROOT = 700  # bytes: PostgreSQL and Node go some 300 deeper, and 1,023 is the most that PostgreSQL can use
UNUSABLE = "'#?*\\:\n"  # in a path: Astro cannot build (tried one by one), and ":" divides lists of folders
RUNTIME = ("requirements.lock",)
TESTING = (*RUNTIME, "tests/requirements.lock")
MEASURING = (*TESTING, "tests/benchmarks/requirements.lock")


@dataclasses.dataclass(frozen=True)
class Goal:
    """What is prepared: locked Python packages, folders' npm packages, the built site; and what is then started."""

    locks: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    site: bool = False
    command: tuple[str, ...] = ()


GOALS = {
    "run": Goal(RUNTIME, (FRONTEND, EXPLORER), site=True, command=("-m", "api", "run")),
    "test": Goal(TESTING, command=("tests/checks.py", "all")),
    "measure": Goal(TESTING, command=("tests/checks.py", "quality")),
    "check": Goal(TESTING, command=("tests/checks.py", "quick")),
    "soak": Goal(TESTING, command=("tests/checks.py", "soak")),
    "bench": Goal(MEASURING, command=("-m", "tests.benchmarks.bench")),
    "lock": Goal(TESTING, command=("tests/checks.py", "lock")),
    # Parts of `make test`, which times each.
    "frontend": Goal(folders=(FRONTEND,)),
    "site": Goal(folders=(FRONTEND,), site=True),
    "quality": Goal(folders=(FRONTEND / "quality",)),
}


def main(arguments: list[str]) -> int:
    """Prepare what a goal needs, then become it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job started with `&` would ignore it
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _one_at_a_time():
            command = _prepared(GOALS[arguments[0]])
    except Stop as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the next start goes on from here.", file=sys.stderr)
        return 130
    if command:
        sys.stdout.flush()
        os.execve(command[0], command, node_environment())  # noqa: S606 - no shell is wanted
    return 0


def _prepared(goal: Goal) -> list[str]:
    if goal.locks:
        install_python_packages(goal.locks)
    for folder in goal.folders:
        install_node_packages(folder)
    if goal.site:
        build_site()
    return [str(PYTHON), *goal.command] if goal.command else []


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Refuse a folder that cannot be used, and let two `make`s at once wait for each other."""
    if len(os.fsencode(ROOT)) > LONGEST_ROOT:
        raise Stop(f"The path of this folder is longer than {LONGEST_ROOT} bytes; move it to a shorter one.")
    if set(UNUSABLE) & set(str(ROOT)):
        raise Stop(f"The site cannot be built in {ROOT}; move it to a path without any of {' '.join(UNUSABLE[:-1])}")
    try:
        (ROOT / ".cache").mkdir(exist_ok=True)
        lock = (ROOT / ".cache" / "bootstrap.lock").open("w")
    except OSError as error:
        raise Stop(
            f"The folder {ROOT} cannot be written to ({error.strerror}); clone Meridian to one that can."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another `make` is preparing this folder; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
