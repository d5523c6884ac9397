"""Publishing many articles at once: all of them or none, or as many as can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api.articles.models import Article
from api.changes import record
from api.errors import ErrorPolicy, Forbidden, Invalid, Refused
from api.publishing import workflow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tortoise.backends.base.client import TransactionalDBClient

    from api.changes import Change
    from api.publishing.acting import Acting

MOST = 100


class TooMany(Invalid):
    """Publish 1 to 100 articles at once."""


class Twice(Invalid):
    """Name each article once."""


@dataclass(frozen=True)
class Wanted:
    """An article, and the version that its editor has read."""

    id: str
    expected_version: int


@dataclass(frozen=True)
class Result:
    """What became of one article: live, refused, or (with REJECT_EVERYTHING) left alone for the sake of others."""

    id: str
    is_published: bool
    refusal: Refused | None = None


class _Rejected(Exception):  # noqa: N818 - it only ends the transaction
    def __init__(self, results: list[Result]) -> None:
        self.results = results


async def publish(wanted: Sequence[Wanted], policy: ErrorPolicy, doing: Acting) -> list[Result]:
    """Publish each article; the results stand in the order of what was wanted."""
    if not 1 <= len(wanted) <= MOST:
        raise TooMany(path=("items",))
    named = [one.id for one in wanted]
    if len(set(named)) < len(named):
        again = next(place for place, key in enumerate(named) if key in named[:place])
        raise Twice(path=("items", again, "id"))
    if policy is ErrorPolicy.IGNORE_FAILED:
        return [await _alone(one, doing) for one in wanted]
    return await _together(wanted, doing)


async def _alone(one: Wanted, doing: Acting) -> Result:
    try:
        await workflow.publish(one.id, one.expected_version, doing)
    except Forbidden:
        raise
    except Refused as refusal:
        return Result(one.id, is_published=False, refusal=refusal)
    return Result(one.id, is_published=True)


async def _together(wanted: Sequence[Wanted], doing: Acting) -> list[Result]:
    """All in one transaction, locked in the order of their ids, so that two such calls cannot block each other."""
    try:
        async with in_transaction() as transaction:
            results = await _all(wanted, doing, transaction)
    except _Rejected as rejected:
        return rejected.results
    return results


async def _all(wanted: Sequence[Wanted], doing: Acting, transaction: TransactionalDBClient) -> list[Result]:
    changes: list[Change] = []
    results: dict[str, Result] = {}
    # All articles before any entry that they name, as an edit of the catalogue locks them.
    await Article.filter(id__in=[one.id for one in wanted]).order_by("id").select_for_update()
    for one in sorted(wanted, key=lambda each: each.id):
        try:
            _, change = await workflow.publishing(one.id, one.expected_version, doing)
        except Forbidden:
            raise
        except Refused as refusal:
            results[one.id] = Result(one.id, is_published=False, refusal=refusal)
            continue
        changes.append(change)
        results[one.id] = Result(one.id, is_published=True)
    if any(result.refusal for result in results.values()):
        raise _Rejected([Result(one.id, is_published=False, refusal=results[one.id].refusal) for one in wanted])
    for change in changes:  # last, and together: nothing slow may follow the first
        await record(change, transaction)
    return [results[one.id] for one in wanted]
