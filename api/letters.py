"""What waits for whom, told by mail: each thing once, in one letter for all that has come since the last one.

Subjects name no article and no condition: they are shown where others look, too. What is told is kept together with the
letter, so nothing is lost between the two and several workers tell nothing twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from api import mail, worklist
from api.accounts.models import Member
from api.accounts.viewer import Role, Viewer, with_implied
from api.articles.models import Article, RevisionAuthor
from api.publishing.models import Proposal
from api.sql import rows, sql
from api.worklist import WorklistKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.worklist import Pending

KEPT = timedelta(days=400)
MOST_LINES = 30
NEW = """
INSERT INTO told (member_id, about, at) SELECT ?, about, now() FROM unnest(?::text[]) AS about ORDER BY about
ON CONFLICT (member_id, about) DO NOTHING RETURNING about
"""
ASKED = (WorklistKind.TO_REVIEW,)
DESK = (
    WorklistKind.REVIEW_DUE_SOON,
    WorklistKind.REVIEW_OVERDUE,
    WorklistKind.SOURCE_CHANGED,
    WorklistKind.SCHEDULE_CANCELLED,
)
SUBJECTS = {
    WorklistKind.TO_REVIEW: "A review is asked of you",
    WorklistKind.REVIEW_DUE_SOON: "A review is due within 30 days",
    WorklistKind.REVIEW_OVERDUE: "A review is overdue",
    WorklistKind.SOURCE_CHANGED: "The status of a cited source has changed",
    WorklistKind.SCHEDULE_CANCELLED: "A schedule was cancelled",
}
SAID = {
    WorklistKind.TO_REVIEW: "This waits for your review:",
    WorklistKind.REVIEW_DUE_SOON: "This must be reviewed again within 30 days:",
    WorklistKind.REVIEW_OVERDUE: "The review of this is overdue, and readers are told so:",
    WorklistKind.SOURCE_CHANGED: "This cites a work whose status is no longer OK:",
    WorklistKind.SCHEDULE_CANCELLED: "This does not go live as planned; the worklist says why:",
}


class Told(Model):
    """That a member was told of something."""

    id = fields.BigIntField(primary_key=True, generated=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "meridian.Member", related_name=False, on_delete=fields.CASCADE
    )
    about = fields.CharField(max_length=240)
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "told"
        unique_together = (("member", "about"),)


async def write(site: str) -> int:
    """Write a letter to every member for whom something has come to wait; how many were written."""
    members = await Member.filter(disabled_at=None, password_digest__isnull=False).order_by("id")
    return sum([await _write(member, site) for member in members])


async def forget(now: datetime) -> int:
    """Drop what was told more than a year ago: who still has not done it is told again."""
    return await Told.filter(at__lt=now - KEPT).delete()


async def _write(member: Member, site: str) -> int:
    roles = with_implied(frozenset(Role(role) for role in member.roles))
    viewer = Viewer(member.id, member.display_name, roles, member.practitioner_id)
    kinds = (ASKED if Role.REVIEWER in roles and member.practitioner_id else ()) + (
        DESK if Role.EDITOR in roles else ()
    )
    if not kinds:
        return 0
    waits = [each for each in await worklist.pending(viewer) if each.kind in kinds]
    theirs = [each for each in waits if each.kind is not WorklistKind.TO_REVIEW or not await _is_own(each, viewer)]
    if not theirs:
        return 0
    async with in_transaction():
        keys = {f"{each.kind} {each.id} {each.about}": each for each in theirs}
        new = [keys[row["about"]] for row in await rows(sql(NEW, member.id, list(keys)))]
        letters = [(kind, [each for each in new if each.kind is kind]) for kind in kinds]
        for kind, about in letters:
            if about:
                await mail.send(member.email, _subject(kind, about), await _text(kind, about, site))
    return sum(1 for _, about in letters if about)


async def _is_own(waiting: Pending, viewer: Viewer) -> bool:
    """Whether the viewer wrote or proposed it, and so may not decide on it."""
    if proposal := await Proposal.get_or_none(id=waiting.id):
        return proposal.proposed_by_id == viewer.member
    article = await Article.get_or_none(id=waiting.id).select_related("draft")
    if article is None or article.draft is None:
        return True
    wrote = RevisionAuthor.exists(revision_id=article.draft.id, practitioner_id=viewer.practitioner)
    return article.draft.created_by_id == viewer.member or await wrote


def _subject(kind: WorklistKind, about: Sequence[Pending]) -> str:
    things = len({each.id for each in about})
    return SUBJECTS[kind] if things == 1 else f"{SUBJECTS[kind]} ({things})"


async def _text(kind: WorklistKind, about: Sequence[Pending], site: str) -> str:
    """Addresses, not texts: what stands in a draft is for the desk."""
    wanted = list(dict.fromkeys(each.id for each in about))
    slugs = dict(await Article.filter(id__in=wanted).values_list("id", "slug"))
    lines = [f"  {site}/articles/{slugs[key]}" if key in slugs else f"  a catalogue change, {key}" for key in wanted]
    more = [f"  and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return "\n".join((SAID[kind], "", *lines[:MOST_LINES], *more, "", f"Your worklist has all of it. {site}", ""))
