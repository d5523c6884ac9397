"""Dates as people write them; one that could be read in two ways is not read at all."""

import re
from datetime import date

_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = {name: number for number, name in enumerate(_NAMES.split("|"), start=1)}
_MONTH = rf"(?P<name>{_NAMES})[a-z]*\.?"
_TIME = r"(?:(?:T|,? (?:at )?)[0-9]{1,2}[:.][0-9]{2}[0-9:.]* ?(?:Z|[ap]\.?m\.?|[+-][0-9:]{4,5})?)?"
_SHAPES = [
    re.compile(shape + _TIME, re.IGNORECASE | re.ASCII)
    for shape in (
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
        rf"(?:[a-z]+,? )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?P<year>[0-9]{{4}})",
        rf"(?:[a-z]+,? )?{_MONTH} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})",
    )
]
_NUMBERS = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")
_MONTHS_IN_A_YEAR = 12


def written(text: str) -> date | None:
    """Return the date with which the text begins, or None; 03/04/2022 could be March or April and is None."""
    line = " ".join(text.split())
    for shape in _SHAPES:
        if match := shape.fullmatch(line):
            parts = match.groupdict()
            month = int(parts["month"]) if "month" in parts else _MONTHS[parts["name"].lower()]
            return _existing(int(parts["year"]), month, int(parts["day"]))
    if match := _NUMBERS.fullmatch(line):
        first, second, year = map(int, match.groups())
        day, month = (first, second) if second <= _MONTHS_IN_A_YEAR else (second, first)
        return _existing(year, month, day) if day == month or day > _MONTHS_IN_A_YEAR else None
    return None


def said(day: date) -> str:
    """Write a date for the report: 27 February 2022."""
    return f"{day.day} {day:%B %Y}"


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
