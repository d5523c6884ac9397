"""`python -m api sources retractions FILE`: hold a CSV of Retraction Watch against the sources that are kept here."""

import argparse
import csv
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from api.commands.connected import connected
from api.errors import Invalid, Refused
from api.publishing import retractions
from api.publishing.acting import Acting
from api.publishing.retractions import Notice, Verdict
from api.settings import Settings

TOLD_EVERY = 1_000


class NoFile(Invalid):
    """There is no such file: give the path of a CSV of Retraction Watch."""


def run(options: argparse.Namespace, configured: Settings) -> int:
    if not options.file.is_file():
        raise NoFile(f"There is no file {options.file}: give the path of a CSV of Retraction Watch.")

    async def act() -> int:
        found = await retractions.verdicts(_notices(options.file))
        refused = [not await _mark(verdict, configured, dry=options.dry_run) for verdict in found]
        news = sum(verdict.is_news for verdict in found)
        done = f"{news - sum(refused)} {'would be marked' if options.dry_run else 'marked'}"
        print(f"{len(found)} sources are named in the file: {done}, {len(found) - news} as before.")
        return 1 if any(refused) else 0

    return connected(configured, act)


def _notices(path: Path) -> Iterator[Notice]:
    """The notices of the file, read row by row, with a bar on a terminal."""
    read = 0
    with (
        Progress(console=Console(stderr=True), transient=True) as progress,
        path.open("rb") as raw,
        TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="") as lines,
    ):
        bar = progress.add_task("Reading", total=path.stat().st_size)
        table = csv.DictReader(lines)
        retractions.check_columns(table.fieldnames or ())
        for row in table:
            read += 1
            if read % TOLD_EVERY == 0:
                progress.update(bar, completed=raw.tell())
            if notice := retractions.read(row):
                yield notice
    print(f"Read {read:,} rows.")


async def _mark(verdict: Verdict, configured: Settings, *, dry: bool) -> bool:
    """Tell of one source and mark it; false when that was refused."""
    source, notice = verdict.source, verdict.notice
    if notice is None or notice.status is None:
        print(f"{source.key}: {source.status}, reinstated since; look at it and decide.")
        return True
    if not verdict.is_news:
        print(f"{source.key}: {source.status}, as before.")
        return True
    live = await retractions.cited_by(source)
    try:
        if not dry:
            await retractions.mark(verdict, Acting(configured.public_site_url))
    except Refused as refusal:
        print(f"{source.key}: {refusal.message}", file=sys.stderr)
        return False
    print(f"{source.key}: {source.status} → {notice.status}. {notice.note}")
    print(f"  live articles that lean on it: {', '.join(live) or 'none'}")
    return True
