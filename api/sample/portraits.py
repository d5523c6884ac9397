"""Portraits of people who do not exist: hair, shoulders and a calm ground, and no face to take for anybody's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.sample.canvas import Canvas, Colour, Point, arc, curve, leaf, mixed
from api.sample.palette import BLUSH, CLAY, DEEP, GOLD, INK, MIST, PAPER, SAGE, SAND, TEAL


@dataclass(frozen=True)
class Sitter:
    """What tells one portrait from another."""

    ground: tuple[Colour, Colour]
    skin: Colour
    hair: Colour
    coat: Colour
    shirt: Colour
    behind: Callable[[Canvas, Colour], None]
    before: Callable[[Canvas, Colour], None]


def portrait(canvas: Canvas, sitter: Sitter) -> None:
    canvas.box((0, 0), (100, 100), *sitter.ground)
    canvas.ellipse((50, 46), (39, 39), PAPER, alpha=0.35)
    sitter.behind(canvas, sitter.hair)
    _shoulders(canvas, sitter)
    canvas.shape(curve([(43, 54), (43.4, 66), (50, 73), (56.6, 66), (57, 54)]), mixed(sitter.skin, INK, 0.2))
    for x in (33.6, 66.4):
        canvas.ellipse((x, 44), (2.6, 4), mixed(sitter.skin, INK, 0.1))
    face = [
        (50, 22),
        (60.5, 25),
        (66, 35),
        (65.6, 46),
        (61, 57),
        (50, 63.4),
        (39, 57),
        (34.4, 46),
        (34, 35),
        (39.5, 25),
        (50, 22),
    ]
    canvas.shape(curve(face), mixed(sitter.skin, PAPER, 0.06), mixed(sitter.skin, CLAY, 0.08))
    for x in (40.5, 59.5):
        canvas.ellipse((x, 49.5), (4.4, 3.2), CLAY, alpha=0.13, blur=0.9)
    sitter.before(canvas, sitter.hair)


def _shoulders(canvas: Canvas, sitter: Sitter) -> None:
    outline = [(6, 104), (9, 86), (24, 74), (42, 68), (58, 68), (76, 74), (91, 86), (94, 104)]
    canvas.shape(curve(outline), sitter.coat, mixed(sitter.coat, DEEP, 0.35))
    canvas.shape([(39, 69), (61, 69), (51.6, 102), (48.4, 102)], sitter.shirt)
    for side in (-1, 1):
        lapel = [(50 + side * 8.5, 67), (50 + side * 14.5, 72), (50 + side * 12, 84), (50 + side * 1.4, 101)]
        canvas.shape(lapel, mixed(sitter.coat, PAPER, 0.1), mixed(sitter.coat, DEEP, 0.2))


def _fill(canvas: Canvas, outline: Sequence[Point], hair: Colour, shade: float = 0.25) -> None:
    canvas.shape(curve(outline), hair, mixed(hair, INK, shade))


def _bun(canvas: Canvas, hair: Colour) -> None:
    canvas.ellipse((50, 13.5), (9.5, 8.5), hair, mixed(hair, INK, 0.3))
    _fill(canvas, [(33, 50), (31, 34), (38, 21), (50, 17), (62, 21), (69, 34), (67, 50), (33, 50)], hair)


def _parted(canvas: Canvas, hair: Colour) -> None:
    _fill(
        canvas,
        [
            (33, 44),
            (32.6, 32),
            (39, 22),
            (50, 18.6),
            (61, 22),
            (67.4, 32),
            (67, 44),
            (64, 35),
            (54, 29.6),
            (46, 27),
            (38.6, 34),
            (33, 44),
        ],
        hair,
    )


def _nothing(_canvas: Canvas, _hair: Colour) -> None:
    return


def _cropped(canvas: Canvas, hair: Colour) -> None:
    _fill(
        canvas,
        [
            (33.2, 41),
            (32.4, 31),
            (38, 21),
            (50, 17.4),
            (62, 21),
            (67.6, 31),
            (66.8, 41),
            (63.6, 32.4),
            (50, 28.6),
            (36.4, 32.4),
            (33.2, 41),
        ],
        hair,
    )
    beard = [
        (34.4, 44),
        (36.4, 49),
        (42, 51.6),
        (46, 50.4),
        (54, 50.4),
        (58, 51.6),
        (63.6, 49),
        (65.6, 44),
        (64.8, 52),
        (60, 61),
        (50, 66.6),
        (40, 61),
        (35.2, 52),
        (34.4, 44),
    ]
    _fill(canvas, beard, hair, 0.1)


def _swept(canvas: Canvas, hair: Colour) -> None:
    _fill(
        canvas,
        [
            (33, 42),
            (31.6, 31),
            (37, 20),
            (52, 15.4),
            (64, 20),
            (68.6, 31),
            (67, 42),
            (65, 34),
            (58, 27.4),
            (47, 30),
            (37, 32.6),
            (33, 42),
        ],
        hair,
        0.12,
    )
    for x in (42.6, 57.4):
        ring = [*arc((x, 43.4), (6.2, 5.6), 0, 360), *reversed(arc((x, 43.4), (5.4, 4.8), 0, 360))]
        canvas.shape(ring, "#3d4a4c")
        canvas.ellipse((x, 43.4), (5.4, 4.8), PAPER, alpha=0.16)
    canvas.line([(48.6, 42.8), (50, 42), (51.4, 42.8)], 0.8, "#3d4a4c")


def _bob_behind(canvas: Canvas, hair: Colour) -> None:
    _fill(
        canvas,
        [(28.6, 62), (27.6, 40), (34, 22), (50, 15), (66, 22), (72.4, 40), (71.4, 62), (60, 66), (40, 66), (28.6, 62)],
        hair,
        0.35,
    )


def _bob_before(canvas: Canvas, hair: Colour) -> None:
    _fill(
        canvas,
        [
            (29.6, 60),
            (29, 40),
            (36, 22.6),
            (50, 16.4),
            (64, 22.6),
            (71, 40),
            (70.4, 60),
            (65.4, 57),
            (66, 40),
            (60, 30),
            (47, 25.4),
            (39, 33),
            (34.6, 42),
            (34.6, 57),
            (29.6, 60),
        ],
        hair,
        0.18,
    )


def _long_behind(canvas: Canvas, hair: Colour) -> None:
    _fill(
        canvas,
        [
            (24, 92),
            (27, 60),
            (28, 36),
            (36, 20),
            (50, 14.6),
            (64, 20),
            (72, 36),
            (73, 60),
            (76, 92),
            (50, 96),
            (24, 92),
        ],
        hair,
        0.3,
    )


def _long_before(canvas: Canvas, hair: Colour) -> None:
    _fill(
        canvas,
        [
            (31, 58),
            (30.4, 38),
            (37, 22.6),
            (50, 16.6),
            (63, 22.6),
            (69.6, 38),
            (69, 58),
            (65.8, 46),
            (62, 33),
            (50, 23.6),
            (38, 33),
            (34.2, 46),
            (31, 58),
        ],
        hair,
        0.15,
    )
    canvas.shape(
        curve(
            [
                (34, 68),
                (42, 64.6),
                (50, 70),
                (58, 64.6),
                (66, 68),
                (67, 76),
                (56, 82),
                (50, 80),
                (44, 82),
                (33, 76),
                (34, 68),
            ]
        ),
        GOLD,
        CLAY,
    )
    canvas.shape(curve([(52, 78), (60, 79), (63, 92), (61, 103), (51, 103), (53, 90), (52, 78)]), GOLD, CLAY)


SITTERS = {
    "portrait-maren-holloway": Sitter((MIST, SAGE), "#e9c2a2", "#3b2b25", TEAL, PAPER, _bun, _parted),
    "portrait-tobias-okafor-lind": Sitter(
        (SAND, "#d3c09d"), "#8a5a3c", "#211a18", "#3f6b8a", "#e8eef0", _nothing, _cropped
    ),
    "portrait-samir-norwood": Sitter(
        ("#dfe6ea", "#b7c8cf"), "#c99570", "#8d8f8d", "#4c5f4f", "#f3ead8", _nothing, _swept
    ),
    "portrait-ruth-calloway": Sitter(
        (BLUSH, "#d9b193"), "#f1d0b8", "#8a4526", "#7b5a6a", PAPER, _bob_behind, _bob_before
    ),
    "portrait-anita-verwood": Sitter(
        ("#e3e9dd", SAGE), "#a8714c", "#1f1a1b", DEEP, "#d8e2dd", _long_behind, _long_before
    ),
}


def logo(canvas: Canvas) -> None:
    """Draw an alder leaf in a circle."""
    canvas.box((0, 0), (100, 100), PAPER)
    canvas.ellipse((50, 50), (45, 45), "#0f6066", TEAL)
    canvas.shape(leaf((50, 82), 60, 47, -90), "#dfe8e0", "#c3d5c8")
    canvas.line([(50, 91), (50, 60), (50, 28)], 2.2, TEAL, tip=0.4)
    for y, reach in ((68, 13), (57, 15), (46, 12), (36.5, 7)):
        for side in (-1, 1):
            canvas.line(
                [(50, y), (50 + side * reach * 0.5, y - reach * 0.42), (50 + side * reach, y - reach * 0.98)],
                1.5,
                TEAL,
                tip=0.5,
            )
