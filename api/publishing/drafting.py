"""Writing: create, revise, restore and discard. The open draft is written in place until something freezes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tortoise.transactions import in_transaction

from api.articles import editing, rendering
from api.articles.editing import content_of
from api.articles.models import Article, ArticleKind, Revision, Stage, UpdateType
from api.audit import AuditEntry
from api.catalogue import visible_sql
from api.errors import Invalid, NotFound, Scheduled, SlugTaken, WrongStage
from api.publishing import minor, slugs
from api.publishing.acting import Acting, close, freeze, locked, stale
from api.sql import rows, sql

if TYPE_CHECKING:
    from api.articles.editing import Content, Identity
    from api.articles.renderings import RenderedText

NEW_CHANGE: dict[str, Any] = {"update_type": UpdateType.MAJOR, "change_note": None}
"""What is said of a change belongs to that change: the next one says it anew."""
OPEN_FOR = timedelta(minutes=10)
RELATED = {"authors": "practitioner", "conditions": "condition", "treatments": "treatment", "disclaimers": "disclaimer"}
"""Each relation, and the table of what it names."""


class NothingToDiscard(WrongStage):
    """This article has no draft to discard."""


class NewsHasNoTopics(Invalid):
    """NEWS has no conditions or treatments: make it HEALTH, or leave them out."""


class FixedOnceLive(Invalid):
    """This can be set only while nothing of the article was ever live."""


class NoSuchRevision(NotFound):
    """This article has no such revision: list its revisions."""


@dataclass(frozen=True)
class Changes:
    """What an edit says: of the text by the names of `Content`, of the article by those of `Identity`."""

    content: dict[str, Any]
    identity: dict[str, Any]


async def create(identity: Identity, content: Content, doing: Acting, *, any_slug: bool = False) -> Article:
    """Write a new article as a draft, with its audit entry, by one statement.

    With `any_slug` the slug is a proposal: `slug-2`, `slug-3`, … are as good where it is another article's.
    """
    slugs.check(identity.slug)
    _check_kind(identity.kind, content)
    await check_references(content, doing)
    derived = await rendering.derive(content.body, doing.viewer)
    tried = identity
    while True:
        try:
            return await _created(tried, content, derived, doing)
        except SlugTaken:
            if not any_slug:
                raise
        tried = replace(identity, slug=await slugs.free(identity.slug))  # which somebody else may take meanwhile


async def revise(article_id: str, expected: int, changes: Changes, doing: Acting) -> Article:
    """Write the draft: in place while it is open and one's own, else as a new revision."""
    base = await _base(article_id)
    content = replace(await _fresh(base), **changes.content) if base else None
    derived = await rendering.derive(content.body, doing.viewer) if content else None
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        if article.stage is Stage.SCHEDULED:
            raise Scheduled
        current = await _base(article_id)
        if content is None or derived is None or base is None or current is None:
            raise NoSuchRevision
        if (current.id, current.content_hash) != (base.id, base.content_hash):
            raise stale(article, expected)  # the version was guessed before it was there
        await _change_identity(article, changes.identity)
        _check_kind(article.kind, content)
        await check_references(content, doing, await content_of(current))
        revision = await _written(article, content, derived, doing)
        await minor.check(revision)
        article.draft_id, article.stage = revision.id, Stage.DRAFT
        if article.first_published_at is None:
            article.sort_title = content.title.lower()
        before = {"revision": base.number, "contentHash": base.content_hash}
        await close(article, "reviseArticle", doing, {"revision": revision.number, "contentHash": content.hash}, before)
    return article


async def restore(article_id: str, expected: int, revision_id: str, doing: Acting) -> Article:
    """Make what an earlier revision said the draft again, as a new revision."""
    earlier = await Revision.get_or_none(id=revision_id, article_id=article_id)
    content = replace(await content_of(earlier), **NEW_CHANGE) if earlier else None
    derived = await rendering.derive(content.body, doing.viewer) if content else None
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        if article.stage is Stage.SCHEDULED:
            raise Scheduled
        if earlier is None or content is None or derived is None:
            raise NoSuchRevision
        await _freeze_draft(article, doing)
        revision = await editing.write(article, await _next_number(article), content, derived, by=doing.viewer.member)
        article.draft_id, article.stage = revision.id, Stage.DRAFT
        await close(article, "restoreRevision", doing, {"revision": revision.number, "restored": earlier.number})
    return article


