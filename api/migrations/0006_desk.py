"""What a revision replaces, reviews that are inherited along that line, and the one path by which personal data goes."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

# Until now a revision followed upon the one before it.
BACKFILL = """
CREATE INDEX revision_predecessor ON revision (predecessor_id);
ALTER TABLE revision DISABLE TRIGGER revision_is_frozen;
UPDATE revision SET predecessor_id = earlier.id FROM revision earlier
 WHERE earlier.article_id = revision.article_id AND earlier.number = revision.number - 1;
ALTER TABLE revision ENABLE TRIGGER revision_is_frozen;
"""

REVIEWS = """
-- The newest decision on a revision, when it is an approval: its own, else what a MINOR one inherits from what it replaces.
CREATE OR REPLACE FUNCTION standing_review(wanted text) RETURNS SETOF review LANGUAGE sql STABLE ROWS 1 AS $$
  WITH RECURSIVE line AS (
    SELECT id, content_hash, update_type, predecessor_id, 0 AS step FROM revision WHERE id = wanted
    UNION ALL
    SELECT earlier.id, earlier.content_hash, earlier.update_type, earlier.predecessor_id, line.step + 1
      FROM line JOIN revision earlier ON earlier.id = line.predecessor_id WHERE line.update_type = 'MINOR')
  SELECT (decided.made).* FROM (
    SELECT review AS made FROM line JOIN review ON review.revision_id = line.id AND review.content_hash = line.content_hash
     ORDER BY line.step, review.at DESC LIMIT 1) decided
   WHERE (decided.made).outcome = 'APPROVED' $$;
"""

ERASURE = """
-- A transaction that says `SET LOCAL meridian.erasing = '<article>'` may delete that article's frozen revisions and take
-- the content out of its audit entries; every other one is refused as before.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_TABLE_NAME = 'revision' AND TG_OP = 'DELETE' THEN
    IF OLD.article_id = current_setting('meridian.erasing', true) THEN RETURN OLD; END IF;
  END IF;
  IF TG_TABLE_NAME = 'audit_entry' AND TG_OP = 'UPDATE' THEN
    IF OLD.thing = current_setting('meridian.erasing', true)
      AND to_jsonb(NEW) = to_jsonb(OLD) || '{"before": null, "after": null}' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'A frozen % never changes; save a new one.', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_is_frozen';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [('meridian', '0005_media')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Revision',
            name='predecessor',
            field=fields.ForeignKeyField('meridian.Revision', source_field='predecessor_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.NO_ACTION),
        ),
        ops.RunSQL(BACKFILL),
        ops.RunSQL(REVIEWS),
        ops.RunSQL(ERASURE),
    ]
