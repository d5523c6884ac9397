"""Pictures of the outdoors: hills, a lake, a meadow, steps, a door and a bench."""

import math
from collections.abc import Iterable, Sequence

from api.sample.canvas import Canvas, Colour, Point, arc, curve, leaf, mixed
from api.sample.palette import BARK, CLAY, DEEP, GOLD, MIST, MOSS, PAPER, SAGE, STONE, TEAL

FOOT = 92.0
THINNEST = 7.0


def hills(canvas: Canvas, ridge: Sequence[Point], fill: Colour, shade: Colour) -> None:
    """Fill everything below a smooth ridge."""
    canvas.shape([*curve(ridge), (ridge[-1][0], FOOT), (ridge[0][0], FOOT)], fill, shade)


def _blobs(
    canvas: Canvas, blobs: Iterable[tuple[float, float, float, float]], colours: tuple[Colour, Colour], alpha: float
) -> None:
    """Draw foliage: each blob is a place and two radii."""
    for x, y, wide, high in blobs:
        canvas.ellipse((x, y), (wide, high), *colours, alpha=alpha)


def path_hills(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 60), "#e9efe9", "#f8ecdc")
    canvas.glow((112, 30), 40, "#fff3d6", 0.95)
    canvas.ellipse((112, 30), (6.5, 6.5), "#fdf0cf")
    hills(canvas, [(-5, 47), (25, 38), (55, 45), (90, 36), (125, 44), (165, 37)], "#c9d6d0", "#dfe4d9")
    hills(canvas, [(-5, 54), (30, 50), (70, 44), (105, 52), (140, 46), (165, 50)], "#a7bfb2", "#c3cfb9")
    hills(canvas, [(-5, 58), (40, 62), (85, 54), (120, 60), (165, 56)], "#d9cda9", "#d3c79e")
    _tree(canvas, (128, 59.4), 6.5)
    _tree(canvas, (136, 59.6), 4.8)
    hills(canvas, [(-5, 72), (35, 64), (80, 66), (125, 72), (165, 66)], "#86a58c", "#6d9079")
    _path(canvas)
    hills(canvas, [(-5, 84), (20, 80), (48, 88), (60, 92)], "#5b8069", "#4c735f")
    hills(canvas, [(112, 92), (130, 85), (165, 80)], "#5b8069", "#4c735f")


def _path(canvas: Canvas) -> None:
    left = [(58, 92), (72, 84), (92, 77), (84, 71), (70, 67.6), (76, 65.6), (83, 64.9)]
    right = [(84.4, 64.9), (79, 65.9), (77, 67.8), (95, 71.5), (106, 77.5), (92, 85), (86, 92)]
    canvas.shape([*curve(left), *curve(right)], "#efe4cb", "#f6eedb")


def _tree(canvas: Canvas, foot: Point, size: float) -> None:
    x, y = foot
    canvas.line([(x, y), (x, y - size)], size * 0.14, BARK)
    canvas.shape(leaf((x, y - size * 0.3), size * 1.7, size * 0.85, -90), MOSS, "#557a66")


def lake_dusk(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 55), "#47747b", "#e9c9ae")
    canvas.glow((104, 26), 34, "#fbe9cf", 0.75)
    canvas.ellipse((104, 26), (6, 6), "#fdf3df")
    hills(canvas, [(-5, 46), (20, 40), (48, 46), (80, 38), (112, 45), (140, 39), (165, 44)], "#7c9aa0", "#a3aca8")
    hills(canvas, [(-5, 50), (30, 45), (62, 51), (100, 47), (135, 51), (165, 46)], "#4a7079", "#5e7f84")
    canvas.box((-5, 53), (170, 39), "#d8bda7", "#3c6870")
    canvas.shape(
        [(-5, 53), *curve([(-5, 55), (40, 57.5), (90, 55), (130, 57), (165, 55)]), (165, 53)], "#456b73", alpha=0.55
    )
    for index in range(9):
        half = 5.5 - index * 0.35 + 1.2 * math.sin(index * 2.1)
        canvas.ellipse(
            (104 + 0.8 * math.sin(index * 1.7), 58 + index * 2.7), (half, 0.42), "#fdf0da", alpha=0.8 - index * 0.06
        )
    hills(canvas, [(-5, 84), (18, 80), (40, 87), (56, 92)], "#1f474d", "#173a40")
    for index in range(11):
        x = 4 + index * 3.9 + 1.3 * math.sin(index * 2.4)
        top = 66 + 5 * math.sin(index * 1.9)
        canvas.line([(x, 90), (x + 0.4, 78), (x + 1.6, top)], 0.55, "#173a40", tip=0.4)
        if index % 3 == 0:
            canvas.ellipse((x + 1.6, top), (0.75, 2.6), "#5d4a3c")


