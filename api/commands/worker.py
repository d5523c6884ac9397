"""`python -m api worker`: the background work, until it is stopped."""

import argparse

from api import background
from api.commands.connected import connected
from api.settings import Settings


def run(_options: argparse.Namespace, configured: Settings) -> int:
    return connected(configured, lambda: background.work(background.duties(configured)))
