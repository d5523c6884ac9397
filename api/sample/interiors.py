"""Pictures of quiet rooms and of things on a table."""

import math

from api.sample.canvas import Canvas, Colour, Point, arc, curve, leaf, mixed, rounded
from api.sample.landscapes import potted
from api.sample.palette import BARK, CLAY, DEEP, GOLD, MIST, MOSS, PAPER, SAND, TEAL

TABLE_EDGE = 58.0


def window_morning(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 92), "#f3ece0", "#e9ddca")
    canvas.box((36, 5), (92, 66), "#fffdf8", "#f4eee2", radius=1)
    canvas.box((40, 9), (84, 58), "#dcebea", "#fbecd4")
    canvas.glow((66, 36), 26, "#fff4d6", 0.95)
    canvas.ellipse((66, 36), (4.6, 4.6), "#fff3d2")
    _view(canvas)
    for corner, size in (((80.6, 9), (2.8, 58)), ((40, 30), (84, 2.2))):
        canvas.box(corner, size, "#fffdf8", "#f0e9db")
    canvas.box((31, 67), (102, 4.6), "#fffdf8", "#e6dcca", radius=0.6)
    canvas.shape([(36, 71.6), (128, 71.6), (126, 75), (38, 75)], "#8d7d64", alpha=0.28, blur=0.8)
    canvas.shape([(58, 76), (104, 76), (132, 92), (74, 92)], "#fff6e0", alpha=0.5, blur=1.2)
    potted(canvas, (109, 67.6), 11)
    _curtain(canvas, 18, 1)
    _curtain(canvas, 142, -1)


def _view(canvas: Canvas) -> None:
    """Draw the hills outside, within the pane."""
    for ridge, fill, shade in (
        ([(40, 50), (60, 44), (84, 50), (106, 43), (124, 48)], "#c3d4cc", "#d9e0d2"),
        ([(40, 55), (66, 52), (94, 57), (124, 51)], "#9fbaa9", "#b8c9b2"),
        ([(40, 61), (74, 58), (100, 62), (124, 58)], "#7f9f86", "#94b08e"),
    ):
        canvas.shape([*curve(ridge), (124, 67), (40, 67)], fill, shade)


def _curtain(canvas: Canvas, x: float, side: int) -> None:
    outer = x - side * 14
    canvas.shape(
        [
            (outer, -2),
            (x + side * 14, -2),
            *curve([(x + side * 14, -2), (x + side * 9, 40), (x + side * 4, 86)]),
            (outer, 86),
        ],
        "#cfdad2",
        "#b5c6bc",
    )
    for fold in (0.2, 0.45, 0.7):
        top, foot = outer + (x + side * 14 - outer) * fold, outer + (x + side * 4 - outer) * fold
        canvas.line([(top, -2), (top - side * 0.8, 40), (foot, 86)], 1.1, "#a7bbb0", alpha=0.6)


def tea_cup(canvas: Canvas) -> None:
    _table(canvas, "#eef1ea", "#f6efe2")
    canvas.glow((112, 20), 52, "#fff5dd", 0.8)
    canvas.ellipse((80, 78), (34, 4.6), "#6d4f36", alpha=0.4, blur=1.3)
    canvas.ellipse((78, 75), (31, 5.6), "#f8f4ea", "#d9d1c0")
    canvas.ellipse((78, 74.3), (27, 4.3), "#e9e2d3", "#f6f1e5")
    canvas.shape(
        [*arc((100, 57), (10.5, 9.5), -90, 100), *reversed(arc((99.5, 57), (6.4, 5.8), -90, 100))], "#0f6066", TEAL
    )
    bowl = [(55, 44), (57, 58), (63, 69), (70, 74), (86, 74), (93, 69), (99, 58), (101, 44)]
    canvas.shape(curve(bowl), "#14666c", "#084a4e")
    canvas.shape(
        curve([(58.5, 50), (60.5, 59), (65, 67), (66.5, 66), (63, 58), (61.6, 50)]), "#fcfbf8", alpha=0.16, blur=0.3
    )
    canvas.ellipse((78, 44), (23, 4.6), "#1f757b", "#12595e")
    canvas.ellipse((78, 44.4), (20.6, 3.6), "#b97a45", "#a1622f")
    canvas.ellipse((72, 43.8), (8, 1.1), "#d79d66", alpha=0.7)
    for x, sway, high in ((70, 3, 26), (79, -3.4, 33), (87, 2.6, 24)):
        steam = [(x, 41), (x + sway, 41 - high * 0.33), (x - sway * 0.7, 41 - high * 0.66), (x + sway * 0.8, 41 - high)]
        canvas.line(steam, 1.7, "#ffffff", alpha=0.55, tip=0.15)
    _branch(canvas, (113, 82), [(113, 82), (124, 78), (136, 77), (148, 72)])


