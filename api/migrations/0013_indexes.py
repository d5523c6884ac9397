"""Indexes by which every list is counted without reading the articles themselves, and the youngest of the catalogue found."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = """
CREATE INDEX article_shown ON article (scheduled_for, live_id, draft_id)
  WHERE live_id IS NOT NULL OR scheduled_for IS NOT NULL;
""" + "".join(
    f"CREATE INDEX {table}_youngest ON {table} (created_at DESC, id DESC) WHERE is_published;\n"
    for table in ("condition", "treatment", "practitioner")
)


class Migration(migrations.Migration):
    dependencies = [("meridian", "0012_comments")]

    initial = False

    operations = [ops.RunSQL(INDEXES)]
