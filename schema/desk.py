"""What lies on an editor's desk: what waits and about what, which of it is looked for, and what was done."""

from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api import worklist
from api.articles import models
from api.comments.flags import FlagName
from api.comments.models import CommentStatus
from api.publishing import desk
from schema import enums  # noqa: F401 - they are described there before a type has them
from schema.node import made_from
from schema.refs import ArticleRef, CommentRef, ProblemReportRef, ProposalRef, RecallRef

WorklistItem = Annotated[
    ArticleRef | CommentRef | ProposalRef | RecallRef | ProblemReportRef,
    strawberry.union("WorklistItem", description="What something waits about."),
]


@strawberry.type(description="Something that waits for somebody.")
class WorklistEntry:
    is_type_of = made_from(worklist.Waiting)

    kind: worklist.WorklistKind = field(description="What is to be done.")
    since: datetime = field(description="Since when it waits.")
    why: str | None = field(
        description="With SCHEDULE_CANCELLED what has changed, with CHANGES_REQUESTED the reviewer's note; else null."
    )

    @field(description="What it is about.")
    @staticmethod
    def item(waiting: Parent[worklist.Waiting]) -> WorklistItem:
        return waiting.item


@strawberry.input(description="Which articles; what is not given does not narrow.")
class EditorialArticleFilter:
    stage: models.Stage | None = field(default=None, description="Only those whose draft is at this stage.")
    author: ID | None = field(default=None, description="Only those that this practitioner wrote.")
    blocked_by: str | None = field(
        default=None,
        description="Only those that this rule blocks, such as `REV-001`. The worker asks about a draft a few seconds "
        "after it was saved.",
    )
    review_due_before: date | None = field(
        default=None, description="Only those whose live text must be reviewed before this day."
    )


@strawberry.input(description="Which comments; what is not given does not narrow.")
class ModerationFilter:
    status: CommentStatus | None = field(default=CommentStatus.PENDING, description="Only those; null for all.")
    article: ID | None = field(default=None, description="Only those below this article.")
    flag: FlagName | None = field(default=None, description="Only those that raised this flag.")
    contains: str | None = field(
        default=None,
        description="Only those in whose text or name these words stand: to find whose somebody asks for.",
    )
    score_at_least: int | None = field(
        default=None, description="Only those whose score is so high or higher; those without one are left out."
    )


@strawberry.input(description="Which proposals; what is not given does not narrow.")
class ProposalFilter:
    thing: ID | None = field(default=None, description="Only those for this entry.")
    waiting: bool | None = field(default=True, description="Only those that wait, or were decided on; null for both.")


@strawberry.type(description="One act in the log of all that was done.")
class AuditEntry:
    is_type_of = made_from(desk.LogEntry)

    actor_name: str | None = field(description="The member's name; null for the program, and for who is gone.")

    @field(description="When.")
    @staticmethod
    def at(log: Parent[desk.LogEntry]) -> datetime:
        return log.entry.at

    @field(description="Who: a member's id, or `system`.")
    @staticmethod
    def actor(log: Parent[desk.LogEntry]) -> str:
        return log.entry.actor

    @field(description="What was done, such as `publishArticle`.")
    @staticmethod
    def verb(log: Parent[desk.LogEntry]) -> str:
        return log.entry.verb

    @field(description="To what: an id.")
    @staticmethod
    def thing(log: Parent[desk.LogEntry]) -> ID:
        return ID(log.entry.thing)

    @field(description="What it was before, as far as it was changed.")
    @staticmethod
    def before(log: Parent[desk.LogEntry]) -> JSON | None:
        return JSON(log.entry.before) if log.entry.before is not None else None

    @field(description="What it was afterwards, as far as it was changed.")
    @staticmethod
    def after(log: Parent[desk.LogEntry]) -> JSON | None:
        return JSON(log.entry.after) if log.entry.after is not None else None
