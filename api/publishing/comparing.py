"""What differs between two revisions: field by field, block by block, and as one unified diff of their Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api import documents
from api.articles import editing
from api.articles.models import Revision
from api.clinic import Disclaimer
from api.conditions import Condition
from api.documents import Document
from api.errors import Invalid, NotFound
from api.practitioners import Practitioner
from api.publishing.acting import may_read
from api.treatments import Treatment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tortoise.models import Model

    from api.accounts.viewer import Viewer
    from api.articles.editing import Content

NAMED: dict[str, tuple[type[Model], str]] = {
    "authors": (Practitioner, "name"),
    "conditions": (Condition, "name"),
    "treatments": (Treatment, "name"),
    "disclaimers": (Disclaimer, "title"),
}
PLAIN = {"title": "title", "summary": "summary", "hero_image": "heroImage", "update_type": "updateType",
         "change_note": "changeNote"}  # fmt: skip
SEO = ("title", "description", "noindex")


class DiffChange(StrEnum):
    """What became of a field or of a block."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    EQUAL = "EQUAL"


class NoSuchRevision(NotFound):
    """There is no such revision: list the article's revisions."""


class TwoArticles(Invalid):
    """These revisions belong to two articles: compare revisions of one."""


@dataclass(frozen=True)
class Hunk:
    """One field (`title`, `authors`) or block (`content[3]`) with the text of both sides."""

    place: str
    change: DiffChange
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Diff:
    """Two revisions of an article and all that they say, each hunk told as what became of it."""

    older: Revision
    newer: Revision
    fields: tuple[Hunk, ...]
    blocks: tuple[Hunk, ...]
    markdown: str


async def compare(older_id: str, newer_id: str, viewer: Viewer) -> Diff:
    """Compare two revisions of one article that the viewer may edit or review."""
    older, newer = await _revision(older_id, viewer), await _revision(newer_id, viewer)
    if older.article_id != newer.article_id:
        raise TwoArticles
    before, after = await editing.content_of(older), await editing.content_of(newer)
    names = await _names(before, after)
    return Diff(
        older,
        newer,
        fields=tuple(_fields(_said(before, names), _said(after, names))),
        blocks=tuple(_blocks(before.body, after.body)),
        markdown=_unified(older, newer, before, after),
    )


async def _revision(key: str, viewer: Viewer) -> Revision:
    revision = await Revision.get_or_none(id=key).select_related("article")
    if revision is None or not may_read(viewer, revision.article):
        raise NoSuchRevision
    return revision


async def _names(*contents: Content) -> dict[str, str]:
    """The names of what the contents name, by id."""
    names: dict[str, str] = {}
    for field, (model, column) in NAMED.items():
        wanted = {key for content in contents for key in getattr(content, field)}
        for row in await model.filter(id__in=wanted).values("id", column):
            names[row["id"]] = row[column]
    return names


def _said(content: Content, names: Mapping[str, str]) -> dict[str, str]:
    """Each field as one text."""
    said = {told: str(getattr(content, name) or "") for name, told in PLAIN.items()}
    said |= {name: ", ".join(names.get(key, key) for key in getattr(content, name)) for name in NAMED}
    return said | {f"seo.{name}": str((content.seo or {}).get(name) or "") for name in SEO}


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Hunk]:
    for name, old in before.items():
        new = after[name]
        change = DiffChange.EQUAL if old == new else _became(old, new)
        yield Hunk(name, change, old or None, new or None)


def _became(old: str, new: str) -> DiffChange:
    if not old:
        return DiffChange.ADDED
    return DiffChange.CHANGED if new else DiffChange.REMOVED


def _blocks(before: Document, after: Document) -> Iterator[Hunk]:
    """The top-level blocks; where some were replaced by others, they are told in pairs."""
    old, new = _each(before), _each(after)
    for _, i, i_end, j, j_end in SequenceMatcher(None, old, new).get_opcodes():
        for step in range(max(i_end - i, j_end - j)):
            ours = old[i + step] if i + step < i_end else None
            theirs = new[j + step] if j + step < j_end else None
            yield _block(i + step if theirs is None else j + step, ours, theirs)


def _block(place: int, ours: str | None, theirs: str | None) -> Hunk:
    if ours is None or theirs is None:
        change = DiffChange.ADDED if ours is None else DiffChange.REMOVED
    else:
        change = DiffChange.EQUAL if ours == theirs else DiffChange.CHANGED
    return Hunk(f"content[{place}]", change, ours, theirs)


def _each(body: Document) -> list[str]:
    """Every top-level block as Markdown."""
    tree: dict[str, Any] = body.dump()
    alone = (Document.parse(tree | {"content": [block]}) for block in tree["content"])
    return [documents.to_markdown(block).strip() for block in alone]


def _unified(older: Revision, newer: Revision, before: Content, after: Content) -> str:
    """A unified diff of title, summary and body as Markdown; empty when they are the same."""
    names = (f"revision {older.number}", f"revision {newer.number}")
    return "\n".join(unified_diff(_lines(before), _lines(after), *names, lineterm=""))


def _lines(content: Content) -> list[str]:
    return f"# {content.title}\n\n{content.summary}\n\n{documents.to_markdown(content.body)}".splitlines()
