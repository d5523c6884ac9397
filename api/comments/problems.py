"""Problems that anybody may report, of an article or of a comment; each is answered within thirty days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tortoise.transactions import in_transaction

from api import ids
from api.accounts.viewer import ANONYMOUS
from api.articles import reading as articles
from api.audit import AuditEntry
from api.comments import abuse, forms, reading, texts
from api.comments.models import ProblemKind, ProblemOutcome, ProblemReport
from api.comments.submitting import ONE_BY_ONE, Door, NoSuchArticle, use
from api.errors import Invalid, NotFound, RateLimited, WrongStage

if TYPE_CHECKING:
    from api.accounts.viewer import Viewer

CLOCK: Final = timedelta(days=30)
MOST_OPEN: Final = 100
LONGEST_CONTACT: Final = 200


class EmptyReport(Invalid):
    """Say what the problem is."""


class LongReport(Invalid):
    """A report has up to 2,000 characters: shorten it."""


class LongContact(Invalid):
    """Give one way to reach you, in up to 200 characters."""


class CommentUnseen(NotFound):
    """There is no such comment below this article."""


class TooManyReports(RateLimited):
    """Many reports of this article wait to be read: telephone the clinic if it cannot wait."""


class NoSuchReport(NotFound):
    """There is no such report: it may have been erased."""


class ReportClosed(WrongStage):
    """This report is closed already."""


@dataclass(frozen=True)
class Reported:
    """What a report's form brings; `comment` when the problem is with a comment below the article."""

    article: str
    kind: ProblemKind
    body: str
    form_token: str
    comment: str | None = None
    contact: str = ""
    proof_of_work: str = ""
    website: str = ""


@dataclass(frozen=True)
class Admitted:
    """A report that may be kept: nothing of it is in the database yet."""

    row: ProblemReport
    address: str | None
    proof: forms.Proof | None
    today: abuse.Keys
    trapped: bool


async def admit(said: Reported, door: Door) -> Admitted:
    """Look at all that can be wrong with a report's form; nothing is counted yet."""
    now = datetime.now(UTC)
    body, contact = _text(said)
    proof = forms.prove(door.secret, said.proof_of_work, said.article) if said.proof_of_work.strip() else None
    forms.check(door.secret, said.form_token, said.article, now, proven=proof is not None)
    today = await abuse.keys(door.secret, now)
    row = ProblemReport(
        id=ids.problem(), article_id=said.article, comment_id=said.comment, kind=said.kind, body=body,
        contact=contact or None,
    )  # fmt: skip
    return Admitted(row, door.address, proof, today, trapped=bool(said.website.strip()))


async def keep(admitted: Admitted) -> str:
    """Count a report, and keep it for the clinic to look at; its id."""
    row, proven = admitted.row, admitted.proof is not None
    await abuse.fill("report", admitted.today, admitted.address, row.article_id, proven=proven)
    await _check_seen(row)
    async with in_transaction() as transaction:
        await transaction.execute_query(ONE_BY_ONE, [f"problems {row.article_id}"])
        if admitted.proof:
            await use(admitted.proof, transaction)
        if await ProblemReport.filter(article_id=row.article_id, closed_at=None).count() >= MOST_OPEN:
            raise TooManyReports(path=("article",))
        if not admitted.trapped:
            await row.save(force_create=True)
    return row.id


async def close(report_id: str, outcome: ProblemOutcome, viewer: Viewer) -> ProblemReport:
    """Say what became of a report; it is erased thirty days later."""
    async with in_transaction():
        row = await ProblemReport.select_for_update().get_or_none(id=report_id)
        if row is None:
            raise NoSuchReport(path=("id",))
        if row.closed_at is not None:
            raise ReportClosed(path=("id",))
        row.closed_at, row.outcome = datetime.now(UTC), outcome
        await row.save(update_fields=["closed_at", "outcome"])
        actor = viewer.member or "system"
        await AuditEntry.create(actor=actor, verb="closeProblemReport", thing=row.id, after={"outcome": outcome})
    return row


async def by_id(wanted: list[str], viewer: Viewer) -> dict[str, ProblemReport]:
    """Those of the reports that exist for the viewer: all for moderators, none for anybody else."""
    if not viewer.moderates:
        return {}
    return {row.id: row for row in await ProblemReport.filter(id__in=wanted)}


def _text(said: Reported) -> tuple[str, str]:
    body, contact = texts.plain(said.body), texts.one_line(said.contact)
    if not body:
        raise EmptyReport(path=("body",))
    if len(body) > texts.LONGEST_BODY:
        raise LongReport(path=("body",))
    if len(contact) > LONGEST_CONTACT:
        raise LongContact(path=("contact",))
    return body, contact


async def _check_seen(row: ProblemReport) -> None:
    if row.article_id not in await articles.by_id([row.article_id], ANONYMOUS):
        raise NoSuchArticle(path=("article",))
    if row.comment_id is None:
        return
    comment = (await reading.by_id([row.comment_id], ANONYMOUS)).get(row.comment_id)
    if comment is None or comment.article_id != row.article_id:
        raise CommentUnseen(path=("comment",))
