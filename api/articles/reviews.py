"""Which clinician's decision stands behind what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from api.sql import read, sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class StandingReview:
    """The approval that holds for a revision: its own, or its predecessor's when only MINOR changes lie between.

    `given_to` is the revision that was approved.
    """

    revision_id: str
    given_to: str
    reviewer_id: str
    at: datetime
    next_review_due: date


STANDING = """
SELECT asked.id AS revision_id, standing.revision_id AS given_to, standing.reviewer_id, standing.at,
       standing.next_review_due
  FROM unnest(?::text[]) AS asked (id) CROSS JOIN LATERAL standing_review(asked.id) AS standing
"""


SHOWN = """
SELECT asked.id AS revision_id, shown.given_to, shown.reviewer_id, shown.at, shown.next_review_due
  FROM unnest(?::text[]) AS asked (id) CROSS JOIN LATERAL shown_review(asked.id) AS shown
"""


async def shown(revisions: Sequence[str]) -> list[StandingReview | None]:
    """The review that readers are told of: the standing one; behind a live cut that of what it was cut from."""
    found = {row["revision_id"]: StandingReview(**row) for row in await read(sql(SHOWN, list(revisions)))}
    return [found.get(revision) for revision in revisions]


async def standing(revisions: Sequence[str]) -> list[StandingReview | None]:
    """The standing review of each revision, by one statement; None where nobody approved it."""
    found = {row["revision_id"]: StandingReview(**row) for row in await read(sql(STANDING, list(revisions)))}
    return [found.get(revision) for revision in revisions]


def from_json(row: Mapping[str, Any]) -> StandingReview:
    """The review that a row of STANDING tells of, as JSON has it."""
    at, due = datetime.fromisoformat(row["at"]), date.fromisoformat(row["next_review_due"])
    return StandingReview(**{**row, "at": at, "next_review_due": due})
