"""What waits is told by mail: to whom it concerns, once, and with nothing in the subject that tells of health."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from api import letters
from api.accounts.models import Member
from api.accounts.viewer import Role
from api.articles.models import Article, Stage
from api.audit import AuditEntry
from api.background import duties
from api.evidence.enums import SourceStatus
from api.evidence.models import Source
from api.letters import Told
from api.mail import Letter
from api.publishing.models import Proposal
from api.settings import MailServer, Settings
from api.sql import Sql, rows
from tests import builders
from tests.asking import SITE
from tests.builders import ago, ahead

pytestmark = pytest.mark.usefixtures("database")


async def member(*roles: Role, **said: Any) -> Member:
    return await builders.member(*roles, **{"password_digest": "x"} | said)


async def reviewer(name: str = "Bo Lin") -> Member:
    return await member(Role.REVIEWER, practitioner_id=(await builders.practitioner(name)).id)


async def written() -> list[tuple[str, str]]:
    """Who was written to since the last time, under which subject."""
    await letters.write(SITE)
    rows = [(row.recipient, row.subject) for row in await Letter.all().order_by("id")]
    await Letter.all().delete()
    return sorted(rows)


async def in_review(title: str = "Sleep", **said: Any) -> Article:
    article = await builders.draft(title, **said)
    await Article.filter(id=article.id).update(stage=Stage.IN_REVIEW)
    await AuditEntry.create(actor="mbr_1", verb="submitArticle", thing=article.id)
    return article


async def test_reviewers_are_asked_and_nobody_else():
    clinician = await reviewer()
    await member(Role.EDITOR)
    await member(Role.REVIEWER)  # no practitioner: may not decide
    await member(Role.REVIEWER, practitioner_id=clinician.practitioner_id, disabled_at=ago())
    await member(Role.REVIEWER, practitioner_id=clinician.practitioner_id, password_digest=None)
    await in_review()
    assert await written() == [(clinician.email, "A review is asked of you")]
    assert await written() == []


async def test_nobody_is_asked_to_review_what_they_wrote():
    clinician = await reviewer()
    mine = await in_review(by=clinician)
    ada = await builders.practitioner("Ada Reed")
    author = await member(Role.REVIEWER, practitioner_id=ada.id)
    hers = await in_review("Rest", authors=[ada])
    await letters.write(SITE)
    texts = {row.recipient: row.text for row in await Letter.all()}
    assert texts.keys() == {clinician.email, author.email}
    assert hers.slug in texts[clinician.email]
    assert mine.slug not in texts[clinician.email]
    assert mine.slug in texts[author.email]
    assert hers.slug not in texts[author.email]


async def test_a_text_that_is_submitted_again_is_told_again():
    clinician = await reviewer()
    article = await in_review()
    assert await written() == [(clinician.email, "A review is asked of you")]
    await AuditEntry.create(actor="mbr_1", verb="submitArticle", thing=article.id)
    assert await written() == [(clinician.email, "A review is asked of you")]


async def test_a_proposal_is_told_to_reviewers_who_did_not_make_it():
    clinician, other = await reviewer(), await reviewer("Ada Reed")
    neck = await builders.condition()
    await Proposal.create(thing=neck.id, thing_version=1, changes={}, proposed_by_id=clinician.id)
    assert await written() == [(other.email, "A review is asked of you")]


async def test_editors_are_told_of_reviews_that_are_due_and_overdue():
    editor, admin = await member(Role.EDITOR), await member(Role.ADMIN)
    await reviewer()
    for days in (-2, 10, 300):
        article = await builders.live(f"In {days} days")
        by = await builders.practitioner()
        await builders.review(article, by, next_review_due=ahead(days=days).date())
    subjects = ["A review is due within 30 days", "A review is overdue"]
    assert await written() == sorted((one.email, subject) for one in (editor, admin) for subject in subjects)
    assert await written() == []


async def test_each_source_that_is_retracted_is_told_and_one_letter_holds_what_came_together():
    editor = await member(Role.EDITOR)
    await builders.source("irnich2001")
    await builders.source("fu2009")
    for title in ("Neck pain", "Sore necks"):
        await builders.live(title, "As shown [@irnich2001; @fu2009].")
    assert await written() == []
    await Source.filter(key="irnich2001").update(status=SourceStatus.RETRACTED)
    subject = "The status of a cited source has changed (2)"
    assert await written() == [(editor.email, subject)]
    await Source.filter(key="fu2009").update(status=SourceStatus.RETRACTED)
    assert await written() == [(editor.email, subject)]
    assert await written() == []


async def test_a_subject_tells_nothing_of_health_and_a_text_gives_addresses():
    await member(Role.EDITOR)
    await reviewer()
    await builders.source("irnich2001", status=SourceStatus.RETRACTED)
    article = await builders.live("Neck pain and sadness", "As shown [@irnich2001].")
    await builders.review(article, await builders.practitioner(), next_review_due=ago(days=3).date())
    await in_review("Sadness")
    await letters.write(SITE)
    found = await Letter.all()
    assert {row.subject for row in found} == {
        "A review is asked of you", "A review is overdue", "The status of a cited source has changed",
    }  # fmt: skip
    overdue = next(row for row in found if row.subject == "A review is overdue")
    assert overdue.text == (
        "The review of this is overdue, and readers are told so:\n\n"
        f"  {SITE}/articles/{article.slug}\n\nYour worklist has all of it. {SITE}\n"
    )


async def test_several_workers_tell_each_thing_once():
    for number in range(3):
        await member(Role.EDITOR, email=f"editor{number}@clinic.example")
    await builders.source("irnich2001", status=SourceStatus.RETRACTED)
    await builders.live("Neck pain", "As shown [@irnich2001].")
    assert sum(await asyncio.gather(*(letters.write(SITE) for _ in range(4)))) == 3
    assert await Letter.all().count() == await Told.all().count() == 3


async def test_what_was_told_and_its_letter_stand_or_fall_together():
    editor = await member(Role.EDITOR)
    await builders.source("irnich2001", status=SourceStatus.RETRACTED)
    await builders.live("Neck pain", "As shown [@irnich2001].")

    await rows(Sql("ALTER TABLE letter ADD CONSTRAINT full_up CHECK (FALSE)"))
    with pytest.raises(IntegrityError):
        await letters.write(SITE)
    await rows(Sql("ALTER TABLE letter DROP CONSTRAINT full_up"))
    assert await Told.all().count() == 0
    assert await written() == [(editor.email, "The status of a cited source has changed")]


async def test_the_worker_writes_letters_only_where_there_is_a_server(tmp_path):
    plain = Settings(data_dir=tmp_path, secret_key="s" * 40)
    served = Settings(data_dir=tmp_path, secret_key="s" * 40, mail=MailServer("127.0.0.1", 25, "desk@clinic.example"))
    more = {duty.name for duty in duties(served)} - {duty.name for duty in duties(plain)}
    assert more == {"letters_written", "letters_sent"}


async def test_what_was_told_is_forgotten_after_a_year():
    editor = await member(Role.EDITOR)
    await Told.create(member=editor, about="a", at=ago(days=401))
    await Told.create(member=editor, about="b", at=ago(days=399))
    assert await letters.forget(builders.NOW + timedelta()) == 1
    assert await Told.all().values_list("about", flat=True) == ["b"]
