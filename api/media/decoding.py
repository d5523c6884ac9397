"""The child process that opens what somebody uploaded: it has one file, no rights worth having, and not much time.

`workshop` starts it for each upload and believes nothing that it says without looking. What comes out is made of
pixels alone: turned upright by the orientation that the file named, in sRGB, and scaled; metadata stays behind.
"""

import json
import resource
import signal
import sys
from io import BytesIO
from pathlib import Path
from typing import NoReturn

from PIL import AvifImagePlugin, Image, ImageCms

from api.media import renditions
from api.media.formats import HEAD_BYTES, Kind, webp_size
from api.media.limits import Fault, Limits
from api.media.sizes import WIDTHS, sizes

ORIENTATION = 0x0112
LYING = frozenset({5, 6, 7, 8})
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
GRACE_SECONDS = 5


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of ours
    """Nothing is made of this file; where its size is why, it is told."""

    def __init__(self, fault: Fault, size: tuple[int, int] = (1, 1)) -> None:
        self.fault = fault
        self.size = size
        super().__init__(fault)


def main(arguments: list[str]) -> NoReturn:
    """Make the renditions of `original` in the working folder; answer one line of JSON on standard output."""
    kind, stem, limits = Kind(arguments[0]), arguments[1], Limits(**json.loads(arguments[2]))
    _confine(limits)
    try:
        width, height = _make(Path("original"), kind, stem, limits)
        answer: dict[str, object] = {"width": width, "height": height}
    except Refusal as refusal:
        answer = {"fault": refusal.fault, "width": refusal.size[0], "height": refusal.size[1]}
    except MemoryError:
        answer = {"fault": Fault.TOO_DEMANDING}
    except Exception as error:  # noqa: BLE001 - decoders raise whatever they like, and all of it means the same
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        answer = {"fault": Fault.UNREADABLE}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.exit(0)


def _confine(limits: Limits) -> None:
    """Give up, for good, what is not needed; the alarm ends a child whose parent was killed."""
    signal.alarm(limits.seconds + GRACE_SECONDS)
    bounds = {
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    if sys.platform == "linux":  # elsewhere the system does not keep to it
        bounds[resource.RLIMIT_AS] = limits.memory_bytes
    for what, most in bounds.items():
        resource.setrlimit(what, (most, most))
    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def _make(path: Path, kind: Kind, stem: str, limits: Limits) -> tuple[int, int]:
    with _opened(path, kind, limits) as picture:
        orientation = _orientation(picture) if kind is not Kind.PNG else 0
        wanted = _scaled_down(picture.size, lying=orientation in LYING)
        width, height = picture.size
        picture.draft(None, wanted)
        picture.load()
        orientation = orientation or _orientation(picture)  # a PNG may tell it after its pixels
        lying = orientation in LYING
        small = _plain(picture).resize(
            _scaled_down((width, height), lying=lying), Image.Resampling.LANCZOS, reducing_gap=3
        )
    upright = _in_srgb(small).transpose(TURNS[orientation]) if orientation in TURNS else _in_srgb(small)
    size = (height, width) if lying else (width, height)
    renditions.write(upright, sizes(*size), stem, Path())
    return size


def _opened(path: Path, kind: Kind, limits: Limits) -> Image.Image:
    """Read the header with the one decoder for this kind, and count its pixels before any is decoded."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if kind is Kind.WEBP:
        _count(webp_size(head) or (1, 1), limits)
    picture = Image.open(path, formats=[kind.value])
    _count(picture.size, limits)
    if kind is not Kind.JPEG and getattr(picture, "n_frames", 1) > 1:  # a JPEG's second picture is its depth or preview
        raise Refusal(Fault.ANIMATED)
    return picture


def _count(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width * height > limits.pixels or max(size) > limits.side:
        raise Refusal(Fault.TOO_LARGE, size)


def _orientation(picture: Image.Image) -> int:
    """Find how the camera was held; a broken note about it is no reason to refuse the picture."""
    try:
        found = picture.getexif().get(ORIENTATION, 1)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above
        return 1
    return found if found in TURNS else 1


def _scaled_down(size: tuple[int, int], *, lying: bool) -> tuple[int, int]:
    """Find the size, before it is turned, of the largest rendition."""
    width, height = size
    across = height if lying else width
    scale = min(1.0, WIDTHS[-1] / across)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _plain(picture: Image.Image) -> Image.Image:
    """Turn palettes, single bits and 16 bits into modes that can be scaled."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data and picture.mode != "RGBA":
        return picture.convert("RGBA")
    if picture.mode in {"RGB", "RGBA", "L", "CMYK"}:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Convert by the picture's own profile; without one, or with one that is broken, by the usual rules."""
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            return _by_profile(picture, profile)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB")


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    target = ImageCms.createProfile("sRGB")
    colours = picture.convert("RGB") if picture.mode == "RGBA" else picture
    converted = ImageCms.profileToProfile(colours, BytesIO(profile), target, outputMode="RGB")
    if converted is None:
        raise ValueError
    if picture.mode == "RGBA":
        converted.putalpha(picture.getchannel("A"))
    return converted
