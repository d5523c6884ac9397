"""A house with the sample clinic in it, and a PostgreSQL that can be ended, frozen, and started again."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from api import database as db
from api import postgres
from api.accounts.viewer import Role
from api.sample import loading
from tests import people
from tests.chaos.memory import Bound, descendants
from tests.chaos.standing import House, standing
from tests.conftest import SITE


class Database:
    """An embedded PostgreSQL that can be ended and started again under one address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        self.running = contextlib.ExitStack()
        self.server = self.running.enter_context(postgres.serving(self.folder))
        self.url = self.server.url

    def stop(self) -> None:
        self.running.close()

    def kill(self) -> None:
        assert self.server.process
        self.server.process.kill()
        self.server.process.wait(30)
        self.running.close()

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        self.stop()
        yield
        self.start()

    def processes(self) -> list[int]:
        """The server and all that it started."""
        assert self.server.process
        return descendants([self.server.process.pid])

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let no part of it run: connections stay, and nothing answers."""
        stopped = self.processes()
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in stopped:
                os.kill(process, signal.SIGCONT)


async def _filled(url: str, media: Path) -> str:
    """The sample clinic, and the token of somebody who edits and moderates."""
    await db.migrate(url)
    await db.connect(url)
    try:
        await loading.load(media, SITE)
        return await people.token(await people.member(Role.EDITOR, Role.MODERATOR, password=None))
    finally:
        await db.disconnect()


@contextlib.contextmanager
def lived_in(
    folder: Path, bound: Bound | None = None, *, direct: bool = False
) -> Iterator[tuple[Database, House, str]]:
    """The database, the house on it, and the token of its editor; all within a bound of memory, if there is one."""
    bound = bound or Bound()
    stopped = Database(folder / "database")
    bound.take(stopped.processes())
    try:
        token = asyncio.run(_filled(stopped.url, folder / "media"))
        with standing(stopped.url, folder, each=1, first=bound.first, direct=direct) as house:
            yield stopped, house, token
    finally:
        stopped.stop()
