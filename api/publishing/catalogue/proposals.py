"""Changes to what is public and clinical: proposed by one member, decided on by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.audit import AuditEntry
from api.errors import Conflict, NotFound, NotIndependent, WrongStage
from api.paging import Key, Listing
from api.publishing.models import Proposal
from api.sql import Sql, sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.accounts.viewer import Viewer
    from api.publishing.acting import Acting
    from api.publishing.catalogue.nouns import Noun


class NoSuchProposal(NotFound):
    """There is no such proposal: check its id."""


class Decided(WrongStage):
    """This proposal was decided on already."""


class OwnProposal(NotIndependent):
    """You proposed this yourself: another member with the role REVIEWER decides on it."""


class Outdated(Conflict):
    """The entry has changed since this was proposed: turn the proposal down, and propose it anew."""


async def propose(noun: Noun, row: Any, later: Mapping[str, Any], before: Mapping[str, Any], doing: Acting) -> Proposal:  # noqa: ANN401
    """Keep a change of a public entry's clinical part for a reviewer, in the caller's transaction."""
    made = await Proposal.create(
        thing=row.id, thing_version=row.version, changes=dict(later), proposed_by_id=doing.viewer.member
    )
    was, wanted = {name: before[name] for name in later}, dict(later) | {"proposal": made.id}
    verb = f"propose{noun.name}Change"
    await AuditEntry.create(actor=doing.actor, verb=verb, thing=row.id, before=was, after=wanted)
    return made


async def locked(proposal_id: str) -> Proposal:
    """The proposal under its row's lock; refused when it is not there or was decided on."""
    found = await Proposal.select_for_update().get_or_none(id=proposal_id)
    if found is None:
        raise NoSuchProposal(path=("proposal",))
    if found.decided_at is not None:
        raise Decided(path=("proposal",))
    return found


def check_independent(proposal: Proposal, doing: Acting) -> None:
    """Refuse whoever proposed it."""
    if proposal.proposed_by_id == doing.viewer.member:
        raise OwnProposal(path=("proposal",))


def outdated(proposal: Proposal) -> Outdated:
    refusal = Outdated(path=("proposal",))
    refusal.thing = proposal.thing
    return refusal


async def settle(proposal: Proposal, doing: Acting, *, approved: bool, note: str | None) -> None:
    """Write the decision, in the caller's transaction."""
    said = {"decided_by_id": doing.viewer.member, "decided_at": doing.at, "approved": approved, "note": note}
    await proposal.update_from_dict(said).save()


async def drop(thing: str, doing: Acting) -> None:
    """Let go of what was proposed for an entry that is deleted."""
    waiting = Proposal.filter(thing=thing, decided_at__isnull=True)
    await waiting.update(decided_at=doing.at, decided_by_id=doing.viewer.member, approved=False, note="It was deleted.")


def listing(thing: str | None, *, waiting: bool | None) -> Listing:
    """The proposals, oldest first: those that wait, those that were decided on, or with None both; of one entry."""
    where = [sql("proposal.thing = ?", thing)] if thing is not None else []
    if waiting is not None:
        where.append(Sql("proposal.decided_at IS NULL" if waiting else "proposal.decided_at IS NOT NULL"))
    keys = (Key("proposal.proposed_at", "timestamptz"), Key("proposal.id", "text"))
    return Listing("proposals", Sql("proposal"), tuple(where), keys)


async def by_id(wanted: Sequence[str], viewer: Viewer) -> dict[str, Proposal]:
    """Those of the proposals that this viewer may read, by id."""
    if not viewer.sees_drafts:
        return {}
    rows = await Proposal.filter(id__in=list(wanted)).select_related("proposed_by", "decided_by")
    return {row.id: row for row in rows}
