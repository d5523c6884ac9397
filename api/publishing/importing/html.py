"""Reads a saved web page (Wix, WordPress, Ghost and their like): its article without the site around it."""

import re
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from lxml import etree

from api.publishing.importing import links, metadata
from api.publishing.importing.building import Blocks
from api.publishing.importing.content import SILENT, Element, Page, has_name, parsed, text_of
from api.publishing.importing.found import Found
from api.publishing.importing.model import MOST_TEXT, Unreadable
from api.publishing.importing.nodes import Node
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import clean, one_line, shown

_INLINE = {
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
    *("img", "ins", "kbd", "label", "mark", "picture", "q", "s", "samp", "small", "source", "span", "strike", "strong"),
    *("sub", "sup", "time", "tt", "u", "var", "wbr"),
}
_TAGS_OF_MARKS = {
    "bold": "b strong dt summary",
    "italic": "i em",
    "sub": "sub",
    "sup": "sup",
    "code": "code kbd samp tt pre",
}
_MARKS = {tag: mark for mark, tags in _TAGS_OF_MARKS.items() for tag in tags.split()}
_STYLES = (
    ("bold", re.compile(r"font-weight:\s*(?:bold|[6-9]00)")),
    ("italic", re.compile(r"font-style:\s*italic")),
    ("sup", re.compile(r"vertical-align:\s*super")),
    ("sub", re.compile(r"vertical-align:\s*sub(?!er)")),
)
_NORMAL = re.compile(r"font-(?:weight|style):\s*(?:normal|400)")
_TAGS_OF_BLOCKS = {
    "heading": "h1 h2 h3 h4 h5 h6",
    "bulletList": "ul menu",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "table": "table",
    "tableRow": "tr",
    "tableCell": "td th",
    "caption": "figcaption caption",
}
_BLOCKS = {tag: block for block, tags in _TAGS_OF_BLOCKS.items() for tag in tags.split()}
_NAMED_BLOCKS = (("wp-caption-text", "caption"), ("kg-callout-card", "callout"))
_NOTE_LISTS = ("footnotes", "wp-block-footnotes", "references", "footnotes-list", "endnotes")
_NOTE_ROLES = ("doc-endnotes", "doc-bibliography")
_NOTE_MARK = re.compile(r"\s*\[?([0-9]{1,3})\]?\s*")
_BACK_LINK = re.compile("[\\s\u21a9\u2191\u2934\ufe0e\ufe0f^]*")


def read(text: str, notes: Notes) -> Found:
    """Read a whole saved page."""
    page = parsed(_tree(text))
    found = metadata.read(page, notes)
    page.note_surroundings(notes)
    return _converted(page, found, notes)


def read_fragment(text: str, notes: Notes) -> Found:
    """Read HTML of which everything belongs to the article, such as Markdown turned into HTML."""
    return _converted(parsed(_tree(f"<main>{text}</main>")), Found(), notes)


def _tree(text: str) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.LxmlError:
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise Unreadable("This page nests its elements too deeply to be read: paste its text into a plain text file.")
    if root is None:
        raise Unreadable("This page holds nothing that can be read: save it again once it has loaded.")
    return root


def _converted(page: Page, found: Found, notes: Notes) -> Found:
    if page.weights[page.article] > MOST_TEXT:
        raise Unreadable(f"This page is longer than an article can be ({MOST_TEXT // 1000} kB): split it.")
    walk = _Walk(page, next(iter(found.addresses), ""), notes)
    blocks = walk.read()
    return replace(found, blocks=blocks, images=tuple(walk.blocks.images))


