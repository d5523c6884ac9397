"""A watchdog: it ends the programs that this process started when this process is gone, even by kill -9."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from signal import SIGTERM, Signals
from types import TracebackType
from typing import Any, Self

# Reads lines "process number, signal" until every writer is gone, then sends what is still due. Signal 0 retracts.
# Whoever is asked to terminate and does not within ten seconds is killed; SIGINT (PostgreSQL's) is left to work.
SCRIPT = """
import os, signal, sys, time
due = {}
for line in sys.stdin:
    number, request = map(int, line.split())
    due.pop(number, None)
    if request: due[number] = request
def send(number, request):
    try: os.kill(number, request)
    except ProcessLookupError: return False
    return True
for number, request in due.items(): send(number, request)
stubborn = [number for number, request in due.items() if request == signal.SIGTERM]
end = time.monotonic() + 10
while time.monotonic() < end and any([send(number, 0) for number in stubborn]): time.sleep(0.1)
for number in stubborn: send(number, signal.SIGKILL)
"""
# Each program says its number itself, on the pipe that it has for an input, before it becomes what it is to be: so
# there is no moment in which it runs unwatched.
ANNOUNCED = ("sh", "-c", 'echo "$$ $0" >&0; exec "$@" </dev/null')


class Watchdog:
    """A process that waits for the end of this one; leaving its block ends what it still watches."""

    def __init__(self) -> None:
        reading, writing = os.pipe()  # the writing end is closed in every program that is started
        command = [sys.executable, "-I", "-S", "-c", SCRIPT]
        # A session of its own: Ctrl-C reaches this process only, which then ends the others in order.
        self._process = subprocess.Popen(command, stdin=reading, cwd="/", start_new_session=True)
        os.close(reading)
        self._pipe = writing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._pipe)
        self._process.wait()

    def start(self, command: Sequence[str], *, request: Signals = SIGTERM, **options: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - Popen's own
        """Start a program in a session of its own, to be ended by this signal; it has no input."""
        announced = [*ANNOUNCED, str(int(request)), *command]
        return subprocess.Popen(announced, stdin=self._pipe, start_new_session=True, **options)

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """Watch no longer: the program has ended, and its number may soon be another's."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._pipe, f"{process.pid} 0\n".encode())
