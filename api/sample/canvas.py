"""A sheet to draw on in units of its own, with soft shapes: polygons, splines, glows and shadows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = str

SUPERSAMPLING: Final = 2
STEPS: Final = 14
"""How many straight pieces make one span of a curve."""
RIM: Final = 180
"""The value of Pillow's radial gradient at the middle of an edge."""


@dataclass
class Canvas:
    """A sheet of `units` (width, height) that covers a picture of the wanted size, centred, and is drawn enlarged."""

    width: int
    height: int
    units: Point = (160.0, 90.0)
    ground: Colour = "#fcfbf8"
    image: Image.Image = field(init=False)
    scale: float = field(init=False)
    origin: Point = field(init=False)

    def __post_init__(self) -> None:
        wide, high = self.width * SUPERSAMPLING, self.height * SUPERSAMPLING
        self.image = Image.new("RGB", (wide, high), self.ground)
        self.scale = max(wide / self.units[0], high / self.units[1])
        self.origin = ((wide - self.units[0] * self.scale) / 2, (high - self.units[1] * self.scale) / 2)

    def finished(self) -> Image.Image:
        return self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def shape(
        self,
        points: Sequence[Point],
        fill: Colour,
        shade: Colour | None = None,
        *,
        alpha: float = 1.0,
        blur: float = 0.0,
    ) -> None:
        """Fill a polygon, with a gradient from `fill` at its top to `shade` at its foot where a shade is given."""
        placed = [self._place(point) for point in points]
        rim = round(blur * self.scale * 3) + 1
        left, top = (max(0, math.floor(min(p[axis] for p in placed)) - rim) for axis in (0, 1))
        right = min(self.image.width, math.ceil(max(p[0] for p in placed)) + rim)
        bottom = min(self.image.height, math.ceil(max(p[1] for p in placed)) + rim)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in placed], fill=round(255 * alpha))
        if blur:
            mask = _blurred(mask, blur * self.scale)
        self._paint(mask, (left, top), fill, shade)

    def ellipse(
        self,
        centre: Point,
        radii: Point,
        fill: Colour,
        shade: Colour | None = None,
        *,
        alpha: float = 1.0,
        blur: float = 0.0,
    ) -> None:
        self.shape(arc(centre, radii, 0, 360), fill, shade, alpha=alpha, blur=blur)

    def box(
        self, corner: Point, size: Point, fill: Colour, shade: Colour | None = None, *, radius: float = 0.0
    ) -> None:
        """Fill an upright rectangle, its corners rounded by `radius`."""
        self.shape(rounded(corner, size, radius), fill, shade)

    def line(
        self, points: Sequence[Point], width: float, fill: Colour, *, alpha: float = 1.0, tip: float = 1.0
    ) -> None:
        """Draw a smooth stroke through the points; its width runs from `width` to `width * tip`."""
        path = curve(points)
        last = len(path) - 1
        left, right = [], []
        for index, (x, y) in enumerate(path):
            before, after = path[max(0, index - 1)], path[min(last, index + 1)]
            angle = math.atan2(after[1] - before[1], after[0] - before[0]) + math.pi / 2
            half = width / 2 * (1 + (tip - 1) * index / last)
            left.append((x + half * math.cos(angle), y + half * math.sin(angle)))
            right.append((x - half * math.cos(angle), y - half * math.sin(angle)))
        self.shape([*left, *reversed(right)], fill, alpha=alpha)

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """Lay light around a point: strongest there, gone at the radius."""
        mask = Image.radial_gradient("L").point(lambda v: round(255 * strength * max(0.0, 1 - v / RIM) ** 2))
        x, y = self._place(centre)
        size = round(radius * self.scale * 2)
        mask = mask.resize((size, size), Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", (size, size), colour), (round(x - size / 2), round(y - size / 2)), mask)

    def _place(self, point: Point) -> Point:
        return point[0] * self.scale + self.origin[0], point[1] * self.scale + self.origin[1]

    def _paint(self, mask: Image.Image, corner: tuple[int, int], fill: Colour, shade: Colour | None) -> None:
        paint = Image.new("RGB", mask.size, fill) if shade is None else gradient(mask.size, fill, shade)
        self.image.paste(paint, corner, mask)


def gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """Return a picture that fades from one colour to another, downwards."""
    mask = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), mask)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that holds `share` of the other one."""
    pairs = zip(ImageColor.getrgb(one)[:3], ImageColor.getrgb(other)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def arc(centre: Point, radii: Point, start: float, end: float) -> list[Point]:
    """Return points on an ellipse between two angles in degrees, clockwise from three o'clock."""
    count = max(8, round(abs(end - start) / 4))
    angles = [math.radians(start + (end - start) * step / count) for step in range(count + 1)]
    return [(centre[0] + radii[0] * math.cos(angle), centre[1] + radii[1] * math.sin(angle)) for angle in angles]


def rounded(corner: Point, size: Point, radius: float) -> list[Point]:
    """Return the outline of an upright rectangle with rounded corners."""
    (x, y), (wide, high) = corner, size
    if not radius:
        return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    round_ = (radius, radius)
    return [
        *arc((x + radius, y + radius), round_, 180, 270),
        *arc((x + wide - radius, y + radius), round_, 270, 360),
        *arc((x + wide - radius, y + high - radius), round_, 0, 90),
        *arc((x + radius, y + high - radius), round_, 90, 180),
    ]


def curve(points: Sequence[Point]) -> list[Point]:
    """Return a smooth path through the points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    path: list[Point] = []
    for index in range(len(points) - 1):
        span = padded[index : index + 4]
        path += [_between(span, step / STEPS) for step in range(STEPS)]
    return [*path, points[-1]]


def leaf(base: Point, length: float, width: float, angle: float) -> list[Point]:
    """Return the outline of a leaf that grows from its base at an angle in degrees (0 is to the right, -90 is up)."""
    turn = math.radians(angle)
    along = [step / 30 for step in range(31)]
    upper = [(length * t, -width / 2 * math.sin(math.pi * t**0.8)) for t in along]
    outline = [*upper, *((x, -y) for x, y in reversed(upper))]
    return [
        (base[0] + x * math.cos(turn) - y * math.sin(turn), base[1] + x * math.sin(turn) + y * math.cos(turn))
        for x, y in outline
    ]


def _between(span: Sequence[Point], t: float) -> Point:
    x, y = (_spline([point[axis] for point in span], t) for axis in (0, 1))
    return x, y


def _spline(values: Sequence[float], t: float) -> float:
    before, start, end, after = values
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    """Blur a mask at an eighth of its size: softness needs no pixels."""
    size = (max(1, mask.width // 8), max(1, mask.height // 8))
    small = mask.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(radius / 8))
    return small.resize(mask.size, Image.Resampling.BICUBIC)
