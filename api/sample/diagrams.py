"""Pictures that show numbers: a hundred dots, and two bars."""

from api.sample.canvas import Canvas, Colour, Point, rounded
from api.sample.palette import PAPER, STONE, TEAL

ROW = 10
SPACING = 7.4
DOT = 2.5


def dots(canvas: Canvas, before: int, after: int) -> None:
    """Draw two squares of a hundred people each, of whom some are dark."""
    for left, count, colour in ((7.0, before, "#5d7478"), (86.4, after, TEAL)):
        canvas.box((left - 3.4, 4.6), (73.4, 80.8), "#f3f2ec", radius=2.4)
        for index in range(ROW * ROW):
            column, row = index % ROW, index // ROW
            place = (left + column * SPACING, 11.7 + row * SPACING)
            canvas.ellipse(place, (DOT, DOT), colour if index < count else STONE)


def two_bars(canvas: Canvas) -> None:
    """Draw 0.5 beside 0.2, on one scale."""
    canvas.box((0, 0), (160, 92), PAPER, "#f4f1e8")
    for line in range(6):
        canvas.box((26, 76 - line * 12), (108, 0.22), "#d9d8d0")
    _bar(canvas, 44, 60, ("#0f6066", TEAL))
    _bar(canvas, 94, 24, ("#a9bba3", "#86a08c"))
    canvas.box((26, 75.8), (108, 0.8), "#455356")


def _bar(canvas: Canvas, left: float, height: float, colours: tuple[Colour, Colour]) -> None:
    top: Point = (left, 76 - height)
    canvas.shape(rounded(top, (22, height), 1.0), *colours)
    canvas.box((left, 74), (22, 2), colours[1])
