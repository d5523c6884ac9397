"""`python -m api push`: a folder of Markdown and bibliographies becomes drafts and entries on a server."""

import argparse

from rich.console import Console

from api.pushing import Client, Outcome, Told, push
from api.settings import Settings


def run(options: argparse.Namespace, _configured: Settings) -> int:
    with Client(options.url, options.token) as client:
        showing = Showing(Console(soft_wrap=True, highlight=False), dry_run=options.dry_run)
        is_good = push(options.folder, client, showing, dry_run=options.dry_run)
    showing.sum_up()
    return 0 if is_good else 1


class Showing:
    """Prints what became of each file as soon as it is known; what did not change is only counted."""

    def __init__(self, console: Console, *, dry_run: bool = False) -> None:
        self._console = console
        self._counts = dict.fromkeys(Outcome, 0)
        self._would = "would be " if dry_run else ""

    def __call__(self, told: Told) -> None:
        self._counts[told.outcome] += 1
        if told.outcome is Outcome.UNCHANGED and not told.lines:
            return
        would = self._would if told.outcome in {Outcome.CREATED, Outcome.REVISED} else ""
        self._say(f"{told.name}: {would}{told.outcome}")
        for line in told.lines:
            self._say(f"  {line}")

    def sum_up(self) -> None:
        counted = [f"{number} {outcome.lower()}" for outcome, number in self._counts.items() if number]
        self._say(
            (", ".join(counted) or "Nothing is there") + (" (dry run: nothing was sent)." if self._would else ".")
        )

    def _say(self, line: str) -> None:
        shown = "".join(sign if sign.isprintable() else " " for sign in line)  # a server's words drive no terminal
        self._console.print(shown, markup=False)
