"""Rows by statements of ours are the objects that Tortoise makes of them, over whichever connection they come."""

import pytest
from tortoise.models import Model
from tortoise.transactions import in_transaction

from api import catalogue, rows
from api.accounts.viewer import ANONYMOUS
from api.articles.models import Correction, RevisionCondition
from api.clinic import Clinic, Disclaimer
from api.conditions import CareAdvice, Condition, ConditionCode
from api.evidence.models import Source, SourceFinding
from api.media.models import MediaAsset
from api.practitioners import Credential, Practitioner
from api.readers import PARTS, Readers, instead
from api.sql import Sql, asking, read, sql
from api.statements import EvidenceStatement
from api.treatments import AdverseOutcome, Treatment
from tests import builders

ENTRIES: list[type[Model]] = [Clinic, Disclaimer, Condition, Treatment, Practitioner, Source, MediaAsset]
BELOW: list[type[Model]] = [CareAdvice, ConditionCode, SourceFinding, Credential, AdverseOutcome, Correction]


@pytest.fixture
async def readers(database):
    """Connections that only read, by which the test asks from here on."""
    readers = Readers(database, settings=PARTS)
    await readers.open()
    asking.set(readers.rows)
    yield readers
    asking.set(None)
    await readers.close()


def of(row: Model) -> dict[str, object]:
    """What a row holds, by its columns."""
    return {name: getattr(row, name) for name in row._meta.fields_db_projection}


def kinds(row: Model) -> dict[str, type]:
    """Of what type each of them is."""
    return {name: type(value) for name, value in of(row).items()}


async def test_a_row_is_the_object_that_tortoise_makes_of_it(sample):
    for model in [*ENTRIES, *BELOW, EvidenceStatement]:
        expected = await model.all().order_by("id")
        found = await rows.those(model, Sql("ORDER BY id"))

        assert [of(row) for row in found] == [of(row) for row in expected]
        assert [kinds(row) for row in found] == [kinds(row) for row in expected]
        assert found or model is Correction


async def test_a_row_can_be_changed_and_saved(database):
    made = await builders.condition("Neck pain")
    (found,) = await rows.those(Condition, sql("WHERE id = ?", made.id))

    found.summary = "Another."
    found.rendering = {"html": "<p>Another.</p>"}
    await found.save()

    (again,) = await rows.those(Condition, sql("WHERE id = ?", made.id))
    assert (again.summary, again.rendering, again.body) == ("Another.", {"html": "<p>Another.</p>"}, None)
    assert (await Condition.get(id=made.id)).rendering == {"html": "<p>Another.</p>"}


async def test_a_column_of_json_that_was_not_loaded_is_no_attribute(database):
    await rows.those(Condition, Sql("LIMIT 0"))

    with pytest.raises(AttributeError, match="Condition has no rendering"):
        _ = Condition.rendering


async def test_what_is_read_within_a_transaction_is_read_on_its_connection(readers):
    async with in_transaction():
        made = await builders.condition("Neck pain")
        inside = await catalogue.by_id(Condition, [made.id], ANONYMOUS)
        beside = await readers.rows("SELECT id FROM condition", [])

    assert list(inside) == [made.id]
    assert beside == []
    assert list(await catalogue.by_id(Condition, [made.id], ANONYMOUS)) == [made.id]


async def test_a_statement_over_a_table_that_has_changed_is_prepared_anew(readers):
    await builders.condition("Neck pain")
    query = Sql("SELECT position FROM revision_condition")
    assert list(await read(query)) == []

    async with in_transaction() as connection:
        await connection.execute_query("ALTER TABLE revision_condition ALTER COLUMN position TYPE bigint")

    assert list(await read(query)) == []
    assert await RevisionCondition.all().count() == 0


async def test_connections_that_read_write_nothing(readers):
    with pytest.raises(Exception, match="read-only"):
        await read(Sql("DELETE FROM condition RETURNING id"))


async def test_of_another_servers_readers_those_with_the_same_settings_are_asked(readers, database):
    wholes, parts = Readers(database), Readers(database, settings=PARTS)
    await wholes.open()
    await parts.open()
    query = Sql("SELECT pg_backend_pid() AS who, current_setting('plan_cache_mode') AS planned")

    (own,) = await read(query)
    with instead(wholes, parts):
        (other,) = await read(query)
    (asked,) = await parts.rows(query.text, [])
    await wholes.close()
    await parts.close()

    assert (own["planned"], other["planned"]) == ("auto", "auto")
    assert other["who"] == asked["who"] != own["who"]
