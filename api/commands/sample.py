"""`python -m api sample`: bring the sample clinic in, or take it out."""

import argparse

from api.commands.connected import connected
from api.errors import Refused
from api.sample import loading
from api.settings import Settings


class InPublic(Refused):
    """The sample clinic is invented, and PUBLIC_SITE_URL is a public address: try it on this machine instead."""


def run(options: argparse.Namespace, configured: Settings) -> int:
    if options.act == "load" and configured.is_public:
        raise InPublic

    async def load() -> None:
        loaded = await loading.load(configured.media_dir, configured.public_site_url, _tell)
        if not loaded:
            print("  The sample clinic is there already.")

    async def remove() -> None:
        removed = await loading.remove()
        print("The sample clinic is gone." if removed else "There is no sample clinic here.")

    return connected(configured, load if options.act == "load" else remove)


def _tell(step: str) -> None:
    print(f"  {step} …", flush=True)
