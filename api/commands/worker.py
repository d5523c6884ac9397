"""`python -m api worker`: the background work, until it is stopped."""

import argparse

from api import background, doctor
from api.commands.connected import connected
from api.settings import Settings
from api.web import logs


def run(_options: argparse.Namespace, configured: Settings) -> int:
    logs.configure(configured.log_format)

    async def act() -> None:
        await doctor.tell_at_start(configured)
        await background.work(background.duties(configured))

    return connected(configured, act)
