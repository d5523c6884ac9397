"""`python -m api gate`: what the publish gate says of a file, line by line; exit code 1 when something blocks."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from api.commands.connected import connected
from api.errors import NotFound
from api.gate.model import Kind
from api.publishing.importing.judging import judge
from api.settings import Settings


def run(options: argparse.Namespace, configured: Settings) -> int:
    kind = Kind.NEWS if options.news else Kind.HEALTH
    data = _bytes(options.file)

    async def act() -> int:
        judged = await judge(options.file.name, data, datetime.now(UTC), kind)
        for line in judged.lines:
            print("".join(sign if sign.isprintable() else " " for sign in line))  # a file's words drive no terminal
        return int(any(finding.blocks for finding in judged.report.findings))

    return connected(configured, act)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read ({error.strerror}).") from error
