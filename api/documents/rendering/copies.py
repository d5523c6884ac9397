"""A text that was rendered for the clinic's own pages, made fit for other people's: without being rendered anew.

The writer escapes every angle bracket and quotation mark that it did not make itself (tags.py), so what looks like a
tag or an attribute here is one. `copied` gives what `render` would give with the same options; a test holds it to that.
"""

import re
from collections.abc import Collection, Iterable
from html import escape
from typing import Final

_TAG: Final = re.compile(r"<[a-z][^>]*>")
_NAMED: Final = re.compile(r' (id|aria-labelledby|href|src|srcset)="([^"]*)"')
_FIGURE: Final = re.compile(r"<figure>.*?</figure>", re.DOTALL)
_PICTURE: Final = re.compile(r' src="/media/([0-9a-f]{64})-')
_CALL: Final = re.compile(r'<p class="call-to-action">.*?</p>', re.DOTALL)


def copied(blocks: Iterable[str], *, id_prefix: str, absolute: str, pictures: Collection[str]) -> str:
    """The blocks as one text whose ids begin with `id_prefix` and whose addresses are whole.

    Calls to action stay at home, and so does every picture whose hash is not among `pictures`.
    """
    site = escape(absolute)

    def attribute(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name in {"id", "aria-labelledby"}:
            value = id_prefix + value
        elif name == "srcset":
            value = ", ".join(_address(one, site, id_prefix) for one in value.split(", "))
        else:
            value = _address(value, site, id_prefix)
        return f' {name}="{value}"'

    def figure(found: re.Match[str]) -> str:
        shown = _PICTURE.search(found[0])
        return found[0] if shown and shown[1] in pictures else ""

    kept = (_CALL.sub("", _FIGURE.sub(figure, block)) for block in blocks)
    return "\n".join(_TAG.sub(lambda tag: _NAMED.sub(attribute, tag[0]), block) for block in kept if block)


def _address(value: str, site: str, id_prefix: str) -> str:
    if value.startswith("/"):
        return site + value
    return f"#{id_prefix}{value[1:]}" if value.startswith("#") else value
