"""Reading comments: readers see what was approved, below articles that they see; moderators see what waits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise.expressions import Q

from api.articles import reading as articles
from api.articles.models import CommentPolicy
from api.comments.models import Comment, CommentStatus
from api.paging import Key, Listing
from api.sql import Sql, sql

if TYPE_CHECKING:
    from api.accounts.viewer import Viewer
    from api.comments.flags import FlagName

APPROVED = Sql(f"comment.status = '{CommentStatus.APPROVED}'")
SHOWN = f"article.comment_policy <> '{CommentPolicy.OFF}'"
BY_SCORE = (Key("coalesce(comment.score, 0)", "int"), Key("comment.at", "timestamptz"), Key("comment.id", "text"))
"""Those without a score come last."""
KEYS = (Key("comment.at", "timestamptz"), Key("comment.id", "text"))


@dataclass(frozen=True)
class Wanted:
    """Which comments a moderator asks for; what is not given does not narrow."""

    status: CommentStatus | None = None
    article: str | None = None
    flag: FlagName | None = None
    contains: str | None = None
    score_at_least: int | None = None


class ModerationOrder(StrEnum):
    """How the moderation queue is sorted."""

    OLDEST = "OLDEST"
    HIGHEST_SCORE = "HIGHEST_SCORE"


def below_articles(viewer: Viewer) -> Listing:
    """The approved comments of each article, oldest first."""
    source = Sql("comment JOIN article ON article.id = comment.article_id")
    where = (APPROVED, Sql(SHOWN), articles.visible_to(viewer))
    return Listing("comments", source, where, KEYS, parent="comment.article_id")


def queue(wanted: Wanted, order: ModerationOrder = ModerationOrder.OLDEST) -> Listing:
    """What moderators look through; the caller has asked whether this viewer may."""
    where = []
    if wanted.status:
        where.append(sql("comment.status = ?", str(wanted.status)))
    if wanted.article:
        where.append(sql("comment.article_id = ?", wanted.article))
    if wanted.flag:
        where.append(sql("? = ANY (comment.flags)", str(wanted.flag)))
    if wanted.contains:
        where.append(sql("strpos(lower(comment.body || ' ' || comment.display_name), lower(?)) > 0", wanted.contains))
    if wanted.score_at_least is not None:
        where.append(sql("comment.score >= ?", wanted.score_at_least))
    if order is ModerationOrder.HIGHEST_SCORE:
        return Listing("moderation by score", Sql("comment"), tuple(where), BY_SCORE, descending=True)
    return Listing("moderation", Sql("comment"), tuple(where), KEYS)


async def containing(words: str, most: int) -> list[Comment]:
    """Comments in whose text or name the words stand, oldest first."""
    return await Comment.filter(Q(body__icontains=words) | Q(display_name__icontains=words)).order_by("at").limit(most)


async def by_id(wanted: list[str], viewer: Viewer) -> dict[str, Comment]:
    """Those of the comments that exist for the viewer, by id."""
    if viewer.moderates:
        return {comment.id: comment for comment in await Comment.filter(id__in=wanted)}
    found = await Comment.filter(id__in=wanted, status=CommentStatus.APPROVED)
    shown = await articles.by_id(list({comment.article_id for comment in found}), viewer)
    return {
        comment.id: comment
        for comment in found
        if (article := shown.get(comment.article_id)) and article.comment_policy is not CommentPolicy.OFF
    }


async def own(viewer: Viewer) -> Comment | None:
    """The comment whose private link the viewer holds; None when it was erased, or the viewer holds none."""
    return await Comment.get_or_none(id=viewer.comment) if viewer.comment else None
