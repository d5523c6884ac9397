"""What every verb shares: who acts, the article under its lock, and the end that all verbs have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.accounts import reading as accounts
from api.accounts.viewer import ANONYMOUS, Role, Viewer
from api.articles import editing, live, reading, rendering, representation, reviews
from api.articles.models import Article, ArticleKind, Revision, Severity, Stage, UnpublishKind, UpdateType
from api.audit import AuditEntry
from api.changes import DEADLINES, Change, ChangeKind, ChangeReason
from api.documents import Document
from api.errors import Conflict, Forbidden, NotFound
from api.rows import inserting, partly, updating
from api.sql import Sql, rows, sql

if TYPE_CHECKING:
    from datetime import date

SYSTEM = Viewer(member=None, display_name="Meridian", roles=frozenset(Role))
REASONS = {
    UnpublishKind.WITHDRAWN: ChangeReason.WITHDRAWN,
    UnpublishKind.MOVED: ChangeReason.MOVED,
    UnpublishKind.GONE: ChangeReason.GONE,
    UnpublishKind.LEGAL: ChangeReason.LEGAL,
}


LOCK = """
SELECT article.*, set_config('plan_cache_mode', 'force_generic_plan', true) FROM article WHERE id = ? FOR UPDATE
"""
"""From here to the end of the transaction each statement is planned once for all values: all go by keys, and to plan
them anew takes longer than to run them.
"""


class NoSuchArticle(NotFound):
    """There is no such article: check its id."""


class NotYours(Forbidden):
    """Authors write their own drafts only: ask an editor."""


@dataclass(frozen=True)
class Acting:
    """Who does it, when, and the site whose addresses a Change names."""

    site: str
    viewer: Viewer = SYSTEM
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def actor(self) -> str:
        """The member; by a review link the practitioner that it names."""
        return self.viewer.member or (self.viewer.practitioner if self.viewer.review_link else None) or "system"


async def now() -> datetime:
    """The database's clock, which all verbs go by."""
    (row,) = await rows(Sql("SELECT clock_timestamp() AS now"))
    moment: datetime = row["now"]
    return moment


async def locked(article_id: str, doing: Acting, expected: int | None = None, *, deciding: bool = False) -> Article:
    """The article under its row's lock; refused when this viewer may not write it, or when the version is stale.

    `deciding` is for verbs of reviewers, who decide on what they may not write.
    """
    found = await rows(sql(LOCK, article_id))
    if not found:
        raise NoSuchArticle
    article = partly(Article, found[0])
    if not (may_read if deciding else may_write)(doing.viewer, article):
        seen = await reading.by_id([article_id], doing.viewer)
        raise NotYours if seen else NoSuchArticle
    if expected is not None and article.version != expected:
        raise stale(article, expected)
    return article


def may_write(viewer: Viewer, article: Article) -> bool:
    """Editors write everything, authors what they created."""
    return Role.EDITOR in viewer.roles or _own(viewer, article)


def may_read(viewer: Viewer, article: Article) -> bool:
    """Editors and reviewers read every draft, authors those that they created, a review link the one it is for."""
    linked = viewer.review_link is not None and article.draft_id is not None and article.draft_id == viewer.preview
    return linked or viewer.sees_drafts or _own(viewer, article)


def _own(viewer: Viewer, article: Article) -> bool:
    return Role.AUTHOR in viewer.roles and article.created_by_id is not None and article.created_by_id == viewer.member


def stale(article: Article, expected: int) -> Conflict:
    refusal = Conflict(
        f"This article is at version {article.version} and you sent version {expected}: "
        "read it again and repeat your change.",
        path=("expected_version",),
    )
    refusal.thing = article.id
    return refusal


async def close(
    article: Article, verb: str, doing: Acting, after: dict[str, Any], before: dict[str, Any] | None = None
) -> None:
    """Count the version up, save the row, and write the audit entry, by one statement."""
    article.version += 1
    entry = AuditEntry(actor=doing.actor, verb=verb, thing=article.id, before=before, after=after)
    await rows("WITH kept AS (" + updating(article) + ") " + inserting(entry))


async def note(
    article: Article, verb: str, doing: Acting, after: dict[str, Any], before: dict[str, Any] | None = None
) -> None:
    await AuditEntry.create(actor=doing.actor, verb=verb, thing=article.id, before=before, after=after)


