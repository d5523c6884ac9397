"""Which sizes a picture is served in, and what their files are called."""

from dataclasses import dataclass

from api.media.formats import Kind

WIDTHS = (480, 768, 1200, 1600)
KINDS = (("webp", Kind.WEBP), ("jpg", Kind.JPEG))
"""Each width comes in each of these: the extension, and what is in it."""


@dataclass(frozen=True)
class Size:
    """One rendition: a width in one kind of file."""

    width: int
    height: int
    ext: str
    mime: str

    def file(self, stem: str) -> str:
        """The name of its file; the stem is a hash, so the name never means anything else."""
        return f"{stem}-{self.width}.{self.ext}"


def sizes(width: int, height: int) -> tuple[Size, ...]:
    """List the renditions of a picture of this size; none is wider than the picture itself."""
    largest = min(width, WIDTHS[-1])
    widths = [*(each for each in WIDTHS if each < largest), largest]
    return tuple(
        Size(each, max(1, round(height * each / width)), ext, kind.mime) for each in widths for ext, kind in KINDS
    )
