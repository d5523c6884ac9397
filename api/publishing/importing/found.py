"""What a reader of one format found in a text, before the parts that all formats share are put in order."""

from dataclasses import dataclass, field
from datetime import date

from api.publishing.importing.model import ImportedImage
from api.publishing.importing.nodes import Node


@dataclass(frozen=True, slots=True)
class Found:
    """The blocks of a text and what it says about itself."""

    blocks: list[Node] = field(default_factory=list)
    title: str = ""
    summary: str = ""
    slug: str = ""
    addresses: tuple[str, ...] = ()
    published: date | None = None
    updated: date | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    images: tuple[ImportedImage, ...] = ()
