"""The readers' only door to articles: what exists for a viewer, and which revision of it is shown.

One expression decides both. `shown_to(viewer)` is the SQL for the id of the revision that the viewer is shown; where
it is null the article does not exist for that viewer, through whatever path it is asked for. A schedule whose moment
has come counts as live, whether or not a worker has settled it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from api import catalogue
from api.articles.models import ArticleKind, CommentPolicy
from api.paging import Key, Listing
from api.sql import Sql, read, sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.accounts.viewer import Viewer

LIVE = "CASE WHEN article.scheduled_for <= now() THEN article.draft_id ELSE article.live_id END"
NEWEST_REVISION = (
    "(SELECT newest.id FROM revision newest WHERE newest.article_id = article.id ORDER BY number DESC LIMIT 1)"
)
PUBLISHED = "coalesce(article.first_published_at, article.scheduled_for)"
COMMENT_DAYS = 90
"""For so long comments stay open after they were opened, or after the article's first publication."""
COMMENTS_OPENED = f"greatest(article.comments_opened_at, {PUBLISHED})"
MAY_BE_LIVE = "(article.live_id IS NOT NULL OR article.scheduled_for IS NOT NULL)"
ON_SHELF = "shelf.shown_from <= now() AND shelf.shown_until > now()"
"""Whether a row of the shelf, where the database keeps what shown articles name, newest first, holds now."""
COUNTED = (
    "((SELECT coalesce(sum(added), 0) FROM article_tally) + (SELECT count(*) FROM article "
    f"WHERE article.scheduled_for IS NOT NULL AND ({LIVE}) IS NOT NULL))::bigint"
)
"""How many articles readers see: those with a schedule are looked at, all others were counted when they changed."""


@dataclass(frozen=True)
class ShownArticle:
    """An article as one viewer is shown it: its identity, and the revision that speaks for it."""

    id: str
    slug: str
    kind: ArticleKind
    language: str
    comment_policy: CommentPolicy
    published_at: datetime | None
    originally_published_on: date | None
    updated_at: datetime
    is_live: bool
    revision_id: str
    title: str
    summary: str
    hero_image_id: str | None
    seo: dict[str, Any] | None
    content_hash: str
    revision_number: int

    @property
    def path(self) -> str:
        return f"/articles/{self.slug}"


THIS_REVIEW = (
    "(standing.given_to, standing.reviewer_id, standing.at) = (review.revision_id, review.reviewer_id, review.at)"
)
WEIGHTS = {"condition": 2, "treatment": 1}
NEAR = 50
"""So many of the newest articles about each thing are looked at for those that are close to one."""
LINKS = {"condition": "revision_condition", "treatment": "revision_treatment", "practitioner": "revision_author"}
NEWEST = "articles.newest"
COLUMNS = {
    "id": "article.id",
    "slug": "article.slug",
    "kind": "article.kind",
    "language": "article.language",
    "comment_policy": f"CASE WHEN article.comment_policy = 'ON' "
    f"AND {COMMENTS_OPENED} < now() - interval '{COMMENT_DAYS} days' "
    "THEN 'CLOSED' ELSE article.comment_policy END",
    "published_at": f"CASE WHEN article.scheduled_for <= now() OR article.scheduled_for IS NULL THEN {PUBLISHED} "
    "ELSE article.first_published_at END",
    "originally_published_on": "article.originally_published_on",
    "updated_at": "coalesce(article.updated_at, CASE WHEN article.scheduled_for <= now() "
    "THEN article.scheduled_for END, revision.created_at)",
    "is_live": f"({LIVE}) IS NOT NULL",
    "revision_id": "revision.id",
    "title": "revision.title",
    "summary": "revision.summary",
    "hero_image_id": "revision.hero_image_id",
    "seo": "revision.seo",
    "content_hash": "revision.content_hash",
    "revision_number": "revision.number",
}
assert set(COLUMNS) == {field.name for field in fields(ShownArticle)}  # noqa: S101 - the two lists are one
SELECT = "SELECT " + ", ".join(f"{expression} AS {name}" for name, expression in COLUMNS.items())


def shown_to(viewer: Viewer) -> Sql:
    """The id of the revision that the viewer is shown; null where the article does not exist for the viewer."""
    if viewer.preview:
        own = "CASE WHEN article.id = (SELECT own.article_id FROM revision own WHERE own.id = ?) THEN ? ELSE "
        return sql(own, viewer.preview, viewer.preview) + LIVE + " END"
    if viewer.sees_drafts:
        return Sql(f"coalesce({LIVE}, article.draft_id, {NEWEST_REVISION})")
    if viewer.sees_own_drafts:
        own = f"CASE WHEN article.created_by_id = ? THEN coalesce(article.draft_id, {NEWEST_REVISION}) END"
        return sql(f"coalesce({LIVE}, {own})", viewer.member)
    return Sql(LIVE)


