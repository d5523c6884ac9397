"""The log is read from outside: when each entry was written, how far back it goes, and its newest entry by article."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

STAMP = """
-- What validators of feeds rest on: it never runs backwards, whatever the clock does.
CREATE FUNCTION stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.recorded_at := greatest(clock_timestamp(), (SELECT recorded_at FROM change ORDER BY id DESC LIMIT 1)); RETURN NEW;
END $$;
CREATE TRIGGER change_is_stamped BEFORE INSERT ON change FOR EACH ROW EXECUTE FUNCTION stamp_change();
CREATE INDEX change_by_article ON change (article_id, id);
CREATE INDEX change_removals ON change (article_id, id) WHERE kind = 'REMOVE';
CREATE INDEX article_by_update ON article (updated_at DESC, id DESC) WHERE live_id IS NOT NULL OR scheduled_for IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0008_desk")]

    initial = False

    operations = [
        ops.AddField(model_name="Change", name="recorded_at", field=fields.DatetimeField(null=True, auto_now_add=True)),
        ops.RunSQL("UPDATE change SET recorded_at = at"),
        ops.AlterField(model_name="Change", name="recorded_at", field=fields.DatetimeField(auto_now_add=True)),
        ops.CreateModel(
            name="ChangeHorizon",
            fields=[
                ("id", fields.IntField(primary_key=True, generated=False, default=1)),
                ("position", fields.BigIntField()),
            ],
            options={
                "table": "change_horizon", "app": "meridian", "pk_attr": "id",
                "table_description": "How far back the log goes: the highest number that was dropped from it.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(STAMP),
    ]
