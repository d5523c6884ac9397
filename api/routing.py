"""What stands behind a path of the clinic's site today: a thing, a new place, or what is said of a taken-down one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api import catalogue
from api.articles import reading
from api.articles.models import Article, Severity, UnpublishKind
from api.conditions import Condition
from api.practitioners import Practitioner
from api.sql import Sql, rows, sql
from api.treatments import Treatment

if TYPE_CHECKING:
    from datetime import datetime

    from tortoise.models import Model

    from api.accounts.viewer import Viewer
    from api.articles.reading import ShownArticle

CATALOGUE: dict[str, type[Model]] = {"conditions": Condition, "treatments": Treatment, "practitioners": Practitioner}
PARTS = 2
# One statement, whether nobody knows the path or it leads to what does not exist for the viewer: time tells nothing.
REDIRECT = """ FROM redirect LEFT JOIN article ON article.id = redirect.article_id
 WHERE redirect.path = ? AND (redirect.article_id IS NULL OR article.unpublished_kind IS NOT NULL OR """


@dataclass(frozen=True)
class Moved:
    """It answers at another path now; `taken_down` when the article that stood here is live no more."""

    path: str
    taken_down: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Withdrawn:
    """It was taken down, and the clinic says why."""

    title: str
    explanation: str
    at: datetime
    severity: Severity
    replacement: ShownArticle | None


@dataclass(frozen=True)
class Gone:
    """It was taken down; `legal` when the law demanded it."""

    explanation: str | None
    at: datetime
    legal: bool


async def route(path: str, viewer: Viewer) -> Any:  # noqa: ANN401 - an article, an entry, or one of the above
    """What stands behind the path, or None."""
    clean, parts = parted(path)
    if len(parts) == PARTS and parts[0] == "articles":
        return await _article(parts[1], viewer) or await _redirected(clean, viewer)
    if len(parts) == PARTS and parts[0] in CATALOGUE:
        found = await catalogue.by_slug(CATALOGUE[parts[0]], [parts[1]], viewer)
        return found.get(parts[1]) or await _redirected(clean, viewer)
    return await _redirected(clean, viewer)


def parted(path: str) -> tuple[str, list[str]]:
    """The path without query and fragment, and its parts."""
    clean = "/" + path.partition("?")[0].partition("#")[0].strip("/")
    return clean, clean.strip("/").split("/")


def redirects(path: object, viewer: Viewer) -> Sql:
    """What follows SELECT for the redirect from a path, beside its article; none to what the viewer may not know of."""
    return sql(REDIRECT, path) + reading.visible_to(viewer) + ")"


async def _article(slug: str, viewer: Viewer) -> Any:  # noqa: ANN401 - as above
    found = await reading.by_slug([slug], viewer)
    if found:
        return found[slug]
    row = await Article.filter(slug__in=catalogue.fitting(Article, "slug", [slug])).first()
    return await _tombstone(row, viewer) if row and row.unpublished_kind else None


async def _tombstone(article: Article, viewer: Viewer) -> Any:  # noqa: ANN401 - as above
    assert article.unpublished_at is not None  # noqa: S101 - a check in the database
    if article.unpublished_kind is UnpublishKind.MOVED and article.moved_to:
        return Moved(article.moved_to, taken_down=True)
    if article.unpublished_kind is UnpublishKind.WITHDRAWN:
        title, why = article.unpublished_title or "", article.explanation or ""
        replacement = await _replacement(article.moved_to, viewer)
        return Withdrawn(
            title, why, article.unpublished_at, article.unpublished_severity or Severity.ROUTINE, replacement
        )
    return Gone(article.explanation, article.unpublished_at, legal=article.unpublished_kind is UnpublishKind.LEGAL)


async def _replacement(path: str | None, viewer: Viewer) -> ShownArticle | None:
    slug = (path or "").removeprefix("/articles/")
    return (await reading.by_slug([slug], viewer)).get(slug) if path and slug != path else None


async def _moved(target: str, viewer: Viewer) -> Moved | None:
    """Where an old path leads; nowhere, when that is an entry which the viewer may not see."""
    kind, _, slug = target.strip("/").partition("/")
    if kind in CATALOGUE and not await catalogue.by_slug(CATALOGUE[kind], [slug], viewer):
        return None
    return Moved(target)


async def _redirected(path: str, viewer: Viewer) -> Any:  # noqa: ANN401 - as above
    found = await rows("SELECT redirect.article_id, redirect.target" + redirects(path, viewer))
    if not found:
        return None
    article_id, target = found[0]["article_id"], found[0]["target"]
    if article_id is None:
        return await _moved(target, viewer)
    shown = (await reading.by_id([article_id], viewer)).get(article_id)
    if shown:
        return Moved(shown.path)
    row = await Article.get(id=article_id)
    return await _tombstone(row, viewer) if row.unpublished_kind else None
