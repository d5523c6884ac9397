"""What stands behind a path, within the one statement: the first of what `api.routing` looks for, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import catalogue, routing
from api.articles import reading
from api.sql import Sql, sql
from schema.plan.facts import rows
from schema.plan.model import Column, Facts, One, moment
from schema.plan.slots import made_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schema.plan.compiler import Compiler
    from schema.plan.selection import Asked

ENTRIES = {"Condition": "condition", "Treatment": "treatment", "Practitioner": "practitioner"}
KIND, REST = "split_part({target}, '/', 1)", "substr({target}, length(split_part({target}, '/', 1)) + 2)"
TARGET = "trim('/' FROM {row}.target)"


def _replacement(_: object) -> Sql:
    path = (
        "starts_with({row}.moved_to, '/articles/') AND article.slug = substr({row}.moved_to, length('/articles/') + 1)"
    )
    return reading.selected(Sql(path), rows.VIEWER)


WITHDRAWN: Facts = {
    "title": Column("coalesce({row}.unpublished_title, '')"),
    "explanation": Column("coalesce({row}.explanation, '')"),
    "at": Column(moment("{row}.unpublished_at")),
    "severity": Column("coalesce({row}.unpublished_severity, 'ROUTINE')"),
    "replacement": One(_replacement),
}
GONE: Facts = {
    "explanation": Column("{row}.explanation"),
    "at": Column(moment("{row}.unpublished_at")),
    "legal": Column("({row}.unpublished_kind = 'LEGAL')"),
}
TYPES = {"Moved": {"path": Column("{row}.path")}, "Withdrawn": WITHDRAWN, "Gone": GONE}


def route(compiler: Compiler, asked: Asked) -> Sql:
    """The JSON of what stands behind the path that was asked for, or null."""
    writer = _Writer(compiler, asked)
    path = asked.arguments["path"]
    article = sql("article.slug = ?::text", made_of(path, _slug("articles")))
    ways = [
        writer.of("Article", reading.selected(article, rows.VIEWER)),
        writer.tombstone("SELECT article.* FROM article WHERE article.unpublished_kind IS NOT NULL AND " + article),
    ]
    for type_, table in ENTRIES.items():
        slug = sql("?::text", made_of(path, _slug(f"{table}s")))
        ways.append(writer.of(type_, rows.entry_by(table, "slug", slug)))
    ways.append(writer.redirected(made_of(path, lambda value: routing.parted(value)[0])))
    return _first(ways)


def _slug(folder: str) -> Callable[[str], str | None]:
    """What finds the slug in a path of this folder."""

    def slug(path: str) -> str | None:
        _clean, parts = routing.parted(path)
        return parts[1] if len(parts) == routing.PARTS and parts[0] == folder else None

    return slug


def _first(ways: Sequence[Sql]) -> Sql:
    found = Sql("coalesce(")
    for place, way in enumerate(ways):
        found = found + (", " if place else "") + way
    return found + ")"


class _Writer:
    """Writes the kinds of things to which a path may lead."""

    def __init__(self, compiler: Compiler, asked: Asked) -> None:
        self.compiler = compiler
        self.asked = asked

    def of(self, type_: str, source: Sql) -> Sql:
        return self.compiler.object(type_, self.asked.below[type_], source)

    def tombstone(self, source: Sql) -> Sql:
        """What is said of the article that the statement gives, which was taken down."""
        row = self.compiler.alias()
        return "(SELECT " + self._tombstone(row) + " FROM (" + source + f") AS {row})"

    def redirected(self, path: object) -> Sql:
        """Where an old path leads: to an article, to what is said of it, or to an entry that readers see."""
        row = self.compiler.alias()
        shown = "(" + reading.shown_to(rows.VIEWER) + ") IS NOT NULL AS is_shown"
        found = "SELECT redirect.target, article.*, " + shown + routing.redirects(path, rows.VIEWER)
        to_article = f"WHEN {row}.is_shown THEN " + self._moved(f"'/articles/' || {row}.slug")
        entry = f"CASE WHEN {_leads(row)} THEN " + self._moved(f"{row}.target") + " END"
        gone = f"WHEN {row}.unpublished_kind IS NOT NULL THEN " + self._tombstone(row)
        return (
            f"(SELECT CASE WHEN {row}.id IS NULL THEN " + entry + " " + to_article + " " + gone + " END FROM ("
            + found + f") AS {row})"
        )  # fmt: skip

    def _tombstone(self, row: str) -> Sql:
        said = Sql(f"SELECT {row}.*")
        moved = f"CASE WHEN {row}.unpublished_kind = 'MOVED' AND {row}.moved_to <> '' THEN "
        withdrawn = f" WHEN {row}.unpublished_kind = 'WITHDRAWN' THEN "
        return (
            moved + self._moved(f"{row}.moved_to") + withdrawn + self.of("Withdrawn", said)
            + " ELSE " + self.of("Gone", said) + " END"
        )  # fmt: skip

    def _moved(self, path: str) -> Sql:
        return self.of("Moved", Sql(f"SELECT {path} AS path"))


def _leads(row: str) -> str:
    """Whether the target is no entry, or one that readers see."""
    target = TARGET.replace("{row}", row)
    kind, slug = KIND.replace("{target}", target), REST.replace("{target}", target)
    hidden = " OR ".join(
        f"({kind} = '{table}s' AND NOT EXISTS "
        f"({catalogue.selected(rows.VIEWER, table, Sql(f'{table}.slug = {slug}')).text}))"
        for table in ENTRIES.values()
    )
    return f"NOT ({hidden})"
