"""`python -m api schema`: write the committed faces of the schema, or check that they are not stale."""

import argparse

from api.app import files
from api.errors import Refused
from api.settings import Settings


class Stale(Refused):
    """A committed file is stale: run `python -m api schema` and commit the result."""


def run(options: argparse.Namespace, _configured: Settings) -> int:
    stale = [name for name, text in files.written().items() if files.is_stale(name, text)]
    if options.check and stale:
        raise Stale(f"{', '.join(stale)} is stale: run `python -m api schema` and commit the result.")
    for name in stale:
        files.write(name)
        print(f"Wrote schema/{name}.")
    return 0
