"""`python -m api COMMAND`: everything that is done to Meridian from a shell."""

import argparse
import contextlib
import gc
import importlib
import inspect
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from api import settings
from api.accounts.viewer import Role
from api.errors import Refused

COMMANDS = {
    "run": "start everything: database, API and site",
    "serve": "serve the API at API_HOST and API_PORT",
    "worker": "do the background work until stopped",
    "migrate": "bring the database's tables up to date",
    "sample": "load the sample clinic into an empty database, or remove it",
    "import": "bring old texts in as drafts: Markdown, saved pages, plain text",
    "gate": "say what the publish gate finds in a file, line by line",
    "push": "send a folder of Markdown and bibliographies to a Meridian",
    "pull": "write a folder of Markdown and sources from what a Meridian has",
    "schema": "write the SDL and the document's JSON schema, or check them",
    "doctor": "look at every part and say what is wrong; exit 1 with warnings, 2 when something is broken",
    "backup": "dump the database and keep the media, hashed and rotated",
    "restore": "bring a backup back into an empty database, or try it out with --verify",
    "upgrade": "with a new release: back up, change the tables, try them, then switch",
    "sources": "hold a list of retractions against the sources",
    "comments": "find a reader's comment, tell what is kept of it, erase it",
    "members": "list members, invite them, let them choose a new password",
}
MODULES = {"import": "importing"}  # a module cannot be called by a keyword


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a refusal is one sentence on standard error and exit code 1."""
    options = _parser().parse_args(arguments)
    try:
        configured = settings.read()
        if options.command == "worker":  # until it listens by itself: to load it takes a second, and nothing is begun
            signal.signal(signal.SIGTERM, _leave)
        with _loading():  # by name: `make run` starts five commands, and all of them together take a second to import
            command = importlib.import_module(f"api.commands.{MODULES.get(options.command, options.command)}")
        return int(command.run(options, configured))
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return 1


@contextlib.contextmanager
def _loading() -> Iterator[None]:
    """Load without what helps whoever writes a program and costs whoever starts it (decision 072)."""
    getsource = inspect.getsource
    gc.disable()  # nothing that is loaded is garbage
    # Tortoise reads and parses a file for each table, for comments that ours do not have.
    inspect.getsource = _no_source  # type: ignore[assignment] # it takes whatever is given
    try:
        with _hidden("rich"):  # structlog keeps it for tracebacks in colour; ours are plain
            importlib.import_module("structlog")
        with _hidden("httpx._main"):  # its command line, which loads rich as well
            yield
    finally:
        inspect.getsource = getsource
        gc.freeze()  # nor will it be: to look it all through was a twelfth of the start
        gc.enable()


@contextlib.contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Let nobody find this module meanwhile."""
    known = sys.modules.get(module)
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]
        if known:
            sys.modules[module] = known


def _no_source(thing: object) -> str:
    raise OSError(thing)


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api", description="Meridian, from a shell.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    of = {
        name: commands.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
        for name, told in COMMANDS.items()
    }
    several = "how many behind the one port (1)"
    of["serve"].add_argument("--processes", type=_count, default=1, metavar="N", help=several)
    of["sample"].add_argument("act", choices=("load", "remove"))
    of["schema"].add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    _members(of["members"])
    of["backup"].add_argument("--to", type=Path, metavar="FOLDER", help="the backup folder; BACKUP_DIR when not given")
    of["backup"].add_argument("--keep", type=_count, default=14, metavar="N", help="how many to keep (14)")
    of["upgrade"].add_argument("--keep", type=_count, default=14, metavar="N", help="how many backups to keep (14)")
    of["upgrade"].add_argument("--no-backup", action="store_true", help="there is one already")
    switch = "what puts this release to work, such as 'systemctl restart meridian-api meridian-worker meridian-site'"
    of["upgrade"].add_argument("--switch", default="", metavar="PROGRAM", help=switch)
    of["restore"].add_argument("backup", nargs="?", type=Path, metavar="BACKUP", help="the newest when not given")
    of["restore"].add_argument(
        "--verify", action="store_true", help="restore into a passing database, compare, drop it"
    )
    _sources(of["sources"])
    _comments(of["comments"])
    of["import"].add_argument("paths", nargs="+", type=Path, metavar="DIR|FILE")
    prefix = "the path under which the old site kept its posts"
    of["import"].add_argument("--map-url-prefix", default="", metavar="/post/", help=prefix)
    of["import"].add_argument("--preview", action="store_true", help="print a signed link to each draft in the blog")
    of["gate"].add_argument("file", type=Path, metavar="FILE", help="Markdown, a saved page or plain text")
    of["gate"].add_argument("--news", action="store_true", help="ask as of NEWS, which makes no health claim")
    of["gate"].epilog = "Exit code 1 when something blocks. Sources are looked up by key in the database."
    for name in ("push", "pull"):
        _remote(of[name])
    of["push"].add_argument("--dry-run", action="store_true", help="change nothing; say what would happen")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give at least 1")
    return number


def _comments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    find = acts.add_parser("find", help="list comments in whose text or name these words stand")
    find.add_argument("words", metavar="WORDS")
    for name, told in (("export", "print all that is kept, as JSON"), ("erase", "erase for good")):
        acts.add_parser(name, help=told).add_argument("which", nargs="+", metavar="ID|LINK")


def _remote(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--url", required=True, help="the API's address, such as https://api.clinic.example")
    parser.add_argument("--token", required=True, help="a member's token, mrd_…")


def _sources(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    told = "mark sources that a CSV of Retraction Watch names as retracted, corrected or of concern"
    retractions = acts.add_parser("retractions", help=told, description=f"{told[0].upper()}{told[1:]}.")
    retractions.add_argument("file", type=Path, metavar="FILE", help="the CSV, on this machine's disk")
    retractions.add_argument("--dry-run", action="store_true", help="change nothing; say what would happen")


def _members(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("list", help="who can sign in, as what")
    invite = acts.add_parser("invite", help="make a member; prints a one-time link")
    invite.add_argument("--name", required=True, help="how colleagues call them")
    told = f"one of {', '.join(Role)}; may be given several times"
    known = [role.value for role in Role]
    invite.add_argument(
        "--role", required=True, action="append", type=str.upper, choices=known, metavar="ROLE", help=told
    )
    invite.add_argument("--practitioner", metavar="SLUG", help="the practitioner as whom they write and review")
    reset = acts.add_parser("reset-password", help="print a one-time link for a new password")
    for parser_of_one in (invite, reset):
        parser_of_one.add_argument("email", metavar="EMAIL")
    acts.add_parser("invite-first", help="print a link for a first admin, while nobody can sign in")
    acts.add_parser("mint-demo-token", help="make a token for trying the API on this machine")


if __name__ == "__main__":
    sys.exit(main())
