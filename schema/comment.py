"""What readers wrote, once it was approved."""

from datetime import datetime

import strawberry
from strawberry import ID, Parent, field

from api.comments import models
from schema.node import Node, made_from


@strawberry.type(description="The clinic's reply to a comment.")
class CommentReply:
    body: str = field(description="Plain text.")
    at: datetime = field(description="When.")


@strawberry.type(description="A reader's comment, approved by a moderator.")
class Comment(Node):
    is_type_of = made_from(models.Comment)

    id: ID = field(description="The id, `cmt_…`.")
    body: str = field(description="Plain text; escape it.")
    display_name: str = field(description="The name or pseudonym that the reader chose; plain text.")
    at: datetime = field(description="When it was sent.")

    @field(description="The clinic's reply.")
    @staticmethod
    def reply(comment: Parent[models.Comment]) -> CommentReply | None:
        return CommentReply(body=comment.reply, at=comment.replied_at) if comment.reply and comment.replied_at else None
