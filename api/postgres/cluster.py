"""The server's files: where they are, whether they can be used, and how they are made."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from api.errors import Unavailable
from api.postgres.account import MAJOR, Account, accounts, elsewhere, owner_of

LONGEST_PATH = 900  # bytes; PostgreSQL itself stops at 1,023 with its file names added
LEAST_FREE = 200_000_000  # bytes: a new cluster takes 40 MB, and its log of changes grows in steps of 16 MB


class DataUnusable(Unavailable):
    """The folder of the embedded database cannot be used."""


def check_path(folder: Path) -> None:
    """Refuse a path that PostgreSQL could not use."""
    if len(os.fsencode(folder)) > LONGEST_PATH:
        raise DataUnusable(
            f"The path of the data folder is longer than {LONGEST_PATH} bytes, more than PostgreSQL can use; "
            "set DATA_DIR to a shorter one."
        )


def place_of(folder: Path) -> Path:
    """Return where this folder's cluster is: inside it, or (for some roots, see `accounts`) in a place of its own."""
    other = elsewhere(folder) / "postgres"
    return other if os.geteuid() == 0 and other.exists() else folder / "postgres"


def opened(folder: Path, database: str) -> tuple[Path, Account]:
    """Return the cluster of this folder, made with its database if need be, and the account that runs it."""
    place = place_of(folder)
    _check_room(place if place.exists() else folder)
    if not place.exists():
        return _create(folder, database)
    _check_version(place)
    account = owner_of(place)
    if not account.can_use(place):
        raise DataUnusable(
            f"{place} cannot be used by the account that owns it, and PostgreSQL refuses to run as root; "
            "run this as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours."
        )
    return place, account


def _check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise DataUnusable(
            f"The disk of {folder} has only {free // 1_000_000} MB free and the database needs "
            f"{LEAST_FREE // 1_000_000} MB; make room, or set DATA_DIR to a folder on another disk."
        )


def _check_version(place: Path) -> None:
    try:
        major = (place / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise DataUnusable(f"{place} is not a PostgreSQL data folder; remove it or set DATA_DIR.") from None
    except PermissionError:
        raise DataUnusable(
            f"{place} belongs to another user; run this as that user, or set DATA_DIR to a folder of your own."
        ) from None
    if major != str(MAJOR):
        raise DataUnusable(
            f"{place} holds data of PostgreSQL {major} and this is PostgreSQL {MAJOR}; restore a backup into a new "
            "folder (set DATA_DIR), or start the version that wrote it."
        )


def _create(folder: Path, database: str) -> tuple[Path, Account]:
    """Make the cluster under a passing name, so that one half made is never taken for whole."""
    for account in accounts(folder):
        home = account.home(folder)
        for leftover in home.glob("postgres.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=home))
        try:
            account.adopt(staging)
            if account.can_use(staging):
                _initialise(account, staging, database)
                return staging.rename(home / "postgres"), account
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    raise DataUnusable(
        f"PostgreSQL insists on a user with a name who is not root, and none can use {folder}; "
        "run this as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours."
    )


def _initialise(account: Account, staging: Path, database: str) -> None:
    """Make a cluster whose texts sort and fold alike on every system: by the built-in locale, not the machine's."""
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    commands = (
        (["initdb", *locale, "--auth=trust", "--username=postgres", "-D", str(staging)], ""),
        (["postgres", "--single", "-D", str(staging), "postgres"], f"CREATE DATABASE {database}\n"),
    )
    for command, statement in commands:
        run = account.command(command)
        done = subprocess.run(
            run.arguments,
            input=statement.encode(),
            capture_output=True,
            check=False,
            start_new_session=True,  # Ctrl-C reaches this process only
            **run.options,
        )
        said = done.stderr.decode(errors="replace")
        if "No space left on device" in said:
            raise DataUnusable(f"The disk of {staging.parent} is full; make room and start again.")
        if done.returncode or "ERROR:" in said:
            last = said.strip().splitlines()[-1:] or [f"{command[0]} ended with {done.returncode}"]
            raise DataUnusable(f"The database could not be made in {staging.parent}: {last[0]}")
