"""What was once shown to readers stays as it was, whoever asks the database to change it."""

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from api.accounts.models import Member
from api.articles.models import (
    Revision,
    RevisionAuthor,
    RevisionCitation,
    RevisionCondition,
    RevisionDisclaimer,
    RevisionTreatment,
)
from api.audit import AuditEntry
from api.sql import Sql, rows
from tests import builders

RELATIONS = (RevisionAuthor, RevisionCondition, RevisionTreatment, RevisionDisclaimer, RevisionCitation)
REFUSED = (IntegrityError, OperationalError)
STATEMENTS = [
    "UPDATE revision SET title = 'Other'",
    "UPDATE revision SET body = '{}'",
    "UPDATE revision SET frozen_at = NULL",
    "UPDATE revision SET frozen_at = now()",
    "UPDATE revision SET content_hash = repeat('0', 64)",
    "UPDATE revision SET created_by_id = NULL, title = 'Other'",
    "DELETE FROM revision",
    "DELETE FROM article",
    "TRUNCATE revision CASCADE",
    "TRUNCATE article CASCADE",
    *(f"DELETE FROM {model._meta.db_table}" for model in RELATIONS),
    *(f"TRUNCATE {model._meta.db_table}" for model in RELATIONS),
    "UPDATE revision_author SET position = 9",
    "UPDATE revision_citation SET number = 9",
    "UPDATE revision_condition SET revision_id = revision_id",
    "INSERT INTO revision_citation (revision_id, key, number) SELECT id, 'new2026', 2 FROM revision",
]


async def related(maker=builders.live):
    """An article with one of each relation, and the id of its one revision."""
    await builders.source("irnich2001")
    article = await maker(
        body="As shown [@irnich2001].",
        authors=[await builders.practitioner()],
        conditions=[await builders.condition()],
        treatments=[await builders.treatment()],
        disclaimers=[await builders.disclaimer()],
    )
    return article, article.live_id or article.draft_id


async def snapshot() -> list[object]:
    tables = ("revision", *(model._meta.db_table for model in RELATIONS))
    return [await rows(Sql(f"SELECT * FROM {table} ORDER BY id")) for table in tables]


async def test_no_statement_changes_a_frozen_revision(database):
    await related()
    before = await snapshot()
    for statement in STATEMENTS:
        with pytest.raises(REFUSED, match=r"A frozen .* never changes; save a new one"):
            await rows(Sql(statement))
        assert await snapshot() == before, statement


async def test_no_row_is_moved_into_or_out_of_a_frozen_revision(database):
    _article, frozen = await related()
    other = await builders.draft("Other", authors=[await builders.practitioner("Bo Lin")])
    before = await snapshot()
    for statement in (
        f"UPDATE revision_author SET revision_id = '{frozen}' WHERE revision_id = '{other.draft_id}'",
        f"UPDATE revision_author SET revision_id = '{other.draft_id}' WHERE revision_id = '{frozen}'",
    ):
        with pytest.raises(REFUSED, match="A frozen revision never changes"):
            await rows(Sql(statement))
    assert await snapshot() == before


async def test_tortoise_changes_no_frozen_revision_either(database):
    _article, frozen = await related()
    before = await snapshot()
    revision = await Revision.get(id=frozen)
    revision.title = "Other"
    for act in (
        revision.save,
        revision.delete,
        lambda: Revision.filter(id=frozen).update(summary="Other"),
        lambda: Revision.filter(id=frozen).delete(),
        lambda: RevisionAuthor.filter(revision_id=frozen).delete(),
        lambda: RevisionCitation.create(revision_id=frozen, key="new2026", number=2),
    ):
        with pytest.raises(REFUSED, match="A frozen revision never changes"):
            await act()
    assert await snapshot() == before


async def test_an_open_revision_is_written_in_place(database):
    _article, opened = await related(builders.draft)
    await Revision.filter(id=opened).update(title="Other")
    await RevisionAuthor.filter(revision_id=opened).delete()
    assert (await Revision.get(id=opened)).title == "Other"
    assert await RevisionAuthor.all().count() == 0


async def test_who_saved_a_frozen_revision_can_be_erased_and_nothing_else_of_it(database):
    member = await builders.member()
    article = await builders.live(by=member)
    before = await Revision.get(id=article.live_id)
    await Member.filter(id=member.id).delete()
    after = await Revision.get(id=article.live_id)
    assert (before.created_by_id, after.created_by_id) == (member.id, None)
    assert {**dict(before), "created_by_id": None} == dict(after)


async def test_the_audit_log_only_grows(database):
    entry = await AuditEntry.create(actor="mbr_1", verb="publish", thing="art_1")
    entry.verb = "nothing"
    for act in (entry.save, entry.delete, lambda: rows(Sql("TRUNCATE audit_entry"))):
        with pytest.raises(REFUSED, match="A frozen audit_entry never changes"):
            await act()
    assert (await AuditEntry.get(id=entry.id)).verb == "publish"
