import asyncio
import re
from pathlib import Path

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.exceptions import OperationalError
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.transactions import in_transaction

from api import database as db
from api.errors import Invalid
from api.sql import Sql, rows, sql
from tests import builders

ROOT = Path(__file__).parents[2]
LEFT_BEHIND = """
SELECT coalesce(current_setting('meridian.erasing', true), '') AS erasing,
       current_setting('lock_timeout') AS lock_timeout,
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
       pg_current_xact_id_if_assigned() IS NOT NULL AS open
"""
PLAIN_COLUMNS = {"search_vector"}  # of the database's own making

# What each named check refuses: one statement that would break it and nothing else.
BROKEN = {
    "article_slug_is_plain": "UPDATE article SET slug = 'Two words'",
    "article_version_counts_up": "UPDATE article SET version = 0",
    "article_kind_is_known": "UPDATE article SET kind = 'OPINION'",
    "article_comment_policy_is_known": "UPDATE article SET comment_policy = 'MAYBE'",
    "article_stage_goes_with_draft": "UPDATE article SET stage = 'DRAFT' WHERE draft_id IS NULL",
    "article_stage_is_known": "UPDATE article SET stage = 'LOST' WHERE draft_id IS NOT NULL",
    "article_schedule_goes_with_stage": "UPDATE article SET scheduled_for = now()",
    "article_is_live_or_unpublished": "UPDATE article SET unpublished_kind = 'GONE', unpublished_at = now() "
    "WHERE live_id IS NOT NULL",
    "article_unpublishing_is_whole": "UPDATE article SET unpublished_kind = 'GONE' WHERE live_id IS NULL",
    "article_live_has_a_date": "UPDATE article SET first_published_at = NULL",
    "article_live_is_its_own": "UPDATE article SET live_id = (SELECT id FROM revision other "
    "WHERE other.article_id <> article.id) WHERE live_id IS NOT NULL",
    "article_draft_is_its_own": "UPDATE article SET draft_id = (SELECT id FROM revision other "
    "WHERE other.article_id <> article.id) WHERE draft_id IS NOT NULL",
    "revision_number_counts_up": "UPDATE revision SET number = 0 WHERE frozen_at IS NULL",
    "revision_has_a_title": "UPDATE revision SET title = ' ' WHERE frozen_at IS NULL",
    "revision_update_type_is_known": "UPDATE revision SET update_type = 'TINY' WHERE frozen_at IS NULL",
    "revision_is_frozen": "UPDATE revision SET title = 'Other' WHERE frozen_at IS NOT NULL",
    "revision_author_is_frozen": "TRUNCATE revision_author",
    "revision_condition_is_frozen": "TRUNCATE revision_condition",
    "revision_treatment_is_frozen": "TRUNCATE revision_treatment",
    "revision_disclaimer_is_frozen": "TRUNCATE revision_disclaimer",
    "revision_citation_is_frozen": "TRUNCATE revision_citation",
    "audit_entry_is_frozen": "UPDATE audit_entry SET verb = 'other'",
    "condition_slug_is_plain": "UPDATE condition SET slug = '-neck'",
    "condition_is_not_its_own_parent": "UPDATE condition SET parent_id = id",
    "treatment_slug_is_plain": "UPDATE treatment SET slug = 'neck-'",
    "practitioner_slug_is_plain": "UPDATE practitioner SET slug = 'Ada'",
    "credential_dates_are_in_order": "INSERT INTO credential "
    "(practitioner_id, position, kind, name, valid_from, valid_until) "
    "SELECT id, 0, 'LICENCE', 'x', '2026-01-02', '2026-01-01' FROM practitioner",
    "care_advice_level_is_known": "UPDATE care_advice SET level = 'SOON'",
    "source_key_is_plain": "UPDATE source SET key = 'Irnich 2001'",
    "source_doi_is_plain": "UPDATE source SET doi = 'doi:10.1/x'",
    "source_pmid_is_plain": "UPDATE source SET pmid = '012'",
    "source_is_not_its_own_successor": "UPDATE source SET superseded_by_id = id",
    "evidence_statement_is_short": "UPDATE evidence_statement SET summary = repeat('word ', 41)",
    "media_asset_has_words": "UPDATE media_asset SET alt = ' '",
    "clinic_is_the_only_one": "UPDATE clinic SET singleton = false",
    "clinic_review_interval_is_sensible": "UPDATE clinic SET review_interval_months = 0",
    "view_count_is_of_somebody": "INSERT INTO view_count (article_id, day, views) "
    "SELECT id, '2026-01-02', 0 FROM article",
    "comment_status_is_known": "UPDATE comment SET status = 'LIKED'",
    "comment_says_something": "UPDATE comment SET body = ' '",
    "comment_reason_is_known": "UPDATE comment SET reason = 'DULL'",
    "comment_reply_has_a_date": "UPDATE comment SET reply = 'Yes.', replied_at = NULL",
    "comment_lesson_is_known": "UPDATE comment SET lesson = 'MAYBE', lesson_of = '2026Q4-0'",
    "comment_lesson_is_whole": "UPDATE comment SET lesson = 'SHOWN'",
    "comment_score_is_sensible": "UPDATE comment SET score = 0",
    "comment_word_bucket_is_one_of_few": "INSERT INTO comment_word (generation, bucket, shown, refused) "
    "VALUES ('2026Q4-0', 4097, 1, 0)",
    "comment_word_counts": "INSERT INTO comment_word (generation, bucket, shown, refused) "
    "VALUES ('2026Q4-0', 1, -1, 0)",
    "problem_report_kind_is_known": "UPDATE problem_report SET kind = 'ODD'",
    "problem_report_says_something": "UPDATE problem_report SET body = ' '",
    "problem_report_outcome_goes_with_its_end": "UPDATE problem_report SET closed_at = now()",
    "problem_report_outcome_is_known": "UPDATE problem_report SET closed_at = now(), outcome = 'LOST'",
    "review_approval_has_a_next_date": "UPDATE review SET next_review_due = NULL",
    "redirect_starts_at_the_root": "UPDATE redirect SET path = 'post'",
    "redirect_leads_somewhere": "UPDATE redirect SET article_id = NULL",
    "webhook_disabling_is_whole": "UPDATE webhook SET disabled_at = now()",
    "webhook_rotation_is_whole": "UPDATE webhook SET previous_until = now()",
    "webhook_lease_is_whole": "UPDATE webhook SET lease = 'x'",
    "webhook_version_counts_up": "UPDATE webhook SET version = 0",
    "webhook_position_is_the_only_one": "UPDATE webhook_position SET id = 2",
    "delivery_state_is_known": "UPDATE delivery SET state = 'LOST'",
    "delivery_tells_of_one_thing": "UPDATE delivery SET change_id = 1",
    "delivery_has_its_time": "UPDATE delivery SET delivered_at = now()",
    "member_email_is_lower_case": "UPDATE member SET email = 'A@clinic.example'",
    "partner_version_counts_up": "UPDATE partner SET version = 0",
    "partner_refresh_is_sensible": "UPDATE partner SET refresh_max_seconds = 604801",
    "partner_quota_is_sensible": "UPDATE partner SET quota = 1",
    "copy_fetch_counts_up": "UPDATE copy_fetch SET times = 0",
    "recall_status_is_known": "UPDATE recall SET status = 'FORGOTTEN'",
    "recall_end_has_a_time": "UPDATE recall SET status = 'ACKNOWLEDGED'",
    "recall_breach_has_a_time": "UPDATE recall SET status = 'BREACHED'",
    "rehearsal_fetched_what_there_was": "UPDATE rehearsal SET fetched_number = 2",
    "websub_intent_mode_is_known": "UPDATE websub_intent SET mode = 'publish'",
    "websub_intent_lease_ends": "UPDATE websub_intent SET lease_seconds = 0",
    "websub_intent_secret_is_whole": "UPDATE websub_intent SET salt = 'x'",
    "websub_intent_lease_is_whole": "UPDATE websub_intent SET lease = 'x'",
    "websub_subscription_secret_is_whole": "UPDATE websub_subscription SET secret = 'x'",
    "websub_subscription_lease_is_whole": "UPDATE websub_subscription SET leased_until = now()",
}


