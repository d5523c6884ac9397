"""The body of a text in every form that a client may want, and its typed lists."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import Parent, field
from strawberry.scalars import JSON

from api import documents, ids
from api.articles.renderings import RenderedText, rendered
from schema.context import Info
from schema.node import Node
from schema.refs import MediaAssetRef, SourceRef


@dataclass(frozen=True)
class Text:
    """A body: what was derived from it, and a way to its block tree, which most readers never ask for."""

    rendering: RenderedText
    load_document: Callable[[], Awaitable[dict[str, Any]]]


def text_of(rendering: dict[str, Any] | None, document: dict[str, Any] | None) -> Text | None:
    """The body of a catalogue entry, which carries both in its row."""
    if rendering is None or document is None:
        return None

    async def load_document() -> dict[str, Any]:
        return document

    return Text(rendered(rendering), load_document)


@strawberry.type(description="A top-level block of a body.")
class BodyBlock:
    html: str = field(description="Its HTML.")
    citation_numbers: list[int] = field(description="The numbers that are cited in it, each once, in order.")


@strawberry.type(description="A heading, for a table of contents.")
class TocEntry:
    id: str = field(description="The heading's id in the HTML.")
    level: int = field(description="2 to 4.")
    text: str = field(description="The heading's text.")


@strawberry.type(description="A source that a text cites, once for each key.")
class Citation:
    number: int = field(description="Its number in the text, by first appearance.")
    key: str = field(description="The key as the text has it.")
    locator: str | None = field(description="Where in the source, such as `p. 4`; of the first mark that says so.")
    marks: list[str] = field(description="The ids of its marks in the HTML, in reading order.")

    @field(description="The source; null when no source bears the key (the citation dangles).")
    @staticmethod
    async def source(citation: Parent["CitationMark"], info: Info) -> SourceRef | None:
        return await info.context.loaders.sources_by_key.load(citation.key)


@dataclass(frozen=True)
class CitationMark:
    """A citation as the rendering holds it."""

    number: int
    key: str
    locator: str | None
    marks: list[str]


@strawberry.type(description="A picture in a body.")
class BodyImage:
    caption: str | None = field(description="The caption under it.")

    @field(description="The picture; null when it is gone.")
    @staticmethod
    async def asset(image: Parent[documents.Image], info: Info) -> MediaAssetRef | None:
        return await info.context.loaders.by_id("media").load(image.asset_id)


@strawberry.type(description="A link in a body: to an address, or to an entry of the catalogue by its id.")
class BodyLink:
    text: str = field(description="The words that are linked.")

    @field(description="The address; null for a link to an entry.")
    @staticmethod
    def href(link: Parent[documents.Linked]) -> str | None:
        return link.href

    @field(description="The entry that is linked; null for an address, or when this viewer may not see the entry.")
    @staticmethod
    async def entity(link: Parent[documents.Linked], info: Info) -> Node | None:
        kind = ids.kind_of(link.entity_id or "")
        return await info.context.loaders.by_id(kind).load(link.entity_id or "") if kind in ENTITIES else None


ENTITIES = {"article", "condition", "treatment", "practitioner", "source"}


@strawberry.type(description="The body of a text.")
class Body:
    @field(
        description="The whole as HTML, safe to show: made by an allow-listing writer, "
        "with links both ways between marks and references."
    )
    @staticmethod
    def html(text: Parent[Text]) -> str:
        return text.rendering.html

    @field(
        description="The same HTML by top-level blocks, "
        "so that notes can stand beside the block that first cites a source."
    )
    @staticmethod
    def blocks(text: Parent[Text]) -> list[BodyBlock]:
        return [
            BodyBlock(html=block["html"], citation_numbers=block["citation_numbers"]) for block in text.rendering.blocks
        ]

    @field(description="The body as Markdown with Pandoc citations.")
    @staticmethod
    async def markdown(text: Parent[Text]) -> str:
        return documents.to_markdown(documents.Document.parse(await text.load_document()))

    @field(description="The body as plain text.")
    @staticmethod
    def text(text: Parent[Text]) -> str:
        return text.rendering.text

    @field(description="The block tree (see document.schema.json).")
    @staticmethod
    async def document(text: Parent[Text]) -> JSON:
        return JSON(await text.load_document())

    @field(description="The headings in their order.")
    @staticmethod
    def toc(text: Parent[Text]) -> list[TocEntry]:
        return [TocEntry(**entry) for entry in text.rendering.toc]

    @field(description="The sources that it cites, by number.")
    @staticmethod
    def citations(text: Parent[Text]) -> list[Citation]:
        return citations_of(text.rendering)

    @field(description="The pictures in it.")
    @staticmethod
    async def images(text: Parent[Text]) -> list[BodyImage]:
        return list(documents.images(documents.Document.parse(await text.load_document())))  # type: ignore[arg-type] # BodyImage is made from Image

    @field(description="The links in it.")
    @staticmethod
    async def links(text: Parent[Text]) -> list[BodyLink]:
        return list(documents.links(documents.Document.parse(await text.load_document())))  # type: ignore[arg-type] # BodyLink is made from Linked


def citations_of(rendering: RenderedText) -> list[Citation]:
    """The citations that a rendering lists."""
    return [CitationMark(**citation) for citation in rendering.citations]  # type: ignore[misc] # Citation is made from CitationMark
