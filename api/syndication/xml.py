"""Writing XML with lxml: elements from names and words, without the characters that XML 1.0 cannot hold."""

import re
from datetime import UTC, datetime

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no other name for its type
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def add(parent: Element, name: str, words: str | None = None, **attributes: str | None) -> Element:
    """Write an element below another; `is_` is `is`, and None leaves an attribute out."""
    element = etree.SubElement(parent, name)
    if words is not None:
        element.text = plain(words)
    for attribute, value in attributes.items():
        if value is not None:
            element.set(attribute.rstrip("_"), plain(value))
    return element


def plain(words: str) -> str:
    """The words without what XML cannot hold."""
    return FORBIDDEN.sub("", words)


def document(root: Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def moment(value: datetime) -> str:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