async def test_the_database_has_every_column_of_every_model_and_no_other(database):
    query = "SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
    found = {(row["table_name"], row["column_name"]): row["is_nullable"] == "YES" for row in await rows(Sql(query))}
    models = Tortoise.apps["meridian"].values()
    wanted = {
        (model._meta.db_table, column): model._meta.fields_map[name].null
        for model in models
        for name, column in model._meta.fields_db_projection.items()
    }
    tables = {table for table, _column in wanted}
    ours = {place: null for place, null in found.items() if place[0] in tables and place[1] not in PLAIN_COLUMNS}
    assert len(tables) >= 30
    assert ours == wanted


async def test_every_foreign_key_is_indexed_on_its_leading_column(database):
    unindexed = """
    SELECT conrelid::regclass::text AS at, conname FROM pg_constraint WHERE contype = 'f' AND NOT EXISTS (
      SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND indpred IS NULL)
    """
    assert await rows(Sql(unindexed)) == []


async def test_no_model_has_changed_since_the_last_migration(database):
    apps = db.configuration(database)["apps"]
    assert await MigrationAutodetector(Tortoise.apps, apps).changes() == []


async def test_every_rule_of_the_database_refuses_under_its_own_name(database):
    await _one_of_each()
    connection = await asyncpg.connect(**db.credentials(database))
    assert {name: await _refusal(connection, statement) for name, statement in BROKEN.items()} == {
        name: name for name in BROKEN
    }
    await connection.close()


