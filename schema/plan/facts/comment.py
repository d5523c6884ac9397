"""What readers wrote, once it was approved."""

from schema.plan.model import NULL, Column, Facts, Same, moment, own

COMMENT: Facts = {
    **own("id", "body", "displayName", "isRedacted"),
    "at": Column(moment("{row}.at")),
    "moderation": NULL,
    "reply": Same("{row}.reply <> '' AND {row}.replied_at IS NOT NULL"),
}
REPLY: Facts = {"body": Column("{row}.reply"), "at": Column(moment("{row}.replied_at"))}
TYPES = {"Comment": COMMENT, "CommentReply": REPLY}
