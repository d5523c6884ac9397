"""Writing articles: new ones, and what a revision says together with all that is derived from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from api.articles import rendering
from api.articles.derived import Rendering
from api.articles.models import (
    Article,
    ArticleKind,
    CommentPolicy,
    Redirect,
    Review,
    ReviewOutcome,
    Revision,
    RevisionAuthor,
    RevisionCitation,
    RevisionCondition,
    RevisionDisclaimer,
    RevisionTreatment,
    Stage,
    UpdateType,
)
from api.documents import Document
from api.errors import SlugTaken
from api.rows import inserting
from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from datetime import date

    from tortoise.models import Model

    from api.articles.renderings import RenderedText
    from api.audit import AuditEntry

RELATIONS: dict[str, type[Model]] = {
    "authors": RevisionAuthor,
    "conditions": RevisionCondition,
    "treatments": RevisionTreatment,
    "disclaimers": RevisionDisclaimer,
}
FILLED = """
, wrote AS (INSERT INTO revision_author (revision_id, practitioner_id, position)
            SELECT draft.id, named.id, place - 1 FROM draft, unnest(?::text[]) WITH ORDINALITY AS named (id, place))
, about AS (INSERT INTO revision_condition (revision_id, condition_id, position)
            SELECT draft.id, named.id, place - 1 FROM draft, unnest(?::text[]) WITH ORDINALITY AS named (id, place))
, treated AS (INSERT INTO revision_treatment (revision_id, treatment_id, position)
              SELECT draft.id, named.id, place - 1 FROM draft, unnest(?::text[]) WITH ORDINALITY AS named (id, place))
, noted AS (INSERT INTO revision_disclaimer (revision_id, disclaimer_id, position)
            SELECT draft.id, named.id, place - 1 FROM draft, unnest(?::text[]) WITH ORDINALITY AS named (id, place))
, cited AS (INSERT INTO revision_citation (revision_id, key, number)
            SELECT draft.id, key, number FROM draft, unnest(?::text[], ?::int[]) AS cited (key, number))
"""
"""The lists in the order of RELATIONS, and the citations, of the revision whose id is in `draft`."""
FREE = "WHERE NOT EXISTS (SELECT FROM redirect WHERE path = ? AND article_id IS NOT NULL)"
RELATED = """
SELECT 'authors' AS name, practitioner_id AS id, position FROM revision_author WHERE revision_id = ?
UNION ALL SELECT 'conditions', condition_id, position FROM revision_condition WHERE revision_id = ?
UNION ALL SELECT 'treatments', treatment_id, position FROM revision_treatment WHERE revision_id = ?
UNION ALL SELECT 'disclaimers', disclaimer_id, position FROM revision_disclaimer WHERE revision_id = ?
 ORDER BY position
"""
HASHED = ("title", "summary", "authors", "conditions", "treatments", "hero_image", "disclaimers")


@dataclass(frozen=True)
class Content:
    """What a revision says. Relations are ids, in the order in which they are shown."""

    title: str
    body: Document
    summary: str = ""
    authors: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    hero_image: str | None = None
    update_type: UpdateType = UpdateType.MAJOR
    change_note: str | None = None
    seo: dict[str, Any] | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of what a reviewer approves: canonical JSON of text, authors, relations, picture and disclaimers."""
        said = {name: getattr(self, name) for name in HASHED} | {"body": self.body.dump()}
        return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True)
class Identity:
    """What an article is, whatever its revisions say."""

    slug: str
    kind: ArticleKind = ArticleKind.HEALTH
    language: str = "en"
    comment_policy: CommentPolicy = CommentPolicy.OFF
    originally_published_on: date | None = None
    old_paths: tuple[str, ...] = field(default=())


async def create(
    identity: Identity,
    content: Content,
    derived: RenderedText,
    *,
    by: str | None = None,
    entry: AuditEntry | None = None,
) -> Article:
    """Write a new article and its first draft by one statement; `derived` is `rendering.derive(body)`.

    Refused when the slug is, or once was, another article's. The audit entry is written with it, about the article.
    Old paths follow by statements of their own: whoever gives some does so within a transaction.
    """
    article = Article(
        slug=identity.slug,
        kind=identity.kind,
        language=identity.language,
        comment_policy=identity.comment_policy,
        originally_published_on=identity.originally_published_on,
        sort_title=content.title.lower(),
        created_by_id=by,
        stage=Stage.DRAFT,
    )
    revision = _revision(article, 1, content, by)
    article.draft_id = revision.id
    new = inserting(article) + sql(FREE, f"/articles/{identity.slug}") + " ON CONFLICT (slug) DO NOTHING RETURNING id"
    both = "WITH made AS (" + new + "), draft AS (" + inserting(revision, "FROM made RETURNING id") + ")"
    if entry is not None:
        entry.thing = article.id
        both = both + ", told AS (" + inserting(entry, "FROM made") + ")"
    if not await rows(both + _filled(revision, content, derived)):
        raise SlugTaken(path=("slug",))
    article._saved_in_db = True  # noqa: SLF001 - Tortoise's own
    for path in identity.old_paths:
        await Redirect.create(path=path, article=article)
    return article


