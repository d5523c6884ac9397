"""A real server on loopback with the sample clinic, and a member's token for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.__main__ import main
from api.accounts.viewer import Role
from api.pushing import Client, Outcome, Told, pull, push
from tests import people
from tests.api.web.edge_server import WHOLE, Server


class Desk:
    """A folder of files, a server, and whoever pushes."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self.folder, self.url, self.token = folder, url, token
        self.told: dict[str, Told] = {}

    def push(self, **said: Any) -> bool:
        return self._run(push, **said)

    def pull(self) -> bool:
        return self._run(pull)

    def ask(self, document: str, **variables: Any) -> Any:
        with Client(self.url, self.token) as client:
            return client.ask(document, **variables)

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.told.values())

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new, 1))

    def contents(self) -> dict[str, str]:
        return {str(path): path.read_text() for path in self.folder.rglob("*") if path.is_file()}

    def shell(self, *arguments: str) -> int:
        return main([*arguments[:1], str(self.folder), "--url", self.url, "--token", self.token, *arguments[1:]])

    def _run(self, act: Any, **said: Any) -> bool:
        told: list[Told] = []
        with Client(self.url, self.token) as client:
            good = act(self.folder, client, told.append, **said)
        self.told = {each.name: each for each in told}
        return good


@pytest.fixture
def serving(sample: str, media: Path, tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "media").symlink_to(media)
    said = {"DATABASE_URL": sample, "DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": people.SECRET_KEY}
    running = Server(tmp_path / "log", WHOLE, **said)
    yield running
    running.stop()


@pytest.fixture
async def desk(serving: Server, tmp_path: Path) -> Desk:
    token = await people.token(await people.member(Role.EDITOR, password=None))
    return Desk(tmp_path / "clinic", serving.url, token)
