"""Reads Markdown: our own dialect as documents read it, any other by way of the HTML that it stands for."""

import re
from dataclasses import replace

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from api.documents import from_markdown
from api.publishing.importing import html
from api.publishing.importing.found import Found
from api.publishing.importing.model import ImportedImage, Unreadable
from api.publishing.importing.nodes import words
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import one_line

# Deeper than any text goes; what lies deeper still the parser would leave out without a word.
_DEEPEST = 100
# Containers, citations by key, entity links and classes are nobody's Markdown but ours (and Pandoc's).
_OURS = re.compile(
    r"^:{3,} ?(?:note|tip|warning|self-care|non-urgent|urgent|emergency|figure|call-to-action)\b"
    r"|\[@[a-z0-9][a-z0-9_-]*[\],;]|\]\(entity:|\]\{\.[a-z]+",
    re.MULTILINE,
)
_IMAGE = re.compile(r"!\[((?:[^\]\\]|\\.){0,500})\]\(\s*<?([^)\s>]{0,2000})>?(?:\s+[\"'][^\n]{0,500}?[\"'])?\s*\)")
_HEADING = re.compile(r"(\s*(?:[-*+>]\s+|[0-9]+[.)]\s+)*)(#{1,6})(?=\s|$)")
_LAST_LEVEL = 4


def read(text: str, notes: Notes) -> Found:
    """Read the text behind any front matter."""
    found = _ours(text, notes) if _OURS.search(text) else _common(text, notes)
    first = next((node for node in found.blocks if node["type"] in ("heading", "paragraph")), None)
    if found.title or first is None or first["type"] != "heading" or first["attrs"]["level"] != 1:
        return found
    return replace(found, title=words(first))


def _common(text: str, notes: Notes) -> Found:
    """Read what GitHub, Ghost and the rest agree on, HTML and footnotes included."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    environment: dict[str, object] = {}
    tokens = parser.parse(text, environment)
    if max((token.level for token in tokens), default=0) >= _DEEPEST - 2:
        raise Unreadable("This text nests its lists or quotations too deeply to be read: take some levels out.")
    return html.read_fragment(parser.renderer.render(tokens, parser.options, environment), notes)


def _ours(text: str, notes: Notes) -> Found:
    """Read our dialect; its images are noted and its headings fitted, because documents refuse both."""
    images: list[ImportedImage] = []

    def note(image: re.Match[str]) -> str:
        images.append(ImportedImage(address=image[2], alt=one_line(image[1])))
        return ""

    if any(token.type in ("html_block", "fence", "code_block") for token in _PLAIN.parse(text)):
        notes.say("HTML and code blocks beside Meridian's own marks are kept as text.")
    lines = _IMAGE.sub(note, text).split("\n")
    title = _fit_headings(lines)
    blocks = from_markdown("\n".join(lines)).dump()["content"]
    return Found(title=title, blocks=list(blocks) if isinstance(blocks, list) else [], images=tuple(images))


def _fit_headings(lines: list[str]) -> str:
    """Rewrite headings to levels that a document has, and return the one of the first level if it comes first."""
    title = ""
    tokens = _PLAIN.parse("\n".join(lines))
    for place, token in enumerate(tokens):
        if token.type != "heading_open" or token.map is None:
            continue
        first, end = token.map
        level = int(token.tag[1])
        if level == 1 and place == 0:
            title = one_line(tokens[place + 1].content)
        marks = "#" * min(max(level, 2), _LAST_LEVEL)
        if token.markup.startswith("#"):
            lines[first] = _HEADING.sub(rf"\1{marks}", lines[first], count=1)
        else:
            lines[first:end] = [f"{marks} {' '.join(lines[first : end - 1])}", *[""] * (end - first - 1)]
    return title


_PLAIN = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable("table")
