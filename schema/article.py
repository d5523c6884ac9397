"""Articles as readers see them."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import strawberry
from strawberry import ID, Parent, field
from strawberry.scalars import JSON

from api import jsonld
from api.articles import models, reading
from api.articles.reading import ShownArticle
from api.comments import reading as comments
from api.publishing import desk
from schema.clinic import Licence, licence_of
from schema.context import Info
from schema.document import Body, Citation, Text, citations_of
from schema.gate import GateReport
from schema.node import Node, made_from
from schema.paging import After, Before, Connection, First, Last, connection
from schema.refs import (
    ArticleRef,
    CommentRef,
    ConditionRef,
    DisclaimerRef,
    MediaAssetRef,
    PractitionerRef,
    RevisionRef,
    TreatmentRef,
)
from schema.scalars import URL
from schema.syndication import Syndication, facts_of

MOST_RELATED = 20
USUALLY_RELATED = 3


@strawberry.input(one_of=True, description="Which article: by exactly one of these.")
class ArticleBy:
    id: strawberry.Maybe[ID] = field(description="By id.")
    slug: strawberry.Maybe[str] = field(description="By slug.")


@strawberry.input(description="Which articles; what is not given does not narrow.")
class ArticleFilter:
    condition: ID | None = field(default=None, description="Only those about this condition.")
    treatment: ID | None = field(default=None, description="Only those about this treatment.")
    practitioner: ID | None = field(default=None, description="Only those that this practitioner wrote.")
    kind: models.ArticleKind | None = field(default=None, description="Only those of this kind.")
    language: str | None = field(default=None, description="Only those in this language (BCP 47).")
    published_after: datetime | None = field(default=None, description="Only those first published after this moment.")
    published_before: datetime | None = field(
        default=None, description="Only those first published before this moment."
    )


@strawberry.type(description="A public, dated note of what was wrong.")
class Correction:
    at: datetime = field(description="When it was corrected.")
    text: str = field(description="What was wrong, plain text.")


@strawberry.type(description="What search engines and link previews are told.")
class Seo:
    title: str = field(description="Title for the window and for search results.")
    description: str = field(description="One or two sentences.")
    noindex: bool = field(description="Whether search engines are asked to leave it out.")


def seo_of(said: dict[str, Any] | None, title: str, summary: str) -> Seo:
    """What is said to search engines, else what is said to readers."""
    given = said or {}
    return Seo(
        title=given.get("title") or title,
        description=given.get("description") or summary,
        noindex=bool(given.get("noindex")),
    )


@strawberry.type(description="A take-down.")
class Unpublishing:
    explanation: str = field(description="What readers are told.")
    moved_to: str | None = field(description="Where to go instead.")

    @field(description="What the address answers.")
    @staticmethod
    def kind(article: Parent[models.Article]) -> models.UnpublishKind:
        return article.unpublished_kind  # type: ignore[return-value] # asked only where there is one

    @field(description="When.")
    @staticmethod
    def at(article: Parent[models.Article]) -> datetime:
        return article.unpublished_at  # type: ignore[return-value] # asked only where there is one


@strawberry.type(
    description="An article, as this viewer is shown it: its live revision, for editors without one its draft."
)
class Article(Node):
    is_type_of = made_from(ShownArticle)

    id: ID = field(description="The id, `art_…`.")
    slug: str = field(description="Its place in the address.")
    kind: models.ArticleKind = field(description="HEALTH or NEWS.")
    language: str = field(description="The language of the text (BCP 47).")
    title: str = field(description="The title, up to 110 characters.")
    summary: str = field(description="What it says in short, up to 300 characters.")
    published_at: datetime | None = field(description="When it was first published here.")
    originally_published_on: date | None = field(
        description="When it first came out elsewhere, before it was imported."
    )
    updated_at: datetime = field(description="When readers last got something new; small mends do not count.")
    comment_policy: models.CommentPolicy = field(description="Whether readers may comment.")

    @field(description="Its absolute address on the clinic's site.")
    @staticmethod
    def url(article: Parent[ShownArticle], info: Info) -> URL:
        return URL(info.context.address(article.path))

    @field(description="The text.")
    @staticmethod
    async def body(article: Parent[ShownArticle], info: Info) -> Body:
        loaders = info.context.loaders
        await loaders.sent(article, info.context.site)
        rendering = await loaders.renderings.load(article.revision_id)
        return Text(rendering, lambda: loaders.documents.load(article.revision_id))  # type: ignore[return-value] # Body is made from Text

    @field(description="Who wrote it.")
    @staticmethod
    async def authors(article: Parent[ShownArticle], info: Info) -> list[PractitionerRef]:
        return await info.context.loaders.linked(models.RevisionAuthor, "revision", "practitioner").load(
            article.revision_id
        )

    @field(description="The conditions that it is about.")
    @staticmethod
    async def conditions(article: Parent[ShownArticle], info: Info) -> list[ConditionRef]:
        return await info.context.loaders.linked(models.RevisionCondition, "revision", "condition").load(
            article.revision_id
        )

    @field(description="The treatments that it is about.")
    @staticmethod
    async def treatments(article: Parent[ShownArticle], info: Info) -> list[TreatmentRef]:
        return await info.context.loaders.linked(models.RevisionTreatment, "revision", "treatment").load(
            article.revision_id
        )

    @field(description="The picture at its head.")
    @staticmethod
    async def hero_image(article: Parent[ShownArticle], info: Info) -> MediaAssetRef | None:
        asset = article.hero_image_id
        return await info.context.loaders.by_id("media").load(asset) if asset else None

    @field(description="The disclaimers under it.")
    @staticmethod
    async def disclaimers(article: Parent[ShownArticle], info: Info) -> list[DisclaimerRef]:
        return await info.context.loaders.linked(models.RevisionDisclaimer, "revision", "disclaimer").load(
            article.revision_id
        )

    @field(description="The sources that it cites, by number.")
    @staticmethod
    async def citations(article: Parent[ShownArticle], info: Info) -> list[Citation]:
        return citations_of(await info.context.loaders.renderings.load(article.revision_id))

    @field(description="Who reviewed what is shown; null when nobody did.")
    @staticmethod
    async def reviewed_by(article: Parent[ShownArticle], info: Info) -> PractitionerRef | None:
        review = await info.context.loaders.reviews.load(article.revision_id)
        return await info.context.loaders.by_id("practitioner").load(review.reviewer_id) if review else None

    @field(description="The day of that review.")
    @staticmethod
    async def last_reviewed(article: Parent[ShownArticle], info: Info) -> date | None:
        review = await info.context.loaders.reviews.load(article.revision_id)
        return review.at.date() if review else None

    @field(description="The day by which it must be reviewed again.")
    @staticmethod
    async def next_review(article: Parent[ShownArticle], info: Info) -> date | None:
        review = await info.context.loaders.reviews.load(article.revision_id)
        return review.next_review_due if review else None

    @field(description="Whether that day has passed; say so to readers.")
    @staticmethod
    async def is_review_overdue(article: Parent[ShownArticle], info: Info) -> bool:
        review = await info.context.loaders.reviews.load(article.revision_id)
        return bool(review and review.next_review_due < datetime.now(UTC).date())

    @field(description="What was wrong and has been corrected, newest first.")
    @staticmethod
    async def corrections(article: Parent[ShownArticle], info: Info) -> list[Correction]:
        rows = await info.context.loaders.below(models.Correction, "article", "at DESC").load(article.id)
        return [Correction(at=row.at, text=row.text) for row in rows]

    @field(description="The number of words in the body.")
    @staticmethod
    async def word_count(article: Parent[ShownArticle], info: Info) -> int:
        return (await info.context.loaders.renderings.load(article.revision_id)).word_count

    @field(description="Minutes to read it.")
    @staticmethod
    async def reading_minutes(article: Parent[ShownArticle], info: Info) -> int:
        return (await info.context.loaders.renderings.load(article.revision_id)).reading_minutes

    @field(description="Years of schooling that the text asks for (Flesch–Kincaid); null for a text too short to tell.")
    @staticmethod
    async def reading_grade(article: Parent[ShownArticle], info: Info) -> float | None:
        return (await info.context.loaders.renderings.load(article.revision_id)).reading_grade

    @field(description="The licence or terms under which it may be shown elsewhere.")
    @staticmethod
    async def licence(info: Info) -> Licence:
        return licence_of(await info.context.loaders.clinic(), info)

    @field(description="The page as JSON-LD (schema.org MedicalWebPage, NewsArticle for NEWS).")
    @staticmethod
    async def json_ld(article: Parent[ShownArticle], info: Info) -> JSON:
        await info.context.loaders.sent(article, info.context.site)
        return JSON(jsonld.article(await facts_of(article, info), info.context.site))

    @field(description="What search engines and link previews are told.")
    @staticmethod
    def seo(article: Parent[ShownArticle]) -> Seo:
        return seo_of(article.seo, article.title, article.summary)

    @field(description="A picture for links to it, 1200 by 630: its title, the clinic, who reviewed it.")
    @staticmethod
    def open_graph_image(article: Parent[ShownArticle], info: Info) -> URL | None:
        return URL(info.context.address(f"/media/og/{article.content_hash}.png")) if article.is_live else None

    @field(
        description="Other articles about the same conditions and treatments, closest first: "
        f"of the newest {reading.NEAR} about each."
    )
    @staticmethod
    async def related(
        article: Parent[ShownArticle],
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description=f"How many at most, 1 to {MOST_RELATED}.")
        ] = USUALLY_RELATED,
    ) -> list[ArticleRef]:
        most = USUALLY_RELATED if first is None else min(max(first, 1), MOST_RELATED)
        found = await info.context.loaders.related(most).load(article.revision_id)
        rows = await info.context.loaders.by_id("article").load_many(found)
        return [row for row in rows if row is not None]

    @field(description="The one representation that partners show: absolute links, no call to action, and whole.")
    @staticmethod
    async def syndication(article: Parent[ShownArticle], info: Info) -> Syndication:
        await info.context.loaders.sent(article, info.context.site)
        return article  # type: ignore[return-value] # Syndication is made from ShownArticle

    @field(description="Approved comments, oldest first.")
    @staticmethod
    async def comments(
        article: Parent[ShownArticle],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CommentRef]:
        listing = comments.below_articles(info.context.viewer)
        return await connection(info, listing, "comment", (first, after, last, before), below=article.id)

    @field(description="How many approved comments there are.")
    @staticmethod
    async def comment_count(article: Parent[ShownArticle], info: Info) -> int:
        return await info.context.loaders.counts(comments.below_articles(info.context.viewer)).load(article.id)

    @field(description="How many visitors read it, counted by day up to yesterday; nobody is recognised.")
    @staticmethod
    async def view_count(article: Parent[ShownArticle], info: Info) -> int:
        return await info.context.loaders.views.load(article.id)

    @field(description="Whether readers see it now; null for readers.")
    @staticmethod
    async def is_live(article: Parent[ShownArticle], info: Info) -> bool | None:
        return article.is_live if await info.context.loaders.drafts.load(article.id) else None

    @field(description="Whether a draft waits beside what is live, or there is nothing live yet; null for readers.")
    @staticmethod
    async def has_unpublished_changes(article: Parent[ShownArticle], info: Info) -> bool | None:
        row = await info.context.loaders.drafts.load(article.id)
        return row.draft_id is not None if row else None

    @field(description="Where the draft stands; null without a draft, and for readers.")
    @staticmethod
    async def stage(article: Parent[ShownArticle], info: Info) -> models.Stage | None:
        row = await info.context.loaders.drafts.load(article.id)
        return row.stage if row else None

    @field(description="The version to name in the next mutation; null for readers.")
    @staticmethod
    async def version(article: Parent[ShownArticle], info: Info) -> int | None:
        row = await info.context.loaders.drafts.load(article.id)
        return row.version if row else None

    @field(description="When the draft goes live by itself; null for readers.")
    @staticmethod
    async def scheduled_for(article: Parent[ShownArticle], info: Info) -> datetime | None:
        row = await info.context.loaders.drafts.load(article.id)
        return row.scheduled_for if row else None

    @field(description="What is said of its take-down; null while it is live or never was, and for readers.")
    @staticmethod
    async def unpublishing(article: Parent[ShownArticle], info: Info) -> Unpublishing | None:
        row = await info.context.loaders.drafts.load(article.id)
        return row if row and row.unpublished_kind else None

    @field(description="The draft; null without one, and for readers.")
    @staticmethod
    async def draft(article: Parent[ShownArticle], info: Info) -> RevisionRef | None:
        row = await info.context.loaders.drafts.load(article.id)
        draft: RevisionRef | None = (
            await info.context.loaders.revisions().load(row.draft_id) if row and row.draft_id else None
        )
        return draft

    @field(description="Its revisions, newest first; null for readers.")
    @staticmethod
    async def revisions(
        article: Parent[ShownArticle],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RevisionRef] | None:
        if await info.context.loaders.drafts.load(article.id) is None:
            return None
        arguments = (first, after, last, before)
        return await connection(info, desk.REVISIONS, "revision", arguments, below=article.id)

    @field(description="What the gate says now of the draft, else of what is shown; null for readers.")
    @staticmethod
    async def gate_report(article: Parent[ShownArticle], info: Info) -> GateReport | None:
        row = await info.context.loaders.drafts.load(article.id)
        return await info.context.loaders.gate_reports.load(row.draft_id or article.revision_id) if row else None
