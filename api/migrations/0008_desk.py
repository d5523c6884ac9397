"""Letters that wait for the worker, what members were told already, and the review that readers are told of."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from api.ids import letter

SHOWN = """
-- The review that readers are told of: the standing one; of a live text that only lost words since it was reviewed, that
-- of the text before, which must be looked at again within seven days.
CREATE FUNCTION shown_review(wanted text)
  RETURNS TABLE (given_to text, reviewer_id text, at timestamptz, next_review_due date) LANGUAGE sql STABLE ROWS 1 AS $$
  WITH own AS MATERIALIZED (SELECT revision_id, reviewer_id, at, next_review_due FROM standing_review(wanted))
  SELECT * FROM own
   UNION ALL
  SELECT before.revision_id, before.reviewer_id, before.at,
         least(before.next_review_due, (cut.frozen_at + INTERVAL '7 days')::date)
    FROM revision cut JOIN article ON article.id = cut.article_id
    JOIN rendering shorter ON shorter.revision_id = cut.id
    JOIN rendering longer ON longer.revision_id = cut.predecessor_id AND longer.word_count > shorter.word_count
   CROSS JOIN LATERAL standing_review(cut.predecessor_id) AS before
   WHERE cut.id = wanted AND cut.frozen_at IS NOT NULL AND article.kind = 'HEALTH' AND NOT EXISTS (SELECT FROM own)
     AND cut.id = CASE WHEN article.scheduled_for <= now() THEN article.draft_id ELSE article.live_id END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0007_catalogue")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Letter",
            fields=[
                ("id", fields.CharField(primary_key=True, default=letter, unique=True, db_index=True, max_length=40)),
                ("recipient", fields.CharField(max_length=254)),
                ("subject", fields.CharField(max_length=120)),
                ("text", fields.TextField(unique=False)),
                ("tries", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=True)),
                ("not_before", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=True)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("refused_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "letter", "app": "meridian", "pk_attr": "id", "table_description": "A letter to one person: waiting, sent, or refused for good by the server."},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Told",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("member", fields.ForeignKeyField("meridian.Member", source_field="member_id", db_constraint=True, to_field="id", related_name=False, on_delete=OnDelete.CASCADE)),
                ("about", fields.CharField(max_length=240)),
                ("at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "told", "app": "meridian", "unique_together": (("member", "about"),), "pk_attr": "id", "table_description": "That a member was told of something."},
            bases=["Model"],
        ),
        ops.RunSQL(SHOWN),
    ]
