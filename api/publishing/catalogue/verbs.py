"""The verbs of the catalogue, the same for every noun: each one transaction of rows, audit entry and Changes."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from api.articles import rendering
from api.articles.models import Severity
from api.audit import AuditEntry
from api.clinic import Clinic
from api.documents import Document
from api.errors import Conflict, InUse, Invalid, SlugTaken, WrongStage
from api.publishing import schedule
from api.publishing.catalogue import addresses, articles, checking, clinics, entries, proposals, uses, wording
from api.publishing.catalogue.articles import SomebodyPublished
from api.publishing.catalogue.nouns import CLINIC

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping

    from tortoise.backends.base.client import BaseDBAsyncClient

    from api.publishing.acting import Acting
    from api.publishing.catalogue.entries import Said
    from api.publishing.catalogue.nouns import Noun
    from api.publishing.models import Proposal

    Act = Callable[[Any, Collection[str], BaseDBAsyncClient], Awaitable[Any]]

TRIES = 3


class AlreadyPublic(WrongStage):
    """Readers see this already."""


class NotPublic(WrongStage):
    """Readers do not see this, so there is nothing to take from them."""


class NoClinicYet(Invalid):
    """There is no clinic yet: give at least its name and its syndicationTerms, and it is set up."""


@dataclass(frozen=True)
class Done:
    """The entry as it is now, and the proposal that waits for a reviewer, if the edit made one."""

    entry: Any
    proposal: Proposal | None = None


async def add(noun: Noun, said: Said, doing: Acting) -> Any:  # noqa: ANN401 - the noun's row
    """Write a new entry; readers do not see it yet."""
    given = {name: value for name, value in said.items() if value is not None}
    whole = _empty(noun) | await checking.normal(noun, given, doing, is_new=True)
    await checking.check(noun, whole)
    await wording.require(noun, whole, "", doing.at)
    beside = await derived(whole)
    async with _writing() as connection:
        held = await articles.lock(noun, whole["key"], texts=True) if noun.kind == "source" else ()
        row = await entries.insert(noun, {name: value for name, value in whole.items() if value is not None}, beside)
        after = await entries.snapshot(noun, await noun.model.get(id=row.id))
        await _note(f"create{noun.name}", row.id, doing, None, after)
        if noun.kind == "source":
            reached = await articles.reach(noun, row.key, held, doing, texts=True)
            await articles.render_anew(reached)
            await articles.tell(await articles.changes(reached, doing, Severity.ROUTINE), connection)
    return await noun.model.get(id=row.id)


async def change(noun: Noun, entry_id: str, expected: int, said: Said, doing: Acting) -> Done:
    """Change an entry. Once it is public, its clinical part waits for another member's eyes as a proposal."""
    whole = await checking.normal(noun, said, doing, is_new=False)
    beside = await derived(whole)

    async def act(row: Any, held: Collection[str], connection: BaseDBAsyncClient) -> Done:  # noqa: ANN401 - as above
        before = await entries.said_by(noun, row)
        changed = {name: value for name, value in whole.items() if before[name] != value}
        await checking.check(noun, before | changed, row)
        if changed.keys() & noun.clinical:
            await wording.require(noun, before | changed, row.id, doing.at)
        waits = noun.clinical if noun.is_publishable and row.is_published and doing.viewer.member else frozenset()
        now = {name: value for name, value in changed.items() if name not in waits}
        later = {name: value for name, value in changed.items() if name in waits}
        if now:
            await apply(
                noun, row, now, beside if "body" in now else {}, Edit(f"update{noun.name}", held, doing, connection)
            )
        proposal = await proposals.propose(noun, row, later, before, doing) if later else None
        return Done(row, proposal)

    done: Done = await altering(noun, entry_id, expected, whole, doing, act)
    return done


async def remove(noun: Noun, entry_id: str, expected: int, doing: Acting) -> None:
    """Delete an entry to which nothing refers."""
    async with _writing():
        row = await entries.locked(noun, entry_id, expected)
        await uses.check_deletable(noun, row)
        before = await entries.snapshot(noun, row)
        await addresses.forget(noun, row)
        await proposals.drop(entry_id, doing)
        await row.delete()
        await _note(f"delete{noun.name}", entry_id, doing, before, None)


async def publish(noun: Noun, entry_id: str, expected: int, doing: Acting) -> Any:  # noqa: ANN401 - as above
    """Let readers see an entry; what it says and rests on is asked about once more."""

    async def act(row: Any, held: Collection[str], connection: BaseDBAsyncClient) -> Any:  # noqa: ANN401 - as above
        if row.is_published:
            raise AlreadyPublic
        said = await entries.said_by(noun, row)
        await checking.check_publishable(noun, said)
        await wording.require(noun, said, row.id, doing.at)
        row.is_published, row.first_published_at = True, row.first_published_at or doing.at
        await apply(noun, row, {}, {}, Edit(f"publish{noun.name}", held, doing, connection))
        return row

    return await altering(noun, entry_id, expected, {}, doing, act)


