"""The one way in: a file becomes an article to edit, with a report of what was lost on the way."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import PurePath

from api.documents import Document
from api.publishing.importing import (
    addresses,
    calls,
    citations,
    files,
    front_matter,
    headings,
    html,
    markdown,
    plain,
    sources,
    surplus,
)
from api.publishing.importing.dates import said
from api.publishing.importing.found import Found
from api.publishing.importing.model import (
    MOST_TEXT,
    Format,
    ImportedArticle,
    ImportedImage,
    ImportedSource,
    Report,
    Unreadable,
)
from api.publishing.importing.nodes import change_inline, unmarked_spaces
from api.publishing.importing.notes import Notes
from api.publishing.importing.wording import clean, counted, cut, listed, one_line, shown

# An article's own limits (characters): what is longer is cut, and said to be.
_TITLE, _SUMMARY = 110, 300
_READERS: dict[Format, Callable[[str, Notes], Found]] = {
    Format.HTML: html.read,
    Format.MARKDOWN: markdown.read,
    Format.PLAIN: plain.read,
}


def read(name: str, data: bytes, *, map_url_prefix: str = "") -> ImportedArticle:
    """Read a saved page, Markdown or plain text; raise a Refused for what cannot become an article.

    `map_url_prefix` is the path under which the old site kept its posts, such as /post/: where a text does not tell
    its own address, the old path is this prefix and the slug.
    """
    notes = Notes()
    text = files.text_of(data, notes)
    kind = files.format_of(name, text, notes)
    if kind is not Format.HTML and len(text) > MOST_TEXT:
        raise Unreadable(f"This text is longer than an article can be ({MOST_TEXT // 1000} kB): split it.")
    told, rest = (Found(), text) if kind is Format.HTML else front_matter.read(text, notes)
    found = _joined(told, _READERS[kind](rest, notes))
    return _article(name, kind, surplus.remove(found, notes) if kind is Format.HTML else found, map_url_prefix, notes)


def _article(name: str, kind: Format, found: Found, prefix: str, notes: Notes) -> ImportedArticle:
    title = _limited("title", one_line(found.title) or _title_of_file(name, notes), _TITLE, notes)
    body, listed_sources, dangling = _body(found, title, notes)
    _note_dates(found, notes)
    _note_images(found.images, notes)
    slug, old_paths = addresses.slug_and_paths(found, title, prefix, notes)
    return ImportedArticle(
        name=name,
        format=kind,
        title=title,
        slug=slug,
        summary=_limited("summary", one_line(found.summary), _SUMMARY, notes),
        body=body,
        old_paths=old_paths,
        canonical_url=next((address for address in found.addresses if "://" in address), None),
        originally_published_on=found.published,
        updated_on=found.updated,
        authors=found.authors,
        tags=found.tags,
        language=found.language,
        sources=listed_sources,
        dangling=dangling,
        images=found.images,
        report=Report(notes.lines()),
    )


def _joined(told: Found, found: Found) -> Found:
    """Let what front matter says come before what the text shows."""
    said_there = {field.name: value for field in fields(Found) if (value := getattr(told, field.name))}
    return replace(found, **said_there)


def _body(found: Found, title: str, notes: Notes) -> tuple[Document, tuple[ImportedSource, ...], tuple[str, ...]]:
    """Bring the blocks into the order of an article: no title, sources apart, citations by key, levels from 2."""
    blocks, listed_sources = sources.take(headings.without_title(found.blocks, title, notes), notes)
    blocks, dangling = citations.mark(headings.levelled(blocks, notes), listed_sources, notes)
    blocks = change_inline(blocks, unmarked_spaces)
    headings.note_bold_paragraphs(blocks, notes)
    calls.note(blocks, notes)
    body = Document.parse({"v": 1, "type": "doc", "content": blocks})
    if not body.content:
        raise Unreadable("This file holds no text of an article: leave it out, or save the page with its text.")
    return body, listed_sources, dangling


def _limited(what: str, text: str, most: int, notes: Notes) -> str:
    if len(text) > most:
        notes.say(f"The {what} is longer than {most} characters and was cut; in full: \u201c{text[:2000]}\u201d.")
    return cut(text, most)


def _title_of_file(name: str, notes: Notes) -> str:
    stem = " ".join(clean(PurePath(name).stem).replace("-", " ").replace("_", " ").split())
    notes.say("The text has no title; that of the file stands in for it.")
    return stem[:1].upper() + stem[1:] or "Untitled"


def _note_dates(found: Found, notes: Notes) -> None:
    if found.published:
        notes.say(f"Originally published on {said(found.published)}.")
    if found.updated and not found.published:
        notes.say(
            f"Updated on {said(found.updated)}: that is not when it was published, which the text does not say; "
            "the date of publication stays empty.",
        )
    elif found.updated:
        notes.say(f"Updated on {said(found.updated)}; the date of publication is another.")
    elif not found.published:
        notes.say("No date was found.")


def _note_images(images: tuple[ImportedImage, ...], notes: Notes) -> None:
    if images:
        places = [f"{shown(image.alt or image.caption)} ({image.address or 'inside the file'})" for image in images]
        were = counted(len(images), "image was", "images were")
        notes.say(f"{were} not brought in, to be uploaded and placed again: {listed(places)}.")
