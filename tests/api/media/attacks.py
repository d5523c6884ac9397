"""Requests that are sent to do harm, by name, each with what it gets."""

import asyncio
import gzip
import io
import itertools
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field

from forms_by_hand import BOUNDARY, chunked, form, joined, part
from pictures_by_hand import (
    PNG,
    SCRIPT,
    animated,
    avif_claiming,
    bomb,
    box,
    chunk,
    drawn,
    jpeg_claiming,
    png,
    saved,
    webp_claiming,
    with_gps,
)

MEGABYTE = 1_000_000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>'
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + b"\0" * 400
MP4 = box(b"ftyp", b"isom\0\0\0\0isomavc1") + b"\0" * 400
JPEG = saved(drawn(64, 48), "JPEG")
HEAD = f'Content-Disposition: form-data; name="file"\r\n\r\n'.encode()  # noqa: F541


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../shell.php", SCRIPT)
    return file.getvalue()


@dataclass(frozen=True)
class Attack:
    """A request, the status that it gets, and words of the sentence that refuses it."""

    status: int
    words: str
    body: bytes | Callable[[], Iterable[bytes] | AsyncIterator[bytes]]
    headers: dict[str, str] = field(default_factory=dict)
    role: str = "AUTHOR"


def picture(status: int, words: str, data: bytes, **fields: str | bytes) -> Attack:
    return Attack(status, words, form(data, **fields))


def endless() -> Iterator[bytes]:
    """A form whose picture never ends."""
    yield from chunked(
        itertools.chain([joined(part("file", JPEG), closed=False)[:-2]], itertools.repeat(bytes(65_536)))
    )


def endless_epilogue() -> Iterator[bytes]:
    yield from chunked(itertools.chain([form(JPEG)], itertools.repeat(bytes(65_536))))


def too_many_bytes() -> Iterator[bytes]:
    yield from chunked(iter([joined(part("file", PNG + bytes(20 * MEGABYTE - 7)))]))


async def slowly() -> AsyncIterator[bytes]:
    yield b"%x\r\n" % 60
    for byte in joined(part("file", JPEG))[:60]:
        yield bytes([byte])
        await asyncio.sleep(0.5)


async def silent() -> AsyncIterator[bytes]:
    yield b"1000\r\n--"
    await asyncio.sleep(30)


