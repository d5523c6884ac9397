"""`python -m api run`: start everything."""

import argparse

from api import launcher
from api.settings import Settings


def run(_options: argparse.Namespace, configured: Settings) -> int:
    return launcher.run(configured)
