"""Which clinician's decision stands behind what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


@dataclass(frozen=True)
class StandingReview:
    """The approval that holds for a revision: its own, or its predecessor's when only MINOR changes lie between."""

    revision_id: str
    reviewer_id: str
    at: datetime
    next_review_due: date


STANDING = """
SELECT DISTINCT ON (revision.id) revision.id AS revision_id, review.reviewer_id, review.at, review.next_review_due
  FROM revision
  JOIN revision earlier ON earlier.article_id = revision.article_id AND earlier.number <= revision.number
  JOIN review ON review.revision_id = earlier.id AND review.content_hash = earlier.content_hash
             AND review.outcome = 'APPROVED'
 WHERE revision.id = ANY(?::text[])
   AND NOT EXISTS (SELECT FROM revision step WHERE step.article_id = revision.article_id
                   AND step.number > earlier.number AND step.number <= revision.number AND step.update_type <> 'MINOR')
 ORDER BY revision.id, earlier.number DESC, review.at DESC
"""


async def standing(revisions: Sequence[str]) -> list[StandingReview | None]:
    """The standing review of each revision, by one statement; None where nobody approved it."""
    found = {row["revision_id"]: StandingReview(**row) for row in await rows(sql(STANDING, list(revisions)))}
    return [found.get(revision) for revision in revisions]