def birch_meadow(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 60), "#dfeaea", "#f7f1e0")
    hills(canvas, [(-5, 50), (35, 43), (75, 50), (120, 42), (165, 49)], "#bccfc6", "#d2dcca")
    hills(canvas, [(-5, 57), (50, 53), (105, 58), (165, 53)], "#a9c0a3", "#b9c79d")
    crown = ((112, 20, 20, 13), (130, 27, 15, 11), (96, 28, 14, 10), (118, 33, 17, 9))
    for index, blob in enumerate(crown):
        tone = mixed("#b4c9a2", "#8dad86", index / 3)
        _blobs(canvas, [blob], (tone, mixed(tone, MOSS, 0.35)), 0.95)
    for stem, lean, width in ((101, -1.5, 2.0), (115, 0.8, 2.5), (129, 2.4, 1.8)):
        _birch(canvas, stem, lean, width)
    lights = ((98, 21, 9, 6), (113, 14, 11, 7), (129, 20, 9, 7), (107, 27, 6, 3.4), (123, 28, 5.5, 3))
    _blobs(canvas, lights, ("#bfd2ab", "#a3bd96"), 0.9)
    hills(canvas, [(-5, 66), (45, 63), (100, 67), (165, 62)], "#93ae7f", "#668a66")
    for index in range(120):
        x = (index * 61.8034) % 168 - 4
        y = 68 + (index * 37.7) % 24
        high = 4 + (index * 17.3) % 6
        tone = mixed("#86a573", "#4c7358", ((index * 29) % 100) / 100)
        bend = 0.8 + 0.7 * math.sin(index)
        canvas.line([(x, y), (x + bend * 0.3, y - high * 0.6), (x + bend, y - high)], 0.55, tone, tip=0.2)
        if index % 9 == 0:
            canvas.ellipse((x + bend, y - high), (0.9, 0.9), GOLD if index % 2 else PAPER)


def _birch(canvas: Canvas, x: float, lean: float, width: float) -> None:
    canvas.line([(x, 68), (x + lean * 0.4, 48), (x + lean, 20)], width, "#f3f0e8", tip=0.55)
    canvas.line(
        [(x + width * 0.3, 68), (x + width * 0.3 + lean * 0.4, 48), (x + width * 0.18 + lean, 22)],
        width * 0.3,
        STONE,
        tip=0.5,
    )
    for index in range(6):
        y = 63 - index * 6.3
        along = lean * (68 - y) / 48
        side = -width * 0.34 if index % 2 else width * 0.2
        canvas.ellipse((x + along + side, y), (width * 0.24, 0.42), "#57605c")


def garden_steps(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 92), "#eef1e8", "#dfe3d0")
    canvas.glow((80, 10), 50, "#fff6df", 0.9)
    for index in range(8):
        canvas.ellipse((index * 23, 30 + 4 * math.sin(index * 2)), (20, 17), mixed(SAGE, MIST, 0.35), SAGE)
    for index in range(7):
        canvas.ellipse((-6 + index * 9.5, 47 + 3 * math.cos(index * 1.7)), (12, 15), MOSS, "#557a66")
        canvas.ellipse((166 - index * 9.5, 47 + 3 * math.cos(index * 2.3)), (12, 15), MOSS, "#557a66")
    hills(canvas, [(-5, 60), (40, 58), (120, 58), (165, 60)], "#a9c08f", "#86a877")
    for index in range(6):
        top, half = 38 + index * 8.6, 20 + index * 6.4
        canvas.box((80 - half, top), (half * 2, 3.4), "#f1e9d8", "#e9dfc9")
        canvas.box((80 - half, top + 3.4), (half * 2, 5.6), "#d3c5a8", "#c3b493")
    for foot, size in (((47, 63), 6.6), ((113, 63), 6.6), ((34, 81), 8.6), ((126, 81), 8.6)):
        potted(canvas, foot, size)


