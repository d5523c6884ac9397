"""Letting a finding pass: who may, on what, why, and until when. What is structural nobody may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tortoise.transactions import in_transaction

from api import gate, ids
from api.accounts.viewer import Role
from api.articles.models import Revision
from api.errors import Invalid, NotFound, WrongStage
from api.publishing import gathering
from api.publishing.acting import Acting, close, locked
from api.publishing.models import Waiver

if TYPE_CHECKING:
    from datetime import date

    from api.articles.models import Article

LONGEST_DAYS = 3 * 366


class NothingToWaive(WrongStage):
    """The article has neither a draft nor a live revision."""


class NoSuchFinding(NotFound):
    """The gate finds no such thing now: read the report again."""


class OfTheCatalogue(Invalid):
    """Findings on entries of the catalogue cannot be waived: mend the words in question."""


class NotAhead(Invalid):
    """A waiver holds until a day that lies ahead, at most three years away."""


@dataclass(frozen=True)
class Waiving:
    """The finding that is to pass, by rule and fingerprint, the reason, and the last day on which that holds."""

    rule: str
    fingerprint: str
    why: str
    until: date


async def waive(article_id: str, expected: int | None, said: Waiving, doing: Acting) -> Article:
    """Let a finding of the draft, else of what is live, pass."""
    if ids.kind_of(article_id) not in {"article", ""}:
        raise OfTheCatalogue(path=("article",))
    async with in_transaction():
        article = await locked(article_id, doing, expected, deciding=True)
        revision = await Revision.get_or_none(id=article.draft_id or article.live_id)
        if revision is None:
            raise NothingToWaive
        await _check(article, revision, said, doing)
        kept = {"member_id": doing.viewer.member, "reason": said.why.strip(), "until": said.until}
        await Waiver.update_or_create(
            defaults=kept, article_id=article.id, rule=said.rule, fingerprint=said.fingerprint
        )
        told = {"rule": said.rule, "fingerprint": said.fingerprint, "why": said.why, "until": said.until.isoformat()}
        await close(article, "waiveFinding", doing, told)
    return article


async def _check(article: Article, revision: Revision, said: Waiving, doing: Acting) -> None:
    if not 0 <= (said.until - doing.at.date()).days <= LONGEST_DAYS:
        raise NotAhead(path=("until",))
    gated = await gathering.gathered(article, revision, doing.at)
    report = gate.run(gated, gate.for_jurisdiction(gated.clinic.jurisdiction))
    found = [one for one in report.findings if (one.rule, one.fingerprint) == (said.rule, said.fingerprint)]
    if not found:
        raise NoSuchFinding(path=("fingerprint",))
    who = doing.viewer.practitioner
    waiver = gate.Waiver(rule=said.rule, fingerprint=said.fingerprint, who=who or "", why=said.why, until=said.until)
    gate.check_waiver(found[0], waiver, gated, is_reviewer=Role.REVIEWER in doing.viewer.roles and who is not None)
