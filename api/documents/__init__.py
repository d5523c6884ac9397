"""The block tree of a text, pure: checked, read from and written to Markdown, rendered, and asked about."""

from api.documents.markdown import from_markdown, to_markdown
from api.documents.model import Document, json_schema
from api.documents.refusals import InvalidDocument, Problem
from api.documents.rendering import Block, Booking, Label, Picture, RenderContext, Rendered, TocEntry, render

__all__ = [
    "Block",
    "Booking",
    "Document",
    "InvalidDocument",
    "Label",
    "Picture",
    "Problem",
    "RenderContext",
    "Rendered",
    "TocEntry",
    "from_markdown",
    "json_schema",
    "render",
    "to_markdown",
]