def _table(canvas: Canvas, wall: Colour, lower_wall: Colour) -> None:
    canvas.box((0, 0), (160, TABLE_EDGE + 1), wall, lower_wall)
    canvas.box((-5, TABLE_EDGE), (170, 34), "#d9b48c", "#c4976b")
    for index in range(6):
        y = TABLE_EDGE + 4 + index * 5
        grain = [(-5, y), (40, y + math.sin(index) * 0.9), (100, y + math.cos(index * 2) * 0.9), (165, y + 0.4)]
        canvas.line(grain, 0.26, "#b88a5f", alpha=0.55)
    canvas.box((-5, TABLE_EDGE - 0.4), (170, 0.9), "#e6c6a2")


def _branch(canvas: Canvas, foot: Point, path: list[Point]) -> None:
    canvas.ellipse((foot[0] + 17, foot[1] + 1.4), (20, 1.6), "#6d4f36", alpha=0.3, blur=0.8)
    canvas.line(path, 0.9, BARK, tip=0.5)
    for index, (x, y) in enumerate(curve(path)[4::6]):
        angle = -62 + 11 * math.sin(index * 2) if index % 2 else 38 + 8 * math.cos(index)
        tone = mixed("#86a884", MOSS, 0.3 * (index % 3))
        canvas.shape(leaf((x, y), 9, 3.8, angle - 12), tone, mixed(tone, DEEP, 0.2))


def pears_bowl(canvas: Canvas) -> None:
    _table(canvas, "#e4ece8", "#f4efe4")
    canvas.glow((40, 16), 55, "#fff6e2", 0.8)
    canvas.ellipse((76, 79), (36, 3.6), "#6d4f36", alpha=0.4, blur=1.3)
    _pear(canvas, (64, 56), 1.02, ("#d9b458", "#b98b3a"), -9)
    _pear(canvas, (86, 55), 1.1, ("#b7b868", "#8d9548"), 11)
    bowl = [(40, 56), (44, 67), (54, 76), (64, 79), (88, 79), (98, 76), (108, 67), (112, 56)]
    canvas.shape([*curve(bowl), *arc((76, 56), (36, 4.6), 0, 180)], "#f9f5ec", "#cfc6b4")
    canvas.shape([*arc((76, 56), (36, 4.6), 0, 180), *reversed(arc((76, 55.2), (35, 3.6), 0, 180))], "#fffdf8")
    canvas.shape(
        [*arc((76, 62), (34.6, 4.8), 12, 168), *reversed(arc((76, 63.4), (34, 4.8), 12, 168))], TEAL, alpha=0.75
    )
    canvas.ellipse((131, 83.5), (12, 1.5), "#6d4f36", alpha=0.42, blur=0.8)
    _pear(canvas, (129, 74), 1.0, ("#cdb95c", "#a3893d"), 4)


