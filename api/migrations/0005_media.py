"""Pictures are edited under an optimistic lock, and kept for a day from when their bytes were last sent."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("meridian", "0005_accounts")]

    initial = False

    operations = [
        ops.AddField(model_name="MediaAsset", name="version", field=fields.IntField(default=1, db_default=1)),
        ops.AddField(model_name="MediaAsset", name="uploaded_at", field=fields.DatetimeField(db_default=Now())),
    ]
