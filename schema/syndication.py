"""The one representation of an article that partners show."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry import Parent, field

from api.accounts.viewer import REFRESH
from api.articles import representation
from api.articles.finding import ArticleFacts, Risks
from api.articles.reading import ShownArticle
from api.syndication import rehearsal
from api.syndication.log import SyncedArticle
from schema.clinic import Licence, licence_of
from schema.context import Info
from schema.media import renditions
from schema.refs import AdverseOutcomeRef, CareAdviceRef, DisclaimerRef, TreatmentRef
from schema.scalars import URL

PREFIX = "meridian-"
PREFIXES = (
    "A prefix for every id in the HTML, so that several articles may stand on one page; letters, digits and hyphens."
)


@strawberry.type(description="Who says so: shown with every copy.")
class Attribution:
    html: str = field(description="As HTML, with the visible link to the original.")
    text: str = field(description="As plain text.")
    logo: URL | None = field(description="The clinic's logo.")


@strawberry.type(description="What can go wrong with a treatment that the article is about.")
class TreatmentRisks:
    treatment: TreatmentRef = field(description="The treatment.")
    adverse_outcomes: list[AdverseOutcomeRef] = field(description="What can go wrong.")

    @field(description="Who should not have it, or should ask first.")
    @staticmethod
    def contraindications(risks: Parent[Risks]) -> list[str]:
        return list(risks.treatment.contraindications)


@strawberry.type(description="What partners show: nothing in it may be left out.")
class Syndication:
    @field(
        description="The whole article as HTML with absolute addresses, attribution, terms, risks, care advice and "
        "references. Null for a partner whose grant is the summary, and inside `changes` for whoever has no such grant."
    )
    @staticmethod
    async def html(
        article: Parent[ShownArticle],
        info: Info,
        id_prefix: Annotated[str | None, strawberry.argument(description=PREFIXES)] = PREFIX,
    ) -> str | None:
        if not await _may_have(article, info):
            return None
        prefix = _plain(PREFIX if id_prefix is None else id_prefix)
        return representation.html(await facts_of(article, info), info.context.site, prefix)

    @field(description="The same as plain text; null where `html` is.")
    @staticmethod
    async def text(article: Parent[ShownArticle], info: Info) -> str | None:
        if not await _may_have(article, info):
            return None
        return representation.text(await facts_of(article, info), info.context.site)

    @field(description="Who says so.")
    @staticmethod
    async def attribution(article: Parent[ShownArticle], info: Info) -> Attribution:
        facts = await facts_of(article, info)
        said = representation.attribution(facts, info.context.site)
        logo = await info.context.loaders.by_id("media").load(facts.clinic.logo_id) if facts.clinic.logo_id else None
        sizes = renditions(logo, info.context.site) if logo else []
        return Attribution(html=said.html, text=said.text, logo=sizes[0].url if sizes else None)

    @field(description="The licence or terms that hold.")
    @staticmethod
    async def licence(info: Info) -> Licence:
        return licence_of(await info.context.loaders.clinic(), info)

    @field(description="The disclaimers to show.")
    @staticmethod
    async def disclaimers(article: Parent[ShownArticle], info: Info) -> list[DisclaimerRef]:
        return list((await facts_of(article, info)).disclaimers)

    @field(description="When to get help, of the conditions that the article is about.")
    @staticmethod
    async def care_advice(article: Parent[ShownArticle], info: Info) -> list[CareAdviceRef]:
        return list((await facts_of(article, info)).care_advice)

    @field(description="What can go wrong, by treatment.")
    @staticmethod
    async def risks(article: Parent[ShownArticle], info: Info) -> list[TreatmentRisks]:
        return list((await facts_of(article, info)).risks)  # type: ignore[arg-type] # TreatmentRisks is made from Risks

    @field(description="The address of the original.")
    @staticmethod
    def canonical_url(article: Parent[ShownArticle], info: Info) -> URL:
        return URL(info.context.address(article.path))

    @field(
        description="Until when a copy may be shown without asking again: for as long as the partner who asks has "
        "agreed to (`refreshMaxSeconds`), for everybody else seven days."
    )
    @staticmethod
    def refresh_by(info: Info) -> datetime:
        partner = info.context.viewer.partner
        duty = partner.refresh if partner else REFRESH
        return (datetime.now(UTC) + duty).replace(microsecond=0)

    @field(description="SHA-256 of the representation; it changes whenever a copy must.")
    @staticmethod
    async def content_hash(article: Parent[ShownArticle], info: Info) -> str:
        return await info.context.loaders.content_hash(article, info.context.site)


async def facts_of(article: ShownArticle, info: Info) -> ArticleFacts:
    """All that stands behind an article's page."""
    return await info.context.loaders.facts(article)


async def _may_have(article: ShownArticle, info: Info) -> bool:
    """Article by article everybody may; in bulk only members and partners whose grant says so, or where feeds are full.

    A partner whose grant does not reach an article gets its summary by every path, and one in the sandbox in bulk.
    """
    viewer = info.context.viewer
    if viewer.partner is None:
        return not isinstance(article, SyncedArticle) or viewer.member is not None or info.context.full_feeds
    if rehearsal.is_rehearsed(article.revision_id):
        return True
    facts = await facts_of(article, info)
    about = [about.id for about in facts.conditions] + [risk.treatment.id for risk in facts.risks]
    granted = viewer.partner.whole_in_bulk if isinstance(article, SyncedArticle) else viewer.partner.full_text
    return granted and viewer.partner.covers(about)


def _plain(prefix: str) -> str:
    return "".join(letter for letter in prefix if letter.isascii() and (letter.isalnum() or letter == "-"))[:40]
