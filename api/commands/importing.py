"""`python -m api import`: old texts from disk become drafts, with a report for each and one table for a folder."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table

from api import documents
from api.commands.connected import connected
from api.errors import NotFound, Refused
from api.publishing import links
from api.publishing.importing import ImportedArticle, read, storing
from api.publishing.importing.storing import Stored
from api.settings import Settings

SUFFIXES = {".md", ".markdown", ".html", ".htm", ".txt"}
WIDTH = 120
PREVIEW = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    paths: Sequence[Path]
    map_url_prefix: str = ""
    preview: bool = False


@dataclass(frozen=True)
class Brought:
    """One text that was brought in."""

    read: ImportedArticle
    stored: Stored

    @property
    def lacks(self) -> tuple[str, ...]:
        """What stands between the draft and publication, as far as the text itself shows."""
        missing = {
            "a summary": not self.read.summary,
            "citations": not self.stored.cited,
            "a source for every mark": bool(self.stored.dangling),
            "confirmed sources": bool(self.read.sources),
        }
        return tuple(name for name, lacking in missing.items() if lacking)

    @property
    def distance(self) -> tuple[int, int, int]:
        """How far from publishable; less is nearer."""
        return len(self.lacks), len(self.stored.dangling), len(self.read.report.lines)


async def bring_in(wanted: Wanted, configured: Settings, console: Console | None = None) -> int:
    """Bring every file in; 1 when one of them could not be read, which keeps none of the others out."""
    told = console or Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    files = list(_files(wanted.paths))
    brought: list[Brought] = []
    refused = 0
    for path, name in track(
        files, "Importing", console=told, transient=True, disable=len(files) == 1 or not told.is_terminal
    ):
        try:
            article = read(name, path.read_bytes(), map_url_prefix=wanted.map_url_prefix)
            assumed = storing.assumed_path(article, wanted.map_url_prefix)
            one = Brought(article, await storing.store(article, assumed=assumed))
        except (Refused, OSError) as error:
            refused += 1
            told.print(f"{path}: {_sentence(error)}", markup=False)
            continue
        brought.append(one)
        await _tell(one, path, wanted, configured, told)
    if len(files) > 1:
        told.print(_table(sorted(brought, key=lambda each: each.distance)))
    return 1 if refused else 0


def _files(paths: Iterable[Path]) -> Iterable[tuple[Path, str]]:
    """Each file with the name by which it is known again: below its folder, or its own."""
    for path in paths:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
            if not found:
                raise NotFound(f"{path} holds no Markdown, HTML or text file.")
            yield from ((each, str(each.relative_to(path))) for each in found)
        elif path.exists():
            yield path, path.name
        else:
            raise NotFound(f"{path} does not exist.")


async def _tell(one: Brought, path: Path, wanted: Wanted, configured: Settings, told: Console) -> None:
    told.print(f"{path.name} → /articles/{one.stored.slug} ({one.stored.outcome})", markup=False)
    for line in (*one.stored.lines, *one.read.report.lines):
        told.print(f"  - {line}", markup=False)
    if wanted.preview:
        link = await links.preview_token(one.stored.revision, PREVIEW, configured.secret_key)
        told.print(f"  Preview, for {PREVIEW.days} days: {configured.public_site_url}/preview/{link}", markup=False)


def _table(brought: Iterable[Brought]) -> Table:
    table = Table(title="Nearest to publishable first", title_justify="left", box=SIMPLE)
    for name in ("Article", "Words", "Citations", "Dangling", "Sources", "Lacks"):
        table.add_column(name, justify="left" if name in {"Article", "Lacks"} else "right", overflow="fold")
    for one in brought:
        numbers = (documents.words(one.read.body), one.stored.cited, len(one.stored.dangling), len(one.read.sources))
        table.add_row(one.stored.slug, *(str(number) for number in numbers), ", ".join(one.lacks) or "a review")
    return table


def _sentence(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.message
    return f"It cannot be read ({getattr(error, 'strerror', None) or error})."


def run(options: argparse.Namespace, configured: Settings) -> int:
    wanted = Wanted(options.paths, options.map_url_prefix, preview=options.preview)
    return connected(configured, lambda: bring_in(wanted, configured))
