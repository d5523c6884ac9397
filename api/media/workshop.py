"""Starts a child for each picture and ends it when it is over its limits; at most two at once in this process.

A child starts with an empty environment, no inherited files and Python's isolated mode, in the upload's own folder.
What it says is one line that is checked; what it wrote is looked at before it is believed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

import orjson
import structlog
from anyio import to_thread
from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError

from api.errors import Invalid, Unavailable
from api.media.formats import HEAD_BYTES, kind_of
from api.media.limits import Fault, Limits
from api.media.sizes import KINDS, Size, sizes

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from api.media.formats import Kind

ROOT = Path(__file__).parents[2]
START = "import sys; sys.path.insert(0, sys.argv[1]); from api.media import decoding; decoding.main(sys.argv[2:])"
ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
AT_ONCE = 2
PATIENCE_SECONDS = 30
LONGEST_ANSWER = 1_000
SAID = "said"

log = structlog.get_logger(__name__)


class Unreadable(Invalid):
    """This picture cannot be read: the file is damaged or cut short; save it again and send that."""


class TooDemanding(Invalid):
    """This picture takes too much to open: save it again as a plain JPEG, PNG or WebP and send that."""


class TooManyPixels(Invalid):
    """This picture has too many pixels: scale it down and send that."""


class Animated(Invalid):
    """This picture moves, and pages here show still pictures only: send the one frame that you mean."""


class Busy(Unavailable):
    """Too many pictures are being worked on at this moment: try again shortly."""


class CannotWork(Unavailable):
    """Pictures cannot be opened here at the moment; the log says why."""


REFUSALS = {
    Fault.ANIMATED: Animated,
    Fault.UNREADABLE: Unreadable,
    Fault.TOO_DEMANDING: TooDemanding,
}


class Said(BaseModel):
    """A child's one line: the size of the upright picture, or why there is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    width: PositiveInt = 1
    height: PositiveInt = 1
    fault: Fault | None = None


@dataclass(frozen=True)
class Made:
    """The size of the picture as it stands upright; its renditions lie in the upload's folder."""

    width: int
    height: int
    sizes: tuple[Size, ...]


@dataclass(frozen=True)
class Workshop:
    """Where pictures that strangers made are opened."""

    limits: Limits = field(default_factory=Limits)
    benches: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def make(self, work: Path, kind: Kind, stem: str) -> Made:
        """Make the renditions of the file `original` in its folder; refuse what cannot or shall not be opened."""
        async with self._bench():
            line = await self._ask(work, kind, stem)
        try:
            said = Said.model_validate_json(line)
        except ValidationError as error:
            raise Unreadable from error
        if said.fault is Fault.TOO_LARGE:
            raise self._too_many(said)
        if said.fault:
            raise REFUSALS[said.fault]
        made = Made(said.width, said.height, sizes(said.width, said.height))
        if max(made.width, made.height) > self.limits.side or not await to_thread.run_sync(
            _are_there, work, stem, made
        ):
            raise Unreadable
        return made

    def _too_many(self, said: Said) -> TooManyPixels:
        most = f"at most {self.limits.pixels:,} pixels, and {self.limits.side:,} on a side, are taken"
        return TooManyPixels(
            f"This picture is {said.width:,} pixels wide and {said.height:,} high: {most}; scale it down and send that."
        )

    @contextlib.asynccontextmanager
    async def _bench(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.benches.acquire()
        except TimeoutError as error:
            raise Busy from error
        try:
            yield
        finally:
            self.benches.release()

    async def _ask(self, work: Path, kind: Kind, stem: str) -> bytes:
        async with self._child(work, kind, stem) as child:
            assert child.stdout  # noqa: S101 - it was asked for
            try:
                async with asyncio.timeout(self.limits.seconds):
                    line = await child.stdout.readline()
                    code = await child.wait()
            except (TimeoutError, ValueError) as error:
                _tell("took too long or said too much", work)
                raise TooDemanding from error
        if code < 0:
            _tell(f"ended by {signal.Signals(-code).name}", work)
            raise TooDemanding
        if code > 0:
            _tell(f"ended with exit code {code}", work)
            raise CannotWork
        return line

    @contextlib.asynccontextmanager
    async def _child(self, work: Path, kind: Kind, stem: str) -> AsyncIterator[Process]:
        """A child that is dead and gone when its turn is over, whatever happened."""
        limits = orjson.dumps(self.limits).decode()
        child = await _started(work, [sys.executable, "-I", "-B", "-c", START, str(ROOT), kind, stem, limits])
        try:
            yield child
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                await child.wait()


async def _started(work: Path, command: list[str]) -> Process:
    try:
        with (work / SAID).open("wb") as said:
            return await asyncio.create_subprocess_exec(
                *command,
                cwd=work,
                env=ENVIRONMENT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=said,
                start_new_session=True,
                limit=LONGEST_ANSWER,
            )
    except OSError as error:
        raise CannotWork from error


def _are_there(work: Path, stem: str, made: Made) -> bool:
    """Whether every file is there, is a file, and is what its name says."""
    return all(_is(work / size.file(stem), size.ext) for size in made.sizes)


def _is(path: Path, ext: str) -> bool:
    try:
        if not S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return kind_of(file.read(HEAD_BYTES)) is dict(KINDS)[ext]
    except OSError:
        return False


def _tell(what: str, work: Path) -> None:
    """Write down how a child ended; its own words are about the file's form, not about what it shows."""
    with contextlib.suppress(OSError):
        with (work / SAID).open("rb") as said:
            words = said.read(LONGEST_ANSWER).decode(errors="replace")
        log.warning("picture_not_opened", child=what, said=words)