async def discard(article_id: str, expected: int, doing: Acting) -> Article:
    """Freeze the draft and let go of it; the row stays, so it can be restored."""
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        if article.draft_id is None:
            raise NothingToDiscard
        revision = await Revision.get(id=article.draft_id)
        await freeze(revision, doing.at)
        article.draft_id, article.stage, article.scheduled_for = None, None, None
        await close(article, "discardDraft", doing, {"discarded": revision.number})
    return article


async def check_references(content: Content, doing: Acting, before: Content | None = None) -> None:
    """Refuse relations to what is not there for the viewer, naming the field; all are looked up by one statement.

    What the text named `before` stays: somebody who saw it had put it there. Everybody may name themselves.
    """
    for name in RELATED:
        wanted = getattr(content, name)
        if len(set(wanted)) != len(wanted):
            raise Invalid(f"{name} names something twice: name each once.", path=(name,))
    pictures = [content.hero_image] if content.hero_image else []
    asked = sql("SELECT 'hero_image' AS name, id FROM media_asset WHERE id = ANY(?::text[])", pictures)
    for name, table in RELATED.items():
        there = f" UNION ALL SELECT '{name}', id FROM {table} WHERE id = ANY(?::text[]) AND "  # noqa: S608 - our names
        asked = asked + sql(there, [*getattr(content, name)]) + visible_sql(doing.viewer, table)
    known = {(row["name"], row["id"]) for row in await rows(asked)}
    known.add(("authors", doing.viewer.practitioner))
    if before is not None:
        known |= {(name, key) for name in RELATED for key in getattr(before, name)}
    for name in RELATED:
        if missing := [key for key in getattr(content, name) if (name, key) not in known]:
            raise NotFound(f"{name} names {missing[0]}, which does not exist: check the id.", path=(name,))
    if content.hero_image and ("hero_image", content.hero_image) not in known:
        raise NotFound("heroImage names a picture that does not exist: upload it first.", path=("hero_image",))


async def _created(identity: Identity, content: Content, derived: RenderedText, doing: Acting) -> Article:
    entry = AuditEntry(actor=doing.actor, verb="createArticle", after={"slug": identity.slug, "title": content.title})
    return await editing.create(identity, content, derived, by=doing.viewer.member, entry=entry)


async def _base(article_id: str) -> Revision | None:
    """The revision that an edit starts from: the draft, else what is live, else the newest."""
    article = await Article.get_or_none(id=article_id)
    wanted = article and (article.draft_id or article.live_id)
    if wanted:
        return await Revision.get(id=wanted)
    return await Revision.filter(article_id=article_id).order_by("-number").first()


async def _fresh(base: Revision) -> Content:
    """What an edit starts from; what was said of a change that is or was live is not said of the next one."""
    content = await content_of(base)
    article = await Article.get(id=base.article_id)
    taken_down = article.first_published_at and article.live_id is None and base.frozen_at
    return content if base.id == article.draft_id and not taken_down else replace(content, **NEW_CHANGE)


async def _written(article: Article, content: Content, derived: RenderedText, doing: Acting) -> Revision:
    draft = await Revision.get_or_none(id=article.draft_id) if article.draft_id else None
    mine = draft is not None and draft.created_by_id == doing.viewer.member
    if draft and mine and draft.frozen_at is None and doing.at - draft.created_at < OPEN_FOR:
        return await editing.rewrite(draft, content, derived)
    await _freeze_draft(article, doing)
    return await editing.write(article, await _next_number(article), content, derived, by=doing.viewer.member)


async def _freeze_draft(article: Article, doing: Acting) -> None:
    if article.draft_id:
        await freeze(await Revision.get(id=article.draft_id), doing.at)


async def _next_number(article: Article) -> int:
    newest = await Revision.filter(article_id=article.id).order_by("-number").first()
    return newest.number + 1 if newest else 1


async def _change_identity(article: Article, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if article.first_published_at is not None and getattr(article, name) != value:
            raise FixedOnceLive(path=(name,))
        if name == "slug" and value != article.slug:
            await slugs.check_free(value)
        setattr(article, name, value)


def _check_kind(kind: ArticleKind, content: Content) -> None:
    if kind is ArticleKind.NEWS and (content.conditions or content.treatments):
        raise NewsHasNoTopics(path=("conditions",) if content.conditions else ("treatments",))