def potted(canvas: Canvas, foot: Point, size: float) -> None:
    """Draw a clay pot with a leafy plant; `foot` is the middle of the pot's base, `size` its height."""
    x, y = foot
    canvas.ellipse((x + size * 0.12, y), (size * 0.75, size * 0.14), "#5b6a5c", alpha=0.35, blur=0.5)
    for index, angle in enumerate((-158, -140, -122, -104, -90, -76, -58, -40, -22)):
        length = size * (1.25 + 0.3 * math.cos(index * 2.2))
        tone = mixed("#5c8a70", DEEP, 0.16 * (index % 4))
        canvas.shape(leaf((x, y - size * 0.95), length, size * 0.42, angle), tone, mixed(tone, DEEP, 0.25))
    canvas.shape(
        [(x - size * 0.52, y - size), (x + size * 0.52, y - size), (x + size * 0.36, y), (x - size * 0.36, y)],
        "#cf8e69",
        CLAY,
    )
    canvas.box((x - size * 0.6, y - size * 1.06), (size * 1.2, size * 0.2), "#d99a76", "#c98560", radius=size * 0.05)


def winter_door(canvas: Canvas) -> None:
    canvas.box((-5, 0), (170, 82), "#f0e8da", "#e7dcc8")
    for row in range(9):
        canvas.line([(-5, 7 + row * 8), (165, 7 + row * 8)], 0.18, "#dacdb5")
    canvas.box((-5, 74), (170, 8), "#cfc6b4", "#c2b8a5")
    for x in (9, 123):
        _window(canvas, x)
    canvas.box((62, 18), (36, 62), "#fbf8f1", "#f1ebdf", radius=1)
    canvas.shape([*arc((80, 30), (14.5, 10), 180, 360), (94.5, 80), (65.5, 80)], "#156168", TEAL)
    canvas.shape([*arc((80, 30), (11, 7), 180, 360)], "#f7e3b7", "#edd19a")
    canvas.line([(80, 23), (80, 30)], 0.7, "#156168")
    for corner, size in (
        ((69, 34), (9.5, 17)),
        ((81.5, 34), (9.5, 17)),
        ((69, 55), (9.5, 19)),
        ((81.5, 55), (9.5, 19)),
    ):
        canvas.box(corner, size, "#0d575d", "#0a4c50", radius=0.8)
    canvas.ellipse((89.7, 53.2), (1.1, 1.1), GOLD)
    canvas.box((58, 80), (44, 3), "#d9d2c4", "#cbc3b2")
    canvas.box((53, 83), (54, 3.5), "#e3ddd0", "#d2cabb")
    canvas.box((-5, 86), (170, 8), "#f6f5f0", "#e7e9e5")
    canvas.glow((80, 27), 22, "#fbe6ba", 0.35)
    for x in (40, 120):
        canvas.ellipse((x, 87.6), (8, 1), "#8f9a97", alpha=0.45, blur=0.6)
        _bough(canvas, (x, 88), -90.0, 17.0, 2.3)
    potted(canvas, (56, 86), 6)
    potted(canvas, (104, 86), 6)


def _window(canvas: Canvas, x: float) -> None:
    canvas.box((x, 22), (28, 32), "#fbf8f1", "#f1ebdf", radius=0.6)
    canvas.box((x + 2, 24), (24, 28), "#8fb0b3", "#c9d8d3")
    canvas.box((x + 13.2, 24), (1.6, 28), "#fbf8f1")
    canvas.box((x + 2, 37), (24, 1.4), "#fbf8f1")
    canvas.box((x - 1.5, 54), (31, 2.4), "#ded5c3", "#cdc2ad", radius=0.4)


