"""Relay connections over keyset pages: the same arguments, edges and `totalCount` for every list."""

import functools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from api import paging
from api.paging import Entry, Listing, Page
from schema.context import Context, Info

Item = TypeVar("Item")

First = Annotated[
    int | None,
    strawberry.argument(description="How many rows to take from the start, 1 to 100; 20 when nothing is said."),
]
After = Annotated[str | None, strawberry.argument(description="The cursor behind which to start.")]
Last = Annotated[int | None, strawberry.argument(description="How many rows to take from the end, 1 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="The cursor before which to end.")]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether rows follow.")
    has_previous_page: bool = strawberry.field(description="Whether rows stand before.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first row; null on an empty page.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last row; null on an empty page, but of `changes`, where one can always go on."
    )


@dataclass(frozen=True)
class Slice:
    """A page of a list, with the ways to load its rows and to count the whole."""

    page: Page
    load: Callable[[Sequence[str]], Awaitable[Sequence[Any]]]
    total: Callable[[], Awaitable[int]]

    async def rows(self) -> list[tuple[Entry, Any]]:
        """The entries with their rows; a row that ceased to be visible a moment ago is left out."""
        found = await self.load([entry.id for entry in self.page.entries])
        return [(entry, row) for entry, row in zip(self.page.entries, found, strict=True) if row is not None]


@strawberry.type(description="A row and its place in the list.")
class Edge(Generic[Item]):
    cursor: str = strawberry.field(description="The place, for `after` and `before`; it survives inserts.")
    node: Item = strawberry.field(description="The row.")


@strawberry.type(description="A page of a list (Relay's connection).")
class Connection(Generic[Item]):
    @strawberry.field(description="The rows with their cursors.")
    @staticmethod
    async def edges(page: strawberry.Parent[Slice]) -> list[Edge[Item]]:
        return [Edge(cursor=entry.cursor, node=row) for entry, row in await page.rows()]

    @strawberry.field(description="The rows.")
    @staticmethod
    async def nodes(page: strawberry.Parent[Slice]) -> list[Item]:
        return [row for _entry, row in await page.rows()]

    @strawberry.field(description="Where the page stands in its list.")
    @staticmethod
    def page_info(page: strawberry.Parent[Slice]) -> PageInfo:
        return page_info(page.page)

    @strawberry.field(description="How many rows the whole list has for this viewer.")
    @staticmethod
    async def total_count(page: strawberry.Parent[Slice]) -> int:
        return await page.total()


def page_info(page: Page) -> PageInfo:
    cursors = [entry.cursor for entry in page.entries]
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=page.goes_on or (cursors[-1] if cursors else None),
    )


async def connection(
    info: Info,
    listing: Listing,
    rows: str,
    arguments: tuple[First, After, Last, Before],
    *,
    below: str | None = None,
) -> Any:  # noqa: ANN401 - each field names its own connection type
    """One page of a list, or of the list below one parent; `rows` names the loader of its rows."""
    context: Context = info.context
    first, after, last, before = arguments
    wanted = paging.window(first, after, last, before)
    load = context.loaders.by_id(rows).load_many
    if below is not None:
        page = await context.loaders.pages(listing, wanted).load(below)
        return Slice(page, load, functools.partial(context.loaders.counts(listing).load, below))
    return Slice(await paging.page(listing, wanted, context.cursor_key), load, functools.partial(paging.count, listing))
