"""Partners, as they themselves and admins see them: what they may do, what they hold, and what is owed."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry import ID, Parent, field

from api.syndication import acting, copies, models, reading, recalls
from api.syndication.acting import PartnerStatus
from api.syndication.webhooks import reading as sent
from schema.context import Info
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.recall import Recall
from schema.refs import ArticleRef, ConditionRef, DeliveryRef, TreatmentRef, WebhookRef
from schema.scalars import URL

OpenOnly = Annotated[bool, strawberry.argument(description="Only those that are not acknowledged and not lifted.")]
Topic = Annotated[ConditionRef | TreatmentRef, strawberry.union("Topic", description="What articles are about.")]


@strawberry.type(description="A key of a partner's program. The secret itself is shown once, when the key is made.")
class PartnerKey(Node):
    is_type_of = made_from(models.PartnerKey)

    id: ID = field(description="The id, `pky_…`.")
    created_at: datetime = field(description="When it was made.")
    expires_at: datetime | None = field(description="When it ends by itself.")
    last_used_at: datetime | None = field(description="When it was last used, to the minute; null when it never was.")
    revoked_at: datetime | None = field(description="When it was ended; null when it was not.")

    @field(description="Whether this is the key of this request.")
    @staticmethod
    def is_current(key: Parent[models.PartnerKey], info: Info) -> bool:
        return key.id == info.context.viewer.token


@strawberry.type(description="What a partner may fetch.")
class PartnerGrant:
    full_text: bool = field(
        description="Whether `syndication.html` and `syndication.text` are for this partner; in `changes` and in feeds "
        "once it is ACTIVE."
    )
    topic_ids: strawberry.Private[list[str]]

    @field(description="The conditions and treatments that the grant is for; an empty list is everything.")
    async def topics(self, info: Info) -> list[Topic]:
        kinds = {"cnd": "condition", "trt": "treatment"}
        found = [await info.context.loaders.by_id(kinds[key[:3]]).load(key) for key in self.topic_ids]
        return [topic for topic in found if topic is not None]


@strawberry.type(description="How much a partner may ask for.")
class PartnerQuota:
    limit: int = field(description="Cost per minute.")
    used: int | None = field(
        description="How much of it is used up at this moment, this question included; null where the minute has no "
        "limit."
    )
    remaining: int | None = field(description="How much may still be asked for at this moment; null where `used` is.")


@strawberry.type(description="The terms that a partner accepted.")
class AcceptedTerms:
    version: str = field(description="Which version.")
    name: str = field(description="Who accepted them.")
    at: datetime = field(description="When.")


@strawberry.type(description="A copy that is not what readers see today, or that was not fetched in time.")
class StaleCopy:
    is_type_of = made_from(copies.StaleCopy)

    behind_by: int = field(description="By how many Changes; 0 when it is only overdue.")
    since: datetime = field(description="Since when.")
    url: URL | None = field(description="Where the partner shows it, by its copyUrlTemplate; null when not known.")

    @field(description="The article's id, also of one that was taken down.")
    @staticmethod
    def article_id(copy: Parent[copies.StaleCopy]) -> ID:
        return ID(copy.article_id)

    @field(description="The article; null when it is not live.")
    @staticmethod
    async def article(copy: Parent[copies.StaleCopy], info: Info) -> ArticleRef | None:
        return await info.context.loaders.by_id("article").load(copy.article_id)


@strawberry.type(description="How often a partner fetched an article on one day (UTC).")
class FetchCount:
    is_type_of = made_from(models.Fetch)

    day: date = field(description="The day.")
    times: int = field(description="How often.")

    @field(description="The article's id, also of one that was taken down.")
    @staticmethod
    def article_id(count: Parent[models.Fetch]) -> ID:
        return ID(count.article_id)


@strawberry.type(description="Practice with an article that exists for this partner alone.")
class Rehearsal:
    is_type_of = made_from(models.Rehearsal)

    begun_at: datetime = field(description="When its article was published.")
    recalled_at: datetime | None = field(description="When its article was recalled.")
    passed_at: datetime | None = field(description="When the recall was acknowledged; then the partner is ACTIVE.")

    @field(description="The id of its article.")
    @staticmethod
    def article_id(rehearsal: Parent[models.Rehearsal]) -> ID:
        return ID(rehearsal.article_id)

    @field(description="Whether the partner's program has fetched the article as it is now: then the next step may be.")
    @staticmethod
    def is_fetched(rehearsal: Parent[models.Rehearsal]) -> bool:
        return rehearsal.fetched_number == rehearsal.revision_number


@strawberry.type(description="A third-party site that shows articles. Seen by itself and by admins.")
class Partner(Node):
    is_type_of = made_from(models.Partner)

    id: ID = field(description="The id, `prt_…`.")
    name: str = field(description="Whose site it is.")
    contact: str = field(description="The e-mail to write to.")
    site_origins: list[str] = field(description="Its sites.")
    copy_url_template: str | None = field(description="The address of a copy, with {slug} or {id} in it.")
    refresh_max_seconds: int = field(description="After how many seconds a copy must have been fetched again.")
    last_seen_at: datetime | None = field(description="When a key of its was last used, to the minute.")
    created_at: datetime = field(description="When it was made.")
    version: int = field(description="Grows by one with every change; updatePartner names the one that it expects.")

    @field(description="How it stands.")
    @staticmethod
    def status(partner: Parent[models.Partner]) -> PartnerStatus:
        return acting.status_of(partner)

    @field(description="What it may fetch.")
    @staticmethod
    def grant(partner: Parent[models.Partner]) -> PartnerGrant:
        return PartnerGrant(full_text=partner.full_text, topic_ids=partner.topics)

    @field(description="How much it may ask for.")
    @staticmethod
    async def quota(partner: Parent[models.Partner], info: Info) -> PartnerQuota:
        left = await info.context.remaining(partner.id, partner.quota)
        used = None if left is None else partner.quota - left
        return PartnerQuota(limit=partner.quota, used=used, remaining=left)

    @field(description="The terms that it accepted; null before it did.")
    @staticmethod
    def terms_accepted(partner: Parent[models.Partner]) -> AcceptedTerms | None:
        said = partner.terms_accepted
        at = datetime.fromisoformat(said["at"]) if said else None
        return AcceptedTerms(version=said["version"], name=said["by"], at=at) if said and at else None

    @field(description="Whether the clinic's terms have changed since: read them, and accept them by acceptTerms.")
    @staticmethod
    async def terms_outdated(partner: Parent[models.Partner], info: Info) -> bool:
        clinic, said = await info.context.loaders.clinic(), partner.terms_accepted
        return said is not None and said["version"] != clinic.syndication_terms["version"]

    @field(description="Its keys that hold now, newest first.")
    @staticmethod
    async def keys(
        partner: Parent[models.Partner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PartnerKey]:
        return await _below(info, reading.keys(), "partner_key", (first, after, last, before), partner)

    @field(description="Its copies that are not what readers see today, or that were not fetched in time.")
    @staticmethod
    async def stale_copies(
        partner: Parent[models.Partner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[StaleCopy]:
        return await _below(info, copies.stale(), "stale_copy", (first, after, last, before), partner)

    @field(description="The take-downs that it was told of, newest first, those of its rehearsals included.")
    @staticmethod
    async def recalls(
        partner: Parent[models.Partner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        open_only: OpenOnly = False,  # noqa: FBT002 - clients name it
    ) -> Connection[Recall]:
        listing = recalls.of_partner(only_open=open_only)
        return await _below(info, listing, "recall", (first, after, last, before), partner)

    @field(description="The addresses of its that are told of events, oldest first.")
    @staticmethod
    async def webhooks(
        partner: Parent[models.Partner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WebhookRef]:
        listing = sent.webhooks_of(info.context.viewer)
        return await _below(info, listing, "webhook", (first, after, last, before), partner)

    @field(description="What was sent to it within 30 days, or is on its way, newest first.")
    @staticmethod
    async def deliveries(
        partner: Parent[models.Partner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[DeliveryRef]:
        listing = sent.deliveries_of(info.context.viewer)
        return await _below(info, listing, "delivery", (first, after, last, before), partner)

    @field(description="What it fetched on which day, newest day first; kept for 400 days.")
    @staticmethod
    async def fetches(
        partner: Parent[models.Partner],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[FetchCount]:
        return await _below(info, copies.fetches(), "fetch", (first, after, last, before), partner)

    @field(description="Its last rehearsal; null when there was none.")
    @staticmethod
    async def rehearsal(partner: Parent[models.Partner], info: Info) -> Rehearsal | None:
        return await info.context.loaders.rehearsals.load(partner.id)


async def _below(info: Info, listing: Any, rows: str, window: Any, partner: models.Partner) -> Any:  # noqa: ANN401 - as `connection`
    return await connection(info, listing, rows, window, below=partner.id)
