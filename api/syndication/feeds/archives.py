"""Archive pages of a feed (RFC 5005, section 4): what was told long ago, under addresses that never mean anything else.

An archive is a stretch of the log: the articles whose newest entry lies in it. An article that changes moves on to the
newest stretch, so an archive that is complete only ever loses entries; the stretch that is not complete yet stands in
the feed itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api import changes
from api.sql import Sql, both, rows, sql
from api.syndication.log import LATEST

SIZE = 50
"""Entries of the log to an archive; so many articles at most."""
TOLD = "SELECT change.id, change.article_id FROM change JOIN article ON article.id = change.article_id WHERE "
NEWEST = f"change.kind = 'UPSERT' AND {LATEST} AND "


async def complete() -> int:
    """The number of the newest archive; 0 while there is none."""
    return await changes.newest() // SIZE


async def articles(number: int, among: Sequence[Sql]) -> list[str]:
    """The articles of an archive, or, behind the last one, of the stretch that is not complete yet; newest first."""
    query = sql(TOLD + NEWEST + "change.id > ? AND change.id <= ? AND ", (number - 1) * SIZE, number * SIZE)
    return [row["article_id"] for row in await rows(query + both(among) + " ORDER BY change.id DESC")]


async def before(number: int, among: Sequence[Sql]) -> int | None:
    """The nearest older archive in which there is something."""
    query = sql(TOLD + NEWEST + "change.id <= ? AND ", (number - 1) * SIZE)
    return _number(await rows(query + both(among) + " ORDER BY change.id DESC LIMIT 1"))


async def behind(number: int, among: Sequence[Sql]) -> int | None:
    """The nearest newer archive in which there is something; None where the feed itself comes next."""
    query = sql(TOLD + NEWEST + "change.id > ? AND change.id <= ? AND ", number * SIZE, await complete() * SIZE)
    return _number(await rows(query + both(among) + " ORDER BY change.id LIMIT 1"))


async def named(number: int) -> set[str]:
    """The articles of which an archive tells or once told."""
    query = "SELECT DISTINCT article_id FROM change WHERE id > ? AND id <= ?"
    return {row["article_id"] for row in await rows(sql(query, (number - 1) * SIZE, number * SIZE))}


def _number(found: Sequence[Mapping[str, Any]]) -> int | None:
    return -(-int(found[0]["id"]) // SIZE) if found else None
