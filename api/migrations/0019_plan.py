"""How a work is spoken of is written beside its record; and a function by which a planned read refuses to answer."""

from orjson import dumps, loads
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from api.evidence.describing import described

# Whoever changes the record without what is derived from it leaves nothing that is wrong.
UNDESCRIBED = """
CREATE FUNCTION forget_description() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.reference := NULL; NEW.short_name := NULL; NEW.year := NULL; NEW.work := NULL; RETURN NEW;
END $$;
CREATE TRIGGER source_forgets_its_description BEFORE UPDATE ON source FOR EACH ROW
  WHEN ((NEW.csl, NEW.doi, NEW.url) IS DISTINCT FROM (OLD.csl, OLD.doi, OLD.url)
    AND (NEW.reference, NEW.short_name, NEW.year, NEW.work)
      IS NOT DISTINCT FROM (OLD.reference, OLD.short_name, OLD.year, OLD.work))
  EXECUTE FUNCTION forget_description();
"""
ABSENT = """
CREATE FUNCTION plan_absent() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN
  RAISE EXCEPTION 'What must be there is missing.' USING ERRCODE = 'no_data_found';
END $$;
"""


async def describe(_apps: object, schema_editor: object) -> None:
    """Describe the works that are there."""
    connection = schema_editor.client
    for row in await connection.execute_query_dict("SELECT id, csl, doi, url FROM source"):
        record = loads(row["csl"]) if isinstance(row["csl"], str | bytes) else row["csl"]
        if told := described(record, row["doi"], row["url"]):
            said = [told.reference, told.short_name, told.year, dumps(told.work).decode(), row["id"]]
            await connection.execute_query(
                "UPDATE source SET reference = $1, short_name = $2, year = $3, work = $4 WHERE id = $5", said
            )


class Migration(migrations.Migration):
    dependencies = [("meridian", "0018_queue")]

    initial = False

    operations = [
        ops.AddField(model_name="Source", name="reference", field=fields.TextField(null=True)),
        ops.AddField(model_name="Source", name="short_name", field=fields.TextField(null=True)),
        ops.AddField(model_name="Source", name="year", field=fields.IntField(null=True)),
        ops.AddField(model_name="Source", name="work", field=fields.TextField(null=True)),
        ops.RunSQL(UNDESCRIBED),
        ops.RunSQL(ABSENT),
        ops.RunPython(describe),
    ]
