"""A take-down, followed with one partner."""

from datetime import datetime

import strawberry
from strawberry import ID, Parent, field

from api.articles.models import Severity
from api.syndication import models, partners
from api.syndication.models import RecallStatus
from schema.context import Info
from schema.node import Node, made_from
from schema.refs import ArticleRef, PartnerRef
from schema.scalars import URL


@strawberry.type(description="A take-down, followed until one partner's copy is gone. Seen by the partner and editors.")
class Recall(Node):
    is_type_of = made_from(models.Recall)

    id: ID = field(description="The id, `rcl_…`.")
    status: RecallStatus = field(description="How far it has come.")
    is_rehearsal: bool = field(description="Whether it belongs to a rehearsal.")
    opened_at: datetime = field(description="When the article was taken down.")
    acknowledge_by: datetime = field(description="Until when the copy must be gone, and this be acknowledged.")
    notified_at: datetime | None = field(description="When the partner had received it.")
    acknowledged_at: datetime | None = field(description="When the partner said that its copy is gone, or it was seen.")
    breached_at: datetime | None = field(description="When the deadline passed without that; stays when it came later.")
    lifted_at: datetime | None = field(description="When the article was live again before the copy was gone.")
    looked_at: datetime | None = field(description="When we last looked at the copy.")

    @field(description="How quickly the partner must act.")
    @staticmethod
    def severity(recall: Parent[models.Recall]) -> Severity:
        return Severity(recall.severity)

    @field(description="The article's id.")
    @staticmethod
    def article_id(recall: Parent[models.Recall]) -> ID:
        return ID(recall.article_id)

    @field(description="The article, for whoever may see it now; null for partners while it is not live.")
    @staticmethod
    async def article(recall: Parent[models.Recall], info: Info) -> ArticleRef | None:
        return await info.context.loaders.by_id("article").load(recall.article_id)

    @field(description="Who holds the copy.")
    @staticmethod
    def partner_name(recall: Parent[models.Recall]) -> str:
        return recall.partner.name

    @field(description="The partner; null when that is not for this viewer to see.")
    @staticmethod
    async def partner(recall: Parent[models.Recall], info: Info) -> PartnerRef | None:
        return await info.context.loaders.by_id("partner").load(recall.partner_id)

    @field(description="Where the partner shows the copy, by its copyUrlTemplate; null when that is not known.")
    @staticmethod
    async def copy_url(recall: Parent[models.Recall], info: Info) -> URL | None:
        slug = await info.context.loaders.slugs.load(recall.article_id)
        url = partners.copy_url(recall.partner, recall.article_id, slug)
        return URL(url) if url else None
