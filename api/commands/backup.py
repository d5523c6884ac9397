"""`python -m api backup`: dump the database and keep the media, hashed, beside the older backups."""

import argparse
import asyncio
import time

from api import backups, erasures
from api.commands.connected import address, connected
from api.settings import Settings


def run(options: argparse.Namespace, configured: Settings) -> int:
    folder = options.to or configured.backup_dir
    began = time.monotonic()
    with address(configured) as url:
        connected(configured, lambda: _note(folder))
        place = asyncio.run(
            backups.write(url, configured.media_dir, folder, keep=options.keep, hook=configured.backup_hook)
        )
    made = backups.read(place)
    rows = sum(table.rows for table in made.tables.values())
    size = (place / "database.dump").stat().st_size
    print(
        f"{place}: {rows:,} rows of {len(made.tables)} tables ({size:,} bytes), {len(made.media):,} media files, "
        f"{time.monotonic() - began:.1f} s"
    )
    print("SECRET_KEY is not in it: keep that elsewhere. `python -m api restore --verify` tries it out.")
    return 0


async def _note(folder: object) -> None:
    await erasures.append(folder)  # type: ignore[arg-type] # argparse types nothing
