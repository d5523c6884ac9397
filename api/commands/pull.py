"""`python -m api pull`: what a server has is written into a folder, from which `push` sends it again."""

import argparse

from rich.console import Console

from api.commands.push import Showing
from api.pushing import Client, pull
from api.settings import Settings


def run(options: argparse.Namespace, _configured: Settings) -> int:
    with Client(options.url, options.token) as client:
        showing = Showing(Console(soft_wrap=True, highlight=False))
        is_good = pull(options.folder, client, showing)
    showing.sum_up()
    return 0 if is_good else 1
