"""What is said of a picture: its words for those who cannot see it, where it comes from, and where its middle is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from math import isfinite

from api.errors import Invalid

LONGEST = {"alt": 300, "caption": 500, "credit": 200, "licence": 100}
"""Characters."""
FILE_NAME = re.compile(r"\S+\.(avif|gif|heic|jpe?g|png|tiff?|webp)", re.IGNORECASE)
LINES = "\n\t"


class AltMissing(Invalid):
    """Say in alt what the picture shows, for those who cannot see it; or send decorative=true if it says nothing."""


class AltNeedless(Invalid):
    """A decorative picture has no alt text: leave out one of alt and decorative."""


class AltIsAFileName(Invalid):
    """This alt text is the name of a file: say what the picture shows."""


class WordsTooLong(Invalid):
    """This text is too long: shorten it."""


class WordsUnprintable(Invalid):
    """This text holds characters that cannot be shown: write it anew without them."""


class NoSuchPlace(Invalid):
    """The focal point has x and y, each from 0 (left, top) to 1 (right, bottom)."""


@dataclass(frozen=True)
class FocalPoint:
    """What must stay in view when a picture is cropped: shares of its width and height, from the top left."""

    x: float
    y: float


@dataclass(frozen=True)
class Words:
    """What is said of a picture; exactly one of `alt` and `decorative` holds."""

    alt: str | None = None
    decorative: bool = False
    caption: str | None = None
    credit: str | None = None
    licence: str | None = None
    focal_point: FocalPoint | None = None

    def checked(self) -> Words:
        """Trim the texts, or refuse them with the field's name as path."""
        words = replace(
            self,
            alt=_text("alt", self.alt),
            caption=_text("caption", self.caption),
            credit=_text("credit", self.credit),
            licence=_text("licence", self.licence),
        )
        if not words.alt and not words.decorative:
            raise AltMissing(path=("alt",))
        if words.alt and words.decorative:
            raise AltNeedless(path=("alt",))
        if words.alt and FILE_NAME.fullmatch(words.alt):
            raise AltIsAFileName(path=("alt",))
        if words.focal_point and not _inside(words.focal_point):
            raise NoSuchPlace(path=("focalPoint",))
        return words


def _text(name: str, said: str | None) -> str | None:
    text = unicodedata.normalize("NFC", (said or "").replace("\r\n", "\n")).strip()
    if len(text) > LONGEST[name]:
        raise WordsTooLong(
            f"{name} has {len(text):,} characters: at most {LONGEST[name]} are shown; shorten it.", path=(name,)
        )
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in LINES for letter in text):
        raise WordsUnprintable(path=(name,))
    return text or None


def _inside(point: FocalPoint) -> bool:
    return all(isfinite(share) and 0 <= share <= 1 for share in (point.x, point.y))
