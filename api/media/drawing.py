"""Draws the picture that a link to an article is shown with elsewhere: its title, the clinic, who reviewed it (pure).

The fonts are Source Serif 4 and Source Sans 3 as the npm packages of the site bring them, under the SIL Open Font
License; the licences lie beside them.
"""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from api.media.cards import Card

WIDTH, HEIGHT = 1200, 630
MARGIN = 80
MOST_LINES = 5
PAPER, INK, SOFT, ACCENT = "#fcfbf8", "#182325", "#455356", "#0a5559"
FONTS = Path(__file__).with_name("fonts")
SIZES = (76, 68, 60, 54)


def draw(card: Card) -> bytes:
    """The picture as PNG, 1200 by 630."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 16), fill=ACCENT)
    pen.text((MARGIN, 66), card.clinic, font=_sans(34, 600), fill=ACCENT)
    font, lines = _fitted(card.title)
    height = round(font.size * 1.18)
    top = 135 + max(0, (HEIGHT - 135 - 120 - height * len(lines)) // 2)
    for number, line in enumerate(lines):
        pen.text((MARGIN, top + number * height), line, font=font, fill=INK)
    if card.reviewed:
        pen.text((MARGIN, HEIGHT - 96), card.reviewed, font=_sans(32, 400), fill=SOFT)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitted(title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest type in which the title fits; the end is left out where it never does."""
    for size in SIZES:
        font = ImageFont.truetype(FONTS / "serif.woff2", size)
        lines = _lines(title, font)
        if len(lines) * size * 1.18 <= HEIGHT - 270 and len(lines) <= MOST_LINES:
            return font, lines
    return font, [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + " …"] if len(lines) > MOST_LINES else lines


def _lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in (piece for whole in text.split() for piece in _pieces(whole, font)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _pieces(word: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """A word that is wider than the picture, in pieces that are not."""
    pieces = [""]
    for letter in word:
        if font.getlength(pieces[-1] + letter) > WIDTH - 2 * MARGIN:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _sans(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONTS / "sans.woff2", size)
    font.set_variation_by_axes([weight])
    return font