async def test_every_check_of_the_database_is_tried_above(database):
    rules = "SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    assert {row["name"] for row in await rows(Sql(rules))} - set(BROKEN) == set()


async def test_two_migrations_at_once_leave_one_set_of_tables(server, database):
    await asyncio.gather(db.migrate(database), db.migrate(database))
    await db.connect(database)
    applied = await rows(Sql("SELECT name, count(*) AS n FROM tortoise_migrations GROUP BY name"))
    assert {row["n"] for row in applied} == {1}


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://ada:p%40ss@db:6432/clinic", ("db", 6432, "ada", "p@ss", "clinic")),
        ("postgres:///clinic?host=/run/pg", ("/run/pg", 5432, "postgres", None, "clinic")),
    ],
)
def test_a_url_is_understood(url, wanted):
    assert tuple(db.credentials(url)[name] for name in ("host", "port", "user", "password", "database")) == wanted


def test_the_transport_may_be_demanded_in_the_url():
    assert db.credentials("postgres://h/clinic?sslmode=require")["ssl"] == "require"


@pytest.mark.parametrize("url", ["mysql://h/clinic", "postgres://h", "clinic", "postgres://h:port/clinic"])
def test_a_url_that_cannot_be_right_is_refused(url):
    with pytest.raises(Invalid, match="DATABASE_URL is not understood"):
        db.credentials(url)


async def test_a_value_never_becomes_part_of_a_statement(database):
    hostile = "'; DROP TABLE article; --"
    assert (await rows(sql("SELECT ?::text AS said", hostile)))[0]["said"] == hostile


async def test_a_connection_comes_back_clean_although_nothing_resets_it(database):
    await db.disconnect()
    await db.connect(database, connections=1)
    with pytest.raises(OperationalError):
        await _fail_midway()
    assert (await rows(Sql(LEFT_BEHIND)))[0] == {"erasing": "", "lock_timeout": "5s", "locks": 0, "open": False}


def test_nothing_of_ours_changes_a_session_beyond_its_transaction():
    said = [(path.name, line) for path in (ROOT / "api").rglob("*.py") for line in path.read_text().splitlines()]
    lasting = re.compile(r"""(?:["']|; )(?:SET (?!LOCAL|CONSTRAINTS)|LISTEN )|\bpg_(?:try_)?advisory_lock\(""")
    # Migrations run on a connection of their own, which is closed behind them.
    assert [name for name, line in said if lasting.search(line)] == ["database.py"]


async def _fail_midway() -> None:
    async with in_transaction():
        await rows(Sql("SELECT set_config('meridian.erasing', 'art_1', true)"))
        await rows(Sql("SELECT set_config('lock_timeout', '2s', true)"))
        await rows(Sql("SELECT pg_advisory_xact_lock(1)"))
        await rows(Sql("SELECT nothing FROM nowhere"))


async def _one_of_each() -> None:
    neck = await builders.condition(care="Numbness in both arms.")
    needles = await builders.treatment()
    ada = await builders.practitioner()
    work = await builders.source()
    await builders.statement(needles, neck, ada, sources=(work,))
    await builders.picture()
    await builders.member()
    await builders.delivery(await builders.webhook())
    await builders.subscription()
    article = await builders.live(authors=[ada])
    await builders.draft("Other")
    await builders.review(article, ada)
    await builders.comment(article)
    await builders.problem(article)
    await builders.redirect("/post/sleep", to=article)
    partner = await builders.partner()
    await builders.copy(partner, article)
    await builders.recall(partner, article)
    await builders.rehearsal(partner)
    await rows(Sql("INSERT INTO audit_entry (actor, verb, thing, at) VALUES ('a', 'b', 'c', now())"))


async def _refusal(connection: asyncpg.Connection, statement: str) -> str | None:
    try:
        async with connection.transaction():
            await connection.execute(statement)
            await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except asyncpg.IntegrityConstraintViolationError as error:
        return str(error.constraint_name)
    return None
