"""What reading an old text gives: an article to edit, and a report of everything that was lost or doubtful."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from api.documents import Document
from api.errors import Invalid


class Unreadable(Invalid):
    """This file cannot be read as an article."""


MOST_TEXT = 600_000
"""Characters of an article's text before it is put in order: half as much again as a document holds."""


class Format(StrEnum):
    """What a file turned out to hold."""

    HTML = "HTML"
    MARKDOWN = "MARKDOWN"
    PLAIN = "PLAIN"


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """One entry of the old list of sources, as it stood there: UNRESOLVED until somebody confirms it."""

    key: str
    text: str
    numbers: tuple[int, ...]
    """The numbers under which the old text could cite it."""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedImage:
    """An image that the old text showed; it was not brought in."""

    address: str
    """Where it was; empty when only its caption was left."""
    alt: str = ""
    caption: str = ""
    heading: str = ""
    """The heading under which it stood; empty before the first."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an editor has to know before trusting the import: one plain sentence per line."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportedArticle:
    """An article as the old text has it; what the old text does not say is empty, never guessed."""

    name: str
    format: Format
    title: str
    slug: str
    """A suggestion: whoever stores the article sees to it that it is free."""
    summary: str
    body: Document
    old_paths: tuple[str, ...]
    """Paths that led to the text, the principal one first: each becomes a redirect."""
    canonical_url: str | None
    originally_published_on: date | None
    updated_on: date | None
    authors: tuple[str, ...]
    """Names as printed; none is matched with a practitioner."""
    tags: tuple[str, ...]
    language: str | None
    sources: tuple[ImportedSource, ...]
    dangling: tuple[str, ...]
    """Keys of citations without a listed source: unresolved-3, …"""
    images: tuple[ImportedImage, ...]
    report: Report
