"""A form with one file, read in pieces of any size."""

import io
from collections.abc import Iterable
from hashlib import sha256

import pytest
from starlette.types import Message, Receive

from api.web import forms
from api.web.answers import Turned
from api.web.forms import Form, FormLimits
from api.web.graphql.reading import Gone

LIMITS = FormLimits({"alt": 40, "caption": 40}, 1_000)
FILE = b"\r\n--x\r\n\r\n--xy--\r\n\0\xff" * 9
BODY = (
    b'--xyz\r\nContent-Disposition: form-data; name="alt"\r\n\r\nTwo ch\xc3\xa4irs\r\n'
    b'--xyz\r\ncontent-type: text/html\r\nCONTENT-DISPOSITION: form-data; filename="a"; name="file"\r\n\r\n'
    + FILE
    + b"\r\n"
    b"--xyz\r\nContent-Disposition: form-data; name=caption\r\n\r\n\r\n--xyz--\r\nepilogue"
)


def arriving(pieces: Iterable[bytes], *, gone: bool = False) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    end: Message = {"type": "http.disconnect"} if gone else {"type": "http.request", "body": b"", "more_body": False}
    coming = iter([*messages, end])

    async def receive() -> Message:
        return next(coming)

    return receive


async def read(receive: Receive, limits: FormLimits = LIMITS) -> tuple[Form, str, bytes]:
    into = io.BytesIO()
    form, digest = await forms.read(receive, b"xyz", limits, into)
    return form, digest, into.getvalue()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, len(BODY)])
async def test_it_is_the_same_however_it_is_cut(size: int):
    form, digest, written = await read(arriving(BODY[at : at + size] for at in range(0, len(BODY), size)))

    assert (form.text("alt"), form.text("caption"), form.text("credit")) == ("Two chäirs", "", None)
    assert written == FILE
    assert digest == sha256(FILE).hexdigest()


async def test_the_file_is_counted_before_it_is_written():
    exactly = FormLimits({"alt": 40, "caption": 40}, len(FILE))
    assert (await read(arriving([BODY]), exactly))[2] == FILE

    with pytest.raises(Turned) as refused:
        await read(arriving([BODY]), FormLimits({"alt": 40, "caption": 40}, len(FILE) - 1))

    told = {"limit": "bytes", "maximum": len(FILE) - 1, "asked": "more"}
    assert (refused.value.status, refused.value.extensions) == (413, told)


async def test_nobody_is_told_when_the_client_is_gone():
    with pytest.raises(Gone):
        await read(arriving([BODY[:100]], gone=True))


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        (b"multipart/form-data; boundary=xyz", b"xyz"),
        (b'Multipart/Form-Data; charset=utf-8; boundary="x y"', b"x y"),
        (b"multipart/form-data; boundary=" + b"x" * 70, b"x" * 70),
    ],
)
def test_the_boundary_is_found(header: bytes, boundary: bytes):
    assert forms.boundary_of([header], []) == boundary


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 415),
        ([b"multipart/mixed; boundary=xyz"], 415),
        ([b"multipart/form-data; boundary=a", b"multipart/form-data; boundary=b"], 415),
        ([b"multipart/form-data"], 400),
        ([b'multipart/form-data; boundary="x "'], 400),
        ([b"multipart/form-data; boundary=x\\y"], 400),
        ([b"multipart/form-data; boundary=" + b"x" * 71], 400),
    ],
)
def test_what_is_no_boundary_is_refused(headers: list[bytes], status: int):
    with pytest.raises(Turned) as refused:
        forms.boundary_of(headers, [])

    assert refused.value.status == status
