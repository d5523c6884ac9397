"""Views: one integer for each article and day; keys and salts of the current day, in tables that no backup has."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

PASSING = """
CREATE UNLOGGED TABLE view_day (day date PRIMARY KEY, salt text NOT NULL);
CREATE UNLOGGED TABLE view_key (day date, article_id varchar(40), key text, PRIMARY KEY (day, article_id, key));
ALTER TABLE view_count ADD CONSTRAINT view_count_is_of_somebody CHECK (views > 0);
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0013_indexes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ViewCount",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("article", fields.ForeignKeyField("meridian.Article", source_field="article_id", db_index=False, db_constraint=True, to_field="id", related_name=False, on_delete=OnDelete.CASCADE)),
                ("day", fields.DateField()),
                ("views", fields.IntField()),
            ],
            options={"table": "view_count", "app": "meridian", "unique_together": (("article", "day"),), "pk_attr": "id", "table_description": "How many visitors read an article on a day."},
            bases=["Model"],
        ),
        ops.RunSQL(PASSING),
    ]
