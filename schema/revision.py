"""Revisions: what an article said at each point, for those who edit it."""

from datetime import date, datetime

import strawberry
from strawberry import ID, Parent, field

from api.articles import models
from schema.article import Seo, seo_of
from schema.colleague import Colleague, colleague
from schema.context import Info
from schema.document import Body, Citation, Text, citations_of
from schema.gate import GateReport
from schema.node import Node, made_from
from schema.refs import ConditionRef, DisclaimerRef, MediaAssetRef, PractitionerRef, TreatmentRef


@strawberry.type(description="A clinician's decision on one revision.")
class Review:
    is_type_of = made_from(models.Review)

    outcome: models.ReviewOutcome = field(description="What was decided.")
    evidence_rechecked: bool = field(description="Whether the sources were looked at again.")
    at: datetime = field(description="When.")
    next_review_due: date | None = field(description="By when it must be reviewed again; null unless it was approved.")
    note: str | None = field(description="What the reviewer told the author.")
    content_hash: str = field(description="What was decided on: the `contentHash` that the revision had then.")

    @field(description="The practitioner who decided; null when this viewer may not see them.")
    @staticmethod
    async def reviewer(review: Parent[models.Review], info: Info) -> PractitionerRef | None:
        row: PractitionerRef | None = await info.context.loaders.by_id("practitioner").load(review.reviewer_id)
        return row


@strawberry.type(
    description="One saved state of an article. The newest may still be open; every other one never changes."
)
class Revision(Node):
    is_type_of = made_from(models.Revision)

    id: ID = field(description="The id, `rev_…`.")
    number: int = field(description="Its number within the article, from 1.")
    title: str = field(description="The title.")
    summary: str = field(description="What it says in short.")
    update_type: models.UpdateType = field(description="Whether readers are told of the change.")
    change_note: str | None = field(description="What changed, for colleagues.")
    created_at: datetime = field(description="When it was opened.")
    frozen_at: datetime | None = field(description="When it was frozen; null while it is open.")
    content_hash: str = field(description="SHA-256 of what a reviewer approves.")

    @field(description="The text.")
    @staticmethod
    async def body(revision: Parent[models.Revision], info: Info) -> Body:
        loaders = info.context.loaders
        rendering = await loaders.renderings.load(revision.id)
        return Text(rendering, lambda: loaders.documents.load(revision.id))  # type: ignore[return-value] # Body is made from Text

    @field(description="What search engines and link previews are told.")
    @staticmethod
    def seo(revision: Parent[models.Revision]) -> Seo:
        return seo_of(revision.seo, revision.title, revision.summary)

    @field(description="The member who opened it; null for the program, for who is gone, and by a review link.")
    @staticmethod
    async def created_by(revision: Parent[models.Revision], info: Info) -> Colleague | None:
        return await colleague(info, revision.created_by_id)

    @field(description="The reviewers' decisions on it, first to last; by a review link none.")
    @staticmethod
    async def reviews(revision: Parent[models.Revision], info: Info) -> list[Review]:
        if info.context.viewer.member is None:
            return []
        return await info.context.loaders.below(models.Review, "revision", "at", "id").load(revision.id)

    @field(description="Who wrote it.")
    @staticmethod
    async def authors(revision: Parent[models.Revision], info: Info) -> list[PractitionerRef]:
        rows: list[PractitionerRef] = await info.context.loaders.linked(
            models.RevisionAuthor, "revision", "practitioner"
        ).load(revision.id)
        return rows

    @field(description="The conditions that it is about.")
    @staticmethod
    async def conditions(revision: Parent[models.Revision], info: Info) -> list[ConditionRef]:
        rows: list[ConditionRef] = await info.context.loaders.linked(
            models.RevisionCondition, "revision", "condition"
        ).load(revision.id)
        return rows

    @field(description="The treatments that it is about.")
    @staticmethod
    async def treatments(revision: Parent[models.Revision], info: Info) -> list[TreatmentRef]:
        rows: list[TreatmentRef] = await info.context.loaders.linked(
            models.RevisionTreatment, "revision", "treatment"
        ).load(revision.id)
        return rows

    @field(description="The disclaimers under it.")
    @staticmethod
    async def disclaimers(revision: Parent[models.Revision], info: Info) -> list[DisclaimerRef]:
        rows: list[DisclaimerRef] = await info.context.loaders.linked(
            models.RevisionDisclaimer, "revision", "disclaimer"
        ).load(revision.id)
        return rows

    @field(description="The picture at its head.")
    @staticmethod
    async def hero_image(revision: Parent[models.Revision], info: Info) -> MediaAssetRef | None:
        asset = revision.hero_image_id
        row: MediaAssetRef | None = await info.context.loaders.by_id("media").load(asset) if asset else None
        return row

    @field(description="The sources that it cites, by number.")
    @staticmethod
    async def citations(revision: Parent[models.Revision], info: Info) -> list[Citation]:
        return citations_of(await info.context.loaders.renderings.load(revision.id))

    @field(description="What the gate says of it now.")
    @staticmethod
    async def gate_report(revision: Parent[models.Revision], info: Info) -> GateReport | None:
        return await info.context.loaders.gate_reports.load(revision.id)
