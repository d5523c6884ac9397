"""`python -m api upgrade`: what is done with a new release, in the order in which nothing can be lost.

Backup, tables, a look whether this release answers on them, and only then the switch. The release before goes on
running on the new tables until then; whatever stops this half-way, it can be run again.
"""

import argparse
import asyncio
import shlex
import subprocess

import httpx

from api import app, backups, database
from api.commands.connected import address
from api.errors import Unavailable
from api.settings import Settings

QUESTION = "{ clinic { name } articles(first: 1) { nodes { id title body { text } } } }"


class NotHealthy(Unavailable):
    """This release does not answer on the new tables; the one before goes on running."""


def run(options: argparse.Namespace, configured: Settings) -> int:
    with address(configured) as url:
        if not options.no_backup:
            place = asyncio.run(
                backups.write(
                    url, configured.media_dir, configured.backup_dir, keep=options.keep, hook=configured.backup_hook
                )
            )
            print(f"1. Backup: {place}", flush=True)
        asyncio.run(database.migrate(url))
        print("2. Tables: up to date", flush=True)
        asyncio.run(_check(configured, url))
        print("3. This release answers on them", flush=True)
    if not options.switch:
        print("4. Now restart the processes on this release: the API, the worker, the site.")
        return 0
    print(f"4. {options.switch}", flush=True)
    return subprocess.run(shlex.split(options.switch), check=False).returncode  # noqa: S603 - the operator's own


async def _check(configured: Settings, url: str) -> None:
    """Ask this release one real question, in this process."""
    built, _health = app.build(configured, url)
    await database.connect(url, connections=2)
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(built), base_url="http://api") as client:
            ready = await client.get("/readyz")
            answer = await client.post("/graphql", json={"query": QUESTION})
    finally:
        await database.disconnect()
    said = answer.json()
    without_clinic = [each for each in said.get("errors", ()) if each.get("path", [""])[0] != "clinic"]
    if ready.status_code != httpx.codes.OK or without_clinic:
        raise NotHealthy(
            f"This release does not answer on the new tables ({ready.text.strip()[:200]}); the one before goes on "
            "running. Report this, and restore the backup only if that one fails too."
        )
