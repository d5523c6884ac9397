"""Addresses in old pages: which of them a document can keep, and where a picture came from."""

import re
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from api.publishing.importing.content import Element

_KEPT = re.compile(r"https?://[^/?#@\s]+(?:[/?#]\S*)?|mailto:[^@\s]+@[^@\s]+|tel:\+?[0-9().-]+", re.IGNORECASE)
_LONGEST = 2000
# Lazy loading puts a placeholder into src and the picture elsewhere.
_PICTURE = ("data-src", "data-lazy-src", "data-pin-media", "src", "srcset", "data-srcset")


def resolved(written: str, base: str) -> str:
    """Return the address in full as a document keeps it; empty for one that cannot be kept."""
    try:
        address = quote(urljoin(base, "".join(written.split())), safe="!#$%&'()*+,/:;=?@[]~")
        urlsplit(address).port  # noqa: B018 - reading it is the check
    except ValueError:
        return ""
    return address if len(address) <= _LONGEST and _KEPT.fullmatch(address) else ""


def leads_within(written: str, base: str) -> bool:
    """Tell whether an address leads to a place on its own page."""
    address, fragment = urldefrag(written.strip()) if "#" in written else (written, "")
    return bool(fragment or written.strip() == "#") and address in ("", base)


def picture(image: Element, base: str) -> str:
    """Return the address of a picture, in full if the page's own is known; empty for one inside the page itself."""
    written = (image.get(name, "").split(",")[0].strip() for name in _PICTURE)
    address = next((words.split()[0] for words in written if words and not words.startswith("data:")), "")
    return resolved(address, base) or address[:_LONGEST]
