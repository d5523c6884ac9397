"""Where a member got in lately, so that guesses made elsewhere make nobody wait; what the worker began and never ended."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("meridian", "0023_shelf")]

    initial = False

    operations = [
        ops.AddField(model_name="SignInFailure", name="proven_at", field=fields.DatetimeField(null=True)),
        ops.CreateModel(
            name="Attempt",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=120)),
                ("tries", fields.IntField()),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "attempt", "app": "meridian", "pk_attr": "key", "table_description": "How often some work of the worker was begun and not ended, and when last."},
            bases=["Model"],
        ),
    ]
