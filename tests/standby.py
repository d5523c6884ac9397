"""A second PostgreSQL that follows the embedded one: a copy by pg_basebackup, which streams what comes after it."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

from api.postgres import cluster, process


@contextlib.contextmanager
def following(primary: Path, folder: Path, *settings: str) -> Iterator[tuple[str, process.Running]]:
    """The address of a standby of the server whose files are in `primary`, and its process; it ends with the block."""
    original = cluster.place_of(primary.absolute())
    account = cluster.owner_of(original)
    found = process.answering(original)
    assert found
    folder.mkdir(mode=0o711)
    place = account.home(folder) / "postgres"
    place.mkdir(mode=0o700)
    account.adopt(place)
    copying = ["pg_basebackup", "-h", found.sockets, "-U", "postgres", "-D", str(place), "-R", "-c", "fast"]
    run = account.command(copying)
    subprocess.run(run.arguments, check=True, capture_output=True, timeout=60, **run.options)
    for left in place.glob(".s.PGSQL*"):  # the socket of the original, which lies among its files
        left.unlink()
    with (place / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{setting}\n" for setting in ("hot_standby_feedback = on", *settings))
    standby = process.start(account, place, log=folder / "postgres.log")
    try:
        yield f"postgres://postgres@/meridian?host={quote(standby.sockets)}", standby
    finally:
        standby.stop()


def database_of(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return url.replace(urlsplit(url).path, f"/{name}", 1)
