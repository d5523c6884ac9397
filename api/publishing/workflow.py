"""The verbs of an article's life, each one transaction: rows, audit entry and Change stand together or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from api.articles.models import (
    Article,
    CommentPolicy,
    Correction,
    Redirect,
    Review,
    ReviewOutcome,
    Revision,
    RevisionAuthor,
    Stage,
)
from api.changes import Change, ChangeReason, record
from api.errors import Invalid, NotIndependent, Scheduled, SlugTaken, WrongStage
from api.practitioners import Credential
from api.publishing import gating, links, minor, slugs
from api.publishing.acting import Acting, close, freeze, locked, make_live, upsert
from api.rows import partly
from api.sql import rows, sql

if TYPE_CHECKING:
    from datetime import date

LONGEST_EXPLANATION = 2_000
NO_PATH = ("?", "#", " ", "\n", "\t", "://")
"""What no path of the site holds: a query, a place on a page, white space, or another site's address."""


class NothingToPublish(WrongStage):
    """The article has no draft to publish: revise it first."""


class NothingToSubmit(WrongStage):
    """Only a draft that is being written, or was sent back, can be submitted: revise it first."""


class NotInReview(WrongStage):
    """Only a draft that was submitted can be reviewed: submit it first."""


class NothingToCorrect(WrongStage):
    """The article was never live, so there is nothing to correct: publish it."""


class NotApproved(WrongStage):
    """The draft waits for its review: publish it once it is approved."""


class NeedsExplanation(Invalid):
    """Say in a sentence or two what readers are to be told, up to 2,000 characters."""


class NoPractitioner(NotIndependent):
    """A reviewer needs a practitioner's profile with a credential that is valid today: ask an admin to link it."""


class NeedsNextDate(Invalid):
    """An approval names the day, which lies ahead, by which the text must be reviewed again."""


@dataclass(frozen=True)
class Decision:
    """A reviewer's decision. The next date is needed with an approval."""

    outcome: ReviewOutcome
    evidence_rechecked: bool
    next_review_due: date | None = None
    note: str | None = None


async def submit(article_id: str, expected: int | None, doing: Acting) -> Article:
    """Hand the draft to review; what it says is frozen from here on."""
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        revision = await _draft(article, NothingToSubmit, {Stage.DRAFT, Stage.CHANGES_REQUESTED})
        await minor.check(revision)
        await gating.require(article, revision, doing.at, doing.viewer, for_review=True)
        await freeze(revision, doing.at)
        article.stage = Stage.IN_REVIEW
        await close(article, "submitArticle", doing, {"revision": revision.number})
    return article


async def review(article_id: str, expected: int | None, decision: Decision, doing: Acting) -> Article:
    """Decide on the submitted draft, as the viewer's practitioner or as the one that a review link names."""
    async with in_transaction():
        article = await locked(article_id, doing, expected, deciding=True)
        revision = await _draft(article, NotInReview, {Stage.IN_REVIEW})
        practitioner = doing.viewer.practitioner
        await _check_independent(revision, practitioner, doing)
        await links.use(doing, revision)
        due = decision.next_review_due
        if decision.outcome is ReviewOutcome.APPROVED and (due is None or due <= doing.at.date()):
            raise NeedsNextDate(path=("next_review_due",))
        await Review.create(
            revision=revision,
            content_hash=revision.content_hash,
            reviewer_id=practitioner,
            at=doing.at,
            **vars(decision),
        )
        approved = decision.outcome is ReviewOutcome.APPROVED
        article.stage = Stage.APPROVED if approved else Stage.CHANGES_REQUESTED
        await close(article, "reviewArticle", doing, {"revision": revision.number, "outcome": decision.outcome})
    return article


async def publish(article_id: str, expected: int | None, doing: Acting) -> Article:
    """Make the draft live: one pointer moves, the revision is frozen, and whoever holds copies is told."""
    async with in_transaction() as transaction:
        article, change = await publishing(article_id, expected, doing)
        await record(change, transaction)
    return article


async def publishing(article_id: str, expected: int | None, doing: Acting) -> tuple[Article, Change]:
    """The same within the caller's transaction, and the Change that it must record as its last act."""
    article = await locked(article_id, doing, expected)
    revision = await publishable(article)
    await gating.require(article, revision, doing.at)
    reason = await make_live(article, revision, doing.at)
    await close(article, "publishArticle", doing, {"live": revision.id, "revision": revision.number})
    return article, await upsert(article, reason, doing)


