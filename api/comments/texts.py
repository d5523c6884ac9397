"""What a reader typed, as it is kept: plain text without signs that cannot be seen."""

import re
import unicodedata
from typing import Final

LONGEST_BODY: Final = 2_000
LONGEST_NAME: Final = 60
# Signs that turn the direction of writing or take no room hide what a text says; joiners stay, words of some scripts
# and many pictures are made with them.
_JOINERS: Final = frozenset("\u200c\u200d")
_EMPTY_LINES: Final = re.compile(r"\n(?:[ ]*\n){2,}")


def plain(text: str) -> str:
    """The text with ordinary line ends and blanks, without control characters, as it is kept and shown."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(_shown(sign) for sign in composed)
    lines = "\n".join(line.rstrip() for line in seen.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def one_line(text: str) -> str:
    """The same for a name, which has one line."""
    return " ".join(plain(text).split())


def _shown(sign: str) -> str:
    if sign in "\t\u2028\u2029\u00a0":
        return " "
    hidden = unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"}
    return "" if hidden and sign != "\n" and sign not in _JOINERS else sign
