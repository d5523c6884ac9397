"""`python -m api serve`: the API, until it is stopped."""

import argparse
import asyncio

import asyncpg

from api import app, database
from api.commands.connected import address
from api.errors import Refused
from api.settings import Settings
from api.web.callers import networks
from api.web.crowds import Crowd
from api.web.serve import serve


class SampleInPublic(Refused):
    """The sample clinic may not stand on a public address: run `python -m api sample remove` first."""


def run(_options: argparse.Namespace, configured: Settings) -> int:
    with address(configured) as url:
        if configured.is_public and asyncio.run(_holds_the_sample(url)):
            raise SampleInPublic
        crowd = Crowd(
            configured.most_connections, configured.connections_per_address, networks(configured.trusted_proxies)
        )
        built, health = app.build(configured, url, crowd)
        serve(
            built,
            host=configured.api_host,
            port=configured.api_port,
            health=health,
            crowd=crowd,
            log_format=configured.log_format,
        )
    return 0


async def _holds_the_sample(url: str) -> bool:
    """Look at the clinic; a database that is away or has no tables holds nothing, and `/readyz` says so later."""
    try:
        connection = await asyncpg.connect(**database.credentials(url), timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    try:
        return bool(await connection.fetchval("SELECT bool_or(is_sample) FROM clinic"))
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
