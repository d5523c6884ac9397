"""`python -m api serve`: the API, until it is stopped; by one process, or by several behind one port."""

import argparse
import asyncio
import socket

import asyncpg

from api import app, database
from api.commands.connected import address
from api.errors import Refused
from api.settings import Settings
from api.web import logs
from api.web.callers import networks
from api.web.crowds import Crowd
from api.web.processes import Processes
from api.web.serve import listen, serve


class SampleInPublic(Refused):
    """The sample clinic may not stand on a public address: run `python -m api sample remove` first."""


def run(options: argparse.Namespace, configured: Settings) -> int:
    with address(configured) as url:
        if configured.is_public and asyncio.run(_holds_the_sample(url)):
            raise SampleInPublic
        if options.processes == 1:
            _serve(configured, url)
        else:
            logs.configure(configured.log_format)
            listening = listen(configured.api_host, configured.api_port)
            Processes(options.processes, lambda: _serve(configured, url, listening)).run()
    return 0


def _serve(configured: Settings, url: str, listening: socket.socket | None = None) -> None:
    crowd = Crowd(configured.most_connections, configured.connections_per_address, networks(configured.trusted_proxies))
    built, health = app.build(configured, url, crowd)
    serve(
        built,
        host=configured.api_host,
        port=configured.api_port,
        health=health,
        crowd=crowd,
        log_format=configured.log_format,
        listening=listening,
    )


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
