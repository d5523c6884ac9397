"""Deciding on a proposal: another member lets it be, or turns it down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tortoise.transactions import in_transaction

from api.audit import AuditEntry
from api.publishing.catalogue import checking, entries, nouns, proposals, verbs, wording
from api.publishing.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Collection

    from tortoise.backends.base.client import BaseDBAsyncClient

    from api.publishing.acting import Acting
    from api.publishing.catalogue.nouns import Noun


async def decide(proposal_id: str, doing: Acting, *, approve: bool, note: str | None = None) -> Proposal:
    """Apply the change, or let go of it. Its proposer may not approve it, nor anybody once the entry has changed."""
    asked = await Proposal.get_or_none(id=proposal_id)
    if asked is None:
        raise proposals.NoSuchProposal(path=("proposal",))
    if asked.decided_at is not None:
        raise proposals.Decided(path=("proposal",))
    noun = nouns.of(asked.thing)
    if noun is None or not approve:
        return await _turn_down(proposal_id, doing, note)
    return await _approve(noun, asked, doing, note)


async def _turn_down(proposal_id: str, doing: Acting, note: str | None) -> Proposal:
    async with in_transaction():
        proposal = await proposals.locked(proposal_id)
        await proposals.settle(proposal, doing, approved=False, note=note)
        after = {"proposal": proposal.id, "approved": False, "note": note}
        await AuditEntry.create(actor=doing.actor, verb="approveCatalogueChange", thing=proposal.thing, after=after)
    return proposal


async def _approve(noun: Noun, asked: Proposal, doing: Acting, note: str | None) -> Proposal:
    said = dict(asked.changes)
    beside = await verbs.derived(said)

    async def act(row: Any, held: Collection[str], connection: BaseDBAsyncClient) -> Proposal:  # noqa: ANN401 - the noun's row
        proposal = await proposals.locked(asked.id)
        proposals.check_independent(proposal, doing)
        if row.version != proposal.thing_version:
            raise proposals.outdated(proposal)
        whole = await entries.said_by(noun, row) | said
        await checking.check(noun, whole, row)
        await checking.check_publishable(noun, whole)
        await wording.require(noun, whole, row.id, doing.at)
        await proposals.settle(proposal, doing, approved=True, note=note)
        more = {"proposal": proposal.id, "approved": True, "note": note}
        await verbs.apply(noun, row, said, beside, verbs.Edit("approveCatalogueChange", held, doing, connection, more))
        return proposal

    decided: Proposal = await verbs.altering(noun, asked.thing, None, said, doing, act)
    return decided