def visible_to(viewer: Viewer) -> Sql:
    """Whether the article exists for the viewer. The first half lets readers' pages use their partial indexes."""
    shown = "(" + shown_to(viewer) + ") IS NOT NULL"
    return Sql(f"{MAY_BE_LIVE} AND ") + shown if viewer.is_reader else shown


def selected(where: Sql, viewer: Viewer) -> Sql:
    """The statement for the articles that satisfy `where` and exist for the viewer, in the columns of ShownArticle."""
    return Sql(SELECT) + " FROM article JOIN revision ON revision.id = (" + shown_to(viewer) + ") WHERE " + where


async def shown(where: Sql, viewer: Viewer) -> list[ShownArticle]:
    """The articles that satisfy `where` and exist for the viewer, by one statement."""
    return [_shown(row) for row in await read(selected(where, viewer))]


async def by_id(wanted: list[str], viewer: Viewer) -> dict[str, ShownArticle]:
    """Those of the articles that exist for the viewer, by id."""
    found = await shown(sql("article.id = ANY(?::text[])", wanted), viewer)
    return {article.id: article for article in found}


async def by_slug(wanted: list[str], viewer: Viewer) -> dict[str, ShownArticle]:
    """Those of the articles that exist for the viewer, by slug."""
    found = await shown(sql("article.slug = ANY(?::text[])", wanted), viewer)
    return {article.slug: article for article in found}


async def previewed(viewer: Viewer) -> ShownArticle | None:
    """The one article that a preview link shows, whatever is asked for; None for every other viewer."""
    if not viewer.preview:
        return None
    found = await shown(sql("revision.id = ?", viewer.preview), viewer)
    return found[0] if found else None


def newest(viewer: Viewer, *where: Sql, source: Sql | None = None, parent: str = "") -> Listing:
    """Articles by first publication, newest first."""
    name, moment = NEWEST, PUBLISHED
    if not viewer.is_reader:
        name, moment = "articles.newest-all", f"coalesce({PUBLISHED}, article.created_at)"
    keys = (Key(moment, "timestamptz"), Key("article.id", "text"))
    return _listing(name, viewer, where, keys, source=source, parent=parent)


def recently_reviewed(viewer: Viewer, *where: Sql) -> Listing:
    """Articles by their last review, newest first; those never reviewed stand last."""
    keys = (Key("coalesce(article.reviewed_on, DATE '0001-01-01')", "date"), Key("article.id", "text"))
    return _listing("articles.reviewed", viewer, where, keys)


def by_title(viewer: Viewer, *where: Sql) -> Listing:
    """Articles from A to Z."""
    keys = (Key("article.sort_title", "text"), Key("article.id", "text"))
    return _listing("articles.title", viewer, where, keys, descending=False)


def related_by(viewer: Viewer, table: str, column: str) -> Listing:
    """Articles below each thing that their shown revision names, such as `revision_condition` by `condition_id`."""
    if viewer.is_reader and table in LINKS.values():
        keys = (Key("shelf.published_at", "timestamptz"), Key("shelf.article_id", "text"))
        return Listing(NEWEST, Sql("shelf"), (Sql(ON_SHELF),), keys, descending=True, parent="shelf.entry_id")
    source = Sql(f"{table} {of_revision(table)} AND {table}.revision_id = (") + shown_to(viewer) + ")"
    return newest(viewer, source=source, parent=f"{table}.{column}")


def reviewed_by(viewer: Viewer) -> Listing:
    """Articles below the practitioner whose review stands behind what is shown."""
    source = Sql(f"review {of_revision('review')} JOIN LATERAL shown_review((") + shown_to(viewer)
    return newest(viewer, source=source + f")) AS standing ON {THIS_REVIEW}", parent="review.reviewer_id")


async def related(revisions: Sequence[str], viewer: Viewer, most: int) -> list[list[str]]:
    """The ids of the other articles that share conditions (which weigh double) or treatments with each revision."""
    query = (
        sql("SELECT mine.id AS revision, other.id FROM unnest(?::text[]) AS mine (id) ", list(revisions))
        + "CROSS JOIN LATERAL ("
        + closest(viewer, most)
        + ") AS other"
    )
    found: dict[str, list[str]] = {revision: [] for revision in revisions}
    for row in await read(query):
        found[row["revision"]].append(row["id"])
    return [found[revision] for revision in revisions]


