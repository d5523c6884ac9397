"""Who shows a picture: the tables that point at it, and the figures inside texts, which no foreign key can see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tortoise.connection import get_connection

from api import documents
from api.errors import Invalid
from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.documents import Document

TEXTS = ("condition", "revision", "treatment")
"""The tables with a block tree in `body`."""
POINTERS = Sql(
    "SELECT relation.relname AS table, attribute.attname AS column FROM pg_constraint AS key "
    "JOIN pg_class AS relation ON relation.oid = key.conrelid "
    "JOIN pg_attribute AS attribute ON attribute.attrelid = key.conrelid AND attribute.attnum = ANY (key.conkey) "
    "WHERE key.contype = 'f' AND key.confrelid = 'media_asset'::regclass"
)
HOLD = "SELECT id FROM media_asset WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE"


class UnknownPicture(Invalid):
    """There is no picture with this id: upload it first, and name the id that the upload answered."""


@dataclass(frozen=True)
class Use:
    """A row that shows a picture."""

    table: str
    id: str


async def hold(document: Document) -> None:
    """Have the pictures of a text stay while the caller's transaction saves it; refuse one that is not there."""
    images = documents.images(document)
    wanted = sorted({image.asset_id for image in images})
    found = await get_connection("default").execute_query_dict(HOLD, [wanted]) if wanted else []
    known = {row["id"] for row in found}
    for image in images:
        if image.asset_id not in known:
            raise UnknownPicture(path=(image.path,))


async def used(among: Collection[str]) -> set[str]:
    """Those of the pictures that something shows; for texts, every id that is named there counts as shown."""
    wanted, found = list(among), set[str]()
    for table, column in await _pointers():
        found |= await _ids(sql(f"SELECT DISTINCT {column} AS id FROM {table} WHERE {column} = ANY (?)", wanted))
    for table in TEXTS:
        named = "jsonb_path_query(body, '$.**.assetId') #>> '{}'"
        found |= await _ids(Sql(f"SELECT DISTINCT {named} AS id FROM {table} WHERE body::text LIKE '%\"assetId\"%'"))
    return found & set(wanted)


async def uses(asset: str) -> tuple[Use, ...]:
    """Every row that shows this picture, table by table."""
    found: list[Use] = []
    for table, column in await _pointers():
        query = sql(f"SELECT id FROM {table} WHERE {column} = ? ORDER BY id", asset)
        found += [Use(table, key) for key in sorted(await _ids(query))]
    for table in TEXTS:
        query = sql(f"SELECT id FROM {table} WHERE strpos(body::text, ?) > 0", f'"{asset}"')
        found += [Use(table, key) for key in sorted(await _ids(query))]
    return tuple(dict.fromkeys(found))


async def _pointers() -> list[tuple[str, str]]:
    """Every column that refers to a picture, as the database itself knows them."""
    return sorted((row["table"], row["column"]) for row in await rows(POINTERS))


async def _ids(query: Sql) -> set[str]:
    return {row["id"] for row in await rows(query)}
