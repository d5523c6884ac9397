"""Bringing old texts in: a saved page, Markdown or plain text becomes a draft to edit, with a frank report.

Nothing is invented: a mark without a source stays dangling, a listed source stays unresolved, a date that the text
does not give stays empty, and all that is left out is counted and quoted.

- reading: the one entry point, `read`          - files: bytes to text, and which kind of text
- html, content, metadata, building, tables, links: saved pages
- markdown, front_matter                        - plain: text without marks
- surplus, furniture: the lines of a site       - headings, sources, citations, calls: what all formats share
- nodes, found, notes, wording, dates, addresses, model: values and small acts
- storing: what was read becomes a draft             - judging: what the gate says of it before that

All but the last two are pure.
"""

from api.publishing.importing.model import (
    Format,
    ImportedArticle,
    ImportedImage,
    ImportedSource,
    Report,
    Unreadable,
)
from api.publishing.importing.reading import read

__all__ = ["Format", "ImportedArticle", "ImportedImage", "ImportedSource", "Report", "Unreadable", "read"]
