"""Signs of life of the workers, and the erasures of the audit log by an index of their own."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

ERASURES = "CREATE INDEX audit_entry_erasures ON audit_entry (id) WHERE verb LIKE 'erase%'"


class Migration(migrations.Migration):
    dependencies = [("meridian", "0014_views")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Heartbeat",
            fields=[
                ("worker", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=120)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "heartbeat", "app": "meridian", "pk_attr": "worker", "table_description": "When a worker, named by its machine and process, was last seen at work."},
            bases=["Model"],
        ),
        ops.RunSQL(ERASURES),
    ]
