"""Links for people without an account: one shows a revision, the other lets one named practitioner review it, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.transactions import in_transaction

from api.accounts import links
from api.accounts import reading as accounts
from api.accounts.viewer import Viewer
from api.articles.models import Article, Revision, RevisionAuthor, Stage
from api.errors import Invalid, NotFound, NotIndependent, WrongStage
from api.practitioners import Credential, Practitioner
from api.publishing.acting import SYSTEM, Acting, end_previews, locked, may_read, note
from api.publishing.models import ReviewLink

LONGEST = 30


class NothingToShow(WrongStage):
    """The article has no draft to show: revise it first."""


class NotSubmitted(WrongStage):
    """Submit the draft first: a review link is for a draft in review."""


class TooLong(Invalid):
    """A link holds for 1 to 30 days."""


class NoSuchReviewer(NotFound):
    """There is no such practitioner."""


@dataclass(frozen=True)
class Link:
    """An address to hand on, and when it ceases to hold."""

    url: str
    expires_at: datetime


async def preview(article_id: str, days: int, secret: str, doing: Acting) -> Link:
    """A link that shows the draft, or what is live where there is none."""
    lifetime = _lifetime(days)
    async with in_transaction():
        article = await locked(article_id, doing)
        revision = article.draft_id or article.live_id
        if revision is None:
            raise NothingToShow
        await note(article, "createPreviewLink", doing, {"revision": revision, "days": days})
        token = await preview_token(revision, lifetime, secret, maker=doing.viewer.member)
    return Link(f"{doing.site}/preview/{token}", doing.at + lifetime)


async def preview_token(revision: str, lifetime: timedelta, secret: str, *, maker: str | None = None) -> str:
    """The secret part of a preview link; without a maker it is the operator's."""
    article = await Article.get(id=(await Revision.get(id=revision)).article_id)
    made = links.Preview(revision, maker, article.links_generation or 0)
    return links.preview_link(secret, made, lifetime)


async def take_back(article_id: str, doing: Acting) -> Article:
    """End every preview link of the article that was made until now."""
    async with in_transaction():
        article = await locked(article_id, doing)
        end_previews(article)
        await article.save(update_fields=["links_generation"])
        await note(article, "revokePreviewLinks", doing, {"generation": article.links_generation})
    return article


async def previewer_of(secret: str, text: str) -> Viewer | None:
    """The viewer that a preview link makes, while its revision is live or to come and its maker may see it.

    None once it was forged, has expired, was taken back, or the article was taken down since it was made.
    """
    asked = links.preview_of(secret, text)
    if asked is None:
        return None
    revision = await Revision.get_or_none(id=asked.revision).select_related("article")
    if revision is None or asked.generation != (revision.article.links_generation or 0):
        return None
    maker = await _maker(asked.maker)
    if not await _may_still_be_shown(revision) or maker is None or not may_read(maker, revision.article):
        return None
    return Viewer(preview=revision.id, preview_is_wide=maker.sees_drafts)


async def _may_still_be_shown(revision: Revision) -> bool:
    """Whether a revision is live, or belongs to the draft that is to replace what is live."""
    article = revision.article
    if article.draft_id is None or revision.id in {article.draft_id, article.live_id}:
        return revision.id in {article.draft_id, article.live_id}
    live = await Revision.get_or_none(id=article.live_id) if article.live_id else None
    return live is None or revision.number > live.number


async def review(article_id: str, practitioner: str, days: int, secret: str, doing: Acting) -> Link:
    """A link by which one practitioner may decide on the submitted draft, once."""
    lifetime = _lifetime(days)
    async with in_transaction():
        article = await locked(article_id, doing)
        if article.stage is not Stage.IN_REVIEW or article.draft_id is None:
            raise NotSubmitted
        await _check_reviewer(article, practitioner, doing)
        expires = doing.at + lifetime
        row = await ReviewLink.create(
            revision_id=article.draft_id,
            practitioner_id=practitioner,
            expires_at=expires,
            created_by_id=doing.viewer.member,
        )
        await note(article, "createReviewLink", doing, {"link": row.id, "practitioner": practitioner})
    return Link(f"{doing.site}/review/{links.review_link(secret, row.id)}", expires)


async def reviewer_of(secret: str, text: str) -> Viewer | None:
    """The viewer that a review link makes: it sees one revision, as one practitioner; None when it does not hold."""
    row = await _holding(links.link_of(secret, text))
    if row is None:
        return None
    maker = await _maker(row.created_by_id)
    submitted = await Article.exists(draft_id=row.revision_id, stage=Stage.IN_REVIEW)
    if not submitted or maker is None or not maker.sees_drafts:
        return None
    return Viewer(preview=row.revision_id, practitioner=row.practitioner_id, review_link=row.id, preview_is_wide=True)


@dataclass(frozen=True)
class Asked:
    """What a review link asks of whom, and until when."""

    article: str
    revision: str
    reviewer: Practitioner
    until: datetime


async def asked(viewer: Viewer) -> Asked | None:
    """What the viewer's review link asks; None for every other viewer."""
    row = await _holding(viewer.review_link)
    if row is None:
        return None
    revision = await Revision.get(id=row.revision_id)
    return Asked(revision.article_id, revision.id, await Practitioner.get(id=row.practitioner_id), row.expires_at)


async def use(doing: Acting, revision: Revision) -> None:
    """Use a review link up, inside the decision's transaction; refused when it is for another revision or was used."""
    if doing.viewer.review_link is None:
        return
    used = await ReviewLink.filter(
        id=doing.viewer.review_link, revision_id=revision.id, used_at__isnull=True, expires_at__gt=doing.at
    ).update(used_at=doing.at)
    if not used:
        raise NotFound("This review link is for another text, was used, or has expired: ask for a new one.")


async def _holding(link: str | None) -> ReviewLink | None:
    now = datetime.now(UTC)
    return await ReviewLink.get_or_none(id=link, used_at__isnull=True, expires_at__gt=now) if link else None


async def _maker(member: str | None) -> Viewer | None:
    """Who made a link, as what they are now; the operator, where no member did."""
    return await accounts.active(member) if member else SYSTEM


async def _check_reviewer(article: Article, practitioner: str, doing: Acting) -> None:
    if not await Practitioner.exists(id=practitioner):
        raise NoSuchReviewer(path=("practitioner",))
    wrote = await RevisionAuthor.exists(revision_id=article.draft_id, practitioner_id=practitioner)
    day = doing.at.date()
    held = await Credential.filter(practitioner_id=practitioner)
    current = any((one.valid_from or day) <= day <= (one.valid_until or day) for one in held)
    if wrote or not current:
        raise NotIndependent(path=("practitioner",))


def _lifetime(days: int) -> timedelta:
    if not 1 <= days <= LONGEST:
        raise TooLong(path=("days",))
    return timedelta(days=days)
