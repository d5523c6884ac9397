"""What an entry points at: it is there, it does not lead back to the entry, and what evidence needs is public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import documents
from api.documents import Document
from api.errors import Invalid, NotFound
from api.evidence.models import Source
from api.media.models import MediaAsset
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.publishing.catalogue.nouns import Noun, Reference

Pointer = tuple["Reference", str, tuple[str | int, ...]]
ABOVE = """
WITH RECURSIVE above AS (
  SELECT id, {column} AS next FROM {table} WHERE id = ?
  UNION SELECT wider.id, wider.{column} FROM {table} wider JOIN above ON wider.id = above.next
) SELECT id FROM above WHERE id = ?
"""


class NeedsPublic(Invalid):
    """What this rests on is not public yet: publish that first."""


async def check(noun: Noun, said: Mapping[str, Any], entry_id: str = "") -> None:
    """Refuse pointers to what is not there, lists that name something twice, and pointers that lead back."""
    for reference, wanted, path in _pointers(noun, said):
        if not await reference.model.exists(id=wanted):
            raise NotFound(f"There is no {_spelled(path)} with the id {wanted}: check it.", path=path)
    for name, below in noun.rows.items():
        if below.link and len(set(said.get(name) or ())) != len(said.get(name) or ()):
            raise Invalid(f"{_spelled((name,))} names something twice: name each once.", path=(name,))
    for name, reference in noun.references.items():
        if reference.tree and said.get(name) and await _leads_back(noun, name, said[name], entry_id):
            raise Invalid(f"{_spelled((name,))} leads back to this {noun.words}: choose another one.", path=(name,))
    if said.get("body"):
        await _check_pictures(Document.parse(said["body"]))


async def check_public(noun: Noun, said: Mapping[str, Any]) -> None:
    """Refuse when something that evidence needs, a cited source among it, is not public."""
    for reference, wanted, path in _pointers(noun, said):
        if reference.needed and not await reference.model.exists(id=wanted, is_published=True):
            kind = reference.model.__name__.lower()
            raise NeedsPublic(f"This rests on a {kind} that is not public ({wanted}): publish that first.", path=path)
    if said.get("body"):
        keys = {item.key for item in documents.cited(Document.parse(said["body"]))}
        public = set(await Source.filter(key__in=list(keys), is_published=True).values_list("key", flat=True))
        if hidden := sorted(keys - public):
            raise NeedsPublic(f"The text cites “{hidden[0]}”, which is not public: publish that first.", path=("body",))


def _pointers(noun: Noun, said: Mapping[str, Any]) -> Iterator[Pointer]:
    for name, reference in noun.references.items():
        if said.get(name):
            yield reference, said[name], (name,)
    for name, below in noun.rows.items():
        for column, reference in below.references.items():
            for place, each in enumerate(said.get(name) or ()):
                wanted = each if below.link else each[column]
                if wanted:
                    yield reference, wanted, (name, place) if below.link else (name, place, column)


async def _leads_back(noun: Noun, name: str, wanted: str, entry_id: str) -> bool:
    table = noun.model._meta.db_table  # noqa: SLF001 - Tortoise keeps the table's name there
    return bool(await rows(sql(ABOVE.format(table=table, column=noun.column(name)), wanted, entry_id)))


async def _check_pictures(tree: Document) -> None:
    for image in documents.images(tree):
        if not await MediaAsset.exists(id=image.asset_id):
            raise NotFound("The text shows a picture that does not exist: upload it first.", path=("body",))


def _spelled(path: tuple[str | int, ...]) -> str:
    """The field's name as a client knows it."""
    name = next(step for step in reversed(path) if isinstance(step, str))
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
