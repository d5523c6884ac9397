"""`python -m api comments`: tell what is kept of somebody's comment, or erase it, when its writer asks the clinic."""

import argparse
import json

from api.accounts import links
from api.commands.connected import connected
from api.comments import erasing, reading
from api.ids import prefix_of
from api.settings import Settings

MOST = 50


def run(options: argparse.Namespace, configured: Settings) -> int:
    async def act() -> None:
        if options.act == "find":
            await find(options.words)
        for wanted in () if options.act == "find" else options.which:
            if options.act == "export":
                await export(_id(wanted, configured))
            else:
                await erase(_id(wanted, configured), configured.secret_key)

    return connected(configured, act)


async def find(words: str) -> None:
    """One line for each comment in whose text or name the words stand: id, state, day, name."""
    for comment in await reading.containing(words, MOST):
        print("\t".join((comment.id, comment.status, f"{comment.at:%Y-%m-%d}", comment.display_name)))


async def export(which: str) -> None:
    """Everything that is kept of a comment, as JSON."""
    print(json.dumps(await erasing.export(which), ensure_ascii=False, indent=2))


async def erase(which: str, secret: str) -> None:
    """Erase a comment, or a report of a problem, for good."""
    if prefix_of(which) == "prb":
        await erasing.erase_report(which, "system")
    else:
        await erasing.erase(which, "system", secret)
    print(f"{which} is erased.")


def _id(text: str, configured: Settings) -> str:
    """The id itself, or the one that a private link names."""
    token = text.rpartition("/")[2]
    viewer = links.writer_of(configured.secret_key, token) if token.startswith(links.COMMENT_PREFIX) else None
    return (viewer.comment if viewer else None) or text