async def freeze(revision: Revision, at: datetime) -> None:
    """From now on the revision never changes."""
    if revision.frozen_at is None:
        revision.frozen_at = at
        await revision.save(update_fields=["frozen_at"])


async def make_live(article: Article, revision: Revision, at: datetime) -> ChangeReason:
    """Move the one pointer, and forget what was said of a take-down; the caller saves the row."""
    first = article.first_published_at is None
    await freeze(revision, at)
    await write_out(revision)
    article.live_id, article.draft_id, article.stage, article.scheduled_for = revision.id, None, None, None
    article.first_published_at = article.first_published_at or at
    article.sort_title = revision.title.lower()
    article.reviewed_on = await _reviewed_on(article, revision)
    if first or revision.update_type is UpdateType.MAJOR:
        article.updated_at = at
    article.unpublished_kind = article.unpublished_at = article.unpublished_severity = None
    article.unpublished_title = article.explanation = article.moved_to = None
    return ChangeReason.PUBLISHED if first else ChangeReason.UPDATED


async def eyes_of(revision: Revision) -> Viewer | None:
    """With whose eyes a draft is written out: its writer's; None where the writer, or the operator, sees everything."""
    if revision.created_by_id is None:
        return None
    writer = await accounts.active(revision.created_by_id) or ANONYMOUS
    return None if writer.sees_drafts else writer


async def eyes_on(revision: Revision) -> Viewer | None:
    """The same of any revision, with its article at hand: what readers see, or will, is written out whole."""
    article = revision.article
    public = revision.id == article.live_id or (article.scheduled_for is not None and revision.id == article.draft_id)
    return None if public else await eyes_of(revision)


async def write_out(revision: Revision) -> None:
    """Derive what goes to readers with everything that it names, of which its writer may not have seen all."""
    if await eyes_of(revision) is not None:
        await editing.keep(revision, await rendering.derive(Document.parse(revision.body)))


def take_down(article: Article, revision: Revision) -> None:
    """Clear the live pointer; what was live becomes the draft again unless a newer one is there."""
    article.live_id = None
    end_previews(article)
    if article.draft_id is None:
        article.draft_id, article.stage = revision.id, Stage.DRAFT


def end_previews(article: Article) -> None:
    """Let every preview link end that was made until now; the caller saves the row."""
    article.links_generation = (article.links_generation or 0) + 1


async def upsert(
    article: Article, reason: ChangeReason, doing: Acting, severity: Severity = Severity.ROUTINE
) -> Change:
    """The Change that tells of what is live now; written by `changes.record` as the transaction's last act."""
    facts = await live.facts(article.id)
    said = representation.content_hash(facts, doing.site)
    return _change(
        article, facts.article.revision_number, doing,
        kind=ChangeKind.UPSERT, reason=reason, severity=severity, content_hash=said,
        acknowledge_by=doing.at + DEADLINES[severity] if severity is Severity.SAFETY else None,
    )  # fmt: skip


def removal(article: Article, revision: Revision, doing: Acting) -> Change:
    """The Change that tells of a take-down."""
    assert article.unpublished_kind is not None  # noqa: S101 - set by the verb
    severity = article.unpublished_severity or Severity.ROUTINE
    return _change(
        article, revision.number, doing,
        kind=ChangeKind.REMOVE, reason=REASONS[article.unpublished_kind], severity=severity,
        explanation=article.explanation, moved_to=article.moved_to, acknowledge_by=doing.at + DEADLINES[severity],
    )  # fmt: skip


def _change(article: Article, number: int, doing: Acting, **told: Any) -> Change:  # noqa: ANN401 - the Change's columns
    url = f"{doing.site}/articles/{article.slug}"
    return Change(at=doing.at, article_id=article.id, slug=article.slug, url=url, revision_number=number, **told)


async def _reviewed_on(article: Article, revision: Revision) -> date | None:
    """The day of the review behind it; of a cut that of what it was cut from."""
    before = revision.predecessor_id if article.kind is ArticleKind.HEALTH else None
    own, earlier = await reviews.standing([revision.id, before or revision.id])
    found = own or earlier
    return found.at.date() if found else None
