"""The sample's pictures: drawn by this program, the same bytes of light every time, never photographed."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from PIL import Image

from api.errors import NotFound
from api.sample.canvas import Canvas, Point
from api.sample.diagrams import dots, two_bars
from api.sample.interiors import INDOORS
from api.sample.landscapes import OUTDOORS
from api.sample.portraits import SITTERS, logo, portrait

WIDE: Final[Point] = (160.0, 90.0)
SQUARE: Final[Point] = (100.0, 100.0)

Drawing = Callable[[Canvas], None]


class NoSuchPicture(NotFound):
    """There is no drawn picture of that name."""


_WIDE: Final[dict[str, Drawing]] = {
    **OUTDOORS,
    **INDOORS,
    "dots-migraine": partial(dots, before=41, after=50),
    "dots-tension": partial(dots, before=43, after=52),
    "two-bars": two_bars,
}
_SQUARE: Final[dict[str, Drawing]] = {
    "logo": logo,
    **{name: partial(portrait, sitter=sitter) for name, sitter in SITTERS.items()},
}
DRAWINGS: Final[Mapping[str, tuple[Point, Drawing]]] = MappingProxyType(
    {name: (WIDE, drawing) for name, drawing in _WIDE.items()}
    | {name: (SQUARE, drawing) for name, drawing in _SQUARE.items()}
)
"""Every picture's name, the proportions that it is made for, and the function that draws it."""


def draw(name: str, width: int = 1600, height: int = 900) -> Image.Image:
    """Draw the named picture; where the size has other proportions, the middle of the drawing is shown."""
    if name not in DRAWINGS:
        raise NoSuchPicture
    units, drawing = DRAWINGS[name]
    canvas = Canvas(width, height, units)
    drawing(canvas)
    return canvas.finished()
