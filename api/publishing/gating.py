"""Asking the gate about a revision, and keeping its report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api import gate
from api.articles import reviews
from api.articles.models import (
    Article,
    Revision,
    Stage,
)
from api.documents import Document
from api.errors import Blocked
from api.gate import findings as found
from api.publishing import gathering, reports
from api.publishing.holding import hold
from api.sql import rows, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer


WAIVERS = """
SELECT rule, fingerprint, coalesce(member.practitioner_id, '') AS who, reason AS why, until, display_name AS name
  FROM waiver JOIN member ON member.id = waiver.member_id WHERE article_id = ?
"""


async def require(
    article: Article, revision: Revision, at: datetime, viewer: Viewer | None = None, *, for_review: bool = False
) -> found.GateReport:
    """Ask the gate as of a moment, keep its report, and refuse when it blocks; a review settles REV-* alone."""
    tree = Document.parse(revision.body)
    if not for_review:
        await hold(revision, tree)
    report = await report_of(article, revision, at, viewer, tree)
    if not (report.passes_for_review if for_review else report.passes):
        raise blocked(article, report)
    await reports.keep(revision, report, min(at, datetime.now(UTC)))
    return report


def blocked(article: Article, report: found.GateReport) -> Blocked:
    """The refusal that shows what the gate found."""
    refusal = Blocked()
    refusal.thing, refusal.report = article.id, report
    return refusal


async def report_of(
    article: Article, revision: Revision, at: datetime, viewer: Viewer | None = None, tree: Document | None = None
) -> found.GateReport:
    """What the gate says of a revision, whose body is `tree`, as of a moment; to a viewer, of what they may see."""
    gated = await gathering.gathered(article, revision, at, viewer, tree)
    policy = gate.for_jurisdiction(gated.clinic.jurisdiction)
    return gate.run(gated, policy, await waivers_of(article))


async def reports_of(revisions: Sequence[str], viewer: Viewer | None = None) -> list[found.GateReport]:
    """What the gate says to a viewer of each revision now; by a review link, what it says to the link's maker."""
    eyes = None if viewer and viewer.preview_is_wide else viewer
    known = {row.id: row for row in await Revision.filter(id__in=list(revisions)).select_related("article")}
    at = datetime.now(UTC)
    return [await report_of(known[key].article, known[key], at, eyes) for key in revisions]


async def waivers_of(article: Article) -> list[found.Waiver]:
    return [found.Waiver(**row) for row in await rows(sql(WAIVERS, article.id))]


async def stage_of(revision: Revision) -> Stage:
    """Where a draft stands when its schedule is taken back: approved, if a review of it stands."""
    (standing,) = await reviews.standing([revision.id])
    return Stage.APPROVED if standing and standing.given_to == revision.id else Stage.DRAFT
