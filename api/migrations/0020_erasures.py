"""A reader's own erasure is one of the erasures that the audit log finds by an index of their own."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ERASURES = """
DROP INDEX audit_entry_erasures;
CREATE INDEX audit_entry_erasures ON audit_entry (id) WHERE verb LIKE 'erase%' OR verb = 'withdrawComment';
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0019_plan")]

    initial = False

    operations = [ops.RunSQL(ERASURES)]
