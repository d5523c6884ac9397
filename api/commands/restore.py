"""`python -m api restore`: bring a backup back into an empty database, or try it out and change nothing."""

import argparse
import asyncio
import time

from api import backups
from api.commands.connected import address
from api.settings import Settings


def run(options: argparse.Namespace, configured: Settings) -> int:
    backup = options.backup or backups.newest(configured.backup_dir)
    if backup is None:
        raise backups.NoBackup(f"There is no backup in {configured.backup_dir}: name the folder of one.")
    began = time.monotonic()
    print(f"{backup} …", flush=True)
    with address(configured) as url:
        if options.verify:
            done = asyncio.run(backups.verify(backup, url))
        else:
            site, secret = configured.public_site_url, configured.secret_key
            done = asyncio.run(backups.restore(backup, url, configured.media_dir, site, secret))
    told = f"{done.rows:,} rows and {done.files:,} media files, every count and hash equal"
    seconds = time.monotonic() - began
    if options.verify:
        print(f"The backup is whole: {told}; {seconds:.1f} s. Nothing was changed.")
    else:
        print(f"Restored: {told}; {done.erased} erased since were erased again; {seconds:.1f} s.")
    return 0
