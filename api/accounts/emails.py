"""E-mail addresses of members: one spelling for each."""

import re
import unicodedata

from api.errors import Invalid

LONGEST = 254
FORM = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)+")


class BadEmail(Invalid):
    """This is no e-mail address: give one such as ada@clinic.example."""


def normal(text: str) -> str:
    """The address in its one spelling; empty when it cannot be anybody's."""
    spelt = unicodedata.normalize("NFC", text.strip()).lower()
    return spelt if len(spelt) <= LONGEST and FORM.fullmatch(spelt) and spelt.isprintable() else ""


def check(text: str) -> str:
    """The address in its one spelling; refused when it is none."""
    spelt = normal(text)
    if not spelt:
        raise BadEmail(path=("email",))
    return spelt
