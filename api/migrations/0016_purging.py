"""Whatever readers see says so when it changes, in the transaction that changes it: `pg_notify('meridian_purge', tags)`.

Tags are words between spaces, a few for each row; PostgreSQL sends equal ones of one transaction once, and none of a
transaction that is rolled back. Which words answers have is told in schema/tags.py. Rows that readers never see say
nothing: drafts, comments that are not approved, views (their numbers move once a day).
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

FUNCTIONS = """
CREATE FUNCTION purge_articles(wanted text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('meridian_purge', 'list:articles article:' || id || ' article:slug:' || slug)
  FROM article WHERE id = wanted
$$;

CREATE FUNCTION article_says() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  quiet text[] := ARRAY['version', 'stage', 'imported_from', 'imported_hash', 'created_at', 'created_by_id'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.live_id IS NULL AND NEW.scheduled_for IS NULL AND NEW.unpublished_kind IS NULL THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.scheduled_for IS NULL AND NEW.scheduled_for IS NULL THEN quiet := quiet || 'draft_id'::text; END IF;
    IF to_jsonb(OLD) - quiet = to_jsonb(NEW) - quiet THEN RETURN NULL; END IF;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    PERFORM pg_notify('meridian_purge', 'list:articles article:' || OLD.id || ' article:slug:' || OLD.slug);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM pg_notify('meridian_purge', 'list:articles article:' || NEW.id || ' article:slug:' || NEW.slug);
  END IF;
  IF (TG_OP = 'INSERT' AND NEW.scheduled_for IS NOT NULL)
     OR (TG_OP = 'UPDATE' AND OLD.scheduled_for IS DISTINCT FROM NEW.scheduled_for) THEN
    PERFORM pg_notify('meridian_purge', 'moments');
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION of_article_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM purge_articles(OLD.article_id); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM purge_articles(NEW.article_id); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION comment_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status = 'APPROVED' THEN PERFORM purge_articles(OLD.article_id); END IF;
  IF TG_OP <> 'DELETE' AND NEW.status = 'APPROVED' THEN PERFORM purge_articles(NEW.article_id); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION of_revision_says() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted text := CASE WHEN TG_OP = 'DELETE' THEN OLD.revision_id ELSE NEW.revision_id END;
BEGIN
  PERFORM purge_articles(id) FROM article WHERE live_id = wanted OR (scheduled_for IS NOT NULL AND draft_id = wanted);
  RETURN NULL;
END $$;

CREATE FUNCTION review_says() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted text := CASE WHEN TG_OP = 'DELETE' THEN OLD.revision_id ELSE NEW.revision_id END;
BEGIN
  PERFORM purge_articles(revision.article_id) FROM revision WHERE id = wanted;
  RETURN NULL;
END $$;

CREATE FUNCTION row_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF;
  PERFORM pg_notify('meridian_purge', TG_ARGV[0]);
  RETURN NULL;
END $$;

CREATE FUNCTION emptied_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('meridian_purge', TG_ARGV[0]);
  RETURN NULL;
END $$;
"""
ROWS = {
    "clinic": "clinic",
    "media_asset": "list:media",
    "disclaimer": "list:disclaimers",
    "condition": "list:conditions",
    "condition_code": "list:conditions",
    "care_advice": "list:conditions",
    "treatment": "list:treatments",
    "adverse_outcome": "list:treatments",
    "practitioner": "list:practitioners",
    "credential": "list:practitioners",
    "practitioner_treats": "list:practitioners",
    "practitioner_offers": "list:practitioners",
    "source": "list:sources",
    "source_finding": "list:sources",
    "evidence_statement": "list:statements",
    "statement_source": "list:statements",
    "redirect": "list:articles",
}
OTHERS = {
    "article": "article_says",
    "change": "of_article_says",
    "correction": "of_article_says",
    "comment": "comment_says",
    "rendering": "of_revision_says",
    "review": "review_says",
}
EVERYTHING = " ".join(sorted({*ROWS.values()}))


def trigger(table: str, function: str, argument: str = "") -> str:
    given = f"'{argument}'" if argument else ""
    return (
        f"CREATE TRIGGER {table}_says AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}({given});\n"
        f"CREATE TRIGGER {table}_emptied_says AFTER TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION emptied_says('{EVERYTHING}');\n"
    )


TRIGGERS = "".join(trigger(table, "row_says", tag) for table, tag in ROWS.items()) + "".join(
    trigger(table, function) for table, function in OTHERS.items()
)


class Migration(migrations.Migration):
    dependencies = [("meridian", "0015_operations")]

    initial = False

    operations = [ops.RunSQL(FUNCTIONS + TRIGGERS)]
