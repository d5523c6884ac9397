"""The allow-listing writer: the only place where angle brackets are made; all else is escaped."""

import re
from html import escape
from typing import Final, NewType

from api.documents.inline import ADDRESS

Html = NewType("Html", str)
"""Text that this module has written; the type checker keeps every other string out."""

_ALLOWED: Final = {
    "a": {"id", "class", "href", "rel", "role", "aria-label"},
    "aside": {"class"},
    "blockquote": set[str](),
    "br": set[str](),
    "code": set[str](),
    "div": {"class", "role", "tabindex", "aria-label"},
    "em": set[str](),
    "figcaption": set[str](),
    "figure": set[str](),
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "hr": set[str](),
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "li": set[str](),
    "ol": {"start"},
    "p": {"class"},
    "section": {"id", "class", "aria-labelledby"},
    "small": {"class"},
    "span": {"class"},
    "strong": set[str](),
    "sub": set[str](),
    "sup": {"class"},
    "table": set[str](),
    "tbody": set[str](),
    "td": set[str](),
    "th": {"scope"},
    "thead": set[str](),
    "tr": set[str](),
    "ul": set[str](),
}
_VOID: Final = {"br", "hr", "img"}
_ADDRESS: Final = re.compile(ADDRESS)


def text(words: str) -> Html:
    return Html(escape(words, quote=False))


def joined(*parts: Html) -> Html:
    return Html("".join(parts))


def element(tag: str, *children: Html, **attributes: str | int | None) -> Html:
    """Write an element; `aria_label` is `aria-label`, `class_` is `class`, and None leaves an attribute out."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not None}
    if not named.keys() <= _ALLOWED[tag]:
        raise KeyError(f"<{tag}> takes no {', '.join(named.keys() - _ALLOWED[tag])}")
    opened = "".join(f' {name}="{escape(str(value))}"' for name, value in named.items())
    return Html(f"<{tag}{opened}>" if tag in _VOID else f"<{tag}{opened}>{''.join(children)}</{tag}>")


def is_address(url: str) -> bool:
    """Judge an address by the rule for links in documents, wherever it comes from."""
    return bool(_ADDRESS.fullmatch(url))