class _Walk:
    """One walk through the article, from its first word to its last."""

    def __init__(self, page: Page, base: str, notes: Notes) -> None:
        self.blocks = Blocks(notes)
        self._page = page
        self._base = base
        self._notes = notes
        self._marks: list[tuple[Node, ...]] = [()]
        self._preformatted = 0

    def read(self) -> list[Node]:
        article = self._page.article
        skipped = None
        walk = etree.iterwalk(article, events=("start", "end"))
        for event, element in walk:
            if event == "start" and (self._is_left_out(element) or self._is_note(element)):
                skipped = element
                walk.skip_subtree()
            elif event == "start":
                self._start(element)
            else:
                if element is not skipped:
                    self._end(element)
                skipped = None
                self._say(element.tail if element is not article else None)
        return self.blocks.finish()

    def _is_left_out(self, element: Element) -> bool:
        """Tell whether the element is furniture, and note it with its words."""
        if element.tag in SILENT:
            if element.tag in ("script", "style"):
                self._notes.drop("scripts and styles")
            return True
        kind = self._page.furniture(element)
        if kind:
            words = text_of(element).strip() or element.get("src") or element.get("data") or element.get("title") or ""
            target = next((link.get("href", "") for link in element.iter("a")), "") if kind == "buttons" else ""
            self._notes.drop(kind, f"{words} ({target})" if target else words)
        return kind is not None

    def _is_note(self, element: Element) -> bool:
        """Read a linked number that leads to a note on the same page as [n]; pass over links back from a note."""
        if element.tag != "a" or not links.leads_within(element.get("href", ""), self._base):
            return False
        words = text_of(element)
        if mark := _NOTE_MARK.fullmatch(words):
            self._say(f"[{mark[1]}]")
        return bool(mark or (words.strip() and _BACK_LINK.fullmatch(words)))

    def _start(self, element: Element) -> None:
        tag = str(element.tag)
        self._marks.append(self._marks[-1] + self._own_marks(element))
        named = (block for name, block in _NAMED_BLOCKS if has_name(element, name))
        if kind := next(named, None) or _BLOCKS.get(tag):
            self.blocks.open(kind, element, **_attrs(kind, element))
        elif tag == "br":
            self.blocks.break_line()
        elif tag == "hr":
            self.blocks.rule()
        elif tag == "img":
            self._image(element)
        elif tag not in _INLINE:
            self.blocks.end_paragraph()
        self._preformatted += tag == "pre"
        self._say(element.text)

    def _end(self, element: Element) -> None:
        self._preformatted -= element.tag == "pre"
        if element.tag not in _INLINE:
            self.blocks.end_paragraph()
        self.blocks.close(element)
        self._marks.pop()

    def _say(self, words: str | None) -> None:
        if not words:
            return
        for number, line in enumerate(clean(words).split("\n") if self._preformatted else [clean(words)]):
            if number:
                self.blocks.break_line()
            self.blocks.say(line, self._marks[-1])

    def _own_marks(self, element: Element) -> tuple[Node, ...]:
        style = element.get("style", "").lower()
        kinds = {kind for kind, pattern in _STYLES if pattern.search(style)}
        if (own := _MARKS.get(str(element.tag))) and not _NORMAL.search(style):
            kinds.add(own)
        if element.tag in ("s", "strike", "del") or "line-through" in style:
            self._notes.say(f"Words that were struck out are kept as plain text: {shown(text_of(element))}.")
        marks = tuple({"type": kind} for kind in sorted(kinds) if {"type": kind} not in self._marks[-1])
        href = self._href(element) if element.tag == "a" else ""
        return (*marks, {"type": "link", "attrs": {"href": href}}) if href else marks

    def _href(self, link: Element) -> str:
        written = link.get("href", "").strip()
        if not written or links.leads_within(written, self._base):
            return ""
        address = links.resolved(written, self._base)
        if not address:
            self._notes.drop("addresses of links that cannot be kept", f"{one_line(text_of(link))} ({written})")
        return address

    def _image(self, element: Element) -> None:
        alt = one_line(element.get("alt", ""))
        address = links.picture(element, self._base)
        if has_name(element, "emoji", "wp-smiley"):
            self._say(alt)
        elif {element.get("width"), element.get("height")} & {"0", "1"}:
            self._notes.drop("invisible counting images", address)
        else:
            self.blocks.image(address, alt)


def _attrs(kind: str, element: Element) -> dict[str, Any]:
    if kind == "heading":
        return {"level": int(str(element.tag)[1])}
    if kind == "callout":
        return {"tone": "note"}
    if kind == "tableCell":
        columns, rows = (_small_number(element.get(name, "")) or 1 for name in ("colspan", "rowspan"))
        return {"header": element.tag == "th", "columns": columns, "rows": rows}
    start = _small_number(element.get("start", "")) if kind == "orderedList" else None
    holds_notes = kind in ("orderedList", "bulletList") and _holds_notes(element)
    return ({"start": start} if start and start != 1 else {}) | ({"references": True} if holds_notes else {})


def _holds_notes(element: Element) -> bool:
    """Tell whether a list is named as the one of footnotes or references, itself or by what stands around it."""
    around = chain([element], islice(element.iterancestors(), 2))
    return any(has_name(above, *_NOTE_LISTS) or above.get("role") in _NOTE_ROLES for above in around)


def _small_number(written: str) -> int | None:
    return int(written) if re.fullmatch("[0-9]{1,4}", written) else None
