"""What moderators do with comments, one or many at once; the audit log tells what was decided, never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise.transactions import in_transaction

from api import erasures
from api.audit import AuditEntry
from api.comments import learning, texts
from api.comments.erasing import NoSuchComment
from api.comments.models import Comment, CommentSketch, CommentStatus, Rejection
from api.errors import ErrorPolicy, Invalid, Refused, WrongStage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.accounts.viewer import Viewer
    from api.comments.learning import Taught

MOST: Final = 100


class ModerationAct(StrEnum):
    """What is done with a comment."""

    APPROVE = "APPROVE"
    APPROVE_REDACTED = "APPROVE_REDACTED"
    REJECT = "REJECT"
    REMOVE = "REMOVE"
    MARK_AS_SPAM = "MARK_AS_SPAM"


STARTS: Final = {
    ModerationAct.APPROVE: frozenset(CommentStatus) - {CommentStatus.APPROVED},
    ModerationAct.APPROVE_REDACTED: frozenset(CommentStatus),
    ModerationAct.REJECT: frozenset({CommentStatus.PENDING, CommentStatus.SPAM}),
    ModerationAct.REMOVE: frozenset({CommentStatus.APPROVED}),
    ModerationAct.MARK_AS_SPAM: frozenset({CommentStatus.PENDING}),
}
ENDS: Final = {
    ModerationAct.APPROVE: CommentStatus.APPROVED,
    ModerationAct.APPROVE_REDACTED: CommentStatus.APPROVED,
    ModerationAct.REJECT: CommentStatus.REJECTED,
    ModerationAct.REMOVE: CommentStatus.REMOVED,
    ModerationAct.MARK_AS_SPAM: CommentStatus.SPAM,
}
"""From where each act may start, and where it leads."""
WITH_REASON: Final = frozenset({ModerationAct.REJECT, ModerationAct.REMOVE})


class TooMany(Invalid):
    """Decide on 1 to 100 comments at once."""


class Twice(Invalid):
    """Name each comment once."""


class NeedsReason(Invalid):
    """Say why: choose one of the reasons."""


class NeedsText(Invalid):
    """Give what is to be shown in place of the original, 1 to 2,000 characters."""


class AlreadyDecided(WrongStage):
    """Somebody has decided on this comment since you read it: look at it again."""


@dataclass(frozen=True)
class Decision:
    """What is to be done with one comment. `body` and `display_name` are for APPROVE_REDACTED."""

    id: str
    act: ModerationAct
    reason: Rejection | None = None
    body: str | None = None
    display_name: str | None = None


@dataclass(frozen=True)
class Result:
    """What became of one comment: done, refused, or (with REJECT_EVERYTHING) left alone for the sake of others."""

    id: str
    is_done: bool
    refusal: Refused | None = None
    taught: Taught | None = None
    """What a comment taught whose words were replaced."""


class _Rejected(Exception):  # noqa: N818 - it only ends the transaction
    def __init__(self, results: list[Result]) -> None:
        self.results = results


async def moderate(decisions: Sequence[Decision], policy: ErrorPolicy, viewer: Viewer, secret: str) -> list[Result]:
    """Decide on each comment; the results stand in the order of what was wanted."""
    if not 1 <= len(decisions) <= MOST:
        raise TooMany(path=("items",))
    named = [one.id for one in decisions]
    if len(set(named)) < len(named):
        again = next(place for place, key in enumerate(named) if key in named[:place])
        raise Twice(path=("items", again, "id"))
    try:
        async with in_transaction():
            results = [await _decide(one, viewer) for one in sorted(decisions, key=lambda one: one.id)]
            _check(results, policy)
            await learning.take_back([result.taught for result in results], secret)
            await erasures.note([one.id for one in decisions if one.act is ModerationAct.APPROVE_REDACTED])
    except _Rejected as rejected:
        results = rejected.results
    found = {result.id: result for result in results}
    return [found[key] for key in named]


def _check(results: list[Result], policy: ErrorPolicy) -> None:
    if policy is ErrorPolicy.REJECT_EVERYTHING and any(result.refusal for result in results):
        raise _Rejected([Result(one.id, is_done=False, refusal=one.refusal) for one in results])


async def _decide(decision: Decision, viewer: Viewer) -> Result:
    """One decision in its turn; what is refused has written nothing."""
    try:
        taught = await _apply(decision, viewer)
    except Refused as refusal:
        return Result(decision.id, is_done=False, refusal=refusal)
    return Result(decision.id, is_done=True, taught=taught)


async def _apply(decision: Decision, viewer: Viewer) -> Taught | None:
    act = decision.act
    if act in WITH_REASON and decision.reason is None:
        raise NeedsReason(path=("reason",))
    comment = await Comment.select_for_update().get_or_none(id=decision.id)
    if comment is None:
        raise NoSuchComment(path=("id",))
    if comment.status not in STARTS[act]:
        raise AlreadyDecided(f"This comment is {comment.status}: look at it again.", path=("id",))
    before, taught = comment.status, None
    if act is ModerationAct.APPROVE_REDACTED:
        taught = learning.taught_by(comment)
        await _redact(comment, decision)
    comment.status, comment.decided_at = ENDS[act], datetime.now(UTC)
    comment.reason = decision.reason if act in WITH_REASON else None
    await comment.save()
    after = {"status": comment.status, "reason": comment.reason, "redacted": comment.is_redacted}
    actor = viewer.member or "system"
    await AuditEntry.create(
        actor=actor, verb="moderateComments", thing=comment.id, before={"status": before}, after=after
    )
    if act is ModerationAct.APPROVE_REDACTED:
        await AuditEntry.create(actor=actor, verb=erasures.ORIGINAL, thing=comment.id)
    return taught


async def _redact(comment: Comment, decision: Decision) -> None:
    """Put other words in place of the original, which is kept nowhere."""
    body = texts.plain(decision.body or "")
    name = texts.one_line(decision.display_name) if decision.display_name is not None else comment.display_name
    if not 1 <= len(body) <= texts.LONGEST_BODY:
        raise NeedsText(path=("body",))
    if not 1 <= len(name) <= texts.LONGEST_NAME:
        raise NeedsText("Give a name to show, 1 to 60 characters.", path=("display_name",))
    comment.body, comment.display_name, comment.is_redacted, comment.flags = body, name, True, []
    comment.score = comment.lesson = comment.lesson_of = None
    await CommentSketch.filter(comment_id=comment.id).delete()