async def publishable(article: Article) -> Revision:
    """The draft at a stage from which it may go live; whether it needs a review is the gate's to say."""
    if article.stage is Stage.SCHEDULED:
        raise Scheduled
    if article.stage in {Stage.IN_REVIEW, Stage.CHANGES_REQUESTED}:
        raise NotApproved
    revision = await _draft(article, NothingToPublish, {Stage.APPROVED, Stage.DRAFT})
    await minor.check(revision)
    return revision


async def correct(article_id: str, expected: int | None, text: str, doing: Acting) -> Article:
    """Publish the draft as a correction: a public, dated note of what was wrong goes with it."""
    check_explanation(text, "text")
    async with in_transaction() as transaction:
        article = await locked(article_id, doing, expected)
        if article.first_published_at is None:
            raise NothingToCorrect
        revision = await publishable(article)
        await gating.require(article, revision, doing.at)
        await make_live(article, revision, doing.at)
        article.updated_at = doing.at
        await Correction.create(article=article, at=doing.at, text=text.strip())
        await close(article, "correctArticle", doing, {"live": revision.id, "text": text.strip()})
        await record(await upsert(article, ChangeReason.CORRECTED, doing), transaction)
    return article


async def change_slug(article_id: str, expected: int | None, slug: str, doing: Acting) -> Article:
    """Give the article a new address; once it was live the old one leads there, without chains."""
    async with in_transaction() as transaction:
        article = await locked(article_id, doing, expected)
        await slugs.check_free(slug, article.id)
        await Redirect.filter(path=f"/articles/{slug}").delete()
        if article.first_published_at and slug != article.slug:
            await Redirect.get_or_create(path=f"/articles/{article.slug}", defaults={"article_id": article.id})
        before, article.slug = article.slug, slug
        try:
            await close(article, "changeArticleSlug", doing, {"slug": slug}, {"slug": before})
        except IntegrityError as error:  # somebody else has taken it meanwhile
            raise SlugTaken(path=("slug",)) from error
        if article.live_id:
            await record(await upsert(article, ChangeReason.UPDATED, doing), transaction)
    return article


async def add_redirect(article_id: str, expected: int | None, path: str, doing: Acting) -> Article:
    """Let an old path, such as /post/sleep, lead to the article."""
    clean = "/" + path.strip().strip("/")
    if len(clean) > 500 or any(sign in clean for sign in NO_PATH):  # noqa: PLR2004 - the column's length
        raise Invalid("path is a path of this site without query, such as /post/sleep.", path=("path",))
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        await _check_unanswered(clean, article)
        await Redirect.get_or_create(path=clean, defaults={"article_id": article.id})
        await close(article, "addRedirect", doing, {"path": clean})
    return article


async def set_comment_policy(article_id: str, expected: int | None, policy: CommentPolicy, doing: Acting) -> Article:
    """Open (for ninety days, or ninety more), close or hide an article's comments."""
    async with in_transaction():
        article = await locked(article_id, doing, expected)
        before, article.comment_policy = article.comment_policy, policy
        if policy is CommentPolicy.ON:
            article.comments_opened_at = doing.at
        await close(article, "setCommentPolicy", doing, {"policy": policy}, {"policy": before})
    return article


async def _draft(article: Article, refusal: type[WrongStage], stages: set[Stage]) -> Revision:
    if article.stage is Stage.SCHEDULED:
        raise Scheduled
    if article.draft_id is None or article.stage not in stages:
        raise refusal
    (found,) = await rows(sql("SELECT * FROM revision WHERE id = ?", article.draft_id))
    return partly(Revision, found)


async def _check_independent(revision: Revision, practitioner: str | None, doing: Acting) -> None:
    """The reviewer is a practitioner with a credential of that day, wrote nothing of it, and did not edit it last."""
    if practitioner is None or not await _has_credential(practitioner, doing.at.date()):
        raise NoPractitioner
    wrote = await RevisionAuthor.exists(revision_id=revision.id, practitioner_id=practitioner)
    edited = revision.created_by_id is not None and revision.created_by_id == doing.viewer.member
    if wrote or edited:
        raise NotIndependent


async def _has_credential(practitioner: str, day: date) -> bool:
    held = await Credential.filter(practitioner_id=practitioner)
    return any((one.valid_from or day) <= day <= (one.valid_until or day) for one in held)


async def _check_unanswered(path: str, article: Article) -> None:
    taken = await Redirect.filter(path=path).exclude(article_id=article.id).exists()
    if taken or await slugs.answers(path):
        raise Invalid("path answers already: choose another one.", path=("path",))


def check_explanation(text: str, name: str) -> None:
    """Refuse what tells readers nothing, or too much."""
    if not text.strip() or len(text) > LONGEST_EXPLANATION:
        raise NeedsExplanation(path=(name,))
