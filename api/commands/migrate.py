"""`python -m api migrate`: bring the tables up to date."""

import argparse
import asyncio

from api import database
from api.commands.connected import address
from api.settings import Settings


def run(_options: argparse.Namespace, configured: Settings) -> int:
    with address(configured) as url:
        asyncio.run(database.migrate(url))
    return 0
