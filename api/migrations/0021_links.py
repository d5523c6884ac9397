"""Links to drafts can be taken back; a token knows which one it replaced."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("meridian", "0020_erasures")]

    initial = False

    operations = [
        ops.AddField(model_name="Article", name="links_generation", field=fields.IntField(null=True)),
        ops.AddField(
            model_name="Token",
            name="predecessor",
            field=fields.ForeignKeyField(
                "meridian.Token",
                source_field="predecessor_id",
                null=True,
                db_index=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.RunSQL("CREATE INDEX token_by_predecessor ON token (predecessor_id)"),
    ]
