"""What a file is by its first bytes: four kinds of picture and nothing else. What it is called counts for nothing."""

from enum import StrEnum

HEAD_BYTES = 256
"""So much of a file is enough to tell."""
BRAND = 4


class Kind(StrEnum):
    """The kinds of picture that are taken; the value is the decoder's name."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    AVIF = "AVIF"

    @property
    def mime(self) -> str:
        return f"image/{self.value.lower()}"


def kind_of(head: bytes) -> Kind | None:
    """Tell the kind from the first bytes; None for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    return Kind.AVIF if _is_avif(head) else None


def webp_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in a WebP's header, which libwebp would reserve memory for before anybody could look at them."""
    chunk, content = head[12:16], head[20:30]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little")
    if chunk == b"VP8L" and content[:1] == b"\x2f":
        bits = int.from_bytes(content[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and content[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(content[6:8], "little") & 0x3FFF, int.from_bytes(content[8:10], "little") & 0x3FFF
    return None


def _is_avif(head: bytes) -> bool:
    """Whether the first box names the brand: HEIC and video files begin with the same box and name others."""
    length = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or length % BRAND:
        return False
    names = head[8 : min(length, len(head))]
    brands = {names[place : place + BRAND] for place in range(0, len(names), BRAND)}
    return bool(brands & {b"avif", b"avis"})
