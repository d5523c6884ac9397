"""PostgreSQL's own programs, given the database's address without showing its password to anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from api.database import credentials
from api.errors import Unavailable
from api.postgres import binaries

if TYPE_CHECKING:
    from pathlib import Path


class ProgramFailed(Unavailable):
    """A program of PostgreSQL's failed."""


def run(name: str, url: str, *arguments: str, database: str | None = None) -> None:
    """Run pg_dump or pg_restore against the database; its last words become the refusal when it fails."""
    known = credentials(url)
    settings = {
        "PGHOST": known["host"],
        "PGPORT": str(known["port"]),
        "PGUSER": known["user"],
        "PGDATABASE": database or known["database"],
        "PGAPPNAME": f"meridian {name}",
        **({"PGPASSWORD": known["password"]} if known["password"] else {}),
        **({"PGSSLMODE": known["ssl"]} if "ssl" in known else {}),
    }
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with arguments of ours
        [str(_program(name)), *arguments], env=os.environ | settings, capture_output=True, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"it ended with {done.returncode}"]
        raise ProgramFailed(f"{name} failed: {said[-1].removeprefix(f'{name}: ')}")


def _program(name: str) -> Path | str:
    """The wheel's own, else the machine's."""
    try:
        return binaries() / name
    except Unavailable:
        found = shutil.which(name)
        if found is None:
            raise ProgramFailed(f"{name} is not installed: install PostgreSQL's client programs.") from None
        return found
