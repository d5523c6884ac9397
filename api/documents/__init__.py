"""The block tree of a text, pure: checked, read from and written to Markdown, rendered, and asked about.

model, blocks, inline     what a document may hold, and its one normal form
markdown                  Markdown in and out
rendering                 HTML by an allow-listing writer
text, passages            plain words; every sentence with its place and the sources it cites
lists                     citations, images, links: so that nobody else walks the tree
splitting, readability    where sentences end, and how hard they are to read
"""

from api.documents.blocks import CareLevel, Tone
from api.documents.lists import (
    CitedItem,
    Image,
    Linked,
    Tabled,
    booking_targets,
    cited,
    entity_ids,
    images,
    links,
    tables,
)
from api.documents.markdown import from_markdown, to_markdown
from api.documents.model import Document, json_schema
from api.documents.passages import Passage, PassageKind, Sentence, passages
from api.documents.plain import CitedAt
from api.documents.readability import reading_grade, reading_minutes, syllables
from api.documents.refusals import InvalidDocument, Problem
from api.documents.rendering import Block, Booking, Label, Picture, RenderContext, Rendered, TocEntry, copied, render
from api.documents.splitting import sentences
from api.documents.text import to_text, words

__all__ = [
    "Block",
    "Booking",
    "CareLevel",
    "CitedAt",
    "CitedItem",
    "Document",
    "Image",
    "InvalidDocument",
    "Label",
    "Linked",
    "Passage",
    "PassageKind",
    "Picture",
    "Problem",
    "RenderContext",
    "Rendered",
    "Sentence",
    "Tabled",
    "TocEntry",
    "Tone",
    "booking_targets",
    "cited",
    "copied",
    "entity_ids",
    "from_markdown",
    "images",
    "json_schema",
    "links",
    "passages",
    "reading_grade",
    "reading_minutes",
    "render",
    "sentences",
    "syllables",
    "tables",
    "to_markdown",
    "to_text",
    "words",
]
