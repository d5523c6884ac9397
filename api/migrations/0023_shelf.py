"""Which shown articles name which entry, newest first; and how many articles readers see.

An article's shown revision says what it is about, and the article when it was published: no index spans both. The
table `shelf` does, for conditions, treatments and practitioners. What is shown is frozen with its links, so the article
alone says when the shelf changes. `article_tally` holds what each change added to the number of live articles that have
no schedule: rows that nobody waits for, and that are added up now and then.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

NAMED = " UNION ALL ".join(
    f"SELECT revision_id, {entry}_id AS entry_id FROM {table}"
    for table, entry in (
        ("revision_condition", "condition"), ("revision_treatment", "treatment"), ("revision_author", "practitioner"),
    )
)  # fmt: skip
ROWS = f"""
SELECT named.entry_id, coalesce(first_published_at, scheduled_for), article.id, shown.from_when, shown.until
  FROM article CROSS JOIN LATERAL (
         SELECT live_id AS revision_id, '-infinity'::timestamptz AS from_when,
                coalesce(scheduled_for, 'infinity') AS until WHERE live_id IS NOT NULL
         UNION ALL SELECT draft_id, scheduled_for, 'infinity' WHERE scheduled_for IS NOT NULL) AS shown
  CROSS JOIN LATERAL (SELECT entry_id FROM ({NAMED}) AS link WHERE link.revision_id = shown.revision_id) AS named
 WHERE (live_id IS NOT NULL OR scheduled_for IS NOT NULL)
"""
TABLES = """
CREATE TABLE shelf (
  entry_id varchar(40) NOT NULL,
  published_at timestamptz NOT NULL,
  article_id varchar(40) NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  shown_from timestamptz NOT NULL,
  shown_until timestamptz NOT NULL,
  PRIMARY KEY (entry_id, published_at, article_id, shown_from) INCLUDE (shown_until)
);
CREATE INDEX shelf_by_article ON shelf (article_id);
CREATE TABLE article_tally (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, added int NOT NULL);
"""
FUNCTIONS = f"""
CREATE FUNCTION fill_shelf() RETURNS void LANGUAGE sql AS $$
  DELETE FROM shelf; INSERT INTO shelf {ROWS};
  DELETE FROM article_tally;
  INSERT INTO article_tally (added) SELECT count(*) FROM article WHERE live_id IS NOT NULL AND scheduled_for IS NULL;
$$;

CREATE FUNCTION article_is_shelved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' THEN DELETE FROM shelf WHERE article_id = OLD.id; END IF;
  INSERT INTO shelf {ROWS} AND article.id = NEW.id;
  RETURN NULL;
END $$;

-- Each change is a row of its own: a number that everybody changes would let publishers wait for one another.
CREATE FUNCTION article_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
  change int := 0;
BEGIN
  IF TG_OP <> 'INSERT' THEN change := change - (OLD.live_id IS NOT NULL AND OLD.scheduled_for IS NULL)::int; END IF;
  IF TG_OP <> 'DELETE' THEN change := change + (NEW.live_id IS NOT NULL AND NEW.scheduled_for IS NULL)::int; END IF;
  IF change <> 0 THEN
    INSERT INTO article_tally (added) VALUES (change) RETURNING id INTO number;
    IF number % 64 = 0 THEN
      WITH gone AS (
        DELETE FROM article_tally WHERE id IN (SELECT id FROM article_tally FOR UPDATE SKIP LOCKED) RETURNING added
      ) INSERT INTO article_tally (added) SELECT sum(added) FROM gone HAVING count(*) > 0;
    END IF;
  END IF;
  RETURN NULL;
END $$;
"""
SHOWN = "live_id, {row}.scheduled_for, CASE WHEN {row}.scheduled_for IS NOT NULL THEN {row}.draft_id END"
OLD, NEW = (f"({row}.{SHOWN.format(row=row)}, {row}.first_published_at)" for row in ("OLD", "NEW"))
TRIGGERS = f"""
CREATE TRIGGER article_is_shelved AFTER INSERT ON article
  FOR EACH ROW WHEN (NEW.live_id IS NOT NULL OR NEW.scheduled_for IS NOT NULL) EXECUTE FUNCTION article_is_shelved();
CREATE TRIGGER article_is_shelved_anew AFTER UPDATE ON article
  FOR EACH ROW WHEN ({OLD} IS DISTINCT FROM {NEW}) EXECUTE FUNCTION article_is_shelved();
CREATE TRIGGER article_is_counted AFTER INSERT ON article
  FOR EACH ROW WHEN (NEW.live_id IS NOT NULL) EXECUTE FUNCTION article_is_counted();
CREATE TRIGGER article_is_counted_anew AFTER UPDATE ON article
  FOR EACH ROW WHEN ({OLD} IS DISTINCT FROM {NEW}) EXECUTE FUNCTION article_is_counted();
CREATE TRIGGER article_is_not_counted AFTER DELETE ON article
  FOR EACH ROW WHEN (OLD.live_id IS NOT NULL) EXECUTE FUNCTION article_is_counted();
SELECT fill_shelf();
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0021_links")]

    initial = False

    operations = [ops.RunSQL(TABLES), ops.RunSQL(FUNCTIONS), ops.RunSQL(TRIGGERS)]
