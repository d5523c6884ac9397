"""The clinic's reply to a comment, and the warning before it tells everybody that somebody is a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tortoise.transactions import in_transaction

from api.audit import AuditEntry
from api.comments import texts
from api.comments.erasing import NoSuchComment
from api.comments.flags import personal
from api.comments.models import Comment, CommentStatus
from api.errors import Invalid, WrongStage
from api.gate.lexicon import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.accounts.viewer import Viewer

LONGEST: Final = 2_000
CONFIRMS: Final = pattern(
    (
        "your (?:last |next |first |recent )?(?:appointment|visit|session|treatment|consultation|course|booking)*",
        "your (?:notes|file|record|records|results|practitioner|therapist|acupuncturist)",
        "(?:when|since|after|before) you (?:came|come|were|saw|visited|booked|left)",
        "(?:see|seeing|treat|treating|treated|saw|met|meeting|welcom*) you (?:again|last|here|at|in|on|next|back)",
        "as (?:we|you and i|i) (?:discussed|said|agreed|talked|told|explained)", "as you know from",
        "(?:our|a|my) (?:loyal |long-standing |valued )?(?:patient|client) of (?:ours|mine)",
        "you (?:are|were) (?:a|our) patient",
        "(?:good|lovely|glad|pleased|happy|great|nice) to (?:see|meet|have|treat|hear from) you",
        "thank you for (?:coming|visiting|choosing|your visit|your custom|being)",
        "how (?:is|are) your (?:neck|back|head|knee|shoulder|pain|migraine|headache|hip)*",
        "we (?:have )?(?:treated|saw|seen|helped) you",
        "your (?:neck|back|head|knee|shoulder|pain|migraine|headache|hip)*",
    )
)  # fmt: skip


class NothingToReplyTo(WrongStage):
    """Only a comment that readers see can be replied to: approve it first."""


class LongReply(Invalid):
    """A reply has 1 to 2,000 characters."""


class NotYetWeighed(Invalid):
    """This reply may tell everybody something about a patient: reword it, or send it again with acceptWarnings."""


@dataclass(frozen=True)
class ReplyWarning:
    """What a reply seems to give away, and the words that do it."""

    message: str
    excerpt: str


def lint(text: str) -> tuple[ReplyWarning, ...]:
    """What should be weighed before this stands under somebody's comment."""
    return tuple(_warnings(text))


def _warnings(text: str) -> Iterator[ReplyWarning]:
    straight = " ".join(text.replace("’", "'").split())
    found = CONFIRMS.search(straight)
    if found:
        told = (
            "This seems to confirm that the writer is or was a patient, or to speak of their health: "
            "answer for everybody, as if you had never met."
        )
        yield ReplyWarning(told, found[0])
    if personal.has_nhs_number(straight) or personal.has_date_of_birth(straight):
        yield ReplyWarning("This seems to hold somebody's personal data.", "")


async def reply(
    comment_id: str, text: str | None, viewer: Viewer, *, accept_warnings: bool = False
) -> tuple[Comment, tuple[ReplyWarning, ...]]:
    """Set the reply, or take it back with no text; refused while a warning is not accepted."""
    body = texts.plain(text) if text is not None else None
    if body is not None and not 1 <= len(body) <= LONGEST:
        raise LongReply(path=("body",))
    warnings = lint(body) if body else ()
    if warnings and not accept_warnings:
        raise NotYetWeighed(f"{warnings[0].message} Then send it again, or with acceptWarnings.", path=("body",))
    async with in_transaction():
        comment = await Comment.select_for_update().get_or_none(id=comment_id)
        if comment is None:
            raise NoSuchComment(path=("id",))
        if comment.status is not CommentStatus.APPROVED:
            raise NothingToReplyTo(path=("id",))
        said = {"reply": body, "replied_at": datetime.now(UTC) if body else None}
        await comment.update_from_dict(said).save(update_fields=list(said))
        after = {"replied": body is not None, "warningsAccepted": len(warnings)}
        await AuditEntry.create(actor=viewer.member or "system", verb="replyToComment", thing=comment.id, after=after)
    return comment, warnings
