"""Bytes of a file → its text, and what kind of text it is; what holds no text is refused with a plain sentence."""

import re
from pathlib import PurePath

from api.publishing.importing import front_matter
from api.publishing.importing.model import Format, Unreadable
from api.publishing.importing.notes import Notes

MOST_BYTES = 2_000_000

_BINARY = (
    (b"%PDF", "This is a PDF: copy its text into a plain text file, or import the web page."),
    (b"PK\x03\x04", "This is a Word document or an archive: save it as a web page or as plain text."),
    (b"\xd0\xcf\x11\xe0", "This is a Word document: save it as a web page or as plain text."),
    (b"{\\rtf", "This is a rich text document: save it as a web page or as plain text."),
    (b"\x89PNG", "This is an image: bring in the text that it belongs to."),
    (b"\xff\xd8\xff", "This is an image: bring in the text that it belongs to."),
    (b"GIF8", "This is an image: bring in the text that it belongs to."),
    (b"\xff\xfe", "This file is written in UTF-16: save it as UTF-8."),
    (b"\xfe\xff", "This file is written in UTF-16: save it as UTF-8."),
)
_WHOLE_SITE = (
    (
        re.compile(r"\s*<\?xml[^>]{0,200}>\s*(?:<!--[^>]{0,2000}-->\s*){0,3}<(?:rss|feed)\b", re.IGNORECASE),
        "a feed or an export of a whole site",
    ),
    (
        re.compile(r"(?:from|mime-version|snapshot-content-location): [^\n]{0,500}\n", re.IGNORECASE),
        "a web archive (MHTML)",
    ),
    (re.compile(r'\s*[\[{]\s*"(?:db|meta|data|posts)"\s*:'), "an export of a whole site"),
)
_EXTENSIONS = {
    "html": Format.HTML,
    "htm": Format.HTML,
    "xhtml": Format.HTML,
    "md": Format.MARKDOWN,
    "markdown": Format.MARKDOWN,
    "mdown": Format.MARKDOWN,
    "txt": Format.PLAIN,
    "text": Format.PLAIN,
}
_PAGE = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_SOME_HTML = re.compile(r"\s*<(?:article|main|section|div|p|h[1-6]|header|span)\b[^>]{0,2000}>", re.IGNORECASE)
_SOME_MARKDOWN = re.compile(r"^#{1,6} \S|\]\((?:https?:|mailto:|entity:|/)|^:{3,} ?[a-z]|\[@[a-z0-9]", re.MULTILINE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BINARY_SHARE = 0.01


def text_of(data: bytes, notes: Notes) -> str:
    """Return the text with plain line ends; say so when it was not UTF-8."""
    if len(data) > MOST_BYTES:
        raise Unreadable(
            f"This file is larger than {MOST_BYTES // 1_000_000} MB: save the article alone, without the site."
        )
    for signature, sentence in _BINARY:
        if data.startswith(signature):
            raise Unreadable(sentence)
    if b"\x00" in data:
        raise Unreadable("This file is not text: save the article as text, Markdown or a web page.")
    text = _decoded(data, notes).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable("This file is empty: leave it out.")
    controls = len(_CONTROLS.findall(text))
    if controls > _BINARY_SHARE * len(text):
        raise Unreadable("This file is not text: save the article as text, Markdown or a web page.")
    if controls:
        notes.drop("control characters")
    for pattern, what in _WHOLE_SITE:
        if pattern.match(text):
            raise Unreadable(f"This is {what}: save each article as a page of its own.")
    return _CONTROLS.sub("", text)


def format_of(name: str, text: str, notes: Notes) -> Format:
    """Tell the format by what the file is called, unless its content says otherwise."""
    extension = PurePath(name).suffix.lower().removeprefix(".")
    named, looks = _EXTENSIONS.get(extension), _looks(text)
    if named is None:
        return looks
    is_other = {
        Format.HTML: looks is not Format.HTML and "<" not in text,
        Format.MARKDOWN: _PAGE.match(text) is not None,
        Format.PLAIN: _PAGE.match(text) is not None or (looks is Format.MARKDOWN and _has_strong_marks(text)),
    }
    if not is_other[named]:
        return named
    notes.say(f"The file is called .{extension} and was read as {_SAID[looks]}, which it is.")
    return looks


_SAID = {Format.HTML: "a web page", Format.MARKDOWN: "Markdown", Format.PLAIN: "plain text"}


def _decoded(data: bytes, notes: Notes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        raise Unreadable("This file is neither UTF-8 nor windows-1252 text: save it as UTF-8.") from None
    notes.say("The file is not UTF-8; it was read as windows-1252: check quotation marks and accents.")
    return text


def _looks(text: str) -> Format:
    if _PAGE.match(text) or _SOME_HTML.match(text) or (text.lstrip().startswith("<!--") and "<html" in text.lower()):
        return Format.HTML
    if front_matter.is_there(text) or _SOME_MARKDOWN.search(text):
        return Format.MARKDOWN
    return Format.PLAIN


def _has_strong_marks(text: str) -> bool:
    return front_matter.is_there(text) or re.search(r"^#{1,6} \S", text, re.MULTILINE) is not None
