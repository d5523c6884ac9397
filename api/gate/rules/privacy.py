"""PRV-001: nothing in a text names, or leads to, a private person."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple
from urllib.parse import unquote

from api.documents import images, links
from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.lexicon import entries
from api.gate.model import Clinic
from api.gate.prose import in_body, respaced

_TEN_DIGITS: Final = re.compile(r"(?<![\w.,/+-])\d{3}[ \u00a0-]?\d{3}[ \u00a0-]?\d{4}(?![\w/]|[-.,]\d)")
_TYPED: Final = re.compile(
    r"(?:isbn|issn|doi|pmid|pmc|isrctn|nct|orcid|trial|registration|register|licence|account|invoice|order|reference|ref"
    r"|company|charity|tel|fax)"
    r"(?:[- ]?1[03])?(?:\s{1,3}(?:no|number|id|is|of)){0,5}\.?\s{0,3}[:#]?\s{0,3}$",
    re.IGNORECASE,
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}(?:of\s{{1,3}})?{_MONTH},?\s{{1,3}}\d{{2,4}}|{_MONTH}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}}\d{{4}}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})"
)
_BORN: Final = re.compile(
    r"\b(?:born(?:\s{1,3}on)?(?:\s{1,3}the)?|d\.?\s?o\.?\s?b\.?|date\s{1,3}of\s{1,3}birth|birth\s?da(?:y|te)|birthday)"
    rf"\s{{0,3}}(?:is|was|:|=|on|of|–|-)?\s{{0,3}}\(?(?P<date>{_DATE})",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE: Final = re.compile(
    r"(?<![\w.,/-])(?:\+44[ \u00a0]?(?:\(0\))?|\(?0)(?:[ \u00a0()-]{0,2}\d){9,10}(?![\w/]|[-.,]\d)"
)
_POSTCODE: Final = re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b")
_SHOWN: Final = 2


class _Private(NamedTuple):
    what: str
    text: str


def private_data(case: Case) -> Iterator[Hit]:
    for path, text in _texts(case):
        for private in _private(respaced(text), case.revision.clinic):
            yield Hit(
                path=path,
                message=f"This may be {private.what}.",
                help="Take it out. If it belongs to the public or to an organisation, a reviewer can waive this.",
                excerpt=_hidden(private.text),
                about=f"{private.what} {private.text}",
            )


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    """Yield whole blocks, because a date or a number may hold what looks like the end of a sentence; and targets."""
    yield "title", case.revision.title
    yield "summary", case.revision.summary
    yield from ((field.path, field.text) for field in case.revision.texts)
    yield from ((in_body(passage.path), passage.text) for passage in case.prose.passages)
    for link in links(case.revision.body):
        if link.href and link.href.startswith(("mailto:", "tel:")):
            yield in_body(link.path), unquote(link.href.partition(":")[2].partition("?")[0])
    for image in images(case.revision.body):
        picture = case.revision.pictures.get(image.asset_id)
        yield in_body(image.path), (picture.alt or "") if picture else ""


def _private(text: str, clinic: Clinic) -> Iterator[_Private]:
    """Yield what is found, each once: a telephone number is not read as an NHS number too."""
    telephones = [
        found
        for found in _PHONE.finditer(text)
        if not _TYPED_AS_ANYTHING.search(text[max(0, found.start() - 40) : found.start()])
    ]
    for found in _TEN_DIGITS.finditer(text):
        is_typed = _TYPED.search(text[max(0, found.start() - 40) : found.start()])
        if not is_typed and is_nhs_number(found[0]) and not any(_overlap(found, each) for each in telephones):
            yield _Private("somebody's NHS number", found[0])
    yield from (_Private("somebody's date of birth", found["date"]) for found in _BORN.finditer(text))
    yield from (_Private("somebody's e-mail address", each) for each in _emails(text, clinic))
    known = _digits_of(chain(clinic.telephones, entries("helplines")["telephones"])) if telephones else set()
    for found in telephones:
        if not _is_public(found[0], known):
            yield _Private("somebody's telephone number", found[0])
    own = {code.replace(" ", "").upper() for code in clinic.postcodes}
    for found in _POSTCODE.finditer(text):
        if found[0].replace(" ", "") not in own:
            yield _Private("the postcode of somebody's home", found[0])


_TYPED_AS_ANYTHING: Final = re.compile(
    r"(?:isbn|issn|doi|pmid|orcid|isrctn)[\s:#-]{0,9}(?:1[03][\s:#-]{0,9})?$", re.IGNORECASE
)


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def is_nhs_number(text: str) -> bool:
    """Check the last of ten digits, modulo 11; a row of one digit passes the sum and is nobody's."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return len(set(digits)) > 1 and check % 11 == digits[-1]


def _emails(text: str, clinic: Clinic) -> Iterator[str]:
    lists = entries("helplines")
    known = {address.lower() for address in (*clinic.emails, *lists["emails"])}
    for found in _EMAIL.finditer(text):
        address = found[0].rstrip(".-").lower()
        domain = address.rpartition("@")[2]
        is_public = any(domain == each or domain.endswith(f".{each}") for each in lists["public_domains"])
        if address not in known and not is_public:
            yield found[0]


def _is_public(number: str, known: set[str]) -> bool:
    digits = _national(number)
    return digits in known or digits.startswith(tuple(entries("helplines")["public_beginnings"]))


def _digits_of(numbers: Iterator[object]) -> set[str]:
    return {_national(str(number)) for number in numbers}


def _national(number: str) -> str:
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return f"0{digits[2:]}" if number.strip().startswith("+44") else digits


def _hidden(text: str) -> str:
    """Show only how it begins: a report is kept and sent, and must not spread what it warns of."""
    return f"{text[:_SHOWN]}…"