def _pear(canvas: Canvas, centre: Point, size: float, colours: tuple[Colour, Colour], lean: float) -> None:
    turn = math.radians(lean)

    def at(x: float, y: float) -> Point:
        x, y = x * size, y * size
        return centre[0] + x * math.cos(turn) - y * math.sin(turn), centre[1] + x * math.sin(turn) + y * math.cos(turn)

    side = [(0, -14.5), (3.2, -13), (4.6, -8), (7.6, -2), (9.6, 3.5), (7.4, 8.4), (0, 10)]
    outline = [*side, *((-x, y) for x, y in reversed(side[:-1]))]
    canvas.line([at(0.2, -14), at(0.8, -17), at(2.2, -19.4)], 0.9, BARK, tip=0.7)
    canvas.shape(leaf(at(0.8, -16.6), 8 * size, 3.4 * size, lean - 24), "#7fa07c", MOSS)
    canvas.shape(curve([at(x, y) for x, y in outline]), *colours)
    canvas.ellipse(at(-3.8, 1.5), (2.2 * size, 4.4 * size), "#fff8dc", alpha=0.38, blur=0.7)


def two_jars(canvas: Canvas) -> None:
    _table(canvas, "#e9eeea", "#f7f0e4")
    canvas.glow((80, 14), 60, "#fff6e2", 0.7)
    for x in (52.0, 108.0):
        canvas.ellipse((x + 3, 78.4), (17, 2.4), "#6d4f36", alpha=0.42, blur=1)
    stem = [(52, 50), (51, 36), (54, 22), (52, 10)]
    canvas.line(stem, 1.0, BARK, tip=0.5)
    for index, (x, y) in enumerate(curve(stem)[6::4]):
        angle = -152 + 14 * math.sin(index) if index % 2 else -30 + 12 * math.cos(index)
        tone = mixed("#8fb08b", MOSS, 0.3 * (index % 3))
        canvas.shape(leaf((x, y), 12 - index * 0.5, 4.6, angle), tone, mixed(tone, DEEP, 0.18))
    for x in (52.0, 108.0):
        _jar(canvas, x)


def _jar(canvas: Canvas, x: float) -> None:
    side = [(5.6, 46), (5.2, 50), (11, 56), (14, 65), (12, 74), (8, 78)]
    outline = [*((x + dx, y) for dx, y in side), *((x - dx, y) for dx, y in reversed(side))]
    canvas.shape(curve(outline), "#2a7a7e", "#0a4f53")
    canvas.shape(
        curve([(x - 9.6, 58), (x - 11.6, 65), (x - 9.8, 72), (x - 8.2, 72), (x - 9.4, 65), (x - 7.8, 58)]),
        PAPER,
        alpha=0.2,
    )
    canvas.ellipse((x, 46), (6.4, 1.5), "#3d888b", "#206d71")
    canvas.ellipse((x, 46.1), (4.8, 0.95), "#083f43")


def chair_lamp(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 72), "#e3e6dc", "#efe6d6")
    canvas.box((-5, 71), (170, 21), "#c9a882", "#b58f68")
    canvas.box((-5, 69.6), (170, 1.8), "#f7f1e6", "#ded2bd")
    canvas.glow((116, 30), 52, "#ffedc4", 0.95)
    canvas.ellipse((82, 83), (56, 6), "#e4d8c4", "#d5c6ac")
    canvas.ellipse((82, 83), (48, 4.6), "#aebfb0", "#9db2a2")
    _picture(canvas)
    canvas.ellipse((116, 82.4), (9, 1.3), "#6b563f", alpha=0.45, blur=0.6)
    canvas.line([(116, 82), (116, 60), (116, 31)], 1.1, "#4d5552")
    canvas.box((109.5, 80.8), (13, 1.6), "#4d5552", radius=0.7)
    canvas.shape([(108.6, 18), (123.4, 18), (129, 34), (103, 34)], "#fdf2d6", "#f0d7a2")
    _armchair(canvas)


