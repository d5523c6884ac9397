"""Dates and identifiers as bibliographies write them."""

import re
from collections.abc import Callable

from api.errors import Refused
from api.evidence import identifiers
from api.pushing.pages import Said

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = 31
_READ: dict[str, Callable[[str], str]] = {
    "DOI": identifiers.doi,
    "PMID": identifiers.pmid,
    "PMCID": identifiers.pmcid,
    "ISBN": identifiers.isbn,
}


def issued(*parts: str) -> Said | None:
    """Return the CSL date of `2001`, `2001 Jun 30`, `2001/06/30` or of year, month and day; None without a year."""
    words = re.findall(r"[0-9]+|[A-Za-z]+", " ".join(parts))
    if not words or not re.fullmatch(r"[0-9]{4}", words[0]):
        return None
    found = [int(words[0])]
    if len(words) > 1 and (month := _month(words[1])):
        found.append(month)
        if len(words) > 2 and words[2].isdigit() and 1 <= int(words[2]) <= _DAYS:  # noqa: PLR2004 - year, month, day
            found.append(int(words[2]))
    return {"date-parts": [found]}


def identifier(kind: str, text: str) -> str | None:
    """Return the identifier in its normal form; None for what is none, such as an ISSN where an ISBN may stand."""
    try:
        return _READ[kind](text)
    except Refused:
        return None


def kept(record: Said) -> Said:
    """Return the record without what is empty."""
    return {name: value for name, value in record.items() if value}


def name(text: str) -> Said:
    """Return the CSL name of `Family, Given` or `Family, Suffix, Given`; without a comma it is an organisation."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 or not parts[0]:
        return {"literal": text.strip(" ,")}
    return kept({"family": parts[0], "given": parts[-1], "suffix": parts[1] if len(parts) > 2 else ""})  # noqa: PLR2004


def _month(word: str) -> int | None:
    if word.isdigit():
        return int(word) if 1 <= int(word) <= len(_MONTHS) else None
    short = word[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else None
