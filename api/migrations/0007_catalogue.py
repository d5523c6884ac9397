"""Catalogue entries remember that they were public once; a proposal keeps what its reviewer said."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

ENTRIES = {
    "Condition": "condition",
    "Treatment": "treatment",
    "Practitioner": "practitioner",
    "Source": "source",
    "EvidenceStatement": "evidence_statement",
    "Disclaimer": "disclaimer",
}
REMEMBER = """
CREATE FUNCTION remember_publication() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.first_published_at := now(); RETURN NEW;
END $$;
""" + "".join(
    f"""
UPDATE {table} SET first_published_at = now() WHERE is_published;
CREATE TRIGGER {table}_remembers_publication BEFORE INSERT OR UPDATE ON {table}
  FOR EACH ROW WHEN (NEW.is_published AND NEW.first_published_at IS NULL) EXECUTE FUNCTION remember_publication();
"""
    for table in ENTRIES.values()
)


class Migration(migrations.Migration):
    dependencies = [("meridian", "0006_desk")]

    initial = False

    operations = [
        *(
            ops.AddField(model_name=name, name="first_published_at", field=fields.DatetimeField(null=True))
            for name in ENTRIES
        ),
        ops.AddField(model_name="Proposal", name="note", field=fields.TextField(null=True)),
        ops.RunSQL(REMEMBER),
    ]
