"""What stands on the picture of an article that readers can see, by the hash of its content."""

from api.articles.reading import LIVE
from api.media.cards import Card
from api.sql import rows, sql

FOUND = (
    "SELECT article.id, revision.title, article.reviewed_on, practitioner.name AS reviewer, clinic.name AS clinic"
    f" FROM revision JOIN article ON article.id = revision.article_id AND revision.id = ({LIVE})"
    " CROSS JOIN clinic"
    " LEFT JOIN LATERAL standing_review(revision.id) AS standing ON TRUE"
    " LEFT JOIN practitioner ON practitioner.id = standing.reviewer_id"
    " WHERE revision.content_hash = ? LIMIT 1"
)


async def card_of(content_hash: str) -> Card | None:
    """Nothing for a text that is a draft, was withdrawn, or never was."""
    found = await rows(sql(FOUND, content_hash))
    if not found:
        return None
    row = found[0]
    on = row["reviewed_on"]
    reviewed = f"Reviewed by {row['reviewer']}, {on.day} {on:%B %Y}" if row["reviewer"] and on else ""
    return Card(row["title"], row["clinic"], reviewed, row["id"])
