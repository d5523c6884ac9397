"""What lies on an editor's desk: articles that may be written, their revisions, and what asks for attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.articles.models import Article, Revision
from api.paging import Key, Listing
from api.publishing.acting import may_write
from api.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer

REVISIONS = Listing(
    "revisions",
    Sql("revision"),
    (),
    (Key("revision.number", "int"), Key("revision.id", "text")),
    descending=True,
    parent="revision.article_id",
)


async def writable(articles: Sequence[str], viewer: Viewer) -> list[Article | None]:
    """The row of each article that the viewer may write; None for every other one."""
    if not viewer.is_authenticated:
        return [None for _ in articles]
    rows = {row.id: row for row in await Article.filter(id__in=list(articles))}
    return [row if (row := rows.get(key)) and may_write(viewer, row) else None for key in articles]


async def revisions(wanted: Sequence[str], viewer: Viewer) -> list[Revision | None]:
    """The revisions of articles that the viewer may write; None for every other one."""
    if not viewer.is_authenticated:
        return [None for _ in wanted]
    rows = {row.id: row for row in await Revision.filter(id__in=list(wanted)).select_related("article")}
    return [row if (row := rows.get(key)) and may_write(viewer, row.article) else None for key in wanted]
