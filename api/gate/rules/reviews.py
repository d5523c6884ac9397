"""REV: a clinician who was free to do so approved exactly this content, and will look again in time."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from api.gate.case import Case
from api.gate.findings import Hit
from api.gate.model import GatedRevision, Review, ReviewBasis

GRACE: Final = timedelta(days=7)
_PATH: Final = "review"


def review_missing(case: Case) -> Iterator[Hit]:
    fault = _fault(case.revision)
    if fault:
        message, help_ = fault
        yield Hit(path=_PATH, message=message, help=help_, about=message)


def next_review_wrong(case: Case) -> Iterator[Hit]:
    review = case.revision.review
    if review is None or not review.approved or review.basis is ReviewBasis.DELETION:
        return
    latest = _months_later(review.on, case.revision.clinic.review_interval_months)
    message = _about_next(review.next_due, case.revision.as_of, latest)
    if message:
        yield Hit(
            path=_PATH,
            message=message,
            help=f"Have it reviewed again, with a next review no later than {_said(latest)}."
            if review.next_due and review.next_due > latest
            else "Have it reviewed again, and set the next review.",
            about=message,
        )


def _fault(revision: GatedRevision) -> tuple[str, str] | None:
    review = revision.review
    if review is None or not review.approved:
        return "Nobody has approved this content.", "Submit it for review."
    if not _counts(review, revision):
        return "The approval was given to other content, or its seven days are over.", "Submit it for review again."
    if not _is_independent(review, revision):
        return (
            f"{review.reviewer.name} wrote or edited this, and so was not free to approve it.",
            "Have somebody review it who is no author and did not edit it last.",
        )
    if not review.reviewer.current(review.on):
        return (
            f"{review.reviewer.name} held no current credential on {_said(review.on)}.",
            "Complete the reviewer's credentials, or have somebody else review it.",
        )
    return None


def _counts(review: Review, revision: GatedRevision) -> bool:
    if review.basis is ReviewBasis.OWN:
        return review.content_hash == revision.content_hash
    if review.basis is ReviewBasis.DELETION:
        return review.corrected_on is not None and revision.as_of <= review.corrected_on + GRACE
    return True


def _is_independent(review: Review, revision: GatedRevision) -> bool:
    """An inherited approval was given to an earlier revision: who edited this one is no matter then."""
    if review.basis is ReviewBasis.OWN and review.reviewer.id == revision.last_edited_by:
        return False
    return review.reviewer.id not in {author.id for author in revision.authors}


def _about_next(due: date | None, day: date, latest: date) -> str:
    if due is None:
        return "The approval names no next review."
    if due < day:
        return f"The next review was due on {_said(due)}."
    if due > latest:
        return f"The next review, on {_said(due)}, is further away than the clinic's interval."
    return ""


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months on, or the last day of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
