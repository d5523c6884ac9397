"""Where a member got in lately: a place at which guesses made elsewhere do not make them wait."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("meridian", "0023_shelf")]

    initial = False

    operations = [
        ops.AddField(model_name="SignInFailure", name="proven_at", field=fields.DatetimeField(null=True)),
    ]
