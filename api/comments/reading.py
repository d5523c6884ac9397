"""Reading comments: readers see what was approved, below articles that they see, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.articles import reading as articles
from api.articles.models import CommentPolicy
from api.comments.models import Comment, CommentStatus
from api.paging import Key, Listing
from api.sql import Sql

if TYPE_CHECKING:
    from api.accounts.viewer import Viewer

APPROVED = Sql(f"comment.status = '{CommentStatus.APPROVED}'")
SHOWN = f"article.comment_policy <> '{CommentPolicy.OFF}'"


def below_articles(viewer: Viewer) -> Listing:
    """The approved comments of each article, oldest first."""
    source = Sql("comment JOIN article ON article.id = comment.article_id")
    keys = (Key("comment.at", "timestamptz"), Key("comment.id", "text"))
    where = (APPROVED, Sql(SHOWN), articles.visible_to(viewer))
    return Listing("comments", source, where, keys, parent="comment.article_id")


async def by_id(wanted: list[str], viewer: Viewer) -> dict[str, Comment]:
    """Those of the comments that exist for the viewer, by id."""
    found = await Comment.filter(id__in=wanted, status=CommentStatus.APPROVED)
    shown = await articles.by_id(list({comment.article_id for comment in found}), viewer)
    return {
        comment.id: comment
        for comment in found
        if (article := shown.get(comment.article_id)) and article.comment_policy is not CommentPolicy.OFF
    }
