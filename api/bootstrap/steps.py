"""One step of the preparation: what is shown while it runs, how it fails, and how it is known to be done."""

import hashlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).absolute().parents[2]
QUIET = 15.0  # seconds without a line to show, after which a step says that it is still at it
# Without bytecode that stays, every process would compile four hundred files anew.
NOT_OURS = {"PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"}
OURS = {"ASTRO_TELEMETRY_DISABLED": "1", "PIP_USER": "0"}


class Stop(Exception):  # noqa: N818 - an answer, not a fault
    """The machine lacks something; the sentence says what to do."""


def say(line: str) -> None:
    """Show one line of progress."""
    print(line, flush=True)


def environment(*first: Path) -> dict[str, str]:
    """Return the environment for what is started: these folders of programs first, nobody else's Python settings."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    path = os.pathsep.join([*map(str, first), kept.get("PATH", os.defpath)])
    return kept | OURS | {"PATH": path}


def step(
    title: str, command: list[str], cwd: Path, env: Mapping[str, str], *, shown: str = "", advice: str = ""
) -> None:
    """Run one step and say how long it took; show its lines of note as they come, and its last ones when it fails."""
    say(f"{title} …")
    began = time.monotonic()
    told = []
    for line in _lines_of(command, cwd, env):
        told.append(line)
        found = re.search(shown, line) if shown else None
        if found:
            say(f"  {' '.join(filter(None, found.groups()))}")
    if told.pop() != "0":
        print(*told[-40:], sep="\n", file=sys.stderr)
        full = any("No space left on device" in line or "ENOSPC" in line for line in told)
        raise Stop(
            f"{title}: failed, see above. {'The disk is full; make room, then start again.' if full else advice}"
        )
    say(f"{title}: {time.monotonic() - began:.1f} s")


def _lines_of(command: list[str], cwd: Path, env: Mapping[str, str]) -> Iterator[str]:
    """Yield what a program says, line by line, and at last its exit code; in long silences say that it is at work."""
    began = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is ours to hand on, to the children's children too
    ) as child:
        try:
            yield from _lines(child.stdout.fileno() if child.stdout else 0, began)
            yield str(child.wait())
        except BaseException:
            os.killpg(child.pid, signal.SIGTERM)
            raise


def _lines(pipe: int, began: float) -> Iterator[str]:
    rest = b""
    while True:
        if not select.select([pipe], [], [], QUIET)[0]:
            say(f"  still at it after {time.monotonic() - began:.0f} s")
            continue
        read = os.read(pipe, 65_536)
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")
        if not read:
            return


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a digest of these files' names and contents; a missing one counts as empty."""
    digest = hashlib.sha256()
    for path in paths:
        if not path.is_dir():
            content = path.read_bytes() if path.exists() else b""
            digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def read_stamp(path: Path) -> dict[str, object]:
    """Return what a finished step wrote down, or nothing when it did not finish."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}
