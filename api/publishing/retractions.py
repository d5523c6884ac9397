"""Notices of retraction, correction and concern, as Retraction Watch lists them, held against the clinic's sources.

A notice can only worsen what is known of a source. What was reinstated is left to an editor.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from api.articles import reading
from api.errors import Invalid
from api.evidence import identifiers
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.publishing.catalogue import SOURCE, change
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from api.publishing.acting import Acting

COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionDOI", "RetractionDate", "RetractionNature", "Reason")
NATURES = {
    "retraction": SourceStatus.RETRACTED,
    "expression of concern": SourceStatus.EXPRESSION_OF_CONCERN,
    "correction": SourceStatus.CORRECTED,
}
REINSTATEMENT = "reinstatement"
WEIGHTS = {
    SourceStatus.UNRESOLVED: 0,
    SourceStatus.OK: 0,
    SourceStatus.CORRECTED: 1,
    SourceStatus.SUPERSEDED: 1,
    SourceStatus.EXPRESSION_OF_CONCERN: 2,
    SourceStatus.WITHDRAWN: 3,
    SourceStatus.RETRACTED: 3,
}
DATES = ("%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%d")
LONGEST_NOTE = 500
LIVE = f"""
SELECT article.slug FROM article JOIN revision_citation cited ON cited.revision_id = ({reading.LIVE})
 WHERE cited.key = ? ORDER BY article.slug
"""


class NotRetractionWatch(Invalid):
    """This is no CSV of Retraction Watch: a column is missing."""


@dataclass(frozen=True)
class Notice:
    """What was said of a paper, when and why; `status` is None where the paper was reinstated."""

    status: SourceStatus | None
    on: date | None
    doi: str | None
    pmid: str | None
    told_in: str | None
    reasons: tuple[str, ...]

    @property
    def note(self) -> str:
        """The sentence that stands beside the source's status."""
        said = (self.status or SourceStatus.OK).replace("_", " ").capitalize()
        where = f", doi:{self.told_in}" if self.told_in else ""
        why = f": {'; '.join(self.reasons)}" if self.reasons else ""
        return f"{said}{f' on {self.on}' if self.on else ''} (Retraction Watch{where}){why}"[:LONGEST_NOTE]


@dataclass(frozen=True)
class Verdict:
    """A source and the notice that counts for it; none when the paper was reinstated."""

    source: Source
    notice: Notice | None

    @property
    def is_news(self) -> bool:
        """Whether it is worse than what is known of the source already."""
        status = self.notice.status if self.notice else None
        return status is not None and WEIGHTS[status] > WEIGHTS[SourceStatus(self.source.status)]


def check_columns(names: Sequence[str]) -> None:
    """Refuse a file that lacks what is read of it."""
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise NotRetractionWatch(f"This is no CSV of Retraction Watch: it has no column {', '.join(missing)}.")


def read(row: Mapping[str, str | None]) -> Notice | None:
    """One row of the file; None for what names no paper, or is of a nature that nobody knows."""
    nature = (row.get("RetractionNature") or "").strip().lower()
    if nature not in NATURES and nature != REINSTATEMENT:
        return None
    doi = _identifier(identifiers.doi, row.get("OriginalPaperDOI"))
    pmid = _identifier(identifiers.pmid, row.get("OriginalPaperPubMedID"))
    if doi is None and pmid is None:
        return None
    reasons = tuple(text for part in (row.get("Reason") or "").split(";") if (text := part.strip(" +")))
    told_in = _identifier(identifiers.doi, row.get("RetractionDOI"))
    return Notice(NATURES.get(nature), _day(row.get("RetractionDate") or ""), doi, pmid, told_in, reasons)


async def verdicts(notices: Iterable[Notice]) -> list[Verdict]:
    """What the notices say of the sources that are kept here, by key; sources without a notice are left out."""
    sources = await Source.all().order_by("key")
    by_doi = {source.doi: source for source in sources if source.doi}
    by_pmid = {source.pmid: source for source in sources if source.pmid}
    found: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        named = by_doi.get(notice.doi) if notice.doi else None
        source = named or (by_pmid.get(notice.pmid) if notice.pmid else None)
        if source is not None:
            found[source.id].append(notice)
    return [Verdict(source, _gravest(found[source.id])) for source in sources if source.id in found]


async def mark(verdict: Verdict, doing: Acting) -> None:
    """Give the source its new status, as updateSource does: one audit entry, and SAFETY Changes of live articles."""
    notice, source = verdict.notice, verdict.source
    if notice is not None and notice.status is not None:
        said = {"status": notice.status, "status_note": notice.note}
        await change(SOURCE, source.id, source.version, said, doing)


async def cited_by(source: Source) -> list[str]:
    """The slugs of the live articles that lean on a source."""
    return [row["slug"] for row in await rows(sql(LIVE, source.key))]


def _gravest(notices: Sequence[Notice]) -> Notice | None:
    """The gravest notice since the paper was last reinstated; of two that weigh the same the newer one."""
    ordered = sorted(notices, key=lambda notice: (notice.on or date.min, notice.status is None))
    standing: list[Notice] = []
    for notice in ordered:
        standing = [] if notice.status is None else [*standing, notice]
    return max(standing, key=lambda notice: (WEIGHTS[notice.status or SourceStatus.OK], notice.on or date.min),
               default=None)  # fmt: skip


def _identifier(read_one: Callable[[str], str], text: str | None) -> str | None:
    """An identifier in its normal form; None for `unavailable`, `0` and whatever else is none."""
    try:
        return read_one(text or "")
    except Invalid:
        return None


def _day(text: str) -> date | None:
    return next(_read_days(text.strip()), None)


def _read_days(text: str) -> Iterator[date]:
    for form in DATES:
        try:
            yield datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no offset
        except ValueError:
            continue
