"""`FOLDER/.meridian.json`: for each server and file, the id, the version last seen and what was said, as hashes."""

import json
import os
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.errors import Invalid

NAME = ".meridian.json"


class Garbled(Invalid):
    """The file .meridian.json cannot be read: restore it, or remove it and pull into an empty folder."""


@dataclass(frozen=True)
class Seen:
    """One entry as it was last seen: `hash` of what the file said then, `theirs` of what the server said."""

    id: str
    version: int | None
    hash: str
    theirs: str


class Memory:
    """What is remembered of one server; written after every change, so that a run that breaks off forgets nothing."""

    def __init__(self, folder: Path, server: str, *, keeps: bool = True) -> None:
        self._path = folder / NAME
        self._keeps = keeps
        self._servers = _read(self._path)
        try:
            self._seen = {name: Seen(**seen) for name, seen in self._servers.get(server, {}).items()}
        except (TypeError, AttributeError):
            raise Garbled from None
        self._server = server

    def get(self, name: str) -> Seen | None:
        return self._seen.get(name)

    def named(self, known: str) -> str | None:
        """The name under which an id is kept."""
        return next((name for name, seen in self._seen.items() if seen.id == known), None)

    def keep(self, name: str, seen: Seen) -> None:
        if self._seen.get(name) != seen:
            self._seen[name] = seen
            self._write()

    def advance(self, name: str, version: int | None) -> None:
        self.keep(name, replace(self._seen[name], version=version))

    def forget(self, name: str) -> None:
        if self._seen.pop(name, None):
            self._write()

    def _write(self) -> None:
        if not self._keeps:
            return
        self._servers[self._server] = {name: asdict(seen) for name, seen in sorted(self._seen.items())}
        beside = self._path.with_name(f"{NAME}.new")
        beside.write_text(json.dumps(self._servers, indent=1) + "\n", "utf-8")
        os.replace(beside, self._path)  # noqa: PTH105 - it says that the file is replaced as a whole


def hashed(said: object) -> str:
    """Return the hash of what is said, whatever its order of names."""
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise Garbled from None
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise Garbled
    return found