async def write(
    article: Article, number: int, content: Content, derived: RenderedText, *, by: str | None = None
) -> Revision:
    """Write an open revision with its relations, citations and rendering by one statement, in the caller's transaction.

    What it is to replace is looked up before.
    """
    revision = _revision(article, number, content, by)
    revision.predecessor_id = await _predecessor(article, number)
    draft = "WITH draft AS (" + inserting(revision, "RETURNING id") + ")"
    await rows(draft + _filled(revision, content, derived))
    revision._saved_in_db = True  # noqa: SLF001 - Tortoise's own
    return revision


async def rewrite(revision: Revision, content: Content, derived: RenderedText) -> Revision:
    """Write an open revision in place, inside the caller's transaction."""
    said = {name: getattr(content, name) for name in ("title", "summary", "update_type", "change_note", "seo")}
    revision.update_from_dict(
        said | {"body": content.body.dump(), "hero_image_id": content.hero_image, "content_hash": content.hash}
    )
    await revision.save()
    links: list[type[Model]] = [*RELATIONS.values(), RevisionCitation]
    for link in links:
        await link.filter(revision_id=revision.id).delete()
    await rows(sql("WITH draft AS (SELECT ?::text AS id)", revision.id) + _filled(revision, content, derived))
    return revision


async def keep(revision: Revision, derived: RenderedText) -> None:
    """Keep what was derived from a revision beside it, in place of what was kept before."""
    await rows(_kept(revision, derived, ""))


async def content_of(revision: Revision) -> Content:
    """What a revision says, as it can be edited and written again."""
    relations: dict[str, Any] = await related(revision.id)
    return Content(
        title=revision.title,
        summary=revision.summary,
        body=Document.parse(revision.body),
        hero_image=revision.hero_image_id,
        update_type=revision.update_type,
        change_note=revision.change_note,
        seo=revision.seo,
        **relations,
    )


async def related(revision_id: str) -> dict[str, tuple[str, ...]]:
    """The ids that a revision names, by the names of `Content` and in their order; by one statement."""
    found: dict[str, list[str]] = {name: [] for name in RELATIONS}
    for row in await rows(sql(RELATED, *[revision_id] * len(RELATIONS))):
        found[row["name"]].append(row["id"])
    return {name: tuple(ids) for name, ids in found.items()}


async def _predecessor(article: Article, number: int) -> str | None:
    """What is live; where nothing is, the revision before when it was reviewed itself, else what that one replaces."""
    if article.live_id or number == 1:
        return article.live_id
    before = await Revision.get_or_none(article_id=article.id, number=number - 1)
    if before is None:
        return None
    reviewed = await Review.exists(revision_id=before.id, outcome=ReviewOutcome.APPROVED)
    return before.id if reviewed else before.predecessor_id


def _revision(article: Article, number: int, content: Content, by: str | None) -> Revision:
    return Revision(
        article_id=article.id,
        number=number,
        title=content.title,
        summary=content.summary,
        body=content.body.dump(),
        hero_image_id=content.hero_image,
        update_type=content.update_type,
        change_note=content.change_note,
        seo=content.seo,
        content_hash=content.hash,
        created_by_id=by,
    )


def _filled(revision: Revision, content: Content, derived: RenderedText) -> Sql:
    """The end of a statement that writes a revision, whose id is in `draft`: relations, citations, and the rendering.

    The trigger that makes a rendering found by its words looks at the revision, which must be written before: that is
    why the rendering, too, is written of what is in `draft`.
    """
    named = [list(getattr(content, name)) for name in RELATIONS]
    keys = [item["key"] for item in derived.citations]
    numbers = [item["number"] for item in derived.citations]
    links = sql(FILLED, *named, keys, numbers)
    return links + ", kept AS (" + _kept(revision, derived, "FROM draft") + ") SELECT id FROM draft"


def _kept(revision: Revision, derived: RenderedText, source: str) -> Sql:
    said = {"renderer_version": rendering.RENDERER_VERSION, **vars(derived)}
    anew = ", ".join(f"{name} = excluded.{name}" for name in (*said, "computed_at"))
    row = Rendering(revision_id=revision.id, **said)
    return inserting(row, f"{source} ON CONFLICT (revision_id) DO UPDATE SET {anew}")
