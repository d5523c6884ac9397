"""The names that works and people carry in registers: each is brought into its one normal form or refused."""

import re
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import unquote

from api.errors import Invalid


class InvalidIdentifier(Invalid):
    """This is not an identifier of the kind that is expected here."""


_DOI_ADDRESS = re.compile(r"(?:doi\s*:?\s*)?https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE | re.ASCII)
_DOI_LABEL = re.compile(r"doi\s*:?\s*", re.IGNORECASE | re.ASCII)
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\x00-\x1f\x7f]{1,400}")
_PMID = re.compile(
    r"(?:pmid\s*:?\s*|https?://pubmed\.ncbi\.nlm\.nih\.gov/|https?://www\.ncbi\.nlm\.nih\.gov/pubmed/)?0*([1-9][0-9]{0,7})/?",
    re.IGNORECASE | re.ASCII,
)
_PMCID = re.compile(
    r"(?:pmcid\s*:?\s*|https?://pmc\.ncbi\.nlm\.nih\.gov/articles/|https?://(?:www\.)?ncbi\.nlm\.nih\.gov/pmc/articles/)?"
    r"PMC0*([1-9][0-9]{0,7})/?",
    re.IGNORECASE | re.ASCII,
)
_ISBN = re.compile(r"(?:isbn(?:[- ]?1[03](?![0-9]))?\s*:?\s*)?([0-9][0-9 \u2010-\u2015-]*[0-9xX])", re.IGNORECASE)
_ORCID = re.compile(r"(?:(?:https?://)?orcid\.org/|orcid\s*:?\s*)?((?:[0-9]{4}-?){3}[0-9]{3}[0-9xX])/?", re.IGNORECASE)

_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def doi(text: str) -> str:
    """Return the bare DOI in lower case (a DOI ignores the case of ASCII letters only)."""
    bare = text.strip()
    if address := _DOI_ADDRESS.match(bare):
        bare = unquote(bare[address.end() :])
    elif label := _DOI_LABEL.match(bare):
        bare = bare[label.end() :]
    bare = bare.rstrip(".,;").translate(_ASCII_LOWER)
    if not _DOI.fullmatch(bare):
        raise InvalidIdentifier("This is not a DOI: one looks like 10.1136/bmj.322.7302.1574.")
    return bare


def pmid(text: str) -> str:
    """Return the bare PubMed number, without leading zeros."""
    match = _PMID.fullmatch(text.strip())
    if match is None:
        raise InvalidIdentifier("This is not a PubMed id (PMID): one is a number of 1 to 8 digits, such as 11532841.")
    return match[1]


def pmcid(text: str) -> str:
    """Return the PubMed Central id with its PMC in front, which tells it from a PMID."""
    match = _PMCID.fullmatch(text.strip())
    if match is None:
        raise InvalidIdentifier("This is not a PubMed Central id (PMCID): one looks like PMC33515.")
    return f"PMC{match[1]}"


def isbn(text: str) -> str:
    """Return the 13 digits of an ISBN without hyphens; an ISBN-10 is turned into its ISBN-13."""
    match = _ISBN.fullmatch(text.strip())
    bare = re.sub(r"[^0-9X]", "", match[1].upper()) if match else ""
    if len(bare) == len("0306406152") and _remainder_11(bare) == 0:
        return _isbn_13("978" + bare[:-1])
    if re.fullmatch(r"97[89][0-9]{10}", bare) and _isbn_13(bare[:-1]) == bare:
        return bare
    raise InvalidIdentifier(
        "This is not an ISBN: one has 10 or 13 digits, the last checking the others, such as 978-0-306-40615-7.",
    )


def orcid(text: str) -> str:
    """Return the 16 digits of an ORCID iD in groups of four; its check digit is ISO 7064 mod 11-2."""
    match = _ORCID.fullmatch(text.strip())
    bare = match[1].replace("-", "").upper() if match else ""
    if not match or _check_11_2(bare[:-1]) != bare[-1]:
        raise InvalidIdentifier(
            "This is not an ORCID iD: one has 16 digits, the last checking the others, such as 0000-0002-1825-0097.",
        )
    return "-".join(bare[start : start + 4] for start in range(0, 16, 4))


def _remainder_11(bare: str) -> int:
    """Weigh ten characters 10, 9, … 1 as ISO 2108 does; only the last may be X (ten)."""
    if "X" in bare[:-1]:
        return -1
    return (
        sum(weight * (10 if sign == "X" else int(sign)) for weight, sign in zip(range(10, 0, -1), bare, strict=True))
        % 11
    )


def _isbn_13(first_twelve: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return f"{first_twelve}{-total % 10}"


def _check_11_2(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return "X" if check == 10 else str(check)  # noqa: PLR2004 - ten is written X
