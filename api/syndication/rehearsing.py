"""The steps of a rehearsal, which a partner takes by itself: publish, correct, recall."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api import ids
from api.accounts.acting import note
from api.articles import representation
from api.changes import DEADLINES, LOCK, Change, ChangeKind, ChangeReason
from api.errors import WrongStage
from api.syndication import recalls, rehearsal
from api.syndication.acting import locked_partner, partner_of
from api.syndication.models import Rehearsal, RehearsalChange

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient

    from api.accounts.viewer import Viewer
    from api.syndication.models import Partner

EXPLANATION = "This rehearsal is over: take your copy down, and acknowledge the recall."
NEXT = "SELECT nextval(pg_get_serial_sequence('change', 'id')) AS id"


class RehearsalStep(StrEnum):
    """What is rehearsed."""

    PUBLISH = "PUBLISH"
    CORRECT = "CORRECT"
    RECALL = "RECALL"


class NotYetRecalled(WrongStage):
    """A rehearsal is under way: correct and recall its article before you begin another one."""


class NothingPublished(WrongStage):
    """There is nothing to correct or to recall: begin with the step PUBLISH."""


class NotYetFetched(WrongStage):
    """Your program has not fetched the article as it is now: fetch it by `changes`, with its `syndication`."""


class WrongStep(WrongStage):
    """The steps are PUBLISH, CORRECT and RECALL, in this order and once each."""


async def rehearse(asking: Viewer, step: RehearsalStep, site: str) -> Rehearsal:
    """Take the next step of the asking partner's rehearsal: its program sees a Change, and nobody else does."""
    async with in_transaction() as connection:
        partner = await locked_partner(partner_of(asking))
        now = datetime.now(UTC)
        row = await Rehearsal.select_for_update().get_or_none(partner_id=partner.id)
        row = _begun(row, partner, now) if step is RehearsalStep.PUBLISH else _next(row, step, now)
        told = await _change(row, step, site, now)
        await row.save()
        await note(asking, "rehearse", partner.id, {"step": step})
        await _record(told, partner, connection)
        if step is RehearsalStep.RECALL:
            await recalls.rehearsed(partner.id, told)
    return row


def _begun(row: Rehearsal | None, partner: Partner, now: datetime) -> Rehearsal:
    if row is not None and row.recalled_at is None:
        raise NotYetRecalled(path=("step",))
    row = row or Rehearsal(partner=partner)
    row.article_id, row.revision_number, row.fetched_number = ids.article(), 1, 0
    row.begun_at, row.recalled_at, row.passed_at = now, None, None
    return row


def _next(row: Rehearsal | None, step: RehearsalStep, now: datetime) -> Rehearsal:
    if row is None or row.recalled_at is not None:
        raise NothingPublished(path=("step",))
    if (row.revision_number == 1) is not (step is RehearsalStep.CORRECT):
        raise WrongStep(path=("step",))
    if row.fetched_number < row.revision_number:
        raise NotYetFetched(path=("step",))
    if step is RehearsalStep.CORRECT:
        row.revision_number += 1
    else:
        row.recalled_at = now
    return row


async def _change(row: Rehearsal, step: RehearsalStep, site: str, now: datetime) -> Change:
    shown = rehearsal.shown(row)
    told = Change(at=now, article_id=row.article_id, slug=shown.slug, url=f"{site}{shown.path}",
                  revision_number=row.revision_number)  # fmt: skip
    if step is RehearsalStep.RECALL:
        told.kind, told.reason, told.severity = ChangeKind.REMOVE, ChangeReason.WITHDRAWN, "SAFETY"
        told.explanation, told.acknowledge_by = EXPLANATION, now + DEADLINES["SAFETY"]
        return told
    told.kind, told.severity = ChangeKind.UPSERT, "ROUTINE"
    told.reason = ChangeReason.PUBLISHED if step is RehearsalStep.PUBLISH else ChangeReason.CORRECTED
    told.content_hash = representation.content_hash(await rehearsal.facts_of(shown), site)
    return told


async def _record(told: Change, partner: Partner, connection: BaseDBAsyncClient) -> None:
    """Give the entry its number under the log's lock, as `changes.record` does."""
    await connection.execute_query(LOCK)
    (number,) = await connection.execute_query_dict(NEXT)
    told.id = number["id"]
    await RehearsalChange.create(partner=partner, **{name: getattr(told, name) for name in rehearsal.COLUMNS})
