"""Personal data in a reader's text: numbers and addresses that belong to somebody."""

import re
from typing import Final

from api.gate.rules.privacy import is_nhs_number

_TEN_DIGITS: Final = re.compile(r"(?<!\d)\d{3}[ \u00a0.-]?\d{3}[ \u00a0.-]?\d{4}(?!\d)")
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]{2,63}){1,4}"
    r"|(?<![\w.+-])[\w.+-]{1,64} at [\w-]{1,63}(?: dot [\w-]{2,63}){1,4}",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<![\d.,/])(?:(?:\+|00)44[ \u00a0-]?(?:\(0\))?|\(?0)(?:[ \u00a0().-]{0,2}\d){9,10}(?!\d)")
_POSTCODE: Final = re.compile(r"\b(?:gir ?0aa|[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2})\b", re.IGNORECASE)
_MONTH: Final = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}(?:of\s{{1,3}})?{_MONTH},?\s{{1,3}}\d{{2,4}}|{_MONTH}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}}\d{{4}}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})"
)
_BORN: Final = re.compile(
    r"\b(?:born(?:\s{1,3}on)?(?:\s{1,3}the)?|d\.?\s?o\.?\s?b\.?|date\s{1,3}of\s{1,3}birth|birth\s?(?:day|date))\s{0,3}"
    rf"(?:is|was|:|=|on|of|–|-)?\s{{0,3}}\(?{_DATE}",
    re.IGNORECASE,
)
_LINK: Final = re.compile(
    r"\b(?:https?|ftp)://|\bwww\.|\[url|<a\s|\b[a-z0-9-]{2,63}\.(?:com|net|org|info|biz|co\.uk|uk|io|ru|cn|xyz|shop"
    r"|online|site|top|click|link|store|live|app|me|ly|de|eu)\b(?!\.)",
    re.IGNORECASE,
)


def has_nhs_number(text: str) -> bool:
    """Ten digits whose last is their check digit, modulo 11; a telephone number is told of as such."""
    phones = [found.span() for found in _PHONE.finditer(text)]
    return any(
        is_nhs_number(found[0]) and not any(start <= found.start() < end for start, end in phones)
        for found in _TEN_DIGITS.finditer(text)
    )


def has_email(text: str) -> bool:
    return bool(_EMAIL.search(text))


def has_phone(text: str) -> bool:
    return bool(_PHONE.search(text))


def has_postcode(text: str) -> bool:
    return bool(_POSTCODE.search(text))


def has_date_of_birth(text: str) -> bool:
    return bool(_BORN.search(text))


def has_link(text: str) -> bool:
    """An address of the web, also when it is spelled without its scheme; e-mail addresses are told of as such."""
    return bool(_LINK.search(_EMAIL.sub(" ", text)))
