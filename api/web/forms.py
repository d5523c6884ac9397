"""A form with one file, read as it arrives: counted, cut off at its limits, its file written to a folder of ours.

The parser is python-multipart's; here stands what it may take in. The name and the type that a part claims to have
are not even looked at.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.web.answers import Turned
from api.web.codes import Code
from api.web.graphql.reading import Gone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.types import Receive

BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
"""RFC 2046, section 5.1.1."""
FILE = "file"
MOST_HEADERS = 8
MOST_HEADER_BYTES = 2_000
FORM_BYTES = 65_536
"""What a form may hold beside its file: boundaries, headers, fields, and whatever comes after its end."""


@dataclass(frozen=True)
class FormLimits:
    """What a form may hold: its fields with the most bytes of each, the most bytes of its file, and its time."""

    fields: Mapping[str, int]
    file_bytes: int
    seconds: float = 120
    pause_seconds: float = 15

    @property
    def bytes(self) -> int:
        return self.file_bytes + FORM_BYTES


@dataclass
class Form:
    """A form as far as it has been read."""

    limits: FormLimits
    texts: dict[str, bytearray] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    file_bytes: int = 0
    has_file: bool = False
    is_whole: bool = False
    _disposition: bytearray = field(default_factory=bytearray)
    _header: bytearray = field(default_factory=bytearray)
    _part: str | None = None

    def text(self, name: str) -> str | None:
        """A field's text; None when it was not sent."""
        if name not in self.texts:
            return None
        try:
            return self.texts[name].decode()
        except UnicodeDecodeError as error:
            raise bad(f"{name} is not valid UTF-8.") from error

    def on_part_begin(self) -> None:
        self._disposition.clear()
        self._header.clear()
        self._part = None

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition += data[start:end]

    def on_header_end(self) -> None:
        self._header.clear()

    def on_headers_finished(self) -> None:
        kind, options = parse_options_header(bytes(self._disposition))
        name = options.get(b"name", b"").decode("latin-1")
        if kind != b"form-data" or not name:
            raise bad("Each part of the form needs a Content-Disposition header of form-data with a name.")
        if name == FILE and not self.has_file:
            self.has_file = True
        elif name in self.limits.fields and name not in self.texts:
            self.texts[name] = bytearray()
        else:
            known = ", ".join([FILE, *self.limits.fields])
            raise bad(f"The form has a part that is not known or came before: send each of {known} once at most.")
        self._part = name

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._part == FILE:
            self.file_bytes += end - start
            if self.file_bytes > self.limits.file_bytes:
                raise too_large(self.limits)
            self.pieces.append(data[start:end])
        elif self._part is not None:
            text, most = self.texts[self._part], self.limits.fields[self._part]
            text += data[start:end]
            if len(text) > most:
                raise Turned(
                    422,
                    Code.BAD_USER_INPUT,
                    f"{self._part} is far too long: at most {most:,} bytes are read; shorten it.",
                    extensions={"field": self._part},
                )

    def on_end(self) -> None:
        self.is_whole = True


def boundary_of(content_types: Sequence[bytes], encodings: Sequence[bytes]) -> bytes:
    """Find the boundary in a request's headers; refuse what is no such form."""
    kind, options = parse_options_header(content_types[0] if len(content_types) == 1 else b"")
    if kind != b"multipart/form-data" or encodings:
        raise Turned(415, Code.BAD_USER_INPUT, "Send the picture as multipart/form-data, without a Content-Encoding.")
    boundary = options.get(b"boundary", b"")
    if not BOUNDARY.fullmatch(boundary):
        raise bad("The Content-Type names no valid boundary: let your HTTP library write that header.")
    return boundary


async def read(receive: Receive, boundary: bytes, limits: FormLimits, into: BinaryIO) -> tuple[Form, str]:
    """Read a form to its end and write its file; answer it with the SHA-256 of the file."""
    form = Form(limits)
    digest = sha256()
    try:
        async with asyncio.timeout(limits.seconds):
            await _pour(receive, _parser(form, boundary), form, into, digest.update)
    except TimeoutError as error:
        raise too_slow(limits) from error
    except FormParserError as error:
        raise bad("The body is not a valid form with this boundary: let your HTTP library write it.") from error
    if not form.is_whole:
        raise bad("The form ends before its closing boundary: it was cut short, or its boundary is another one.")
    if not form.file_bytes:
        raise bad(f"The form has no picture: send one in the part named {FILE}.")
    return form, digest.hexdigest()


def bad(sentence: str) -> Turned:
    return Turned(400, Code.BAD_USER_INPUT, sentence)


def too_large(limits: FormLimits, sent: int | None = None) -> Turned:
    most, count = f"a picture has at most {limits.file_bytes:,} bytes", "more" if sent is None else f"{sent:,}"
    sentence = f"This is too large: {most} and {count} were sent; scale it down and send that."
    told = {"limit": "bytes", "maximum": limits.file_bytes, "asked": sent or count}
    return Turned(413, Code.PAYLOAD_TOO_LARGE, sentence, extensions=told)


def too_slow(limits: FormLimits) -> Turned:
    sentence = (
        f"The picture arrived too slowly: at most {limits.seconds:g} seconds in all "
        f"and {limits.pause_seconds:g} without a byte are waited for; scale it down or try again."
    )
    return Turned(408, Code.BAD_USER_INPUT, sentence)


async def _pour(
    receive: Receive, parser: MultipartParser, form: Form, into: BinaryIO, digest: Callable[[bytes], object]
) -> None:
    count, more = 0, True
    while more:
        async with asyncio.timeout(form.limits.pause_seconds):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        count += len(message.get("body", b""))
        if count > form.limits.bytes:
            raise too_large(form.limits)
        parser.write(message.get("body", b""))
        if form.pieces:
            await to_thread.run_sync(_write, form.pieces, into, digest)
            form.pieces.clear()
        more = message.get("more_body", False)


def _write(pieces: Sequence[bytes], into: BinaryIO, digest: Callable[[bytes], object]) -> None:
    for piece in pieces:
        into.write(piece)
        digest(piece)


def _parser(form: Form, boundary: bytes) -> MultipartParser:
    return MultipartParser(
        boundary,
        {
            "on_part_begin": form.on_part_begin,
            "on_part_data": form.on_part_data,
            "on_header_field": form.on_header_field,
            "on_header_value": form.on_header_value,
            "on_header_end": form.on_header_end,
            "on_headers_finished": form.on_headers_finished,
            "on_end": form.on_end,
        },
        max_header_count=MOST_HEADERS,
        max_header_size=MOST_HEADER_BYTES,
    )
