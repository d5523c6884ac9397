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
from api.sql import rows, sql

if TYPE_CHECKING:
    from datetime import date

    from tortoise.models import Model

    from api.articles.renderings import RenderedText

RELATIONS: dict[str, type[Model]] = {
    "authors": RevisionAuthor,
    "conditions": RevisionCondition,
    "treatments": RevisionTreatment,
    "disclaimers": RevisionDisclaimer,
}
RELATE = """
WITH wrote AS (INSERT INTO revision_author (revision_id, practitioner_id, position)
               SELECT ?, id, place - 1 FROM unnest(?::text[]) WITH ORDINALITY AS named (id, place)),
     about AS (INSERT INTO revision_condition (revision_id, condition_id, position)
               SELECT ?, id, place - 1 FROM unnest(?::text[]) WITH ORDINALITY AS named (id, place)),
     treated AS (INSERT INTO revision_treatment (revision_id, treatment_id, position)
                 SELECT ?, id, place - 1 FROM unnest(?::text[]) WITH ORDINALITY AS named (id, place)),
     noted AS (INSERT INTO revision_disclaimer (revision_id, disclaimer_id, position)
               SELECT ?, id, place - 1 FROM unnest(?::text[]) WITH ORDINALITY AS named (id, place))
INSERT INTO revision_citation (revision_id, key, number)
SELECT ?, key, number FROM unnest(?::text[], ?::int[]) AS cited (key, number)
"""
"""The lists in the order of RELATIONS, and the citations."""
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


async def create(identity: Identity, content: Content, derived: RenderedText, *, by: str | None = None) -> Article:
    """Write a new article and its first draft in the caller's transaction; `derived` is `rendering.derive(body)`."""
    article = await Article.create(
        slug=identity.slug,
        kind=identity.kind,
        language=identity.language,
        comment_policy=identity.comment_policy,
        originally_published_on=identity.originally_published_on,
        sort_title=content.title.lower(),
        created_by_id=by,
    )
    revision = await write(article, 1, content, derived, by=by)
    article.draft_id, article.stage = revision.id, Stage.DRAFT
    await article.save(update_fields=["draft_id", "stage"])
    for path in identity.old_paths:
        await Redirect.create(path=path, article=article)
    return article


async def write(
    article: Article, number: int, content: Content, derived: RenderedText, *, by: str | None = None
) -> Revision:
    """Write an open revision with its relations, citations and rendering, inside the caller's transaction."""
    revision = await Revision.create(
        article=article,
        number=number,
        predecessor_id=await _predecessor(article, number),
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
    await _relate_all(revision, content, derived)
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
    await _relate_all(revision, content, derived)
    return revision


async def keep(revision: Revision, derived: RenderedText) -> None:
    """Keep what was derived from a revision beside it, in place of what was kept before."""
    said = {"renderer_version": rendering.RENDERER_VERSION, **vars(derived)}
    row = Rendering(revision_id=revision.id, **said)
    await Rendering.bulk_create([row], on_conflict=["revision_id"], update_fields=[*said, "computed_at"])


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


async def _relate_all(revision: Revision, content: Content, derived: RenderedText) -> None:
    """Write the relations and the citations, in their order, by one statement; and what was derived, by another."""
    named = [list(getattr(content, name)) for name in RELATIONS]
    keys = [item["key"] for item in derived.citations]
    numbers = [item["number"] for item in derived.citations]
    links = [value for ids in named for value in (revision.id, ids)]
    await rows(sql(RELATE, *links, revision.id, keys, numbers))
    await keep(revision, derived)
