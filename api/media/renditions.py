"""The sizes in which a picture is served: WebP and JPEG in four widths, named by the hash of the original's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

WIDTHS = (480, 768, 1200, 1600)
FORMATS = (
    ("webp", "WEBP", "image/webp", {"quality": 82, "method": 4}),
    ("jpg", "JPEG", "image/jpeg", {"quality": 84, "optimize": True}),
)


@dataclass(frozen=True)
class Kept:
    """A picture whose renditions lie in the media folder; `sizes` is what the table keeps of them."""

    sha256: str
    width: int
    height: int
    sizes: list[dict[str, str | int]]


def keep(picture: Image.Image, folder: Path) -> Kept:
    """Write the renditions of a picture that was drawn or decoded; none is wider than the picture itself."""
    name = sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    widths = [width for width in WIDTHS if width < picture.width] + [min(picture.width, WIDTHS[-1])]
    sizes = [size for width in dict.fromkeys(widths) for size in _rendition(picture, width, name, folder)]
    return Kept(name, picture.width, picture.height, sizes)


def _rendition(picture: Image.Image, width: int, name: str, folder: Path) -> list[dict[str, str | int]]:
    height = round(picture.height * width / picture.width)
    scaled = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    sizes: list[dict[str, str | int]] = []
    for extension, format_, mime, options in FORMATS:
        path = folder / f"{name}-{width}.{extension}"
        if not path.exists():
            partial = path.with_suffix(f".{extension}.part")
            scaled.save(partial, format_, **options)
            partial.rename(path)
        sizes.append({"width": width, "height": height, "ext": extension, "mime": mime})
    return sizes