def _picture(canvas: Canvas) -> None:
    canvas.box((24, 15), (27, 21), "#fffdf8", "#efe7d8", radius=0.4)
    canvas.box((26.4, 17.4), (22.2, 16.2), "#dfe9e4", "#f5ecd9")
    canvas.shape(
        [*curve([(26.4, 29), (33, 25.6), (41, 29.4), (48.6, 26)]), (48.6, 33.6), (26.4, 33.6)], "#94b0a0", "#7d9d88"
    )


def _armchair(canvas: Canvas) -> None:
    canvas.ellipse((74, 83.6), (31, 2.6), "#6b563f", alpha=0.5, blur=1)
    for x in (53, 93):
        canvas.line([(x, 76), (x + (1.4 if x > TABLE_EDGE else -1.4), 84)], 1.7, BARK, tip=0.7)
    canvas.shape(rounded((51, 33), (46, 40), 10), "#2b7478", "#12565b")
    canvas.shape(rounded((56, 38), (36, 30), 6), "#357f82", "#1d6267")
    canvas.shape(rounded((54, 60), (40, 11), 4), "#458c8e", "#2b7276")
    for x in (45, 91):
        canvas.shape(rounded((x, 53), (12, 25), 5.4), "#256d71", "#0d4f54")
    canvas.shape(rounded((62, 45), (19, 17), 4), "#e9c9a6", "#d9ae83")


def treatment_room(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 72), "#eef0ea", "#f2eadc")
    canvas.box((-5, 71), (170, 21), "#d6bd9b", "#c3a47d")
    canvas.box((-5, 69.6), (170, 1.8), "#fbf7ee", "#e2d7c4")
    canvas.box((52, 7), (56, 22), "#fffdf8", "#f1eadb", radius=0.5)
    canvas.box((54.5, 9.5), (51, 17), "#d8e8e6", "#f7ecd8")
    canvas.shape(
        [*curve([(54.5, 21), (68, 17.5), (85, 21.5), (105.5, 18)]), (105.5, 26.5), (54.5, 26.5)], "#a8c1b0", "#8fad96"
    )
    canvas.box((79.4, 9.5), (1.2, 17), "#fffdf8")
    canvas.shape([(54, 30), (106, 30), (128, 69), (34, 69)], "#fff7e4", alpha=0.45, blur=1.6)
    canvas.ellipse((76, 84), (50, 3), "#6b563f", alpha=0.4, blur=1.2)
    for x in (38, 112):
        canvas.line([(x, 66), (x, 84)], 2.4, BARK)
    canvas.box((28, 63), (96, 3.4), "#b08d68", "#94734f", radius=0.8)
    canvas.box((27, 56.4), (98, 7.4), "#fdfaf2", "#e3dac8", radius=2.6)
    canvas.shape(rounded((29, 50.6), (21, 7.2), 3), "#ffffff", "#e9e2d4")
    _blanket(canvas)
    _stool(canvas)
    potted(canvas, (16, 84), 12)


def _blanket(canvas: Canvas) -> None:
    for index, tone in enumerate(("#0f6066", "#c9d8cf", "#2b7478")):
        canvas.box((92, 53.6 - index * 3), (26, 3.3), mixed(tone, PAPER, 0.08), tone, radius=1.3)


def _stool(canvas: Canvas) -> None:
    canvas.ellipse((143, 85), (9, 1.2), "#6b563f", alpha=0.4, blur=0.6)
    for x, foot in ((139, 137), (147, 149)):
        canvas.line([(x, 71), (foot, 85)], 1.3, BARK)
    canvas.box((135, 68.4), (16, 3.2), "#cfa27c", CLAY, radius=1.4)
    canvas.box((138.5, 63.4), (9, 5), "#fbf8f1", MIST, radius=0.8)
    canvas.ellipse((143, 63.4), (4.5, 0.9), GOLD, SAND)


INDOORS = {
    "window-morning": window_morning,
    "tea-cup": tea_cup,
    "pears-bowl": pears_bowl,
    "two-jars": two_jars,
    "chair-lamp": chair_lamp,
    "treatment-room": treatment_room,
}
