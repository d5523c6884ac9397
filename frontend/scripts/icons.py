# ruff: noqa: INP001 - a script beside the site, not a module of ours
"""Draws the PNG icons of the site from the shapes of `public/favicon.svg`: `python scripts/icons.py` (needs Pillow)."""

from pathlib import Path

from PIL import Image, ImageDraw

PUBLIC = Path(__file__).parents[1] / "public"
GROUND, LIGHT = "#0a5559", "#fcfbf8"
FINER = 4  # drawn so much larger, then made smaller: smooth edges
GRID = 32


def icon(pixels: int, *, corner: float, scale: float) -> Image.Image:
    """The three dots of certainty, two filled and one open, on their ground; sizes are in units of the SVG."""
    side = pixels * FINER
    unit = side / GRID
    image = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=corner * unit, fill=GROUND)
    for x, radius in ((8, 3.0), (16, 3.0), (24, 3.0)):
        middle = (GRID / 2 + (x - GRID / 2) * scale) * unit
        reach = radius * scale * unit
        pen.ellipse((middle - reach, side / 2 - reach, middle + reach, side / 2 + reach), fill=LIGHT)
    inner, middle = 1.4 * scale * unit, (GRID / 2 + 8 * scale) * unit
    pen.ellipse((middle - inner, side / 2 - inner, middle + inner, side / 2 + inner), fill=GROUND)
    return image.resize((pixels, pixels), Image.Resampling.LANCZOS)


def main() -> None:
    for pixels, corner in ((180, 0), (192, 7), (512, 7)):  # telephones round the first themselves
        icon(pixels, corner=corner, scale=1).save(PUBLIC / f"icon-{pixels}.png", optimize=True)
    icon(32, corner=7, scale=1).save(PUBLIC / "favicon.ico", sizes=[(32, 32)])  # asked for by browsers that know no SVG
    icon(512, corner=0, scale=0.8).save(PUBLIC / "icon-maskable.png", optimize=True)


if __name__ == "__main__":
    main()
