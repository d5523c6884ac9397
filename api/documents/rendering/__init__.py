"""Document → HTML: an allow-listing writer, one block at a time."""

from api.documents.rendering.blocks import render
from api.documents.rendering.context import Block, Booking, Label, Picture, RenderContext, Rendered, TocEntry
from api.documents.rendering.copies import copied

__all__ = ["Block", "Booking", "Label", "Picture", "RenderContext", "Rendered", "TocEntry", "copied", "render"]
