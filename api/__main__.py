"""`python -m api COMMAND`: everything that is done to Meridian from a shell."""

import argparse
import asyncio
import sys

from api import database, settings
from api.errors import Refused


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a refusal is one sentence on standard error and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m api", description="Meridian, from a shell.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("migrate", help="bring the database's tables up to date")
    options = parser.parse_args(arguments)
    try:
        return COMMANDS[options.command](options, settings.read())
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return 1


def migrate(_options: argparse.Namespace, configured: settings.Settings) -> int:
    asyncio.run(database.migrate(configured.database_url))
    return 0


COMMANDS = {"migrate": migrate}

if __name__ == "__main__":
    sys.exit(main())