def _bough(canvas: Canvas, foot: Point, angle: float, length: float, width: float) -> None:
    """Draw a bare branch and those that grow from it, each shorter and thinner than the last."""
    turn = math.radians(angle)
    tip = (foot[0] + length * math.cos(turn), foot[1] + length * math.sin(turn))
    middle = ((foot[0] + tip[0]) / 2 + width * 0.2, (foot[1] + tip[1]) / 2)
    canvas.line([foot, middle, tip], width, "#84776a", tip=0.68)
    if length < THINNEST:
        return
    for spread, share in ((-27.0, 0.77), (24.0, 0.8), (-4.0, 0.62)):
        _bough(canvas, tip, angle + spread, length * share, width * 0.62)


def bench_tree(canvas: Canvas) -> None:
    canvas.box((0, 0), (160, 66), "#e2ecea", "#faf3e4")
    hills(canvas, [(-5, 56), (40, 50), (80, 56), (120, 49), (165, 55)], "#c3d3ca", "#d5ddcd")
    hills(canvas, [(-5, 66), (50, 63), (110, 66), (165, 62)], "#b4c79f", "#8fae85")
    canvas.ellipse((67, 76), (46, 5), "#5d7f63", alpha=0.45, blur=1.4)
    canvas.line([(60, 77), (61.5, 62), (59.5, 46), (62, 30)], 6.4, "#7a6450", tip=0.5)
    canvas.line([(60.5, 52), (70, 43), (79, 36)], 2.6, "#7a6450", tip=0.4)
    canvas.line([(60.2, 50), (51, 42), (44, 37)], 2.4, "#7a6450", tip=0.4)
    crown = ((38, 33, 19, 13), (84, 32, 20, 14), (61, 20, 27, 17), (48, 24, 18, 13), (76, 25, 18, 13), (61, 34, 24, 11))
    for index, blob in enumerate(crown):
        tone = mixed("#9bb88f", "#6f9579", index / 5)
        _blobs(canvas, [blob], (mixed(tone, PAPER, 0.12), mixed(tone, DEEP, 0.16)), 0.95)
    lights = ((46, 16, 9, 4), (66, 10, 11, 4.4), (82, 21, 8, 3.6), (38, 29, 8, 3.4), (88, 30, 8, 3.2), (60, 26, 9, 3.6))
    _blobs(canvas, lights, ("#bdd2ab", "#a5c09a"), 0.35)
    canvas.ellipse((60, 77.6), (7, 1.6), "#84a67b")
    _bench(canvas)
    for index in range(46):
        x = (index * 61.8034) % 168 - 4
        y = 82 + (index * 37.7) % 11
        canvas.line([(x, y), (x + 0.2, y - 2), (x + 0.8, y - 3.6)], 0.5, "#6f9470", tip=0.2)


def _bench(canvas: Canvas) -> None:
    canvas.ellipse((108, 81), (21, 1.4), "#4f6e57", alpha=0.5, blur=0.7)
    for x in (92, 123):
        canvas.line([(x, 81), (x + 0.3, 72), (x + 1.2, 59)], 1.5, "#35585a")
        canvas.line([(x - 4.2, 81), (x - 3.6, 72.5)], 1.4, "#35585a")
    for y in (60.5, 64, 67.5):
        canvas.box((88, y), (40, 2.3), "#cfa27c", "#bb8a63", radius=0.6)
    canvas.box((84.5, 71.6), (43.5, 2.6), "#d7ac86", "#bb8a63", radius=0.7)


OUTDOORS = {
    "path-hills": path_hills,
    "lake-dusk": lake_dusk,
    "birch-meadow": birch_meadow,
    "garden-steps": garden_steps,
    "winter-door": winter_door,
    "bench-tree": bench_tree,
}
