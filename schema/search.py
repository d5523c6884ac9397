"""Search: ranked, highlighted, forgiving."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry
from strawberry import Parent, field

from api import paging, search
from schema.context import Info
from schema.enums import SearchType
from schema.paging import PageInfo, page_info
from schema.refs import ArticleRef, ConditionRef, PractitionerRef, TreatmentRef

SearchItem = Annotated[
    ArticleRef | ConditionRef | TreatmentRef | PractitionerRef,
    strawberry.union("SearchItem", description="What a search may find."),
]


@dataclass(frozen=True)
class Found:
    """A page of hits, with ways to load and count them."""

    page: paging.Page
    query: str
    load: Callable[[], Awaitable[list[tuple[paging.Entry, search.Hit]]]]
    total: Callable[[], Awaitable[int]]


@strawberry.type(description="Something found.")
class SearchResult:
    title: str = field(description="Its title or name as HTML: the words found stand in `mark`, all else is escaped.")
    snippet: str = field(
        description="A piece of its text as HTML: the words found stand in `mark`, all else is escaped."
    )
    rank: float = field(description="How well it fits; comparable within one search only.")

    @field(description="The thing itself.")
    @staticmethod
    async def item(hit: Parent[search.Hit], info: Info) -> SearchItem:
        return await info.context.loaders.by_id(hit.kind).load(hit.id)


@strawberry.type(description="Something found, and its place.")
class SearchEdge:
    cursor: str = field(description="The place, for `after`.")
    node: SearchResult = field(description="What was found.")


@strawberry.type(description="A page of what was found, best first.")
class SearchConnection:
    @field(description="What was found, with cursors.")
    @staticmethod
    async def edges(found: Parent[Found]) -> list[SearchEdge]:
        return [SearchEdge(cursor=entry.cursor, node=hit) for entry, hit in await found.load()]  # type: ignore[arg-type] # made from Hit

    @field(description="What was found.")
    @staticmethod
    async def nodes(found: Parent[Found]) -> list[SearchResult]:
        return [hit for _entry, hit in await found.load()]  # type: ignore[misc] # made from Hit

    @field(description="Where the page stands.")
    @staticmethod
    def page_info(found: Parent[Found]) -> PageInfo:
        return page_info(found.page)

    @field(
        description=f"How many things were found for this viewer. Of articles, {search.MOST_FOUND:,} with the "
        f"whole words and {search.MOST_BEGUN} in which a word begins as the last one does are looked at, and counted; "
        "which ones is not said, and stays the same for all pages as long as no text is saved."
    )
    @staticmethod
    async def total_count(found: Parent[Found]) -> int:
        return await found.total()

    @field(description="The query with misspelt words put right, when nothing was found and that would find something.")
    @staticmethod
    async def did_you_mean(found: Parent[Found], info: Info) -> str | None:
        nothing = not found.page.entries and not found.page.has_previous
        return await search.did_you_mean(found.query, info.context.viewer) if nothing else None


async def find(info: Info, query: str, first: int | None, after: str | None, types: list[SearchType] | None) -> Any:  # noqa: ANN401 - SearchConnection is made from Found
    """One page of what the query finds."""
    words, viewer = search.checked(query), info.context.viewer
    kinds = [wanted.name.lower() for wanted in types] if types else search.KINDS
    listing = search.listing(words, viewer, kinds)
    page = await paging.page(listing, paging.window(first, after), info.context.cursor_key)

    async def load() -> list[tuple[paging.Entry, search.Hit]]:
        hits = await search.hits(words, [entry.id for entry in page.entries], viewer)
        return [(entry, hit) for entry, hit in zip(page.entries, hits, strict=True) if hit]

    return Found(page, words, load, lambda: paging.count(listing))
