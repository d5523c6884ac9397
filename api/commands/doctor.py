"""`python -m api doctor`: look at every part and say what is wrong, for people and for monitors."""

import argparse
import asyncio

from api import doctor
from api.commands.connected import address
from api.doctor import Level
from api.errors import Refused
from api.settings import Settings

SIGNS = {Level.OK: "ok", Level.WARNING: "warning", Level.CRITICAL: "CRITICAL"}


def run(_options: argparse.Namespace, configured: Settings) -> int:
    """Print one line for each part; 0 when all is well, 1 with warnings, 2 when something is broken."""
    try:
        with address(configured) as url:
            found = asyncio.run(doctor.examine(configured, url))
    except Refused as refusal:
        found = [doctor.Finding("database", Level.CRITICAL, refusal.message)]
    for finding in sorted(found, key=lambda each: -each.level):
        print(f"{SIGNS[finding.level]:<9} {finding.part:<10} {finding.sentence}")
    return max(finding.level for finding in found)
