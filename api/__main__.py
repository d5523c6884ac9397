"""`python -m api COMMAND`: everything that is done to Meridian from a shell."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api import background, database, importing, launcher, postgres, settings
from api.accounts import tokens
from api.accounts.models import Member
from api.accounts.viewer import Role
from api.errors import Refused
from api.sample import loading
from api.web import logs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from api.settings import Settings

DEMONSTRATION = "editor@sample.invalid"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a refusal is one sentence on standard error and exit code 1."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace, Settings], int] = options.run
        configured = settings.read()
        logs.configure(configured.log_format)
        return run(options, configured)
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api", description="Meridian, from a shell.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Settings], int], told: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
        added.set_defaults(run=run)
        return added

    command("run", lambda _options, configured: launcher.run(configured), "start everything: database, API and site")
    command("serve", serve, "serve the API at API_HOST and API_PORT")
    command("worker", worker, "do the background work until stopped")
    command("migrate", migrate, "bring the database's tables up to date")
    sample = command("sample", sample_clinic, "load the sample clinic into an empty database, or remove it")
    sample.add_argument("act", choices=("load", "remove"))
    command("schema", write_schema, "write the SDL and the document's JSON schema, or check them").add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a committed file is stale"
    )
    importing_ = command("import", import_texts, "bring old texts in as drafts: Markdown, saved pages, plain text")
    importing_.add_argument("paths", nargs="+", type=Path, metavar="DIR|FILE")
    importing_.add_argument(
        "--map-url-prefix", default="", metavar="/post/", help="the path under which the old site kept its posts"
    )
    importing_.add_argument(
        "--preview", action="store_true", help="print a signed link that shows each draft in the blog"
    )
    members = command("members", mint_demo_token, "make a token for trying the API on this machine")
    members.add_argument("act", choices=("mint-demo-token",))
    return parser


def serve(_options: argparse.Namespace, configured: Settings) -> int:
    from api import app  # noqa: PLC0415 - the other commands need not wait for the schema
    from api.web.serve import serve as listen  # noqa: PLC0415

    with _database(configured) as url:
        built, health = app.build(configured, url)
        listen(
            built, host=configured.api_host, port=configured.api_port, health=health, log_format=configured.log_format
        )
    return 0


def worker(_options: argparse.Namespace, configured: Settings) -> int:
    _with_database(configured, background.work)
    return 0


def write_schema(options: argparse.Namespace, _configured: Settings) -> int:
    from api.app import files  # noqa: PLC0415 - as above

    stale = [name for name, text in files.written().items() if files.is_stale(name, text)]
    if options.check and stale:
        raise Refused(f"{', '.join(stale)} is stale: run `python -m api schema` and commit the result.")
    for name in stale:
        files.write(name)
        print(f"Wrote schema/{name}.")
    return 0


def migrate(_options: argparse.Namespace, configured: Settings) -> int:
    with _database(configured) as url:
        asyncio.run(database.migrate(url))
    return 0


def sample_clinic(options: argparse.Namespace, configured: Settings) -> int:
    async def load() -> None:
        if not await loading.load(
            configured.media_dir, configured.public_site_url, lambda step: print(f"  {step} …", flush=True)
        ):
            print("  The sample clinic is there already.")

    async def remove() -> None:
        removed = await loading.remove()
        print("The sample clinic is gone." if removed else "There is no sample clinic here.")

    _with_database(configured, load if options.act == "load" else remove)
    return 0


def import_texts(options: argparse.Namespace, configured: Settings) -> int:
    wanted = importing.Wanted(options.paths, options.map_url_prefix, options.preview)
    return _with_database(configured, lambda: importing.bring_in(wanted, configured))


def mint_demo_token(_options: argparse.Namespace, configured: Settings) -> int:
    async def mint() -> None:
        defaults = {"display_name": "Sample editor", "roles": [Role.EDITOR]}
        member, _ = await Member.get_or_create(email=DEMONSTRATION, defaults=defaults)
        print((await tokens.mint(member, "make run", timedelta(hours=24))).text)

    _with_database(configured, mint)
    return 0


def _with_database(configured: Settings, act: Callable[[], Awaitable[int | None]]) -> int:
    async def connected(url: str) -> int:
        await database.connect(url)
        try:
            return await act() or 0
        finally:
            await database.disconnect()

    with _database(configured) as url:
        return asyncio.run(connected(url))


@contextlib.contextmanager
def _database(configured: Settings) -> Iterator[str]:
    """The address of the database: the one that is named, else the embedded one, started when nobody did."""
    if configured.database_url:
        yield configured.database_url
        return
    with postgres.running(configured.data_dir) as url:
        yield url


if __name__ == "__main__":
    sys.exit(main())
