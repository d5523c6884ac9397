"""The moderation queue says what happens to it; what moderators decided is counted, by words that nobody can read."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from api.comments.weighing import Lesson

RULES = """
ALTER TABLE comment
  ADD CONSTRAINT comment_lesson_is_known CHECK (lesson IN ('SHOWN', 'REFUSED')),
  ADD CONSTRAINT comment_lesson_is_whole CHECK ((lesson IS NULL) = (lesson_of IS NULL)),
  ADD CONSTRAINT comment_score_is_sensible CHECK (score BETWEEN 1 AND 99);
ALTER TABLE comment_word
  ADD CONSTRAINT comment_word_bucket_is_one_of_few CHECK (bucket BETWEEN 0 AND 4096),
  ADD CONSTRAINT comment_word_counts CHECK (shown >= 0 AND refused >= 0);
CREATE INDEX comment_lesson ON comment (lesson_of) WHERE lesson_of IS NOT NULL;
CREATE INDEX comment_by_decision ON comment (decided_at) WHERE decided_at IS NOT NULL;
-- In no dump; counted anew from the comments that are kept when a crash took it.
ALTER TABLE comment_word SET UNLOGGED;

-- Words that go without their lesson being taken back end the counts of the whole quarter.
CREATE FUNCTION comment_untaught() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM comment_word WHERE generation = OLD.lesson_of;
  RETURN NULL;
END $$;
CREATE TRIGGER comment_gone_untaught AFTER DELETE ON comment
  FOR EACH ROW WHEN (OLD.lesson_of IS NOT NULL) EXECUTE FUNCTION comment_untaught();
CREATE TRIGGER comment_reworded_untaught AFTER UPDATE OF body ON comment
  FOR EACH ROW WHEN (OLD.body <> NEW.body AND OLD.lesson_of IS NOT NULL AND NEW.lesson_of IS NOT NULL)
  EXECUTE FUNCTION comment_untaught();

-- `place event comment article [status]`: never a word of what was said.
CREATE FUNCTION comment_queue_says() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  happened text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM pg_notify('meridian_queue', concat_ws(' ', gen_random_uuid(), 'erased', OLD.id, OLD.article_id));
    RETURN NULL;
  ELSIF TG_OP = 'INSERT' THEN
    happened := CASE WHEN NEW.status IN ('PENDING', 'SPAM') THEN 'held' ELSE 'decided' END;
  ELSIF NEW.status <> OLD.status OR NEW.decided_at IS DISTINCT FROM OLD.decided_at OR NEW.body <> OLD.body THEN
    happened := 'decided';
  ELSIF NEW.reply IS DISTINCT FROM OLD.reply THEN
    happened := 'replied';
  ELSE
    RETURN NULL;
  END IF;
  PERFORM pg_notify('meridian_queue',
                    concat_ws(' ', gen_random_uuid(), happened, NEW.id, NEW.article_id, NEW.status));
  RETURN NULL;
END $$;
CREATE TRIGGER comment_queue_says AFTER INSERT OR UPDATE OR DELETE ON comment
  FOR EACH ROW EXECUTE FUNCTION comment_queue_says();

-- As before, but silent when nothing has changed that readers see.
CREATE OR REPLACE FUNCTION comment_says() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  quiet text[] := ARRAY['score', 'lesson', 'lesson_of'];
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - quiet = to_jsonb(NEW) - quiet THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' AND OLD.status = 'APPROVED' THEN PERFORM purge_articles(OLD.article_id); END IF;
  IF TG_OP <> 'DELETE' AND NEW.status = 'APPROVED' THEN PERFORM purge_articles(NEW.article_id); END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0017_websub")]

    initial = False

    operations = [
        ops.AddField(model_name="Comment", name="score", field=fields.SmallIntField(null=True)),
        ops.AddField(
            model_name="Comment",
            name="lesson",
            field=fields.CharEnumField(Lesson, null=True, max_length=8),
        ),
        ops.AddField(model_name="Comment", name="lesson_of", field=fields.CharField(null=True, max_length=16)),
        ops.CreateModel(
            name="CommentWord",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("generation", fields.CharField(max_length=16)),
                ("bucket", fields.SmallIntField()),
                ("shown", fields.IntField()),
                ("refused", fields.IntField()),
            ],
            options={
                "table": "comment_word",
                "app": "meridian",
                "unique_together": (("generation", "bucket"),),
                "pk_attr": "id",
                "table_description": "How many comments of a quarter had a word of this bucket; the bucket 0 counts the comments themselves.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(RULES),
    ]
