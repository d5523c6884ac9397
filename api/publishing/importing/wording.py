"""Small acts on words: cleaning, quoting, comparing, and the slug of a title."""

import re
import unicodedata

_QUOTED = 80
LISTED = 20
_SLUG = 80
_ELLIPSIS = "\u2026"

# Controls, lone surrogates and invisible characters that old editors leave behind; none is shown, some break storage.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile("[\t\u00a0\u2007\u202f]")
_LETTERS = str.maketrans(
    {
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00fe": "th",
        "&": " and ",
    }
    | dict.fromkeys("'\u2018\u2019", "")
)


def clean(text: str) -> str:
    """Remove what nobody sees and make every blank a plain one; line ends stay."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text))


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def shown(text: str) -> str:
    """Quote a text for the report, cut to a glance."""
    line = one_line(text)
    return f"\u201c{line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + _ELLIPSIS}\u201d"


def listed(parts: list[str], count: int | None = None) -> str:
    """Join as a sentence does: a, b and c; of a long list (of `count` parts) the first and how many more."""
    count = len(parts) if count is None else count
    if count > LISTED:
        parts = [*parts[:LISTED], f"{count - LISTED:,} more"]
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part) if parts else ""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 image", "2 images"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def cut(text: str, most: int) -> str:
    """Shorten between words, marked by an ellipsis."""
    if len(text) <= most:
        return text
    return (text[: most - 1].rsplit(" ", 1)[0] or text[: most - 1]).rstrip(" ,;:") + _ELLIPSIS


def slugify(text: str) -> str:
    """Return ASCII words in lower case with hyphens between them; empty when there is none."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) <= _SLUG:
        return slug
    return (slug[: _SLUG + 1].rpartition("-")[0] or slug[:_SLUG]).strip("-")


def same(one: str, other: str) -> bool:
    """Tell whether two lines say the same, whatever their capitals and punctuation."""
    return _core(one) == _core(other) != ""


def _core(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
