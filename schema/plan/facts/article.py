"""Articles as readers see them."""

from api.articles import reading
from api.comments import reading as comments
from api.paging import Listing, total
from api.sql import Sql
from schema.article import MOST_RELATED, USUALLY_RELATED
from schema.plan import jsonld
from schema.plan.facts import rows
from schema.plan.facts.document import of_citations
from schema.plan.model import NULL, Arguments, Column, Connected, Facts, Many, One, Same, link, moment, own
from schema.plan.slots import made_of

ADDRESS = "{site} || '/articles/' || {row}.slug"
TERMS = "{clinic}.licence IS NULL OR {clinic}.licence = '{}'"
READERS_ARE_NOT_TOLD = (
    "isLive", "hasUnpublishedChanges", "stage", "version", "scheduledFor", "unpublishing", "draft", "revisions",
    "gateReport",
)  # fmt: skip


def _related(said: Arguments) -> Sql:
    asked = USUALLY_RELATED if said["first"] is None else said["first"]
    most = made_of(asked, lambda first: min(max(first, 1), MOST_RELATED))
    found = "SELECT other.id, row_number() OVER () AS place FROM (SELECT {row}.revision_id AS id) AS mine "
    closest = found + "CROSS JOIN LATERAL (" + reading.closest(rows.VIEWER, most) + ") AS other"
    shown = rows.article(Sql("near.id"))
    return "SELECT one.* FROM (" + closest + ") AS near CROSS JOIN LATERAL (" + shown + ") AS one ORDER BY near.place"


def _count(listing: Listing) -> Sql:
    return total(listing, Sql(f"{listing.parent} = {{row}}.id"))


COMMENTS = comments.below_articles(rows.VIEWER)
ARTICLE: Facts = {
    **own("id", "slug", "kind", "language", "title", "summary", "originallyPublishedOn", "commentPolicy"),
    **dict.fromkeys(READERS_ARE_NOT_TOLD, NULL),
    "publishedAt": Column(moment("{row}.published_at")),
    "updatedAt": Column(moment("{row}.updated_at")),
    "url": Column(ADDRESS),
    "body": One(
        lambda _: Sql(
            "SELECT rendering.*, said.body AS document FROM rendering JOIN revision AS said "
            "ON said.id = rendering.revision_id WHERE rendering.revision_id = {row}.revision_id"
        )
    ),
    "authors": rows.linked("revision_author", "revision", "practitioner", key="{row}.revision_id"),
    "conditions": rows.linked("revision_condition", "revision", "condition", key="{row}.revision_id"),
    "treatments": rows.linked("revision_treatment", "revision", "treatment", key="{row}.revision_id"),
    "disclaimers": rows.linked("revision_disclaimer", "revision", "disclaimer", key="{row}.revision_id"),
    "heroImage": rows.picture("hero_image_id"),
    "citations": of_citations("{rendering}.citations"),
    "reviewedBy": rows.one("practitioner", "{review}.reviewer_id"),
    "lastReviewed": Column("({review}.at AT TIME ZONE 'UTC')::date"),
    "nextReview": Column("{review}.next_review_due"),
    "isReviewOverdue": Column("coalesce({review}.next_review_due < (now() AT TIME ZONE 'UTC')::date, FALSE)"),
    "corrections": rows.below("correction", "article", "correction.at DESC"),
    "wordCount": Column("{rendering}.word_count"),
    "readingMinutes": Column("{rendering}.reading_minutes"),
    "readingGrade": Column("{rendering}.reading_grade"),
    "licence": Same(),
    "seo": Same(),
    "jsonLd": Column(jsonld.ARTICLE, needed=True, type="json"),
    "openGraphImage": Column("{site} || '/media/og/' || {row}.content_hash || '.png'"),
    "related": Many(_related),
    "comments": Connected(lambda _: COMMENTS, "comment", "{row}.id"),
    "commentCount": Column(_count(COMMENTS)),
    "viewCount": Column("(SELECT coalesce(sum(views), 0)::int FROM view_count WHERE view_count.article_id = {row}.id)"),
}
LICENCE: Facts = {
    "name": Column(
        f"CASE WHEN {TERMS} THEN 'Republishing terms of ' || {{clinic}}.name ELSE {{clinic}}.licence ->> 'name' END",
        needed=True,
    ),
    "version": Column(
        f"CASE WHEN {TERMS} THEN coalesce({{clinic}}.syndication_terms ->> 'version', plan_absent()) "
        "ELSE {clinic}.licence ->> 'version' END"
    ),
    "url": Column(
        f"CASE WHEN {TERMS} THEN "
        + link("coalesce(nullif({clinic}.syndication_terms ->> 'url', ''), '/partners')")
        + " ELSE {clinic}.licence ->> 'url' END"
    ),
}
SEO: Facts = {
    "title": Column("coalesce(nullif({row}.seo ->> 'title', ''), {row}.title)"),
    "description": Column("coalesce(nullif({row}.seo ->> 'description', ''), {row}.summary)"),
    "noindex": Column("coalesce(({row}.seo ->> 'noindex')::boolean, FALSE)"),
}
CORRECTION: Facts = {**own("text"), "at": Column(moment("{row}.at"))}
TYPES = {"Article": ARTICLE, "Licence": LICENCE, "Seo": SEO, "Correction": CORRECTION}
