"""Several processes behind one port: started together, each put back when it dies, and ended together.

They share one listening socket, so that nothing is lost with a process but what it was answering. None outlives the one
that started them: each holds the reading end of a pipe that closes with it.
"""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import structlog

PAUSE = 1.0
"""Seconds before a process that has just begun is put back."""

log = structlog.get_logger(__name__)


@dataclass
class Processes:
    """So many processes that do the same `work`, until SIGTERM or Ctrl-C."""

    count: int
    work: Callable[[], None]
    _begun: dict[int, float] = field(default_factory=dict)
    _ending: bool = False
    _pipe: tuple[int, int] = (-1, -1)

    def run(self) -> None:
        """Return when all have ended."""
        self._pipe = os.pipe()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._end)
        for _ in range(self.count):
            self._begin()
        while self._begun:
            number, status = os.wait()
            began = self._begun.pop(number, None)
            if began is None or self._ending:
                continue
            log.error("process_died", process=number, status=os.waitstatus_to_exitcode(status))
            time.sleep(max(0.0, PAUSE - (time.monotonic() - began)))
            self._begin()

    def _begin(self) -> None:
        if self._ending:
            return
        number = os.fork()
        if number == 0:
            self._be_one()
        self._begun[number] = time.monotonic()
        if self._ending:  # asked meanwhile
            os.kill(number, signal.SIGTERM)

    def _be_one(self) -> None:
        """The life of one process; it never returns into what the first one was doing."""
        code = 1
        try:
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, signal.SIG_DFL)
            os.close(self._pipe[1])
            threading.Thread(target=_end_with, args=(self._pipe[0],), daemon=True).start()
            self.work()
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it was, this process ends here
            traceback.print_exc(file=sys.stderr)
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._ending = True
        for number in list(self._begun):
            os.kill(number, signal.SIGTERM)


def _end_with(pipe: int) -> None:
    """Wait until the first process is gone, then end as if asked to."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)