async def unpublish(noun: Noun, entry_id: str, expected: int, doing: Acting) -> Any:  # noqa: ANN401 - as above
    """Take an entry from readers; refused while what they see uses it. It keeps its place and its relations."""

    async def act(row: Any, held: Collection[str], connection: BaseDBAsyncClient) -> Any:  # noqa: ANN401 - as above
        if not row.is_published:
            raise NotPublic
        await uses.check_hideable(noun, row)
        row.is_published = False
        await apply(noun, row, {}, {}, Edit(f"unpublish{noun.name}", held, doing, connection))
        return row

    return await altering(noun, entry_id, expected, {}, doing, act)


async def update_clinic(expected: int, said: Said, doing: Acting) -> Clinic:
    """Change the one clinic, or set it up where there is none."""
    whole = clinics.normal(said)
    clinic = await Clinic.first()
    if clinic is not None:
        done = await change(CLINIC, clinic.id, expected, whole, doing)
        row: Clinic = done.entry
        return row
    if not {"name", "syndication_terms"} <= whole.keys():
        raise NoClinicYet
    async with _writing():
        row = Clinic(**{CLINIC.column(name): value for name, value in whole.items()})
        await checking.check(CLINIC, await entries.said_by(CLINIC, row))
        await row.save()
        await _note("updateClinic", row.id, doing, None, await entries.snapshot(CLINIC, row))
    return row


@dataclass(frozen=True)
class Edit:
    """The verb that an edit is written down as, and the transaction that it is part of."""

    verb: str
    held: Collection[str]
    doing: Acting
    connection: BaseDBAsyncClient
    more: Mapping[str, Any] | None = None


async def apply(noun: Noun, row: Any, said: Said, beside: Mapping[str, Any], edit: Edit) -> None:  # noqa: ANN401
    """Write what is said of a locked entry, with all that follows for the articles that it reaches."""
    doing = edit.doing
    before = await noun.model.get(id=row.id)
    was, copied = await entries.snapshot(noun, before), bool(said.keys() & noun.copied)
    reached = await articles.reach(noun, uses.name_of(noun, before), edit.held, doing, texts=copied)
    await entries.write(noun, row, said, beside)
    if "slug" in said:
        await addresses.move(noun, row, before.slug)
    if copied:
        await articles.render_anew(reached)
    if noun.kind == "source" and "status" in said:
        await articles.settle_status(reached, doing)
    severity = Severity.SAFETY if said.keys() & noun.safety else Severity.ROUTINE
    written = await articles.changes(reached, doing, severity, _seen(noun, said, before, row))
    await _note(edit.verb, row.id, doing, was, await entries.snapshot(noun, row) | dict(edit.more or {}))
    await articles.tell(written, edit.connection)


def _seen(noun: Noun, said: Said, before: Any, row: Any) -> Collection[str]:  # noqa: ANN401 - as above
    """What readers see another of: nothing of an entry that was not public, and is not."""
    if not noun.is_publishable:
        return said.keys()
    if before.is_published != row.is_published:
        return {*said, "is_published"}
    return said.keys() if row.is_published else frozenset()


async def altering(  # noqa: PLR0917 - the entry, the edit, who does it, and the act itself
    noun: Noun, entry_id: str, expected: int | None, said: Said, doing: Acting, act: Act
) -> Any:  # noqa: ANN401 - as the act answers
    """Act on an entry in a transaction that holds the articles that name it, and then the entry."""
    await schedule.settle_due(doing.site)
    texts = bool(said.keys() & noun.copied)
    for _ in range(TRIES):
        try:
            async with _writing() as connection:
                seen = await noun.model.get_or_none(id=entry_id)
                held = await articles.lock(noun, uses.name_of(noun, seen), texts=texts) if seen else ()
                row = await entries.locked(noun, entry_id, expected)
                return await act(row, held, connection)
        except SomebodyPublished:
            continue
    refusal = Conflict()
    refusal.thing = entry_id
    raise refusal


async def derived(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept beside a body; nothing beside none."""
    if "body" not in said:
        return {}
    return {"rendering": vars(await rendering.derive(Document.parse(said["body"]))) if said["body"] else None}


@asynccontextmanager
async def _writing() -> AsyncIterator[BaseDBAsyncClient]:
    """A transaction; what the database refuses because somebody else was first is told as such."""
    try:
        async with in_transaction() as connection:
            yield connection
    except IntegrityError as error:
        said = str(error)
        if "foreign key" in said:
            raise InUse(
                "Something has just come to refer to this, or what it refers to is gone: read it again."
            ) from None
        if "slug" in said:
            raise SlugTaken(path=("slug",)) from None
        raise Conflict("Somebody has just saved something with the same key or identifier: look for it.") from None


async def _note(verb: str, thing: str, doing: Acting, before: Said | None, after: Said | None) -> None:
    await AuditEntry.create(actor=doing.actor, verb=verb, thing=thing, before=before, after=after)


def _empty(noun: Noun) -> Said:
    """Nothing said of anything."""
    return dict.fromkeys(noun.columns) | {name: [] for name in noun.rows}
