"""Mutations that move an article through its life."""

from datetime import date, datetime
from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import field

from api.articles import models
from api.publishing import schedule, withdrawing, workflow
from schema.context import Info
from schema.gate import GateReport
from schema.inputs import KEY, SAID, VERSION, Id, Input, Key, Version
from schema.payloads import ArticlePayload, answered

Note = Annotated[str, Field(max_length=1_000)]
Explanation = Annotated[str, Field(min_length=1, max_length=2_000)]
REPORT = "What the gate found; filled when it blocks."


@strawberry.pydantic.input(description="The draft to hand to review.")
class SubmitArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A clinician's decision on the submitted draft.")
class ReviewArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    outcome: models.ReviewOutcome = Field(description="APPROVED or CHANGES_REQUESTED.")
    evidence_rechecked: bool = Field(description="Whether the sources were looked at again.")
    next_review_due: date | None = Field(None, description="By when it must be reviewed again; needed with APPROVED.")
    note: Note | None = Field(None, description="What the author should know, up to 1,000 characters.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The draft to make live.")
class PublishArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The draft to make live at a moment.")
class ScheduleArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    at: datetime = Field(description="When; up to a year ahead.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The schedule to take back.")
class CancelScheduleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A take-down, and what is said of it.")
class UnpublishArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    kind: models.UnpublishKind = Field(description="What the address answers from now on.")
    explanation: Explanation = Field(description="What readers and partners are told, up to 2,000 characters.")
    severity: models.Severity | None = Field(
        models.Severity.ROUTINE, description="SAFETY when somebody could come to harm."
    )
    moved_to: Annotated[str, Field(max_length=500)] | None = Field(
        None, description="The new path or address; needed with MOVED."
    )
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="The draft as a correction, with a public note of what was wrong.")
class CorrectArticleInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    text: Explanation = Field(description="What was wrong, as readers will see it, up to 2,000 characters.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A new address.")
class ChangeArticleSlugInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    slug: Annotated[str, Field(max_length=160)] = Field(description="Small letters, digits and single hyphens.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="An old path that is to lead to the article.")
class AddRedirectInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    path: Annotated[str, Field(max_length=500)] = Field(description="A path of the site, such as `/post/sleep`.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="Whether readers may comment.")
class SetCommentPolicyInput(Input):
    id: Id = Field(description="The article.")
    expected_version: Version = Field(description=VERSION)
    policy: models.CommentPolicy = Field(description="OFF, ON or CLOSED.")
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of submitArticle.")
class SubmitArticlePayload(ArticlePayload):
    gate_report: GateReport | None = field(default=None, description=REPORT)


@strawberry.type(description="The answer of reviewArticle.")
class ReviewArticlePayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of publishArticle.")
class PublishArticlePayload(ArticlePayload):
    gate_report: GateReport | None = field(default=None, description=REPORT)


@strawberry.type(description="The answer of scheduleArticle.")
class ScheduleArticlePayload(ArticlePayload):
    gate_report: GateReport | None = field(default=None, description=REPORT)


@strawberry.type(description="The answer of cancelSchedule.")
class CancelSchedulePayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of unpublishArticle.")
class UnpublishArticlePayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of correctArticle.")
class CorrectArticlePayload(ArticlePayload):
    gate_report: GateReport | None = field(default=None, description=REPORT)


@strawberry.type(description="The answer of changeArticleSlug.")
class ChangeArticleSlugPayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of addRedirect.")
class AddRedirectPayload(ArticlePayload):
    pass


@strawberry.type(description="The answer of setCommentPolicy.")
class SetCommentPolicyPayload(ArticlePayload):
    pass


@strawberry.type
class Publishing:
    @field(description="Hands the draft to review; the gate must find nothing but what a review settles.")
    async def submit_article(self, info: Info, input: Annotated[SubmitArticleInput, SAID]) -> SubmitArticlePayload:
        article = await workflow.submit(input.id, input.expected_version, info.context.acting())
        return await answered(SubmitArticlePayload, info, article)

    @field(description="Decides on the submitted draft, as the practitioner that the viewer is linked to.")
    async def review_article(self, info: Info, input: Annotated[ReviewArticleInput, SAID]) -> ReviewArticlePayload:
        article = await workflow.review(input.id, input.expected_version, _decision(input), info.context.acting())
        return await answered(ReviewArticlePayload, info, article)

    @field(description="Makes the draft live; refused with BLOCKED and the report when the gate blocks.")
    async def publish_article(self, info: Info, input: Annotated[PublishArticleInput, SAID]) -> PublishArticlePayload:
        article = await workflow.publish(input.id, input.expected_version, info.context.acting())
        return await answered(PublishArticlePayload, info, article)

    @field(description="Lets the draft go live at a moment; readers see it from then on.")
    async def schedule_article(
        self, info: Info, input: Annotated[ScheduleArticleInput, SAID]
    ) -> ScheduleArticlePayload:
        article = await schedule.schedule(input.id, input.expected_version, input.at, info.context.acting())
        return await answered(ScheduleArticlePayload, info, article)

    @field(description="Takes a schedule back.")
    async def cancel_schedule(self, info: Info, input: Annotated[CancelScheduleInput, SAID]) -> CancelSchedulePayload:
        article = await schedule.cancel(input.id, input.expected_version, info.context.acting())
        return await answered(CancelSchedulePayload, info, article)

    @field(
        description="Takes the live article down; its address tells why, and whoever holds copies is told. A schedule "
        "of its draft is cancelled with it."
    )
    async def unpublish_article(
        self, info: Info, input: Annotated[UnpublishArticleInput, SAID]
    ) -> UnpublishArticlePayload:
        said, doing = _take_down(input), info.context.acting()
        article = await withdrawing.unpublish(input.id, input.expected_version, said, doing)
        return await answered(UnpublishArticlePayload, info, article)

    @field(description="Publishes the draft as a correction: a public, dated note of what was wrong goes with it.")
    async def correct_article(self, info: Info, input: Annotated[CorrectArticleInput, SAID]) -> CorrectArticlePayload:
        article = await workflow.correct(input.id, input.expected_version, input.text, info.context.acting())
        return await answered(CorrectArticlePayload, info, article)

    @field(description="Gives the article a new address; the old one leads there.")
    async def change_article_slug(
        self, info: Info, input: Annotated[ChangeArticleSlugInput, SAID]
    ) -> ChangeArticleSlugPayload:
        article = await workflow.change_slug(input.id, input.expected_version, input.slug, info.context.acting())
        return await answered(ChangeArticleSlugPayload, info, article)

    @field(description="Lets an old path lead to the article.")
    async def add_redirect(self, info: Info, input: Annotated[AddRedirectInput, SAID]) -> AddRedirectPayload:
        article = await workflow.add_redirect(input.id, input.expected_version, input.path, info.context.acting())
        return await answered(AddRedirectPayload, info, article)

    @field(description="Opens, closes or hides an article's comments.")
    async def set_comment_policy(
        self, info: Info, input: Annotated[SetCommentPolicyInput, SAID]
    ) -> SetCommentPolicyPayload:
        article = await workflow.set_comment_policy(
            input.id, input.expected_version, input.policy, info.context.acting()
        )
        return await answered(SetCommentPolicyPayload, info, article)


def _decision(said: ReviewArticleInput) -> workflow.Decision:
    return workflow.Decision(said.outcome, said.evidence_rechecked, said.next_review_due, said.note)


def _take_down(said: UnpublishArticleInput) -> withdrawing.TakeDown:
    return withdrawing.TakeDown(said.kind, said.explanation, said.severity or models.Severity.ROUTINE, said.moved_to)
