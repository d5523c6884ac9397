"""What readers wrote: what everybody sees of it, what moderators see, and what its writer sees by the private link."""

from datetime import datetime

import strawberry
from strawberry import ID, Parent, field

from api.comments import models
from api.comments.flags import FLAGS, FlagName
from api.comments.models import CommentStatus, Rejection
from schema.context import Info
from schema.node import Node, made_from
from schema.refs import ArticleRef

SCORE = (
    "How much its words resemble those that moderators refused (99) or approved (1) within a year; null until ten of "
    "each were decided on, and for some seconds after it came in. It sorts and decides nothing."
)
TOLD = {flag.name: flag.told for flag in FLAGS}


@strawberry.type(description="The clinic's reply to a comment.")
class CommentReply:
    body: str = field(description="Plain text.")
    at: datetime = field(description="When.")


@strawberry.type(description="Something that an automatic look saw in a comment; it holds and never decides.")
class CommentFlag:
    name: FlagName = field(description="What was seen.")
    message: str = field(description="What a moderator should think of.")


@strawberry.type(description="The agreement that was given with a comment.")
class CommentConsent:
    text_version: str = field(description="The version of the text that was agreed to.")
    at: datetime | None = field(description="When; null where it is not known.")


@strawberry.type(description="What moderators see of a comment.")
class CommentModeration:
    status: CommentStatus = field(description="Where it stands.")
    flags: list[CommentFlag] = field(description="What an automatic look saw.")
    reason: Rejection | None = field(description="Why it is not shown, where a moderator said so.")
    decided_at: datetime | None = field(description="When a moderator decided.")
    consent: CommentConsent = field(description="What its writer agreed to.")
    score: int | None = field(description=SCORE)


@strawberry.type(description="A reader's comment. Readers meet it once a moderator has approved it.")
class Comment(Node):
    is_type_of = made_from(models.Comment)

    id: ID = field(description="The id, `cmt_…`.")
    body: str = field(description="Plain text; escape it.")
    display_name: str = field(description="The name or pseudonym that the reader chose; plain text.")
    at: datetime = field(description="When it was sent.")
    is_redacted: bool = field(description="Whether a moderator took something out before it was shown.")

    @field(description="The clinic's reply.")
    @staticmethod
    def reply(comment: Parent[models.Comment]) -> CommentReply | None:
        return reply_of(comment)

    @field(description="The article below which it stands; null where this viewer may not see it.")
    @staticmethod
    async def article(comment: Parent[models.Comment], info: Info) -> ArticleRef | None:
        row: ArticleRef | None = await info.context.loaders.by_id("article").load(comment.article_id)
        return row

    @field(description="For moderators; null for readers.")
    @staticmethod
    def moderation(comment: Parent[models.Comment], info: Info) -> CommentModeration | None:
        if not info.context.viewer.moderates:
            return None
        return CommentModeration(
            status=comment.status,
            flags=[CommentFlag(name=FlagName(name), message=TOLD[FlagName(name)]) for name in comment.flags],
            reason=comment.reason,
            decided_at=comment.decided_at,
            consent=consent_of(comment),
            score=comment.score,
        )


@strawberry.type(description="One's own comment, by its private link: all that is kept of it.")
class OwnComment:
    is_type_of = made_from(models.Comment)

    id: ID = field(description="The id, `cmt_…`.")
    body: str = field(description="Plain text, as it is kept now.")
    display_name: str = field(description="The name that was chosen.")
    at: datetime = field(description="When it was sent.")
    is_redacted: bool = field(description="Whether a moderator took something out before it was shown.")
    reason: Rejection | None = field(description="Why it is not shown, where a moderator said so.")
    decided_at: datetime | None = field(description="When a moderator decided.")
    score: int | None = field(description=SCORE)

    @field(description="Where it stands; what is held as spam reads PENDING.")
    @staticmethod
    def status(comment: Parent[models.Comment]) -> CommentStatus:
        return CommentStatus.PENDING if comment.status is CommentStatus.SPAM else comment.status

    @field(description="What an automatic look saw in it.")
    @staticmethod
    def flags(comment: Parent[models.Comment]) -> list[FlagName]:
        return [FlagName(name) for name in comment.flags]

    @field(description="What was agreed to.")
    @staticmethod
    def consent(comment: Parent[models.Comment]) -> CommentConsent:
        return consent_of(comment)

    @field(description="The clinic's reply.")
    @staticmethod
    def reply(comment: Parent[models.Comment]) -> CommentReply | None:
        return reply_of(comment)

    @field(description="The article below which it stands; null where it is not public any more.")
    @staticmethod
    async def article(comment: Parent[models.Comment], info: Info) -> ArticleRef | None:
        row: ArticleRef | None = await info.context.loaders.by_id("article").load(comment.article_id)
        return row


def reply_of(comment: models.Comment) -> CommentReply | None:
    """The clinic's reply, if there is one."""
    return CommentReply(body=comment.reply, at=comment.replied_at) if comment.reply and comment.replied_at else None


def consent_of(comment: models.Comment) -> CommentConsent:
    """What was agreed to, as the row keeps it."""
    given = {"textVersion": "", "at": None} | comment.consent
    at = datetime.fromisoformat(given["at"]) if given["at"] else None
    return CommentConsent(text_version=str(given["textVersion"]), at=at)
