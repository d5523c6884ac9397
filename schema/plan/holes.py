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
        self._pattern = re.compile(rb'"' + self.nonce.encode() + rb'(.)((?:[^"\\]|\\.)*)"')
        self._makers: dict[bytes, Callable[[str], str]] = {
            CURSOR.encode(): lambda content: sealing.seal(key, content.encode()),
            HTML.encode(): nh3.clean,
        }

    def fill(self, answer: bytes) -> bytes:
        """The answer with everything in its place."""
        return self._pattern.sub(self._filled, answer)

    def _filled(self, hole: re.Match[bytes]) -> bytes:
        content: str = orjson.loads(b'"' + hole[2] + b'"')
        return orjson.dumps(self._makers[hole[1]](content))
