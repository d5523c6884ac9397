"""Forms as bytes, right and wrong ones."""

from collections.abc import Iterator

BOUNDARY = "frontier-7d83a1"


def part(name: str, content: bytes | str, *, filename: str | None = None, headers: str = "") -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    head = f'Content-Disposition: form-data; name="{name}"{named}\r\n{headers}\r\n'
    return head.encode() + (content.encode() if isinstance(content, str) else content)


def joined(*parts: bytes, boundary: str = BOUNDARY, closed: bool = True) -> bytes:
    edge = f"--{boundary}".encode()
    end = edge + b"--\r\n" if closed else b""
    return b"".join(edge + b"\r\n" + each + b"\r\n" for each in parts) + end


def form(picture: bytes, *, filename: str = "picture.jpg", mime: str = "image/jpeg", **fields: str | bytes) -> bytes:
    """A whole form with one picture; it has an alt text unless told otherwise."""
    said = {"alt": "A waiting room with two chairs", **fields} if "decorative" not in fields else fields
    file = part("file", picture, filename=filename, headers=f"Content-Type: {mime}\r\n")
    return joined(file, *(part(name, text) for name, text in said.items()))


def chunked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"
