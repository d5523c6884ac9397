"""`python -m api members`: a token for trying the API on this machine."""

import argparse
from datetime import timedelta

from api.accounts import tokens
from api.accounts.models import Member
from api.accounts.viewer import Role
from api.commands.connected import connected
from api.settings import Settings

DEMONSTRATION = "editor@sample.invalid"


def run(_options: argparse.Namespace, configured: Settings) -> int:
    async def mint() -> None:
        defaults = {"display_name": "Sample editor", "roles": [Role.EDITOR]}
        member, _ = await Member.get_or_create(email=DEMONSTRATION, defaults=defaults)
        print((await tokens.mint(member, "make run", timedelta(hours=24))).text)

    return connected(configured, mint)
