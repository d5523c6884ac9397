"""Addresses in old pages: which of them a document can keep, and where a picture came from."""

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from api.publishing.importing.content import Element

_KEPT = re.compile(
    r"https?://[^/?#@\s]+(?:[/?#]\S*)?|mailto:[^@\s]+@[^@\s]+|tel:\+?[0-9().-]+|/(?:[^/\s]\S*)?",
    re.IGNORECASE,
)
_LONGEST = 2000
# Lazy loading puts a placeholder into src and the picture elsewhere.
_PICTURE = ("data-src", "data-lazy-src", "data-pin-media", "src", "srcset", "data-srcset")


def resolved(written: str, base: str) -> str:
    """Return the address as a document keeps it, empty for one that it refuses.

    What leads to the old site itself becomes a path: the new site answers it, or redirects.
    """
    address = _full(written, base)
    parts = urlsplit(address)
    if base and parts.netloc and parts.netloc == urlsplit(base).netloc:
        address = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    return address if len(address) <= _LONGEST and _KEPT.fullmatch(address) else ""


def leads_within(written: str, base: str) -> bool:
    """Tell whether an address leads to a place on its own page."""
    address, mark, _ = written.strip().partition("#")
    return bool(mark) and address in ("", base)


def picture(image: Element, base: str) -> str:
    """Return the address of a picture, in full if the page's own is known; empty for one inside the page itself."""
    written = (image.get(name, "").split(",")[0].split() for name in _PICTURE)
    address = next((words[0] for words in written if words and not words[0].startswith("data:")), "")
    return _full(address, base)[:_LONGEST]


def _full(written: str, base: str) -> str:
    """Join an address with that of its page; what is no address at all comes back empty."""
    try:
        address = quote(urljoin(base, "".join(written.split())), safe="!#$%&'()*+,/:;=?@[]~")
        urlsplit(address).port  # noqa: B018 - reading it is the check
    except ValueError:
        return ""
    return address
