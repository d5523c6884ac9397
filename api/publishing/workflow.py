"""The verbs of an article's life, each one transaction: rows, audit entry and Change stand together or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from api.accounts.viewer import ANONYMOUS
from api.articles import reading, representation, reviews
from api.articles.models import Article, Redirect, Revision, Severity, Stage, UnpublishKind, UpdateType
from api.audit import AuditEntry
from api.changes import DEADLINES, Change, ChangeKind, ChangeReason, record
from api.errors import Refused

REASONS = {
    UnpublishKind.WITHDRAWN: ChangeReason.WITHDRAWN,
    UnpublishKind.MOVED: ChangeReason.MOVED,
    UnpublishKind.GONE: ChangeReason.GONE,
    UnpublishKind.LEGAL: ChangeReason.LEGAL,
}


class NothingToPublish(Refused):
    """The article has no draft to publish: revise it first."""


class NotLive(Refused):
    """The article is not live, so there is nothing to take down."""


class SlugTaken(Refused):
    """This slug is or was another article's: choose another one."""


@dataclass(frozen=True)
class Acting:
    """Who does it, when, and the site whose addresses the Change names."""

    site: str
    actor: str
    at: datetime


def acting(site: str, actor: str, at: datetime | None = None) -> Acting:
    return Acting(site, actor, at or datetime.now(UTC))


async def publish(article_id: str, doing: Acting) -> Article:
    """Make the draft live: one pointer moves, the revision is frozen, and whoever holds copies is told."""
    async with in_transaction() as transaction:
        article = await _locked(article_id)
        if article.draft_id is None:
            raise NothingToPublish
        first = article.first_published_at is None
        revision = await Revision.get(id=article.draft_id)
        await _freeze(revision, doing)
        _make_live(article, revision, doing)
        article.reviewed_on = await _reviewed_on(revision)
        await _close(article, "publish", doing, {"live": revision.id})
        reason = ChangeReason.PUBLISHED if first else ChangeReason.UPDATED
        await record(await _upsert(article, revision, reason, doing), transaction)
    return article


async def unpublish(
    article_id: str,
    kind: UnpublishKind,
    explanation: str,
    severity: Severity,
    doing: Acting,
    *,
    moved_to: str | None = None,
) -> Article:
    """Take the live revision down; it becomes the draft again unless a newer one is there, and a tombstone answers."""
    async with in_transaction() as transaction:
        article = await _locked(article_id)
        if article.live_id is None:
            raise NotLive
        revision = await Revision.get(id=article.live_id)
        _take_down(article, revision)
        article.unpublished_kind, article.unpublished_at = kind, doing.at
        article.unpublished_severity, article.unpublished_title = severity, revision.title
        article.explanation, article.moved_to = explanation, moved_to
        await _close(article, "unpublish", doing, {"kind": kind, "explanation": explanation})
        await record(_remove(article, revision, doing), transaction)
    return article


async def change_slug(article_id: str, slug: str, doing: Acting) -> Article:
    """Give the article a new address; once it was live the old one leads there, without chains."""
    async with in_transaction() as transaction:
        article = await _locked(article_id)
        if await Article.filter(slug=slug).exclude(id=article.id).exists() or await _redirects_elsewhere(slug, article):
            raise SlugTaken
        await Redirect.filter(path=f"/articles/{slug}").delete()
        if article.first_published_at:
            await Redirect.get_or_create(path=f"/articles/{article.slug}", defaults={"article_id": article.id})
        before, article.slug = article.slug, slug
        await _close(article, "change_slug", doing, {"slug": slug}, before={"slug": before})
        if article.live_id:
            revision = await Revision.get(id=article.live_id)
            await record(await _upsert(article, revision, ChangeReason.UPDATED, doing), transaction)
    return article


async def _locked(article_id: str) -> Article:
    return await Article.select_for_update().get(id=article_id)


async def _freeze(revision: Revision, doing: Acting) -> None:
    if revision.frozen_at is None:
        revision.frozen_at = doing.at
        await revision.save(update_fields=["frozen_at"])


def _make_live(article: Article, revision: Revision, doing: Acting) -> None:
    first = article.first_published_at is None
    article.live_id, article.draft_id, article.stage, article.scheduled_for = revision.id, None, None, None
    article.first_published_at = article.first_published_at or doing.at
    article.sort_title = revision.title.lower()
    if first or revision.update_type is UpdateType.MAJOR:
        article.updated_at = doing.at
    article.unpublished_kind = article.unpublished_at = article.unpublished_severity = None
    article.unpublished_title = article.explanation = article.moved_to = None


def _take_down(article: Article, revision: Revision) -> None:
    article.live_id = None
    if article.draft_id is None:
        article.draft_id, article.stage = revision.id, Stage.DRAFT


async def _reviewed_on(revision: Revision) -> Any:  # noqa: ANN401 - a date or None
    (standing,) = await reviews.standing([revision.id])
    return standing.at.date() if standing else None


async def _close(
    article: Article, verb: str, doing: Acting, after: dict[str, Any], *, before: dict[str, Any] | None = None
) -> None:
    article.version += 1
    await article.save()
    await AuditEntry.create(actor=doing.actor, verb=verb, thing=article.id, before=before, after=after)


async def _upsert(article: Article, revision: Revision, reason: ChangeReason, doing: Acting) -> Change:
    shown = await reading.by_id([article.id], ANONYMOUS)
    (facts,) = await representation.facts([shown[article.id]], ANONYMOUS)
    said = representation.content_hash(facts, doing.site)
    return _change(article, revision, ChangeKind.UPSERT, reason, doing, content_hash=said)


def _remove(article: Article, revision: Revision, doing: Acting) -> Change:
    assert article.unpublished_kind is not None  # noqa: S101 - set by the caller
    severity = article.unpublished_severity or Severity.ROUTINE
    deadline = doing.at + DEADLINES[severity]
    told = {
        "severity": severity,
        "explanation": article.explanation,
        "moved_to": article.moved_to,
        "acknowledge_by": deadline,
    }
    return _change(article, revision, ChangeKind.REMOVE, REASONS[article.unpublished_kind], doing, **told)


def _change(
    article: Article,
    revision: Revision,
    kind: ChangeKind,
    reason: ChangeReason,
    doing: Acting,
    **told: Any,  # noqa: ANN401 - columns
) -> Change:
    url = f"{doing.site}/articles/{article.slug}"
    place = {"article_id": article.id, "slug": article.slug, "url": url, "revision_number": revision.number}
    return Change(kind=kind, reason=reason, at=doing.at, **place, **told)


async def _redirects_elsewhere(slug: str, article: Article) -> bool:
    return await Redirect.filter(path=f"/articles/{slug}").exclude(article_id=article.id).exists()
