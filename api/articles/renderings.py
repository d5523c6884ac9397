"""What was derived from revisions at save: a read only looks it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from api.sql import read, sql

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class RenderedText:
    """HTML, text and lists of one body, as `articles.rendering` derived them."""

    html: str
    blocks: list[dict[str, Any]]
    text: str
    toc: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    word_count: int
    reading_minutes: int
    reading_grade: float | None


FIELDS = ("html", "blocks", "text", "toc", "citations", "word_count", "reading_minutes", "reading_grade")
SELECT = f"SELECT revision_id, {', '.join(FIELDS)} FROM rendering WHERE revision_id = ANY(?::text[])"


def rendered(row: dict[str, Any]) -> RenderedText:
    """The rendering that a row or a catalogue entry's column holds."""
    return RenderedText(
        **{name: _value(row[name]) if name in {"blocks", "toc", "citations"} else row[name] for name in FIELDS}
    )


async def of_revisions(revisions: Sequence[str]) -> list[RenderedText]:
    """The rendering of each revision, by one statement; every revision has one from the moment it is saved."""
    found = {row["revision_id"]: rendered(dict(row)) for row in await read(sql(SELECT, list(revisions)))}
    return [found[revision] for revision in revisions]


async def documents_of(revisions: Sequence[str]) -> list[dict[str, Any]]:
    """The block tree of each revision, by one statement."""
    query = sql("SELECT id, body FROM revision WHERE id = ANY(?::text[])", list(revisions))
    found = {row["id"]: _value(row["body"]) for row in await read(query)}
    return [found[revision] for revision in revisions]


def _value(column: Any) -> Any:  # noqa: ANN401 - JSON is anything
    return orjson.loads(column) if isinstance(column, str | bytes) else column
