"""What the catalogue's tables share: an entry exists for a reader if and only if it is published."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from api import rows
from api.accounts.viewer import Viewer
from api.paging import Key, Listing
from api.sql import Sql, both, read, sql

Entry = TypeVar("Entry", bound=Model)


def visible_to(viewer: Viewer, model: type[Entry]) -> QuerySet[Entry]:
    """The entries of this table that exist for the viewer."""
    return model.all() if viewer.sees_drafts else model.filter(is_published=True)


def visible_sql(viewer: Viewer, table: str) -> Sql:
    """The same predicate for a statement written by hand."""
    return Sql("TRUE" if viewer.sees_drafts else f"{table}.is_published")


def selected(viewer: Viewer, table: str, where: Sql) -> Sql:
    """The statement for the table's visible rows that satisfy `where`."""
    return f"SELECT {table}.* FROM {table} WHERE " + both((where, visible_sql(viewer, table)))


def selected_through(viewer: Viewer, through: str, owner: str, target: str, *, key: str, order: str = "") -> Sql:
    """The statement for the visible entries to which the owner whose id is the expression `key` is linked, in order."""
    links = f"SELECT {target}.* FROM {through} link JOIN {target} ON {target}.id = link.{target}_id"
    wanted = f" WHERE link.{owner}_id = {key} AND "
    return links + wanted + visible_sql(viewer, target) + f" ORDER BY {order or 'link.position'}"


def by_name(viewer: Viewer, table: str, *where: Sql) -> Listing:
    """The table's visible entries from A to Z."""
    keys = (Key(f"lower({table}.name)", "text"), Key(f"{table}.id", "text"))
    return Listing(f"{table}.name", Sql(table), (visible_sql(viewer, table), *where), keys)


def by_age(viewer: Viewer, table: str, *where: Sql) -> Listing:
    """The table's visible entries, newest first."""
    keys = (Key(f"{table}.created_at", "timestamptz"), Key(f"{table}.id", "text"))
    return Listing(f"{table}.newest", Sql(table), (visible_sql(viewer, table), *where), keys, descending=True)


def beginning(table: str, letters: str) -> Sql:
    """Whether the entry's name begins with these letters, in either case."""
    return sql(f"starts_with(lower({table}.name), lower(?))", letters)


def linked_to(viewer: Viewer, through: str, owner: str, target: str, key: str) -> Sql:
    """Whether the entry is linked to this other one, which the viewer may see."""
    link = f"SELECT FROM {through} link JOIN {target} AS other ON other.id = link.{target}_id"
    named = sql(f" WHERE link.{owner}_id = {owner}.id AND other.id = ? AND ", key)
    return f"EXISTS ({link}" + named + visible_sql(viewer, "other") + ")"


def child_of(viewer: Viewer, table: str, key: str) -> Sql:
    """Whether the entry stands directly below this one, which the viewer may see."""
    wider = sql(f"EXISTS (SELECT FROM {table} AS wider WHERE wider.id = {table}.parent_id AND wider.id = ? AND ", key)
    return wider + visible_sql(viewer, "wider") + ")"


async def by_id(model: type[Entry], wanted: list[str], viewer: Viewer) -> dict[str, Entry]:
    """Those of the entries that exist for the viewer, by id."""
    return {str(entry.pk): entry for entry in await _named(model, "id", wanted, viewer)}


async def by_slug(model: type[Entry], wanted: list[str], viewer: Viewer) -> dict[str, Entry]:
    """Those of the entries that exist for the viewer, by slug."""
    found = await _named(model, "slug", wanted, viewer)
    return {getattr(entry, "slug"): entry for entry in found}  # noqa: B009 - not every model has a slug


def fitting(model: type[Model], column: str, wanted: Sequence[str]) -> list[str]:
    """Those of the values that the column can hold: Tortoise refuses to look for a longer one."""
    longest: int = getattr(model._meta.fields_map[column], "max_length")  # noqa: B009, SLF001 - of a CharField
    return [value for value in wanted if len(value) <= longest]


async def below(model: type[Entry], owner: str, owners: Sequence[str], *order: str) -> list[list[Entry]]:
    """The rows that belong to each owner, in their order, by one statement; such rows are as visible as their owner."""
    rest = sql(f"WHERE {owner}_id = ANY(?::text[])", list(owners)) + f" ORDER BY {', '.join(order or ('position',))}"
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in await rows.those(model, rest):
        found[getattr(row, f"{owner}_id")].append(row)
    return [found[key] for key in owners]


async def linked(
    through: type[Model],
    owner: str,
    target: str,
    owners: Sequence[str],
    viewer: Viewer,
    *,
    order: str = "link.position",
) -> list[list[Any]]:
    """The entries to which each owner is linked, in their order, by one statement.

    The viewer sees those that are visible; a link that somebody made who sees them all shows all
    that its one revision names.
    """
    model = through._meta.fields_map[target].related_model  # type: ignore[attr-defined] # noqa: SLF001 - of a foreign key
    shown = visible_sql(viewer, target)
    if viewer.preview and viewer.preview_is_wide:
        shown = shown + sql(f" OR link.{owner}_id = ?", viewer.preview)
    wanted = both((sql(f"link.{owner}_id = ANY(?::text[])", list(owners)), shown))
    links = f"{through._meta.db_table} link JOIN {target} ON {target}.id = link.{target}_id"  # noqa: SLF001 - its table
    query = f"SELECT link.{owner}_id AS linked_from, {rows.columns(model)} FROM {links} WHERE " + wanted
    found: dict[str, list[Any]] = defaultdict(list)
    entries: dict[str, Model] = {}
    for row in await read(query + f" ORDER BY {order}"):
        entry = entries.get(row["id"]) or entries.setdefault(row["id"], rows.made(model, row))
        found[row["linked_from"]].append(entry)
    return [found[key] for key in owners]


async def children(model: type[Entry], parents: Sequence[str], viewer: Viewer) -> list[list[Entry]]:
    """The visible entries directly below each entry, from A to Z, by one statement."""
    where = both((sql("parent_id = ANY(?::text[])", list(parents)), _visible(viewer, model)))
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in await rows.those(model, "WHERE " + where + " ORDER BY name"):
        found[getattr(entry, "parent_id")].append(entry)  # noqa: B009 - only some tables are trees
    return [found[key] for key in parents]


async def _named(model: type[Entry], column: str, wanted: Sequence[str], viewer: Viewer) -> list[Entry]:
    where = both((sql(f"{column} = ANY(?::text[])", list(wanted)), _visible(viewer, model)))
    return await rows.those(model, "WHERE " + where)


def _visible(viewer: Viewer, model: type[Model]) -> Sql:
    return visible_sql(viewer, model._meta.db_table)  # noqa: SLF001 - Tortoise's own description of the table
