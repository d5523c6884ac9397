"""Making the sizes in which a picture is served; the only place that does, for uploads and for the sample alike."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PIL import Image

from api.media.sizes import sizes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from api.media.sizes import Size

OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "webp": ("WEBP", {"quality": 82, "method": 4}),
    "jpg": ("JPEG", {"quality": 84, "optimize": True}),
}
PAPER = (255, 255, 255)
"""What shows through a picture in a format that cannot be seen through."""


@dataclass(frozen=True)
class Kept:
    """A picture whose renditions lie in the media folder; `sizes` is what the table keeps of them."""

    sha256: str
    width: int
    height: int
    sizes: list[dict[str, str | int]]


def keep(picture: Image.Image, folder: Path) -> Kept:
    """Write the renditions of a picture that was drawn here, named by the hash of its pixels."""
    stem = sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    planned = sizes(*picture.size)
    write(picture.convert("RGB"), planned, stem, folder)
    return Kept(stem, *picture.size, [asdict(size) for size in planned])


def write(picture: Image.Image, planned: Iterable[Size], stem: str, folder: Path) -> None:
    """Write each size of an upright picture in RGB or RGBA; what it carries beside its pixels is left behind."""
    for (width, height), group in groupby(planned, attrgetter("width", "height")):
        scaled = picture.resize((width, height), Image.Resampling.LANCZOS)
        scaled.info = {}
        for size in group:
            _save(scaled, size, folder / size.file(stem))


def _save(scaled: Image.Image, size: Size, path: Path) -> None:
    """Write one file whole or not at all; one that is there is as good, and young again for whoever sweeps."""
    if path.exists():
        os.utime(path)
        return
    format_, options = OPTIONS[size.ext]
    partial = path.with_name(f"{path.name}.part")
    _seen_through(scaled, format_).save(partial, format_, **options)
    partial.replace(path)


def _seen_through(picture: Image.Image, format_: str) -> Image.Image:
    if format_ != "JPEG" or picture.mode == "RGB":
        return picture
    paper = Image.new("RGB", picture.size, PAPER)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