CHUNKED = {"transfer-encoding": "chunked"}
NO_PICTURE = "no picture that can be taken"
DAMAGED = "cannot be read"
TOO_MANY = "scale it down"
NO_FORM = "not a valid form"
ATTACKS = {
    # Other things that call themselves pictures.
    "a page": picture(415, NO_PICTURE, b"<!doctype html>" + SCRIPT, filename="cat.jpg"),
    "a drawing with a script": picture(415, NO_PICTURE, SVG, filename="logo.svg", mime="image/svg+xml"),
    "a packed drawing": picture(415, NO_PICTURE, gzip.compress(SVG), filename="logo.svgz"),
    "a GIF": picture(415, NO_PICTURE, saved(drawn(64, 64), "GIF"), filename="cat.gif", mime="image/gif"),
    "a GIF that is JavaScript": picture(415, NO_PICTURE, b"GIF89a/*\0\0\0\0*/=1;" + SCRIPT),
    "a BMP": picture(415, NO_PICTURE, saved(drawn(64, 64), "BMP")),
    "a TIFF": picture(415, NO_PICTURE, saved(drawn(64, 64), "TIFF")),
    "an icon": picture(415, NO_PICTURE, saved(drawn(64, 64), "ICO")),
    "a HEIC": picture(415, NO_PICTURE, HEIC, mime="image/avif"),
    "a film": picture(415, NO_PICTURE, MP4, filename="x.avif", mime="image/avif"),
    "a PDF": picture(415, NO_PICTURE, b"%PDF-1.7\n" + SCRIPT),
    "PostScript": picture(415, NO_PICTURE, b"%!PS\n(%pipe%id) (w) file"),
    "a drawing order": picture(
        415, NO_PICTURE, b"push graphic-context\nfill 'url(https://x/\"|id\")'\npop graphic-context"
    ),
    "an archive": picture(415, NO_PICTURE, archive()),
    "a program": picture(415, NO_PICTURE, b"\x7fELF" + bytes(400)),
    "zeros": picture(415, NO_PICTURE, bytes(4_000)),
    "a film's soundtrack as WebP": picture(415, NO_PICTURE, b"RIFF\x10\0\0\0WAVEfmt " + bytes(40)),
    # Damaged ones.
    "a JPEG's first bytes": picture(422, DAMAGED, b"\xff\xd8\xff\xe0"),
    "a PNG's first bytes": picture(422, DAMAGED, PNG),
    "a WebP's first bytes": picture(422, DAMAGED, b"RIFF\x04\0\0\0WEBP"),
    "an AVIF's first box": picture(422, DAMAGED, box(b"ftyp", b"avif\0\0\0\0avifmif1")),
    "a JPEG cut short": picture(422, DAMAGED, saved(drawn(), "JPEG")[:9_000]),
    "a PNG cut short": picture(422, DAMAGED, saved(drawn(), "PNG")[:5_000]),
    "a WebP cut short": picture(422, DAMAGED, saved(drawn(), "WEBP")[:4_000]),
    "an AVIF cut short": picture(422, DAMAGED, saved(drawn(), "AVIF")[:2_000]),
    "a PNG with false sums": picture(422, DAMAGED, saved(drawn(64, 64), "PNG").replace(b"IDAT", b"IDAt")),
    "a page after a PNG's first bytes": picture(422, DAMAGED, PNG + SCRIPT * 20),
    "a page after a JPEG's first bytes": picture(422, DAMAGED, b"\xff\xd8\xff\xfe" + SCRIPT * 20),
    "a text bomb": picture(422, DAMAGED, png(64, 64, extra=chunk(b"zTXt", b"x\0\0" + bomb(80 * MEGABYTE)))),
    "a profile bomb": picture(422, DAMAGED, png(64, 64, extra=chunk(b"iCCP", b"x\0\0" + bomb(80 * MEGABYTE)))),
    # Bombs.
    "a PNG that claims 3.6 gigapixels": picture(422, "60,000 pixels wide and 60,000 high", png(60_000, 60_000, rows=1)),
    "a JPEG that claims 4 gigapixels": picture(422, TOO_MANY, jpeg_claiming(65_500, 65_500)),
    "a WebP that claims 268 megapixels": picture(422, TOO_MANY, webp_claiming(16_384, 16_384)),
    "an AVIF that claims 225 megapixels": picture(422, TOO_MANY, avif_claiming(15_000, 15_000)),
    "400 megapixels in 60 kilobytes": picture(422, TOO_MANY, png(20_000, 20_000)),
    "one row too many": picture(422, TOO_MANY, png(5_000, 5_001)),
    "a picture one pixel high": picture(422, TOO_MANY, png(16_001, 1)),
    "a moving PNG": picture(422, "moves", animated("PNG")),
    "a moving WebP": picture(422, "moves", animated("WEBP")),
    "a moving AVIF": picture(422, "moves", animated("AVIF")),
    # Forms.
    "zero bytes": Attack(400, "no picture", form(b"")),
    "no body": Attack(400, "cut short", b""),
    "no parts": Attack(400, "no picture", joined()),
    "no picture": Attack(400, "no picture", joined(part("alt", "A chair"))),
    "two pictures": Attack(400, "once at most", joined(part("file", JPEG), part("file", JPEG))),
    "two alts": Attack(400, "once at most", joined(part("alt", "A"), part("alt", "B"), part("file", JPEG))),
    "an unknown field": Attack(400, "once at most", form(JPEG, sha256="0" * 64)),
    "10,000 parts": Attack(400, "once at most", joined(*[part("file", b"")] * 10_000)),
    "a name of 100 kilobytes": Attack(400, NO_FORM, joined(part("f" * 100_000, JPEG))),
    "a file name of 100 kilobytes": Attack(400, NO_FORM, joined(part("file", JPEG, filename="a" * 100_000))),
    "1,000 headers in a part": Attack(400, NO_FORM, joined(part("file", JPEG, headers="x: y\r\n" * 1_000))),
    "a header without end": Attack(400, NO_FORM, b"--" + BOUNDARY.encode() + b"\r\nx: " + b"y" * 300_000),
    "a part without a name": Attack(400, "Content-Disposition", joined(b"Content-Type: image/png\r\n\r\n" + JPEG)),
    "a nul in a header": Attack(400, NO_FORM, joined(b"Content-\0: x\r\n" + HEAD + JPEG)),
    "a form cut short": Attack(400, "cut short", joined(part("file", JPEG), closed=False)),
    "another boundary": Attack(400, NO_FORM, form(JPEG).replace(BOUNDARY.encode(), b"another")),
    "no boundary": Attack(400, "boundary", form(JPEG), {"content-type": "multipart/form-data"}),
    "a boundary too long": Attack(
        400, "boundary", form(JPEG), {"content-type": "multipart/form-data; boundary=" + "x" * 71}
    ),
    "JSON": Attack(415, "multipart/form-data", b"{}", {"content-type": "application/json"}),
    "the bare picture": Attack(415, "multipart/form-data", JPEG, {"content-type": "image/jpeg"}),
    "a packed form": Attack(415, "Content-Encoding", gzip.compress(form(JPEG)), {"content-encoding": "gzip"}),
    # Words.
    "no alt": Attack(422, "Say in alt", joined(part("file", JPEG))),
    "a blank alt": picture(422, "Say in alt", JPEG, alt=" \u2003 \n"),
    "decorative and alt": picture(422, "leave out one", JPEG, alt="A chair", decorative="true"),
    "decorative, perhaps": picture(422, "true or false", JPEG, decorative="maybe"),
    "301 letters": picture(422, "301 characters", JPEG, alt="é" * 301),
    "a megabyte of alt": picture(422, "far too long", JPEG, alt="x" * MEGABYTE),
    "a nul in alt": picture(422, "cannot be shown", JPEG, alt="A chair\0"),
    "an escape in a caption": picture(422, "cannot be shown", JPEG, caption="\x1b[2J"),
    "no UTF-8": picture(400, "UTF-8", JPEG, alt=b"A chair \xff"),
    "a file name as alt": picture(422, "name of a file", JPEG, alt="IMG_2041.JPG"),
    "a focal point outside": picture(422, "from 0", JPEG, focalPoint='{"x": 1.5, "y": 0}'),
    "a focal point of texts": picture(422, "two numbers", JPEG, focalPoint='{"x": "0", "y": 0}'),
    "a focal point without end": picture(422, "two numbers", JPEG, focalPoint="[" * 190),
    # Sizes and speeds.
    "20 MB and one byte": Attack(413, "20,000,000 bytes", joined(part("file", PNG + bytes(20 * MEGABYTE - 7)))),
    "20 MB and one byte, undeclared": Attack(413, "20,000,000 bytes", too_many_bytes, CHUNKED),
    "60 MB declared": Attack(413, "20,000,000 bytes", lambda: iter([b"--"]), {"content-length": "60000000"}),
    "a length beyond counting": Attack(413, "20,000,000 bytes", lambda: iter([b"--"]), {"content-length": "9" * 18}),
    "a body without end": Attack(413, "20,000,000 bytes", endless, CHUNKED),
    "a form with no end after its end": Attack(413, "20,000,000 bytes", endless_epilogue, CHUNKED),
    "a body that stops": Attack(408, "too slowly", silent, CHUNKED),
    "a body of drops": Attack(408, "too slowly", slowly, CHUNKED),
    # Strangers.
    "nobody": Attack(401, "token", form(JPEG), {"authorization": ""}),
    "a made-up token": Attack(401, "unknown, revoked or expired", form(JPEG), {"authorization": "Bearer mrd_0_x"}),
    "a preview link": Attack(401, "member's token", form(JPEG), role="PREVIEW"),
    "a reviewer": Attack(403, "authors, editors and admins", form(JPEG), role="REVIEWER"),
    "a moderator": Attack(403, "authors, editors and admins", form(JPEG), role="MODERATOR"),
    "a partner": Attack(403, "authors, editors and admins", form(JPEG), role="PARTNER"),
    "a stranger with 60 MB": Attack(
        401, "token", lambda: iter([b"--"]), {"authorization": "", "content-length": "60000000"}
    ),
}
CLEANED = {
    "a page in a JPEG's comment": lambda: saved(drawn(seed=41), "JPEG", comment=SCRIPT),
    "an archive after a JPEG": lambda: saved(drawn(seed=42), "JPEG") + archive() + SCRIPT,
    "a page after a PNG": lambda: saved(drawn(seed=43), "PNG") + SCRIPT,
    "a page in a WebP's notes": lambda: saved(drawn(seed=44), "WEBP", xmp=SCRIPT, exif=b"Exif\0\0" + SCRIPT),
    "the place where it was taken": with_gps,
    "a PNG with too few rows": lambda: png(400, 400, depth=8, rows=3),
    "a PNG whose profile is none": lambda: png(65, 64, extra=chunk(b"iCCP", b"x\0\0" + bomb(2_000))),
}
NAMES = (
    "../../../../tmp/x.jpg",
    "/etc/passwd",
    "C:\\\\autoexec.bat",
    "con.jpg",
    "x.jpg;.php",
    "%2e%2e%2fx",
    "<b>.png",
    "a\0.jpg",
)
