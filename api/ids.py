"""Opaque identifiers: `<type>_<UUIDv7 in base32>`, one string wherever a thing is named.

The 26 characters are Crockford's base32 in lower case, which keeps the order of the bytes: ids sort by the time
at which they were made (RFC 9562, section 5.7).
"""

import secrets
import time
from datetime import UTC, date, datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
_VERSION = 7 << 76
_VARIANT = 2 << 62


def new(prefix: str) -> str:
    """Make an id such as `art_01jd8k…`."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    number = (milliseconds << 80) | _VERSION | ((random >> 62) << 64) | _VARIANT | (random & ((1 << 62) - 1))
    return f"{prefix}_{_base32(number)}"


# The defaults of the tables' primary keys; migrations name them, so they are plain functions.
def article() -> str:
    return new("art")


def revision() -> str:
    return new("rev")


def condition() -> str:
    return new("cnd")


def treatment() -> str:
    return new("trt")


def practitioner() -> str:
    return new("prc")


def source() -> str:
    return new("src")


def statement() -> str:
    return new("est")


def disclaimer() -> str:
    return new("dsc")


def media_asset() -> str:
    return new("med")


def comment() -> str:
    return new("cmt")


def clinic() -> str:
    return new("cln")


def member() -> str:
    return new("mbr")


def token() -> str:
    return new("tok")


def partner() -> str:
    return new("prt")


def partner_key() -> str:
    return new("pky")


def partner_claim() -> str:
    return new("pcl")


def recall() -> str:
    return new("rcl")


def review() -> str:
    return new("rvw")


def waiver() -> str:
    return new("wvr")


def review_link() -> str:
    return new("rlk")


def proposal() -> str:
    return new("pro")


def invitation() -> str:
    return new("inv")


def letter() -> str:
    return new("ltr")


KINDS = {
    "art": "article", "cnd": "condition", "trt": "treatment", "prc": "practitioner", "src": "source",
    "est": "statement", "rev": "revision", "dsc": "disclaimer", "cmt": "comment", "med": "media", "mbr": "member",
    "tok": "token", "pro": "proposal", "cln": "clinic", "prt": "partner", "pky": "partner_key", "rcl": "recall",
    "whk": "webhook", "dlv": "delivery", "prb": "problem_report",
}  # fmt: skip
"""What an id is of, by its prefix: the name under which rooms and loaders know the kind."""


def kind_of(value: str) -> str:
    """`article` for `art_01jd8k…`; empty for anything that is not the id of a thing that can be asked for."""
    return KINDS.get(prefix_of(value), "")


def webhook() -> str:
    return new("whk")


def delivery() -> str:
    return new("dlv")


def problem() -> str:
    return new("prb")


def prefix_of(value: str) -> str:
    """`art` for `art_01jd8k…`; empty for anything that is not an id."""
    prefix, separator, rest = value.partition("_")
    well_formed = separator and len(rest) == LENGTH and not set(rest) - set(ALPHABET)
    return prefix if well_formed else ""


def made_on(value: str) -> date:
    """The day on which an id was made, in UTC."""
    number = 0
    for letter in value.partition("_")[2]:
        number = number * 32 + ALPHABET.index(letter)
    return datetime.fromtimestamp((number >> 80) / 1000, UTC).date()


def _base32(number: int) -> str:
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
