"""What Python finishes in an answer: cursors, whose key never leaves the process, and terms, which are cleaned.

The statement writes a text that begins with the nonce of this process, which nobody else knows, and a letter.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import nh3
import orjson

from api import sealing

if TYPE_CHECKING:
    from collections.abc import Callable

CURSOR, HTML = "c", "h"
TEXT = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*')
"""The rest of a JSON text, up to its closing quote."""


def cursor(name: str, keys: int) -> str:
    """The expression for the cursor of a row with the columns `k0`, `k1`, … of the list of this name."""
    written = " || ',' || ".join(f"to_json(k{place})::text" for place in range(keys))
    return f"{{nonce}} || '{CURSOR}[\"{name}\",' || {written} || ']'"


def html(expression: str) -> str:
    """The expression for HTML that is cleaned before anybody sees it."""
    return f"{{nonce}} || '{HTML}' || {expression}"


class Holes:
    """Fills the holes of answers; `key` seals the cursors."""

    def __init__(self, key: bytes) -> None:
        self.nonce = secrets.token_hex(16)
        self._mark = f'"{self.nonce}'.encode()
        self._makers: dict[bytes, Callable[[str], str]] = {
            CURSOR.encode(): lambda content: sealing.seal(key, content.encode()),
            HTML.encode(): nh3.clean,
        }

    def fill(self, answer: bytes) -> bytes:
        """The answer with everything in its place."""
        before, *pieces = answer.split(self._mark)
        return b"".join([before, *map(self._filled, pieces)])

    def _filled(self, piece: bytes) -> bytes:
        """What a hole's letter and text ask for, and what follows in the answer."""
        end = TEXT.match(piece, 1).end()  # type: ignore[union-attr] # it matches nothing, too
        content: str = orjson.loads(b'"' + piece[1:end] + b'"')
        return orjson.dumps(self._makers[piece[:1]](content)) + piece[end + 1 :]
