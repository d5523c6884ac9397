"""Hands the sample's drafts on, by the verbs that members use: to review, to a waiver, to approval, to their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.accounts.models import Member
from api.accounts.viewer import Role, Viewer, with_implied
from api.articles.models import ReviewOutcome, Revision
from api.practitioners import Practitioner
from api.publishing import gating, schedule, waiving, workflow
from api.publishing.acting import Acting

if TYPE_CHECKING:
    from datetime import datetime

    from api.articles.models import Article
    from api.sample.loading import Loading
    from api.sample.texts import ArticleEntry, WaiverEntry

# Nobody reads mail at this domain (RFC 2606), and without a password nobody signs in.
MAIL = "example.org"


async def hand_on(loading: Loading, said: ArticleEntry, article: Article) -> None:
    """Take a draft as far as its file says; one that was never submitted stays where it is."""
    if said.submitted is None:
        return
    await workflow.submit(article.id, None, Acting(loading.site, at=loading.moment(said.submitted)))
    for waiver in said.waivers:
        await _waive(loading, waiver, article)
    if said.scheduled is not None:
        await _schedule(loading, said, article)


async def _waive(loading: Loading, said: WaiverEntry, article: Article) -> None:
    revision = await Revision.get(id=article.draft_id)
    report = await gating.report_of(article, revision, loading.now)
    (found,) = [finding for finding in report.findings if finding.rule == said.rule]
    until = loading.moment(-said.until_days_ahead).date()
    waiver = waiving.Waiving(said.rule, found.fingerprint, said.reason, until)
    await waiving.waive(article.id, None, waiver, await _by(loading, said.by, loading.now))


async def _schedule(loading: Loading, said: ArticleEntry, article: Article) -> None:
    assert said.reviewer and said.next_review is not None  # noqa: S101, PT018 - the entry checks them
    assert said.reviewed is not None and said.scheduled is not None  # noqa: S101, PT018 - likewise
    due = loading.moment(-said.next_review).date()
    decision = workflow.Decision(ReviewOutcome.APPROVED, evidence_rechecked=True, next_review_due=due)
    reviewer = await _by(loading, said.reviewer, loading.moment(said.reviewed, hour=10))
    await workflow.review(article.id, None, decision, reviewer)
    doing = Acting(loading.site, at=loading.moment(said.reviewed, hour=11))
    await schedule.schedule(article.id, None, loading.moment(-said.scheduled), doing)


async def _by(loading: Loading, slug: str, at: datetime) -> Acting:
    """A practitioner of the sample acting as a reviewer."""
    person = await Practitioner.get(id=loading.ids[f"practitioner:{slug}"])
    facts = {"display_name": person.name, "roles": [Role.REVIEWER], "practitioner": person}
    member, _ = await Member.get_or_create(email=f"{slug}@{MAIL}", defaults=facts)
    roles = with_implied(frozenset({Role.REVIEWER}))
    return Acting(loading.site, Viewer(member.id, member.display_name, roles, person.id), at)
