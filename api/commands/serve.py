"""`python -m api serve`: the API, until it is stopped."""

import argparse

from api import app
from api.commands.connected import address
from api.settings import Settings
from api.web.callers import networks
from api.web.crowds import Crowd
from api.web.serve import serve


def run(_options: argparse.Namespace, configured: Settings) -> int:
    with address(configured) as url:
        built, health = app.build(configured, url)
        serve(
            built,
            host=configured.api_host,
            port=configured.api_port,
            health=health,
            crowd=Crowd(
                configured.most_connections, configured.connections_per_address, networks(configured.trusted_proxies)
            ),
            log_format=configured.log_format,
        )
    return 0
