"""Pictures as bytes: plain ones, and the kinds that are sent to do harm. All are made here; none lies in a file."""

import functools
import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

CANARY = "CANARY-f3a1"
"""Stands in all metadata; nothing that is kept may hold it."""
PNG = b"\x89PNG\r\n\x1a\n"
SCRIPT = f"<script>alert('{CANARY}')</script>".encode()


def saved(picture: Image.Image, format_: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format_, **options)
    return file.getvalue()


def drawn(width: int = 640, height: int = 480, *, seed: int = 0, mode: str = "RGB") -> Image.Image:
    """A picture with something to see, different for every seed."""
    picture = Image.new("RGB", (width, height), (220, 230, 225))
    pen, chance = ImageDraw.Draw(picture), random.Random(seed)  # noqa: S311 - a picture, not a secret
    for _ in range(12):
        x, y = chance.randrange(width), chance.randrange(height)
        pen.ellipse((x, y, x + width // 4, y + height // 4), fill=tuple(chance.randrange(256) for _ in range(3)))
    return picture.convert(mode)


def photograph(width: int, height: int, *, seed: int = 0) -> Image.Image:
    """A picture with as much detail as a camera's."""
    across, down = width // 4, height // 4
    samples = random.Random(seed).randbytes(across * down * 3)  # noqa: S311 - likewise
    return Image.frombytes("RGB", (across, down), samples).resize((width, height), Image.Resampling.BICUBIC)


def with_gps() -> bytes:
    """A photograph as a telephone takes it: turned on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = CANARY, 6
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    return saved(drawn(640, 480), "JPEG", exif=exif, xmp=xmp, comment=CANARY.encode())


def with_text_chunks() -> bytes:
    info = PngInfo()
    info.add_text("Author", CANARY)
    info.add_itxt("Comment", CANARY, zip=True)
    return saved(drawn(seed=2), "PNG", pnginfo=info, exif=_exif())


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(
    width: int, height: int, *, depth: int = 1, colour: int = 0, extra: bytes = b"", rows: int | None = None
) -> bytes:
    """A PNG of one colour whose data are as short as zlib can make them; `rows` fewer than it promises."""
    line = 1 + (width * depth * (3 if colour == 2 else 1) + 7) // 8
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(line)) for _ in range(height if rows is None else rows)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return PNG + head + extra + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bomb(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header promises another size."""
    data = bytearray(saved(drawn(64, 64), "JPEG"))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_claiming(width: int, height: int) -> bytes:
    canvas = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return _riff(_riff_chunk(b"VP8X", canvas) + saved(drawn(64, 64), "WEBP")[12:])


def avif_claiming(width: int, height: int) -> bytes:
    data = bytearray(saved(drawn(64, 64), "AVIF"))
    place = data.index(b"ispe") + 8
    data[place : place + 8] = struct.pack(">II", width, height)
    return bytes(data)


def animated(format_: str) -> bytes:
    frames = [drawn(64, 64, seed=seed) for seed in range(3)]
    return saved(frames[0], format_, save_all=True, append_images=frames[1:], duration=100)


@functools.cache
def many_scans(size: int = 5000, scans: int = 400) -> bytes:
    """A progressive JPEG of a few kilobytes that says the same again and again, each time for every pixel."""
    data = saved(Image.new("L", (size, size), 128), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + b"\xff\xd9"


def cmyk() -> bytes:
    return saved(drawn(seed=5, mode="CMYK"), "JPEG")


def sixteen_bits() -> bytes:
    ramp = Image.frombytes(
        "I;16", (256, 16), b"".join(struct.pack("<H", column * 257) for _ in range(16) for column in range(256))
    )
    return saved(ramp, "PNG")


def with_profile() -> bytes:
    """Colours in another space than sRGB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    return saved(drawn(seed=6), "PNG", icc_profile=profile + CANARY.encode())


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = CANARY
    return exif


def _riff_chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _riff(content: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(content)) + b"WEBP" + content
