"""The block tree of a text, pure: checked, read from and written to Markdown, rendered, and asked about."""

from api.documents.markdown import from_markdown, to_markdown
from api.documents.model import Document, json_schema
from api.documents.refusals import InvalidDocument, Problem

__all__ = ["Document", "InvalidDocument", "Problem", "from_markdown", "json_schema", "to_markdown"]