def closest(viewer: Viewer, most: object) -> Sql:
    """The ids of the other articles that are closest to the revision `mine.id`, closest first."""
    if viewer.is_reader:
        return _closest_on_shelf(viewer, most)
    return (
        # Added up before the articles are looked at: only one revision of each is shown.
        "SELECT article.id FROM (SELECT each.revision_id, sum(each.weight) AS closeness FROM ("
        + _shared("condition", viewer)
        + " UNION ALL "
        + _shared("treatment", viewer)
        + f") AS each GROUP BY each.revision_id OFFSET 0) AS shared {of_revision('shared')} AND shared.revision_id = ("
        + shown_to(viewer)
        + ") WHERE article.id <> (SELECT own.article_id FROM revision own WHERE own.id = mine.id) AND "
        + visible_to(viewer)
        + sql(f" ORDER BY closeness DESC, {PUBLISHED} DESC, article.id LIMIT ?", most)
    )


def about(viewer: Viewer, kind: str, key: str) -> Sql:
    """Whether the shown revision names this `condition`, `treatment` or `practitioner`, which the viewer may see."""
    named = f"FROM {LINKS[kind]} link JOIN {kind} ON {kind}.id = link.{kind}_id WHERE {kind}.id = ? AND "
    those = sql(named, key) + catalogue.visible_sql(viewer, kind)
    # The first half says nothing new, but an index can tell.
    by_key = f"article.id IN (SELECT article_id FROM revision WHERE id IN (SELECT link.revision_id {those.text})) AND ("
    return Sql(by_key, those.values) + shown_to(viewer) + ") IN (SELECT link.revision_id " + those + ")"


def of_revision(named: str) -> str:
    """Joins the article by its key: which of its revisions is shown changes with time, and no index can tell."""
    return f"JOIN revision of ON of.id = {named}.revision_id JOIN article ON article.id = of.article_id"


def _shared(kind: str, viewer: Viewer) -> Sql:
    """The revisions that name a visible entry which `mine.id` names, too."""
    table, key = LINKS[kind], f"{kind}_id"
    joined = f"{table} ours JOIN {table} theirs USING ({key}) JOIN {kind} ON {kind}.id = ours.{key}"
    select = f"SELECT theirs.revision_id, {WEIGHTS[kind]} AS weight FROM {joined} WHERE ours.revision_id = mine.id AND "
    return select + catalogue.visible_sql(viewer, kind)


def _closest_on_shelf(viewer: Viewer, most: object) -> Sql:
    """The same for readers, among the newest articles about each thing that `mine.id` names, which one index tells."""
    near = _near("condition", viewer) + " UNION ALL " + _near("treatment", viewer)
    return (
        "SELECT each.article_id AS id FROM ("
        + near
        + ") AS each WHERE each.article_id <> (SELECT own.article_id FROM revision own WHERE own.id = mine.id) "
        + "GROUP BY each.article_id, each.published_at "
        + sql("ORDER BY sum(each.weight) DESC, each.published_at DESC, each.article_id LIMIT ?", most)
    )


def _near(kind: str, viewer: Viewer) -> Sql:
    """The newest articles about each visible entry that `mine.id` names."""
    newest = (
        f"SELECT shelf.article_id, shelf.published_at FROM shelf WHERE shelf.entry_id = {kind}.id AND {ON_SHELF} "
        f"ORDER BY shelf.published_at DESC, shelf.article_id DESC LIMIT {NEAR}"
    )
    joined = f"{LINKS[kind]} ours JOIN {kind} ON {kind}.id = ours.{kind}_id CROSS JOIN LATERAL ({newest}) AS shelved"
    select = f"SELECT shelved.*, {WEIGHTS[kind]} AS weight FROM {joined} WHERE ours.revision_id = mine.id AND "
    return select + catalogue.visible_sql(viewer, kind)


def _listing(
    name: str,
    viewer: Viewer,
    where: tuple[Sql, ...],
    keys: tuple[Key, ...],
    *,
    source: Sql | None = None,
    parent: str = "",
    descending: bool = True,
) -> Listing:
    conditions = (visible_to(viewer), *where)
    counted = COUNTED if viewer.is_reader and not where and source is None else ""
    return Listing(
        name, source or Sql("article"), conditions, keys, descending=descending, parent=parent, counted=counted
    )


def remembered(kept: Mapping[str, Any]) -> ShownArticle:
    """The article that was kept as JSON of its fields."""
    moments = {name: kept[name] and datetime.fromisoformat(kept[name]) for name in ("published_at", "updated_at")}
    day = kept["originally_published_on"]
    return _shown({**kept, **moments, "originally_published_on": day and date.fromisoformat(day)})


def _shown(row: Mapping[str, Any]) -> ShownArticle:
    seo = row["seo"]
    return ShownArticle(
        **{
            **row,
            "kind": ArticleKind(row["kind"]),
            "comment_policy": CommentPolicy(row["comment_policy"]),
            "seo": orjson.loads(seo) if isinstance(seo, str) else seo,
        }
    )
