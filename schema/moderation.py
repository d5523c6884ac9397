"""What moderators do: decide on comments, reply as the clinic, close reports of problems."""

from datetime import datetime
from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import ID, Parent, field

from api.comments import models, moderating, problems, replying
from api.comments.models import ProblemKind, ProblemOutcome, Rejection
from api.errors import ErrorPolicy
from schema.context import Info
from schema.errors import UserError, user_errors
from schema.inputs import KEY, SAID, Id, Input, Key
from schema.node import made_from
from schema.payloads import ERRORS, KEEP
from schema.refs import ArticleRef, CommentRef, ProblemReportRef

Text = Annotated[str, Field(max_length=20_000)]
SHOWN = "What readers are shown instead, up to 2,000 characters; needed with APPROVE_REDACTED."


@strawberry.type(description="A problem that somebody reported.")
class ProblemReport:
    is_type_of = made_from(models.ProblemReport)

    id: ID = field(description="The id, `prb_…`, which the reporter knows as the reference.")
    kind: ProblemKind = field(description="What it is about.")
    body: str = field(description="What is wrong; plain text.")
    contact: str | None = field(description="How to reach whoever reported it, if they want an answer; plain text.")
    at: datetime = field(description="When it came in.")
    closed_at: datetime | None = field(description="When it was closed; it is erased 30 days later.")
    outcome: ProblemOutcome | None = field(description="What became of it.")

    @field(description="By when it is to be answered: 30 days after it came in.")
    @staticmethod
    def due(report: Parent[models.ProblemReport]) -> datetime:
        return report.at + problems.CLOCK

    @field(description="The article; null where this viewer may not see it any more.")
    @staticmethod
    async def article(report: Parent[models.ProblemReport], info: Info) -> ArticleRef | None:
        row: ArticleRef | None = await info.context.loaders.by_id("article").load(report.article_id)
        return row

    @field(description="The comment, when the problem is with one.")
    @staticmethod
    async def comment(report: Parent[models.ProblemReport], info: Info) -> CommentRef | None:
        if report.comment_id is None:
            return None
        row: CommentRef | None = await info.context.loaders.by_id("comment").load(report.comment_id)
        return row


@strawberry.pydantic.input(description="What is to be done with one comment.")
class ModerationItem(Input):
    id: Id = Field(description="The comment.")
    act: moderating.ModerationAct = Field(description="What is done with it.")
    reason: Rejection | None = Field(None, description="Why; needed with REJECT and REMOVE.")
    body: Text | None = Field(None, description=SHOWN)
    display_name: Text | None = Field(None, description="Another name to show, with APPROVE_REDACTED.")


@strawberry.pydantic.input(description="Decisions on comments.")
class ModerateCommentsInput(Input):
    items: Annotated[list[ModerationItem], Field(min_length=1, max_length=moderating.MOST)] = Field(
        description="The decisions, 1 to 100, each comment once."
    )
    error_policy: ErrorPolicy | None = Field(
        ErrorPolicy.REJECT_EVERYTHING, description="What is done when some of them cannot be decided on."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The clinic's reply to a comment.")
class ReplyToCommentInput(Input):
    id: Id = Field(description="The comment.")
    body: Text | None = Field(description="Plain text, up to 2,000 characters; null takes the reply back.")
    accept_warnings: bool = Field(False, description="Whether to reply although there are warnings.")  # noqa: FBT003 - pydantic's default
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="What became of a reported problem.")
class CloseProblemReportInput(Input):
    id: Id = Field(description="The report, `prb_…`.")
    outcome: ProblemOutcome = Field(description="What became of it.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="What became of one comment.")
class ModerationResult:
    id: ID = field(description="The comment that was named.", metadata={KEEP: True})
    is_done: bool = field(description="Whether this call decided on it.", metadata={KEEP: True})
    comment: CommentRef | None = field(description="The comment as it is now.")
    user_errors: list[UserError] = field(
        description="Why it was refused; empty too when it was left alone because others were refused."
    )


@strawberry.type(description="The answer of moderateComments.")
class ModerateCommentsPayload:
    user_errors: list[UserError] = field(
        default_factory=list, description="Every refusal, with the place of its item; empty when all were decided on."
    )
    results: list[ModerationResult] = field(
        default_factory=list, description="One for each item, in their order.", metadata={KEEP: True}
    )


@strawberry.type(description="What a reply seems to give away.")
class ReplyWarning:
    message: str = field(description="What to think of.", metadata={KEEP: True})
    excerpt: str = field(description="The words that do it; empty where they are better not repeated.")


@strawberry.type(description="The answer of replyToComment.")
class ReplyToCommentPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    comment: CommentRef | None = field(default=None, description="The comment as it is now.")
    warnings: list[ReplyWarning] = field(
        default_factory=list, description="What the reply seems to give away. Unless accepted, nothing was changed."
    )


@strawberry.type(description="The answer of closeProblemReport.")
class CloseProblemReportPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    problem_report: ProblemReportRef | None = field(default=None, description="The report as it is now.")


@strawberry.type
class Moderation:
    @field(description="Decides on comments: all or none (REJECT_EVERYTHING), or all that can be (IGNORE_FAILED).")
    async def moderate_comments(
        self, info: Info, input: Annotated[ModerateCommentsInput, SAID]
    ) -> ModerateCommentsPayload:
        decisions = [
            moderating.Decision(item.id, item.act, item.reason, item.body, item.display_name) for item in input.items
        ]
        policy = input.error_policy or ErrorPolicy.REJECT_EVERYTHING
        done = await moderating.moderate(decisions, policy, info.context.viewer, info.context.secret)
        info.context.renew()
        results = [await _result(info, place, result) for place, result in enumerate(done)]
        return ModerateCommentsPayload(
            results=results, user_errors=[error for result in results for error in result.user_errors]
        )

    @field(
        description="Replies to an approved comment as the clinic. A reply that seems to confirm that somebody is a "
        "patient is refused with warnings until they are accepted."
    )
    async def reply_to_comment(self, info: Info, input: Annotated[ReplyToCommentInput, SAID]) -> ReplyToCommentPayload:
        accepted = input.accept_warnings
        try:
            done, found = await replying.reply(input.id, input.body, info.context.viewer, accept_warnings=accepted)
        except replying.NotYetWeighed as refusal:
            found = replying.lint(input.body or "")
            return ReplyToCommentPayload(user_errors=user_errors(refusal), warnings=_warnings(found))
        info.context.renew()
        comment = await info.context.loaders.by_id("comment").load(done.id)
        return ReplyToCommentPayload(comment=comment, warnings=_warnings(found))

    @field(description="Closes a reported problem; it is erased 30 days later.")
    async def close_problem_report(
        self, info: Info, input: Annotated[CloseProblemReportInput, SAID]
    ) -> CloseProblemReportPayload:
        done = await problems.close(input.id, input.outcome, info.context.viewer)
        return CloseProblemReportPayload(problem_report=done)


def _warnings(found: tuple[replying.ReplyWarning, ...]) -> list[ReplyWarning]:
    return [ReplyWarning(message=one.message, excerpt=one.excerpt) for one in found]


async def _result(info: Info, place: int, done: moderating.Result) -> ModerationResult:
    refusal = done.refusal
    if refusal:
        refusal.path = ("items", place, *refusal.path)
    return ModerationResult(
        id=ID(done.id),
        is_done=done.is_done,
        comment=await info.context.loaders.by_id("comment").load(done.id),
        user_errors=user_errors(refusal) if refusal else [],
    )
