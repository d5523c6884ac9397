"""Markdown in and out: CommonMark, tables, Pandoc citations, containers, entity links, sub and sup."""

from api.documents.markdown.reading import from_markdown
from api.documents.markdown.writing import to_markdown

__all__ = ["from_markdown", "to_markdown"]
